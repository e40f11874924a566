// Splits the client's code at the borders that `part!` and app/src/frame/pages.rs draw: a main module
// with the glue of wasm-bindgen, and parts that are loaded when what they hold is first shown. What
// parts share is in bundles, which are loaded with each of them.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";
import { bundles } from "./bundles.mjs";

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
// The part with the first chart that anybody sees.
const FIRST_CHART = "overview";
const FIRST_PAGE = /^ *(\w+): \w+ "\/" => /m;
// The part and the address of each page in the table of pages.
const OF_A_PAGE = /^ *(\w+): \w+ "(\/[^"]*)" => /gm;
// How the address of a project's pages ends there, and the part and the word of each of these.
const PAGE_OF_A_PROJECT = "/*page";
const WORD_OF_A_PROJECT = /^part! \{\s+(\w+): fn (\w+)\(\(scope, \w+\): \(Scope, Live\)\)/gm;
// What a page counts when code is put into bundles, where what opens above one counts 1: it is there
// before. Everybody comes by the first page, and most to the first chart.
const A_PAGE = 6;
const FIRST_SEEN = 20;
const LOADER = "__wasm_split.js";
// What the main module imports from its glue, in the text of the module and in the glue.
const IMPORT_OF_GLUE = /^( \(import "\.\/client_bg\.js" )"(\w+)"/gm;
const IN_GLUE = /^( +)(\w+)(?=: )/gm;
// How the loader defines what several parts share: its name there, and its file.
const A_CHUNK = /^(?:\/\*.*\*\/\n)?const (__chunk_\d+) = makeLoad\([^;]*?new URL\("\.\/([^"]+)"[^[]*\[\]\);\n/gm;
const PARTS = path.join(import.meta.dirname, "../build/parts.json");
// The files of each page by its address, beside index.html: the host has the browser fetch those of
// the page that it sends (server/src/http/page.rs).
const FILES_OF_PAGES = "pages.json";
// What Trunk writes to begin with, and what takes its place.
const TRUNKS_START = /<script type="module">(?:(?!<\/script>)[\s\S])*?\bawait init\([\s\S]*?<\/script>/;
const TRUNKS_PRELOADS = /<link rel="(?:modulepreload|preload)" href="[^"]*"[^>]*>/g;

const run = (tool, ...options) =>
  execFileSync(tool, options, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8", maxBuffer: 1e9 });

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
  bundle(folder);
  if (build.release) shortenImports(folder);
  const wasm = readdirSync(folder).filter((name) => name.endsWith(".wasm")).sort();
  for (const name of build.release ? wasm : []) {
    const file = path.join(folder, name);
    run("wasm-opt", "-Os", "--low-memory-unused", "--strip-producers", ...FEATURES, file, "-o", file);
  }
  return wasm;
}

/**
 * Gives what the main module imports from its glue short names in both: they are sent with the module,
 * are some fifty letters long each, and end in digits that do not compress.
 */
function shortenImports(folder) {
  const [file, glueFile] = [path.join(folder, "client_bg.wasm"), path.join(folder, "client.js")];
  const text = path.join(folder, "client.wat");
  run("wasm-dis", file, ...FEATURES, "-o", text);
  const short = new Map();
  const module = readFileSync(text, "utf8").replace(IMPORT_OF_GLUE, (_, before, name) => {
    if (!short.has(name)) short.set(name, short.size.toString(36));
    return `${before}"${short.get(name)}"`;
  });
  writeFileSync(text, module);
  run("wasm-as", text, ...FEATURES, "-o", file);
  rmSync(text);
  const found = new Set();
  const glue = readFileSync(glueFile, "utf8").replace(IN_GLUE, (named, before, name) => {
    if (!short.has(name)) return named;
    found.add(name);
    return `${before}"${short.get(name)}"`;
  });
  const lost = [...short.keys()].filter((name) => !found.has(name));
  if (short.size === 0 || lost.length > 0) throw new Error(`imports are not as they were: ${lost.join(", ")}`);
  writeFileSync(glueFile, glue);
}

/**
 * A module that hands on what the files import from the main module: memory, table and globals. Merged
 * with it, several files have one memory and one table instead of one each.
 */
function sharedBy(files) {
  const wanted = new Map();
  for (const file of files) {
    for (const { name } of WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(file)))) {
      if (!wanted.has(name)) wanted.set(name, file);
    }
  }
  const imported = /^ \(import "__wasm_split" "(\w+)" \((memory|table|global) \S+ (.*)\)\)$/gm;
  const found = [...new Set(wanted.values())].flatMap((file) => [
    ...run("wasm-dis", file, ...FEATURES, "-o", "-").matchAll(imported),
  ]);
  const types = new Map(found.map(([, name, kind, type]) => [name, { kind, type }]));
  for (const name of wanted.keys()) {
    if (!types.has(name)) throw new Error(`parts import ${name}, which is no memory, table or global`);
  }
  const lines = [...types].map(
    ([name, { kind, type }]) =>
      `(import "main" "${name}" (${kind} $${name} ${type})) (export "${name}" (${kind} $${name}))`,
  );
  return `(module ${lines.join("\n")})`;
}

