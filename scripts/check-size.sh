#!/usr/bin/env bash
# Holds the built client (dist/, release) against its budgets, in kB of 1,000 bytes as
# brotli sends it: what a first visit costs.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

grep -q '^wasm-release ' build/client.stamp 2>/dev/null || {
  echo "dist/ holds no release build of the client: run scripts/client.sh" >&2
  exit 1
}

exec node - <<'JS'
const { readFileSync, readdirSync, statSync, existsSync } = require("node:fs");
const KB = 1000;
const files = readdirSync("dist", { recursive: true })
  .map((name) => `dist/${name}`)
  // The list of the files of each page is the host's.
  .filter((file) => statSync(file).isFile() && !/\.(br|gz)$/.test(file) && file !== "dist/pages.json");
// What is too small to compress is sent as it is.
const sent = (file) => statSync(existsSync(`${file}.br`) ? `${file}.br` : file).size;
const total = (some) => some.reduce((sum, file) => sum + sent(file), 0);

const charts = files.filter((file) => /\/echarts-[^/]*\.js$/.test(file));
// Loaded when somebody takes a chart away as SVG.
const vectorCharts = files.filter((file) => /\/vector-charts-[^/]*\.js$/.test(file));
const main = files.filter((file) => /\/client-[^/]*_bg\.wasm$/.test(file));
// The wasm that is loaded, beside the main one, with each part; the first part is that of the first
// page. Most are pages; the others hold what opens above them, stands below their first screen or is
// seldom there: docs/adr/0015-client-in-parts.md.
const parts = existsSync("build/parts.json")
  ? Object.entries(JSON.parse(readFileSync("build/parts.json", "utf8"))).map(([part, names]) => ({
      part,
      wasm: [...main, ...names.map((name) => `dist/${name}`)],
    }))
  : [];
const known = new Set(parts.flatMap(({ wasm }) => wasm));
const wasm = files.filter((file) => file.endsWith(".wasm"));
const [first] = parts;
if (
  main.length !== 1 || charts.length !== 1 || !first || !existsSync(`${main[0]}.br`) ||
  known.size !== wasm.length || !wasm.every((file) => known.has(file))
) {
  console.error("dist/ holds no release build of the client: run scripts/client.sh");
  process.exit(1);
}
// The first chart is on the overview, which most come to from the first page.
const overview = parts.find(({ part }) => part === "overview")?.wasm ?? [];
const later = wasm.filter((file) => !first.wasm.includes(file) && !overview.includes(file));
// Licences are there to be read, not loaded.
const licences = files.filter((file) => /LICENSE[^/]*$/.test(file));
const texts = files.filter((file) => /\/texts-[^/]*$/.test(file)).sort((a, b) => sent(b) - sent(a));
// One language is loaded: the longer one counts.
const beforeCharts = files.filter((file) => ![...charts, ...vectorCharts, ...later, ...licences, ...texts.slice(1)].includes(file));

let missed = false;
for (const [what, bytes, budget] of [
  ["first visit (wasm)", total(first.wasm), 400],
  ...parts.filter((part) => part !== first).map(({ part, wasm }) => [`${part} (wasm)`, total(wasm), 450]),
  ["chart library", total(charts), 160],
  ["all before the first chart", total(beforeCharts), 550],
]) {
  const over = bytes > budget * KB;
  missed ||= over;
  console.log(`${what.padEnd(28)}${(bytes / KB).toFixed(1).padStart(8)} kB of ${budget} kB${over ? "  OVER" : ""}`);
}
process.exit(missed ? 1 : 0);
JS
