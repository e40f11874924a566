// Trunk's last step: splits the client's code into parts, bundles the styles and the charts, and
// puts the font beside them, into the staging folder under hashed names, enters those in index.html, and for a release
// optimises, minifies and compresses everything.
//
// index.html names the bundles `main.css`, `echarts.js` and `vector-charts.js`, the font
// `inter.woff2` as the styles do, and the texts `texts-en.json`; all
// its addresses are relative to its <base>.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { splitClient } from "./split.mjs";

const staging = process.env.TRUNK_STAGING_DIR;
if (!staging) throw new Error("started by Trunk only: see Trunk.toml");
const release = process.env.TRUNK_PROFILE === "release";
const frontend = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);

// What is compressed already gains nothing.
const COMPRESSIBLE = /\.(css|html|js|json|svg|txt|wasm|webmanifest)$/;
const SMALLEST_WORTHWHILE = 256;
const NOTICE =
  "/*! Apache ECharts, Apache-2.0, (c) The Apache Software Foundation; zrender, BSD-3-Clause, (c) Baidu Inc.; tslib, 0BSD, (c) Microsoft */";

/** Bundles one entry; what the build warns of is an error. Gives the text. */
async function bundle(entry, options) {
  const result = await esbuild.build({
    absWorkingDir: frontend,
    entryPoints: [entry],
    bundle: true,
    minify: release,
    write: false,
    legalComments: "none",
    // No target: nothing is rewritten for older browsers, light-dark() and nesting stay.
    target: "esnext",
    logLevel: "warning",
    ...options,
  });
  if (result.warnings.length > 0) throw new Error(`${entry}: see the warnings above`);
  return result.outputFiles[0].text;
}

/** A url() from the root means a file of public/, which Trunk copies: it stays as it is. */
const publicFiles = {
  name: "public files",
  setup(build) {
    build.onResolve({ filter: /^\// }, ({ kind, path: url }) =>
      kind === "url-token" ? { path: url, external: true } : undefined,
    );
  },
};

/** The font lies beside the styles under its hashed name. */
const fontFile = (file) => ({
  name: "font",
  setup(build) {
    build.onResolve({ filter: /^inter\.woff2$/ }, () => ({ path: file, external: true }));
  },
});

/** Writes `content` as NAME-HASH.EXTENSION and gives that name. */
function emit(name, extension, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const file = `${name}-${hash}.${extension}`;
  writeFileSync(path.join(staging, file), content);
  return file;
}

/** Replaces the one mention of `from` in `html`; none or several is a mistake. */
function replaceOne(html, from, to) {
  const parts = html.split(from);
  if (parts.length !== 2) throw new Error(`index.html must mention ${from} exactly once`);
  return parts.join(to);
}

/** The texts of a language as one list, in the order in which app/build.rs numbers them. */
function texts(language) {
  const folder = path.join(frontend, "../app/locales", language);
  const areas = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const list = areas
    .map((name) => path.basename(name, ".json"))
    .sort(byBytes)
    .flatMap((area) => {
      const known = JSON.parse(readFileSync(path.join(folder, `${area}.json`), "utf8"));
      return Object.keys(known).sort(byBytes).map((key) => known[key]);
    });
  return JSON.stringify(list);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

function compress(file) {
  const content = readFileSync(file);
  if (!COMPRESSIBLE.test(file) || content.length < SMALLEST_WORTHWHILE) return;
  const brotli = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
}

// Made by scripts/font.sh.
const ofInter = (file) => readFileSync(path.join(frontend, "inter", file));
const inter = emit("inter", "woff2", ofInter("inter.woff2"));
writeFileSync(path.join(staging, "inter-LICENSE.txt"), ofInter("LICENSE.txt"));
const styles = await bundle("../style/main.css", { plugins: [publicFiles, fontFile(inter)] });
const classic = (globalName) => ({ format: "iife", globalName, banner: { js: NOTICE } });
const charts = await bundle("echarts/entry.js", classic("echarts"));
const vectorCharts = await bundle("echarts/vector.js", classic("vectorCharts"));

const indexFile = path.join(staging, "index.html");
let index = await splitClient({ frontend, staging, release }, readFileSync(indexFile, "utf8"));
index = replaceOne(index, '"inter.woff2"', `"${inter}"`);
index = replaceOne(index, '"main.css"', `"${emit("main", "css", styles)}"`);
for (const language of ["en", "es"]) {
  const file = emit(`texts-${language}`, "json", texts(language));
  index = replaceOne(index, `"texts-${language}.json"`, `"${file}"`);
}
index = replaceOne(index, '"echarts.js"', `"${emit("echarts", "js", charts)}"`);
index = replaceOne(index, '"vector-charts.js"', `"${emit("vector-charts", "js", vectorCharts)}"`);
if (release) {
  const absolute = index.replace('<base href="/" />', "").match(/["'(]\/[\w.-]/);
  if (absolute) throw new Error(`index.html: what begins with ${absolute[0]} does not follow a prefix`);
}
if (release) index = index.replace(/<!--(?!\[)[\s\S]*?-->\s*/g, "").replace(/^\s+/gm, "");
writeFileSync(indexFile, index);

if (release) filesBelow(staging).forEach(compress);