/** Puts the chunks that parts share into bundles, and has the loader in `folder` fetch these. */
function bundle(folder) {
  const file = path.join(folder, LOADER);
  const loader = readFileSync(file, "utf8");
  const pages = withProjectFrame(partsOf(loader));
  const chunks = [...loader.matchAll(A_CHUNK)].map(([, chunk, name]) => ({
    chunk,
    name,
    size: statSync(path.join(folder, name)).size,
    pages: new Set(Object.keys(pages).filter((page) => pages[page].includes(name))),
  }));
  const all = readdirSync(folder).filter((name) => name.startsWith("chunk_"));
  if (chunks.length !== all.length) throw new Error(`${LOADER} is not as it was: see A_CHUNK`);

  const shared = path.join(folder, "shared.wat");
  writeFileSync(shared, sharedBy(chunks.map(({ name }) => path.join(folder, name))));
  const bundleOf = new Map();
  const definitions = bundles(chunks, weights()).map((names, at) => {
    const name = `bundle_${at}.wasm`;
    const merged = names.flatMap((chunk) => [path.join(folder, chunk), path.parse(chunk).name]);
    run("wasm-merge", shared, "__wasm_split", ...merged, ...FEATURES, "-o", path.join(folder, name));
    for (const chunk of names) rmSync(path.join(folder, chunk));
    for (const { chunk } of chunks.filter(({ name }) => names.includes(name))) bundleOf.set(chunk, `__bundle_${at}`);
    return `const __bundle_${at} = makeLoad(() => {
    const src = fetch(new URL("./${name}", import.meta.url));
    return async (imports) => (WebAssembly.instantiateStreaming(src, { main: imports.__wasm_split }));
}
, []);
`;
  });
  const needed = (list) => [...new Set(list.split(", ").filter(Boolean).map((chunk) => bundleOf.get(chunk)))];
  const [first] = loader.match(A_CHUNK);
  const bundled = loader
    .replace(first, definitions.join("") + first)
    .replace(A_CHUNK, "")
    .replace(/^, \[(__chunk_[^\]]*)\]/gm, (_, list) => `, [${needed(list).join(", ")}]`);
  if (bundled.includes("__chunk_")) throw new Error(`${LOADER} is not as it was: a chunk is left`);
  writeFileSync(file, bundled);
}

/** How much a part counts when code is put into bundles, by its name. */
function weights() {
  const table = readFileSync(PAGES, "utf8");
  const named = [...table.matchAll(OF_A_PAGE), ...readFileSync(PROJECT_PAGES, "utf8").matchAll(OF_A_PROJECT)];
  const ofPages = new Set(named.map(([, part]) => part));
  const first = table.match(FIRST_PAGE)?.[1];
  return (part) => ([first, FIRST_CHART].includes(part) ? FIRST_SEEN : ofPages.has(part) ? A_PAGE : 1);
}

