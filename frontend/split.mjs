// Splits the client's code at the borders that app/src/frame/pages.rs draws: a main module with the
// glue of wasm-bindgen, and parts that are loaded when what they hold is first shown.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";

// What the browsers that the client runs in can do.
const FEATURES = [
  "bulk-memory",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
].map((feature) => `--enable-${feature}`);
// The table of pages, and in it the part of the page that a member sees first.
const PAGES = path.join(import.meta.dirname, "../app/src/frame/pages.rs");
// The table of a project's pages: the part with their frame is loaded with each of them.
const PROJECT_PAGES = path.join(import.meta.dirname, "../app/src/features/project/parts.rs");
const PROJECT_FRAME = "project";
const OF_A_PROJECT = /^part! \{\s+(\w+): fn /gm;
const FIRST_PAGE = /^ *(\w+): \w+ "\/" => /m;
const LOADER = "__wasm_split.js";
const PARTS = path.join(import.meta.dirname, "../build/parts.json");

const run = (tool, ...options) =>
  execFileSync(tool, options, { stdio: ["ignore", "ignore", "inherit"] });

/** The wasm that cargo made, before Trunk took from it what the splitting needs. */
function compiled({ frontend, release }) {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(frontend, "../target");
  const profile = release ? (process.env.TRUNK_BUILD_CARGO_PROFILE ?? "release") : "debug";
  return path.join(target, "wasm32-unknown-unknown", profile, "parallax-frontend.wasm");
}

/** Makes main module, glue, loader and parts in `folder`; gives the names of the wasm files. */
function make(build, folder) {
  const main = path.join(folder, "client.wasm");
  run("wasm-split-cli", compiled(build), folder, "--out-name", "client");
  // The parts find the main module by what it exports.
  const names = ["--out-dir", folder, "--out-name", "client"];
  const debug = build.release ? [] : ["--keep-debug"];
  run("wasm-bindgen", "--target", "web", "--no-typescript", "--keep-lld-exports", ...debug, ...names, main);
  rmSync(main);
  const wasm = readdirSync(folder).filter((name) => name.endsWith(".wasm")).sort();
  for (const name of build.release ? wasm : []) {
    const file = path.join(folder, name);
    run("wasm-opt", "-O1", "--low-memory-unused", ...FEATURES, file, "-o", file);
  }
  return wasm;
}

/** The wasm files that the loader fetches for each part, by the part's name. */
function partsOf(loader) {
  const fetched = /(\w+) = (?:wrapAsyncCb\()?makeLoad\([\s\S]*?new URL\("\.\/([^"]+)"[\s\S]*?\n, \[([^\]]*)\]/g;
  const entries = [...loader.matchAll(fetched)];
  const files = new Map(entries.map(([, name, file]) => [name, file]));
  const parts = {};
  for (const [, name, own, needed] of entries) {
    const part = name.match(/^__wasm_split_load_(?!chunk_)(\w+)$/)?.[1];
    if (part) parts[part] = [...needed.split(", ").filter(Boolean).map((chunk) => files.get(chunk)), own];
  }
  return parts;
}

/** The same, where the parts of a project's pages have the files of their frame as well. */
function withProjectFrame(parts) {
  const { [PROJECT_FRAME]: frame, ...others } = parts;
  const pages = [...readFileSync(PROJECT_PAGES, "utf8").matchAll(OF_A_PROJECT)].map(([, part]) => part);
  if (!frame || pages.length === 0) throw new Error(`a project's pages are not found: see ${PROJECT_PAGES}`);
  for (const page of pages) {
    if (!parts[page]) throw new Error(`the part ${page} of ${PROJECT_PAGES} was not made`);
    others[page] = [...new Set([...frame, ...parts[page]])];
  }
  return others;
}

/** `client_bg.wasm` as `client-HASH_bg.wasm`, `chunk_3.wasm` as `chunk-3-HASH.wasm`. */
function hashed(name, hash) {
  const [, stem, rest] = name.match(/^_*(client|wasm_split|[a-z]+_[a-z0-9]+)([._].*)$/);
  return `${stem.replaceAll("_", "-")}-${hash}${rest}`;
}

/**
 * Puts the client's files in the place of those that Trunk made and entered in `html`; gives
 * the page that names them. All have one hash, because each names the others.
 */
export async function splitClient(build, html) {
  const [, trunks] = html.match(/\/([\w-]+)_bg\.wasm/);
  const folder = mkdtempSync(path.join(tmpdir(), "parallax-split-"));
  try {
    const wasm = make(build, folder);
    const read = (name) => readFileSync(path.join(folder, name));
    const scripts = ["client.js", LOADER];
    const hash = createHash("sha256");
    for (const name of [...wasm, ...scripts]) hash.update(read(name));
    const suffix = hash.digest("hex").slice(0, 16);
    const entered = (name) => hashed(name, suffix);

    for (const name of wasm) writeFileSync(path.join(build.staging, entered(name)), read(name));
    for (const script of scripts) {
      let text = read(script).toString();
      for (const name of [...wasm, ...scripts]) {
        // Only where it is an address: as the name of an import it stays what the wasm says.
        for (const [before, after] of [['from "./', '"'], ['URL("./', '"'], ["URL('", "'"]]) {
          text = text.replaceAll(`${before}${name}${after}`, `${before}${entered(name)}${after}`);
        }
      }
      const options = { minify: build.release, format: "esm", target: "esnext" };
      const { code } = await esbuild.transform(text, options);
      writeFileSync(path.join(build.staging, entered(script)), code);
    }
    for (const rest of [".js", "_bg.wasm"]) rmSync(path.join(build.staging, `${trunks}${rest}`));

    const first = readFileSync(PAGES, "utf8").match(FIRST_PAGE)?.[1];
    const { [first]: firstFiles, ...others } = Object.fromEntries(
      Object.entries(withProjectFrame(partsOf(read(LOADER).toString()))).map(
        ([part, files]) => [part, files.map(entered)],
      ),
    );
    if (!firstFiles) throw new Error(`no part has the page at "/": see ${PAGES}`);
    // For scripts/check-size.sh: what each page costs, those of the first part first.
    mkdirSync(path.dirname(PARTS), { recursive: true });
    writeFileSync(PARTS, JSON.stringify({ [first]: firstFiles, ...others }, null, 2));
    // The browser fetches them when it has nothing else to do.
    const prefetch = firstFiles.map(
      (name) => `<link rel="prefetch" as="fetch" crossorigin href="${name}" />`,
    );
    return html
      .replaceAll(`/${trunks}_bg.wasm`, `/${entered("client_bg.wasm")}`)
      .replaceAll(`/${trunks}.js`, `/${entered("client.js")}`)
      .replace("</head>", `${prefetch.join("\n")}\n</head>`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
