#!/usr/bin/env bash
# Holds the built client (dist/, release) against its budgets, in kB of 1,000 bytes as
# brotli sends it: what a first visit costs.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

exec node - <<'JS'
const { readdirSync, statSync, existsSync } = require("node:fs");
const KB = 1000;
const files = readdirSync("dist", { recursive: true })
  .map((name) => `dist/${name}`)
  .filter((file) => statSync(file).isFile() && !/\.(br|gz)$/.test(file));
// What is too small to compress is sent as it is.
const sent = (file) => statSync(existsSync(`${file}.br`) ? `${file}.br` : file).size;
const total = (some) => some.reduce((sum, file) => sum + sent(file), 0);

const wasm = files.filter((file) => file.endsWith(".wasm"));
const charts = files.filter((file) => /\/echarts-[^/]*\.js$/.test(file));
// A part is loaded with the first of its pages; what parts share, with the first of them.
const parts = wasm.filter((file) => /\/split-[^/]*$/.test(file));
const always = wasm.filter((file) => !parts.includes(file));
const first = parts.filter((file) => file.includes("/split-reports-"));
if (always.length === 0 || first.length !== 1 || charts.length !== 1 || !existsSync(`${always[0]}.br`)) {
  console.error("dist/ holds no release build of the client: run scripts/client.sh");
  process.exit(1);
}
const later = parts.filter((file) => !first.includes(file));
const texts = files.filter((file) => /\/texts-[^/]*$/.test(file)).sort((a, b) => sent(b) - sent(a));
// One language is loaded: the longer one counts.
const beforeCharts = files.filter((file) => ![...charts, ...later, ...texts.slice(1)].includes(file));

let missed = false;
for (const [what, bytes, budget] of [
  ["first visit (wasm)", total([...always, ...first]), 450],
  // Nobody begins there.
  ...later.map((file) => [`${file.match(/split-([a-z]+)/)[1]} (wasm)`, total([...always, file]), 475]),
  ["chart library", total(charts), 200],
  ["all before the first chart", total(beforeCharts), 600],
]) {
  const over = bytes > budget * KB;
  missed ||= over;
  console.log(`${what.padEnd(28)}${(bytes / KB).toFixed(1).padStart(8)} kB of ${budget} kB${over ? "  OVER" : ""}`);
}
process.exit(missed ? 1 : 0);
JS
