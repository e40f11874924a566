// How much of a page moves while it is loaded, without anybody having touched it.
import { expect, type Page } from "@playwright/test";

import type { Place } from "./pages";

/** What a page may move at most, in the measure of the browser (Cumulative Layout Shift). */
export const MOST_SHIFT = 0.02;
/** How long each reply takes: on the same machine they are there before anything is painted. */
const ON_THE_WAY_MS = 300;
/** For as long nothing may move before the page counts as still. */
const STILL_MS = 600;

interface Moved {
  value: number;
  at: number;
  /** What moved. */
  what: string[];
}

/** From now on, pages that are opened here note what moves, and get their replies late. */
export async function watchShifts(page: Page): Promise<void> {
  await page.route("**/api/fn/**", async (route) => {
    await new Promise((done) => setTimeout(done, ON_THE_WAY_MS));
    // The page may be gone by now.
    await route.continue().catch(() => {});
  });
  await page.addInitScript(() => {
    type Shift = PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node?: Node | null }[];
    };
    const moved: Moved[] = [];
    Object.assign(window, { moved });
    const named = ({ node }: { node?: Node | null }) => {
      const element = node instanceof Element ? node : node?.parentElement;
      return element ? `${element.tagName.toLowerCase()}.${[...element.classList].join(".")}` : "something gone";
    };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as Shift[]) {
        if (entry.hadRecentInput) continue;
        moved.push({ value: entry.value, at: performance.now(), what: entry.sources.map(named) });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** Opens a page and waits until it is still; what has moved by then, and all of it together. */
export async function shiftsOf(page: Page, place: Place): Promise<{ sum: number; told: string[] }> {
  await page.goto(place.path);
  await place.ready(page);
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  let moved: Moved[] = [];
  await expect
    .poll(
      async () => {
        await page.waitForTimeout(STILL_MS);
        const before = moved.length;
        moved = await page.evaluate(() => (window as unknown as { moved: Moved[] }).moved);
        return moved.length - before;
      },
      { message: `${place.name} comes to rest` },
    )
    .toBe(0);
  return {
    sum: moved.reduce((sum, { value }) => sum + value, 0),
    told: moved.map(({ value, what }) => `${value.toFixed(4)}: ${what.join(", ")}`),
  };
}
