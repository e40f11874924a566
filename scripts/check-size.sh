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
if (wasm.length !== 1 || charts.length !== 1 || !existsSync(`${wasm[0]}.br`)) {
  console.error("dist/ holds no release build of the client: run scripts/client.sh");
  process.exit(1);
}
const beforeCharts = files.filter((file) => !charts.includes(file));

let missed = false;
for (const [what, bytes, budget] of [
  ["client (wasm)", total(wasm), 450],
  ["chart library", total(charts), 200],
  ["all before the first chart", total(beforeCharts), 600],
]) {
  const over = bytes > budget * KB;
  missed ||= over;
  console.log(`${what.padEnd(28)}${(bytes / KB).toFixed(1).padStart(8)} kB of ${budget} kB${over ? "  OVER" : ""}`);
}
process.exit(missed ? 1 : 0);
JS
