// The command palette, and what single keys do.
import type { Page } from "@playwright/test";

import { draft, OWNER } from "./support/data";
import { navigation } from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
const palette = (page: Page) => page.getByRole("dialog", { name: say("palette.title") });
const field = (page: Page) => palette(page).getByRole("combobox");
const marked = (page: Page) => palette(page).getByRole("option", { selected: true });
const list = (page: Page) => page.getByRole("dialog", { name: say("palette.shortcuts") });
const title = (page: Page) => page.getByRole("heading", { level: 1 });

test.describe("signed in", () => {
  let id = 0;
  test.beforeEach(async ({ call, page }) => {
    await call.signUp(OWNER.email, OWNER.password);
    const [model] = await call.currentModels(["openai"]);
    id = await call.createProject(draft([model.id]));
    await page.goto(`/projects/${id}`);
    await expect(title(page)).toHaveText(say("nav.overview"));
  });

  test("the palette finds pages, projects, models, competitors and actions", async ({ page }) => {
    await page.keyboard.press("Control+k");
    await expect(field(page)).toBeFocused();
    const groups = ["pages", "projects", "models", "competitors", "actions"] as const;
    for (const group of groups) {
      const entries = palette(page).getByRole("group", { name: say(`palette.${group}`) }).getByRole("option");
      await expect(entries.first()).toBeVisible();
      expect(await entries.count()).toBeLessThanOrEqual(8);
    }
    // A few letters, in whatever capitals.
    await field(page).fill("SCHED");
    await expect(palette(page).getByRole("option")).toHaveCount(1);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/schedule$/);
    await expect(palette(page)).toBeHidden();
    await expect(title(page)).toBeFocused();
    // What was used last comes first.
    await page.keyboard.press("Control+k");
    await expect(marked(page)).toHaveText(say("nav.schedule"));
    await field(page).fill("nothing like it");
    await expect(palette(page).getByText(say("palette.none_found"))).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(palette(page)).toBeHidden();
  });

  test("arrows, Home and End mark, and the focus comes back", async ({ page }) => {
    const button = page.locator("#period-button");
    await button.focus();
    await page.keyboard.press("Control+k");
    const options = palette(page).getByRole("option");
    await expect(palette(page).getByRole("group", { name: say("palette.competitors") })).toBeVisible();
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("ArrowDown");
    await expect(options.nth(1)).toHaveAttribute("aria-selected", "true");
    const active = await field(page).getAttribute("aria-activedescendant");
    expect(active).toBe(await options.nth(1).getAttribute("id"));
    await page.keyboard.press("End");
    await expect(options.last()).toHaveAttribute("aria-selected", "true");
    await expect(options.last()).toBeInViewport();
    await page.keyboard.press("ArrowDown");
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    await expect(marked(page)).toHaveCount(1);
    await page.keyboard.press("Escape");
    await expect(button).toBeFocused();
    // The same keys close it, too.
    await page.keyboard.press("Control+k");
    await expect(field(page)).toBeFocused();
    await page.keyboard.press("Control+k");
    await expect(palette(page)).toBeHidden();
  });

  test("the palette changes colours and language, and signs out", async ({ page }) => {
    const take = async (words: string) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").and(page.locator(".palette input")).fill(words);
      await page.keyboard.press("Enter");
    };
    await take(say("nav.theme_dark"));
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await take("espanol");
    await expect(page.locator("html")).toHaveAttribute("lang", "es");
    await take("cerrar sesion");
    await expect(page).toHaveURL(/\/sign-in/);
    // Guests have no palette.
    await page.keyboard.press("Control+k");
    await expect(page.locator("#palette")).toHaveCount(0);
  });

  test("single keys go to pages and open what they stand for", async ({ page }) => {
    for (const [key, name] of [
      ["m", "nav.project_models"],
      ["a", "nav.answers"],
      ["s", "nav.sources"],
      ["r", "nav.runs"],
      ["o", "nav.overview"],
    ] as const) {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await expect(title(page)).toHaveText(say(name));
    }
    await page.keyboard.press("p");
    await expect(page.locator("#period-button-panel")).toBeVisible();
    await page.keyboard.press("Escape");
    await page.keyboard.press("[");
    await expect(navigation(page, say)).toHaveClass(/is-folded/);
    await page.keyboard.press("[");
    await expect(navigation(page, say)).not.toHaveClass(/is-folded/);
    await page.keyboard.press("r");
    await expect(page.getByRole("dialog", { name: say("runs.start_title") })).toBeVisible();
    // A window above the page has the keys for itself.
    await page.keyboard.press("e");
    await page.keyboard.press("Escape");
    await expect(title(page)).toHaveText(say("nav.overview"));
    await page.keyboard.press("e");
    await expect(title(page)).toHaveText(say("nav.project_settings"));
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    await expect(page).toHaveURL(/\/notices$/);
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await expect(page).toHaveURL((url) => url.pathname === "/");
    // The search of the page; what is typed there is typed.
    await page.goto(`/projects/${id}/answers?failed=yes`);
    const search = page.locator("#content input[type=search]").filter({ visible: true }).first();
    await expect(search).toBeVisible();
    await page.keyboard.press("/");
    await expect(search).toBeFocused();
    await page.keyboard.type("gn?");
    await expect(search).toHaveValue("gn?");
    await expect(page).toHaveURL(/\/answers\?failed=yes$/);
  });

  test("the list of shortcuts opens, and switches them off", async ({ page }) => {
    await page.keyboard.press("Alt+p");
    await expect(page.locator("#period-button-panel")).toBeHidden();
    await page.keyboard.press("?");
    await expect(list(page).getByText(say("palette.search"))).toBeVisible();
    await list(page).getByText(say("palette.single_keys")).click();
    await page.keyboard.press("Escape");
    await expect(list(page)).toBeHidden();
    await page.keyboard.press("?");
    await page.keyboard.press("e");
    await expect(title(page)).toHaveText(say("nav.overview"));
    await expect(list(page)).toBeHidden();
    // The palette leads to the list in any case.
    await page.keyboard.press("Control+k");
    await field(page).fill(say("palette.shortcuts"));
    await page.keyboard.press("Enter");
    await expect(list(page)).toBeVisible();
  });
});
