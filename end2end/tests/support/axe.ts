// What axe has to say of a page, whatever its weight.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** Every violation, in a form that says what to mend. */
export async function violations(page: Page): Promise<string[]> {
  // There are no frames, so axe may do all its work in the page itself, which is much faster.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`),
  );
}

/** Shows the page at a width and in a theme, painted once in it: nothing of the other is left. */
export async function dress(page: Page, width: number, theme: "light" | "dark"): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
