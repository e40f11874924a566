// The first page: a demonstration in one click and gone again, and the table of projects with its
// order, its pins and its search.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { draft, OWNER } from "./support/data";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { type Language, speaker } from "./support/texts";

const DEMO = "Demo: Quillory";

async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
}

async function nothingSticksOut(page: Page): Promise<void> {
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(tooWide).toBeLessThanOrEqual(0);
}

for (const language of ["en", "es"] as Language[]) {
  const say = speaker(language);

  test(`a demonstration is one click away, and goes again (${language})`, async ({ page, call }) => {
    await call.signUp(OWNER.email, OWNER.password);
    await page.addInitScript((code) => localStorage.setItem("parallax.language", code), language);
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 2, name: say("projects.first_title") })).toBeVisible();
    await isAccessible(page);

    await test.step("one click makes it and shows it", async () => {
      await page.getByRole("button", { name: say("home.demo_look") }).click();
      // `make screens` holds it to ten seconds with the host that is released.
      await expect(page).toHaveURL(/\/projects\/\d+$/, { timeout: 40_000 });
      await expect(page.getByText(say("home.demo"), { exact: true }).first()).toBeVisible();
      // It asks nobody.
      await expect(page.getByRole("button", { name: say("runs.run_now"), exact: true })).toHaveCount(0);
    });

    await test.step("the list says what it is", async () => {
      await page.goto("/");
      const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: DEMO, exact: true }) });
      await expect(row.getByText(say("home.demo"), { exact: true })).toBeVisible();
      await expect(row.locator("svg.spark")).toBeVisible();
      await expect(row).toContainText(say("home.up_most", { name: "Simulated Atlas" }));
      await isAccessible(page);
      for (const width of [1024, 390]) {
        await page.setViewportSize({ width, height: 844 });
        await nothingSticksOut(page);
        await isAccessible(page);
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    });

    await test.step("it goes", async () => {
      await page.getByRole("button", { name: say("home.demo_remove") }).click();
      await steps.expectToast(page, say("home.demo_removed"));
      await expect(page.getByRole("heading", { level: 2, name: say("projects.first_title") })).toBeVisible();
    });
  });
}

test("projects are sorted by the address, pinned and searched", async ({ page, call }) => {
  const say = speaker("en");
  await call.signUp(OWNER.email, OWNER.password);
  const [model] = await call.currentModels(["simulator"]);
  const names = ["Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple"];
  for (const name of names) await call.createProject(draft([model.id], { name }));
  await page.goto("/");
  const table = page.getByRole("table", { name: say("home.caption") });
  const links = table.locator("tbody").getByRole("link");
  await expect(links).toHaveText(names);

  await test.step("by a heading, and Back", async () => {
    const heading = table.getByRole("columnheader", { name: say("home.project") });
    await expect(heading).toHaveAttribute("aria-sort", "ascending");
    await heading.getByRole("link").click();
    await expect(page).toHaveURL(/\?sort=-name$/);
    await expect(links).toHaveText([...names].reverse());
    await page.goBack();
    await expect(links).toHaveText(names);
  });

  await test.step("a pin comes first, and stays", async () => {
    const pin = page.getByRole("button", { name: say("home.pin", { name: "Maple" }) });
    await pin.click();
    await expect(links.first()).toHaveText("Maple");
    await expect(pin).toHaveAttribute("aria-pressed", "true");
    await expect(pin).toBeFocused();
    await page.reload();
    await expect(links.first()).toHaveText("Maple");
    await page.keyboard.press("Tab");
    await pin.focus();
    await page.keyboard.press("Enter");
    await expect(links).toHaveText(names);
  });

  await test.step("a search", async () => {
    const search = page.getByRole("searchbox", { name: say("home.search") });
    await search.fill("ar");
    await expect(links).toHaveText(["Cedar", "Larch"]);
    await search.fill("oak");
    await expect(table.getByText(say("home.none_found"))).toBeVisible();
    await isAccessible(page);
  });

  await test.step("on a phone a row is a card", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    await expect(links.first()).toBeVisible();
    await nothingSticksOut(page);
    await isAccessible(page);
  });
});
