// Follows the progress of a run on the screen from its first to its last state.
import type { Page } from "@playwright/test";

/** One state of the strip: how many asks are settled. */
export type Settled = Record<string, number>;

/** Begins to note every change of the strip's bar. */
export async function watchBars(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: Record<string, number>[] = [];
    (window as unknown as { barsSeen: typeof seen }).barsSeen = seen;
    const note = () => {
      const bars = [...document.querySelectorAll('.run-line [role="progressbar"]')];
      if (bars.length === 0) return;
      seen.push(
        Object.fromEntries(
          bars.map((bar) => [bar.getAttribute("aria-label") ?? "", Number(bar.getAttribute("aria-valuenow"))]),
        ),
      );
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}

export function barsSeen(page: Page): Promise<Settled[]> {
  return page.evaluate(() => (window as unknown as { barsSeen: Record<string, number>[] }).barsSeen);
}

/** All asks settled in one state. */
export function total(settled: Settled): number {
  return Object.values(settled).reduce((sum, count) => sum + count, 0);
}