/** The wasm files that the loader fetches for each part, by the part's name. */
function partsOf(loader) {
  const fetched = /(\w+) = (?:wrapAsyncCb\()?makeLoad\([\s\S]*?new URL\("\.\/([^"]+)"[\s\S]*?\n, \[([^\]]*)\]/g;
  const entries = [...loader.matchAll(fetched)];
  const files = new Map(entries.map(([, name, file]) => [name, file]));
  const parts = {};
  for (const [, name, own, needed] of entries) {
    const part = name.match(/^__wasm_split_load_(\w+)$/)?.[1];
    if (part) parts[part] = [...needed.split(", ").filter(Boolean).map((shared) => files.get(shared)), own];
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

/** `client_bg.wasm` as `client-HASH_bg.wasm`, `bundle_3.wasm` as `bundle-3-HASH.wasm`. */
function hashed(name, hash) {
  const [, stem, rest] = name.match(/^_*(client|wasm_split|[a-z]+_[a-z0-9]+)([._].*)$/);
  return `${stem.replaceAll("_", "-")}-${hash}${rest}`;
}

/** The files of each page, by its address as the table of pages has it. */
function filesOfPages(files) {
  const pages = [...readFileSync(PAGES, "utf8").matchAll(OF_A_PAGE)];
  const words = [...readFileSync(PROJECT_PAGES, "utf8").matchAll(WORD_OF_A_PROJECT)];
  const addresses = pages.flatMap(([, part, address]) => {
    if (!address.endsWith(PAGE_OF_A_PROJECT)) return [[address, files[part]]];
    const project = address.slice(0, -PAGE_OF_A_PROJECT.length);
    return words.map(([, part, word]) => [word === FIRST_CHART ? project : `${project}/${word}`, files[part]]);
  });
  const lost = addresses.filter(([, known]) => !known).map(([address]) => address);
  if (words.length === 0 || lost.length > 0) throw new Error(`pages without files: ${lost}, see ${PAGES}`);
  return Object.fromEntries(addresses);
}

/**
 * `html` with what begins the client in the place of what Trunk wrote. What the page itself shows is
 * painted first: until then, the line is its own. Then the code is fetched, and ahead of the time when
 * the client asks for them the files of a page: those of the first, unless the host enters others.
 */
function begun(html, trunks, entered, firstFiles) {
  const [glue, loader, main] = ["client.js", LOADER, "client_bg.wasm"].map(entered);
  const script = `<script type="module">
import init from "./${glue}";
if (document.getElementById("early") && !document.hidden) {
  await new Promise((painted) => {
    new PerformanceObserver(painted).observe({ type: "paint", buffered: true });
    setTimeout(painted, 3000);
  });
}
const client = init({ module_or_path: "./${main}" });
for (const href of document.querySelector("meta[name=ahead]").content.split(" ")) {
  const link = document.createElement("link");
  document.head.append(Object.assign(link, { rel: "prefetch", as: "fetch", crossOrigin: "", href }));
}
await client;
</script>`;
  if (!TRUNKS_START.test(html)) throw new Error("index.html does not begin the client as it did: see TRUNKS_START");
  const head = [
    `<meta name="ahead" content="${firstFiles.join(" ")}" />`,
    ...[glue, loader].map((file) => `<link rel="modulepreload" href="${file}" />`),
    `<link rel="preload" as="fetch" type="application/wasm" crossorigin href="${main}" />`,
  ];
  const page = html
    .replace(TRUNKS_START, () => script)
    .replace(TRUNKS_PRELOADS, (link) => (link.includes(trunks) ? "" : link))
    .replace("</head>", () => `${head.join("\n")}\n</head>`);
  if (page.includes(trunks)) throw new Error("index.html names a file that Trunk made");
  return page;
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
    const all = Object.fromEntries(
      Object.entries(withProjectFrame(partsOf(read(LOADER).toString()))).map(
        ([part, files]) => [part, files.map(entered)],
      ),
    );
    const { [first]: firstFiles, ...others } = all;
    if (!firstFiles) throw new Error(`no part has the page at "/": see ${PAGES}`);
    // For scripts/check-size.sh: what each page costs, those of the first part first.
    mkdirSync(path.dirname(PARTS), { recursive: true });
    writeFileSync(PARTS, JSON.stringify({ [first]: firstFiles, ...others }, null, 2));
    writeFileSync(path.join(build.staging, FILES_OF_PAGES), JSON.stringify(filesOfPages(all)));
    return begun(html, trunks, entered, firstFiles);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
