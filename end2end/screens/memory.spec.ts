// What fifty changes of page leave in the memory of the browser: objects of JavaScript, what the
// browser itself holds for the page (nodes of the document, canvases), and the memory of WebAssembly.
// Counted after garbage is collected, on the same page before and after.
import type { CDPSession, Page } from "@playwright/test";

import { figuredPages } from "./support/figured";
import { expect, test } from "./support/long";
import { row } from "./support/table";

const CHANGES = 50;
const MOST_MB = 2;
/** On each page: a browser may ask the host ten times a second, and two hundred times at once. */
const STAY_MS = 200;

/** Keeps hold of the memories that WebAssembly gets, to ask how large they are. */
async function watchMemories(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const memories = new Set<WebAssembly.Memory>();
    Object.assign(window, { memories });
    const note = (made: unknown) => {
      const instance = made instanceof WebAssembly.Instance ? made : (made as WebAssembly.WebAssemblyInstantiatedSource).instance;
      for (const value of Object.values(instance.exports)) {
        if (value instanceof WebAssembly.Memory) memories.add(value);
      }
      return made;
    };
    for (const way of ["instantiate", "instantiateStreaming"] as const) {
      const make = WebAssembly[way].bind(WebAssembly) as unknown as (...given: unknown[]) => Promise<unknown>;
      Object.assign(WebAssembly, { [way]: async (...given: unknown[]) => note(await make(...given)) });
    }
  });
}

interface Held {
  script: number;
  document: number;
  wasm: number;
}

async function held(page: Page, session: CDPSession): Promise<Held> {
  // What the first round lets go of may hold others.
  for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
  const heap = (await session.send("Runtime.getHeapUsage")) as { usedSize: number; embedderHeapUsedSize?: number };
  const wasm = await page.evaluate(() =>
    [...(window as unknown as { memories: Set<WebAssembly.Memory> }).memories].reduce(
      (sum, { buffer }) => sum + buffer.byteLength,
      0,
    ),
  );
  return { script: heap.usedSize, document: heap.embedderHeapUsedSize ?? 0, wasm };
}

test("pages that were left leave nothing behind", async ({ page, call, long }) => {
  const pages = figuredPages(long.projectId).filter(({ isInSideBar }) => isInSideBar);
  expect((await call.runs(long.projectId)).length, "the history is there").toBeGreaterThan(0);
  await watchMemories(page);
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  await page.goto(pages[0].path);
  await pages[0].ready(page);
  /** Goes on by so many pages. */
  const walk = async (changes: number) => {
    for (let step = 1; step <= changes; step += 1) {
      const next = pages[step % pages.length];
      const leading = page.locator(`[href="${next.path}"], [href^="${next.path}?"]`);
      await page.locator("#side-bar .side-groups a").and(leading).first().click();
      await next.ready(page);
      await page.waitForTimeout(STAY_MS);
    }
  };
  // Rounds of all pages, so that both counts are on the same one: first until each has been there twice.
  const rounded = (changes: number) => Math.ceil(changes / pages.length) * pages.length;
  await walk(2 * pages.length);
  const before = await held(page, session);
  const changes = rounded(CHANGES);
  await walk(changes);
  const after = await held(page, session);
  expect(before.wasm, "the memory of WebAssembly is counted").toBeGreaterThan(0);
  const more = (of: keyof Held) => (after[of] - before[of]) / 1e6;
  for (const [of, named] of [["script", "JavaScript"], ["document", "the document"], ["wasm", "WebAssembly"]] as const) {
    row(`left by ${changes} navigations in ${named}`, more(of), { unit: "MB", digits: 2 });
  }
  row(`left by ${changes} navigations`, more("script") + more("document") + more("wasm"), {
    most: MOST_MB,
    unit: "MB",
    digits: 2,
  });
});
