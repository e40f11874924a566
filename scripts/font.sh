#!/usr/bin/env bash
# font.sh: makes frontend/inter/ anew, the letters of Inter that the client is sent. To be run by
# hand when Inter or what is kept of it changes; wants the network. Builds take what is kept in git.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly INTER=5.3.0 SUBSET_FONT=2.9.0
folder="$(mktemp -d)"
trap 'rm -r "$folder"' EXIT
npm install --silent --no-save --prefix "$folder" \
  "@fontsource-variable/inter@$INTER" "subset-font@$SUBSET_FONT"

cat >"$folder/font.mjs" <<'JS'
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import subsetFont from "subset-font";

const [, , into] = process.argv;
const inter = new URL("node_modules/@fontsource-variable/inter/", import.meta.url);
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at));
// What is written in the languages of Latin-1, and the signs that the texts and charts have: the
// unicode-range of style/font.css.
const kept = [...range(0x20, 0x7e), ...range(0xa0, 0xff), ..."ıŒœˆ˜–—‘’‚“”„†‡•…‰‹›€™↑↓−"];
const font = await subsetFont(
  readFileSync(new URL("files/inter-latin-wght-normal.woff2", inter)),
  kept.join(""),
  {
    targetFormat: "woff2",
    // The weights that the styles use.
    variationAxes: { wght: { min: 400, max: 700 } },
    // Letters that keep their distance, figures of one width, accents in their place.
    keepFeatures: ["kern", "tnum", "ccmp", "mark", "mkmk", "locl"],
  },
);
writeFileSync(`${into}/inter.woff2`, font);
copyFileSync(new URL("LICENSE", inter), `${into}/LICENSE.txt`);
console.log(`${into}/inter.woff2: ${(font.length / 1000).toFixed(1)} kB`);
JS
node "$folder/font.mjs" frontend/inter
