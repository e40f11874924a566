// Whether a page as it is now is one for everybody, on a desk and on a phone.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import path from "node:path";

/** Nothing keeps anybody out, and nothing sticks out; with a picture of each. */
export async function fits(page: Page, name: string, folder: string): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 1400 });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const told = grave.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}`));
    expect.soft(told, `${name} at ${width}`).toEqual([]);
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(tooWide, `${name} at ${width}`).toBeLessThanOrEqual(0);
    await page.screenshot({ path: path.join(folder, `${name}-${width}.png`) });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}
