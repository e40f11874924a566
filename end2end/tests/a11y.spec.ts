// Everybody can use it: axe on every page, and the keyboard alone.
import type { Page } from "@playwright/test";

import { dress, violations } from "./support/axe";
import { draft, NAMES, OWNER, QUESTIONS } from "./support/data";
import { emptyPlace, furnish, memberPlaces, signInPlace, signUpPlace, visit, type Place } from "./support/pages";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
// A trace of what axe does is large, slow to write and of no use.
test.use({ simulation: { names: NAMES }, trace: "off" });

const WIDTHS = [1440, 820, 390];
const THEMES = ["light", "dark"] as const;

/** A page at one width and in one theme, which change from page to page; `make screens` has all. */
async function examine(page: Page, place: Place, index: number): Promise<void> {
  const width = WIDTHS[index % WIDTHS.length];
  const theme = THEMES[index % THEMES.length];
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await visit(page, place);
  await dress(page, width, theme);
  const named = `${place.name} at ${width}, ${theme}`;
  expect.soft(await violations(page), named).toEqual([]);
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(tooWide, named).toBeLessThanOrEqual(0);
}

test("axe finds nothing in front of the door", async ({ page, call }) => {
  await examine(page, signUpPlace(), 0);
  await call.signUp(OWNER.email, OWNER.password);
  await examine(page, emptyPlace(), 1);
  await call.call("accounts/sign-out");
  await examine(page, signInPlace(), 2);
});

test("axe finds nothing behind it", async ({ page, call }) => {
  // Every page and state, and the registry has grown to many rows.
  test.setTimeout(240_000);
  const id = await furnish(call);
  for (const [index, place] of (await memberPlaces(call, id)).entries()) {
    await test.step(place.name, () => examine(page, place, index));
  }
});

/** The name of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "";
    const label = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement
      ? element.labels?.[0]?.textContent
      : null;
    return (element.getAttribute("aria-label") ?? label ?? element.textContent ?? "").replace(/\s+/g, " ").trim();
  });
}

/** Presses Tab until something of this name has the focus. */
async function tabTo(page: Page, name: string | RegExp, most = 80): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (typeof name === "string" ? now === name : name.test(now)) return;
    passed.push(now);
  }
  throw new Error(`Tab does not reach ${name}; passed ${passed.join(" | ")}`);
}

test("a project is created, run and read with the keyboard alone", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 2, name: say("projects.first_title") })).toBeVisible();
  // The first stop leads past the navigation.
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe(say("nav.skip"));
  await page.keyboard.press("Enter");
  await expect(page.locator("#content")).toBeFocused();
  await tabTo(page, say("projects.new"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("projects.new"));
  // A change of page is announced: its heading has the focus.
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByRole("checkbox").first()).toBeVisible();

  await tabTo(page, say("projects.brand_name"));
  await page.keyboard.type("Kipu");
  await tabTo(page, say("projects.aliases"));
  await page.keyboard.type("Kipu Cloud,");
  await tabTo(page, say("projects.domains"));
  await page.keyboard.type("kipu.example");
  await page.keyboard.press("Enter");
  await tabTo(page, say("projects.add_competitor"));
  await page.keyboard.press("Enter");
  await expect(page.getByLabel(say("projects.competitor_name"), { exact: true })).toBeFocused();
  await page.keyboard.type("Quantara");
  await tabTo(page, say("projects.questions_label"));
  await page.keyboard.insertText(QUESTIONS.slice(0, 2).join("\n"));
  // One of the proposed models is taken away again.
  const chosen = page.getByRole("checkbox", { checked: true });
  await expect(chosen).toHaveCount(4);
  await tabTo(page, new RegExp(`${say("projects.current")}$`));
  await page.keyboard.press("Space");
  await expect(chosen).toHaveCount(3);
  await tabTo(page, say("projects.create"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.overview"));

  await tabTo(page, say("runs.run_now"));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: say("runs.start_title") });
  await expect(dialog).toBeVisible();
  await expect(dialog.locator(".plan-cost")).toHaveCount(3);
  // Enter starts: the focus waits on the button that does.
  await expect(dialog.getByRole("button", { name: say("runs.start"), exact: true })).toBeFocused();
  // The focus stays in the window, whichever way one goes.
  for (const key of ["Tab", "Tab", "Tab", "Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab"]) {
    await page.keyboard.press(key);
    const isInside = await page.evaluate(() => {
      const element = document.activeElement;
      return element === document.body || !!element?.closest("dialog[open]");
    });
    expect(isInside, key).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(steps.runButton(page, say)).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("button", { name: say("runs.start"), exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await steps.expectEnd(page, "finished");

  await tabTo(page, say("nav.answers"));
  await page.keyboard.press("Enter");
  await expect(page.locator("table.answers tbody tr")).toHaveCount(6);
  await tabTo(page, QUESTIONS[0]);
  await page.keyboard.press("Enter");
  const panel = page.getByRole("dialog", { name: say("answers.answer"), exact: true });
  await expect(panel.locator(".answer-text")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  expect(await focused(page)).toBe(QUESTIONS[0]);
});

test("the menu of a phone opens, closes and leads on with the keyboard", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const [model] = await call.currentModels(["openai"]);
  await call.createProject(draft([model.id]));
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/");
  await expect(steps.projectLink(page, say, "Kipu in Europe")).toBeVisible();
  const keys = page.getByRole("link", { name: say("nav.keys") });
  await expect(keys).toBeHidden();
  await tabTo(page, say("nav.open_menu"));
  await page.keyboard.press("Enter");
  await expect(keys).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await tabTo(page, say("nav.keys"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.keys"));
  await expect(keys).toBeHidden();
  // Escape closes it, and gives the focus back.
  await tabTo(page, say("nav.open_menu"));
  await page.keyboard.press("Enter");
  await expect(keys).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  expect(await focused(page)).toBe(say("nav.open_menu"));
});

test("what is taken away hands the focus on", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  await page.goto("/projects/new");
  await expect(page.getByRole("checkbox").first()).toBeVisible();
  await test.step("a name to the next one, the last one to the line", async () => {
    const line = page.getByLabel(say("projects.aliases")).first();
    await line.fill("Kipu Cloud, Kipu One,");
    const remove = (name: string) => page.getByRole("button", { name: say("common.remove_name", { name }), exact: true });
    await remove("Kipu Cloud").press("Enter");
    await expect(remove("Kipu Cloud")).toHaveCount(0);
    await expect(remove("Kipu One")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(line).toBeFocused();
  });
  await test.step("a competitor to the next one, the last one to the button that adds one", async () => {
    const add = page.getByRole("button", { name: say("projects.add_competitor"), exact: true });
    const rows = page.getByLabel(say("projects.competitor_name"), { exact: true });
    const remove = (number: number) =>
      page.getByRole("button", { name: say("projects.remove_competitor", { number }), exact: true });
    for (const name of ["Quantara", "Andes Ledger"]) {
      await add.click();
      await rows.last().fill(name);
    }
    await remove(1).press("Enter");
    await expect(rows).toHaveCount(1);
    await expect(remove(1)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(rows).toHaveCount(0);
    await expect(add).toBeFocused();
  });
});
