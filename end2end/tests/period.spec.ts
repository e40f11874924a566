// The period button and the models button: by keyboard, in the address, remembered, on a slow line.
import type { Page } from "@playwright/test";

import type { Caller } from "./support/caller";
import { draft, OWNER, QUESTIONS } from "./support/data";
import { VENDORS } from "./support/host";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
const FIGURES = /\/api\/fn\/(dashboard|overview)\/get/;

async function furnished(call: Caller): Promise<{ id: number; names: string[] }> {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(VENDORS.map((vendor) => vendor.slug));
  const ids = models.map((model) => model.id);
  const id = await call.createProject(draft(ids, { prompts: QUESTIONS.slice(0, 2) }));
  await call.run(id);
  return { id, names: models.map((model) => model.display_name) };
}

const period = (page: Page) => page.locator("#period-button");
const models = (page: Page) => page.locator("#models-button");
const calendar = (page: Page) => page.getByRole("dialog", { name: say("period.choose") });
const focusedDay = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("data-day") ?? "");

/** A day so many days from another one. */
function later(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The same day of the month before; its last day where that is shorter. */
function monthBefore(day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 2, Math.min(date, last))).toISOString().slice(0, 10);
}

test("a period is chosen by keyboard alone, stands in the address and is remembered", async ({ page, call }) => {
  const { id } = await furnished(call);
  await page.goto(`/projects/${id}`);
  await expect(period(page)).toHaveText(say("period.last_days", { days: 30 }));
  await period(page).focus();
  await page.keyboard.press("Enter");
  await expect(calendar(page)).toBeVisible();
  // The last day of the period has the focus once the calendar is there.
  await expect.poll(() => focusedDay(page)).not.toBe("");
  const today = await focusedDay(page);
  // The run was today; the days before are hollow.
  await expect(page.locator(`[data-day="${today}"]`)).not.toHaveClass(/is-hollow/);
  await expect(page.locator(".calendar-day.is-hollow").first()).toBeVisible();

  const press = async (key: string, day: string) => {
    await page.keyboard.press(key);
    await expect.poll(() => focusedDay(page), { message: key }).toBe(day);
  };
  await press("ArrowRight", today); // There is no tomorrow.
  const before = monthBefore(today);
  await press("PageUp", before);
  await press("ArrowUp", later(before, -7));
  await press("ArrowLeft", later(before, -8));
  // Weeks begin on Sunday in English.
  const weekday = new Date(later(before, -8)).getUTCDay();
  const sunday = later(before, -8 - weekday);
  await press("Home", sunday);
  await press("End", later(sunday, 6));
  await page.keyboard.press("Enter");
  await expect(calendar(page).getByRole("status")).toHaveText(say("period.choose_last"));
  await press("ArrowUp", later(sunday, -1));
  await page.keyboard.press("Enter");
  const word = `${later(sunday, -1)}..${later(sunday, 6)}`;
  await expect(page).toHaveURL(new RegExp(`period=${word}`));
  await expect(period(page)).toHaveText(/–/);
  // It applies at once; Escape closes and gives the focus back.
  await expect(calendar(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(calendar(page)).toBeHidden();
  await expect(period(page)).toBeFocused();

  // Remembered without the address, and undone by going back.
  const label = await period(page).innerText();
  await page.goto(`/projects/${id}`);
  await expect(period(page)).toHaveText(label);
});

test("presets stay presets, and days are drawn with the mouse", async ({ page, call }) => {
  const { id } = await furnished(call);
  await page.goto(`/projects/${id}`);
  await period(page).click();
  const preset = (name: Parameters<typeof say>[0]) => calendar(page).getByRole("button", { name: say(name), exact: true });
  for (const [name, word] of [["yesterday", "yesterday"], ["last_quarter", "last-quarter"], ["all", "all"]] as const) {
    await preset(`period.${name}`).click();
    await expect(page).toHaveURL(new RegExp(`period=${word}(&|$)`));
    await expect(preset(`period.${name}`)).toHaveAttribute("aria-pressed", "true");
    await expect(period(page)).toHaveText(say(`period.${name}`));
  }
  // All is from the first answer on: the run was today.
  await expect(period(page)).not.toHaveAttribute("title", /–.*,/);
  await page.keyboard.press("Home");
  await expect(preset("period.today")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(preset("period.yesterday")).toBeFocused();

  await page.getByRole("button", { name: say("period.previous_month") }).click();
  const grid = calendar(page).getByRole("grid").first();
  const [from, to] = [grid.locator("[data-day$='-05']"), grid.locator("[data-day$='-12']")];
  const month = ((await from.getAttribute("data-day")) ?? "").slice(0, 7);
  await from.hover();
  await page.mouse.down();
  await to.hover();
  await expect(grid.locator("td.is-within")).toHaveCount(8);
  await page.mouse.up();
  await expect(page).toHaveURL(new RegExp(`period=${month}-05\\.\\.${month}-12`));
  await expect(period(page)).toHaveText(/^5–12 /);
  await calendar(page).getByRole("button", { name: say("period.done") }).click();
  await expect(calendar(page)).toBeHidden();
  await page.goBack();
  await expect(period(page)).toHaveText(say("period.all"));
  // Links from before there were presets.
  await page.goto(`/projects/${id}?from=2026-11-02&to=2026-11-08`);
  await expect(period(page)).toHaveText(/^2–8 Nov/);
});

test("figures are compared with the year before or with nothing", async ({ page, call }) => {
  const { id } = await furnished(call);
  await page.goto(`/projects/${id}`);
  await period(page).click();
  const choose = (name: "compare_year" | "compare_nothing") =>
    calendar(page).getByText(say(`period.${name}`), { exact: true }).click();
  await choose("compare_year");
  await expect(page).toHaveURL(/compare=year/);
  const lastYear = String(new Date().getUTCFullYear() - 1);
  await expect(period(page)).toHaveAttribute("title", new RegExp(lastYear));
  await choose("compare_nothing");
  await expect(page).toHaveURL(/compare=none/);
  await expect(period(page)).not.toHaveAttribute("title", /,/);
  for (const change of await page.locator(".kpi-change").all()) await expect(change).toHaveText("");
  await page.goto(`/projects/${id}`);
  await period(page).click();
  const radio = calendar(page).getByRole("radio", { name: say("period.compare_nothing"), exact: true });
  await expect(radio, "remembered").toBeChecked();
});

test("while figures are on their way, the old ones are dimmed and the label is theirs", async ({ page, call }) => {
  const { id } = await furnished(call);
  await page.goto(`/projects/${id}`);
  await expect(page.locator(".kpi").first()).toBeVisible();
  await expect(page.locator("[aria-busy]")).toHaveCount(0);
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  await page.route(FIGURES, async (route) => {
    await gate;
    await route.continue();
  });
  await period(page).click();
  await calendar(page).getByRole("button", { name: say("period.last_days", { days: 90 }), exact: true }).click();
  await expect(page).toHaveURL(/period=90/);
  const old = page.locator(".is-old").first();
  await expect(old).toHaveAttribute("aria-busy", "true");
  await expect(old).toHaveCSS("opacity", "0.45");
  await expect(period(page)).toHaveText(say("period.last_days", { days: 30 }));
  release();
  await expect(period(page)).toHaveText(say("period.last_days", { days: 90 }));
  await expect(old).toHaveCount(0);
  await expect(page.locator("[aria-busy]")).toHaveCount(0);
});

test("several models are chosen, one alone, and all again", async ({ page, call }) => {
  const { id, names } = await furnished(call);
  await page.goto(`/projects/${id}`);
  const all = say("period.all_models", { count: names.length });
  await expect(models(page)).toHaveText(all);
  await models(page).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: say("period.choose_models") });
  const boxes = dialog.getByRole("checkbox");
  await expect(boxes).toHaveCount(names.length);
  await expect(boxes.first()).toBeFocused();
  await page.keyboard.press("Space");
  const some = say("period.some_models", { chosen: names.length - 1, count: names.length });
  await expect(models(page)).toHaveText(some);
  await expect(page).toHaveURL(/models=\d+(,\d+)+/);
  await page.keyboard.press("ArrowDown");
  await expect(boxes.nth(1)).toBeFocused();

  const only = names[2];
  await dialog.getByRole("listitem").filter({ hasText: only }).hover();
  await dialog.getByRole("button", { name: say("period.only_this", { name: only }), exact: true }).click();
  await expect(models(page)).toHaveText(only);
  // The answers are those of the model, too.
  const { rows } = await call.answers(id);
  await page.goto(`/projects/${id}/answers${new URL(page.url()).search}`);
  const shown = page.locator("table.answers tbody tr");
  await expect(shown).toHaveCount(rows.length / names.length);
  await models(page).click();
  const box = dialog.getByRole("checkbox", { name: only, exact: true });
  await box.click();
  // The last one taken away is all of them.
  await expect(models(page)).toHaveText(all);
  await expect(box).toBeChecked();
  await expect(shown).toHaveCount(rows.length);
});

test.describe("in Spanish", () => {
  test.use({ locale: "es-ES" });

  test("weeks begin on Monday and months have their names", async ({ page, call }) => {
    const { id } = await furnished(call);
    const spanish = speaker("es");
    await page.goto(`/projects/${id}?period=2026-11-02..2026-11-08`);
    await expect(period(page)).toHaveText(/^2–8 nov/);
    await period(page).click();
    const dialog = page.getByRole("dialog", { name: spanish("period.choose") });
    const heads = dialog.getByRole("columnheader");
    await expect(heads.first()).toHaveText("lu");
    await expect(heads.nth(6)).toHaveText("do");
    await expect(dialog.getByRole("grid", { name: "noviembre de 2026" })).toBeVisible();
    await expect(dialog.locator('[data-day="2026-11-08"]')).toHaveAccessibleName(/^domingo, 8 nov 2026/);
    await page.keyboard.press("Home");
    await expect.poll(() => focusedDay(page)).toBe("2026-11-02");
  });
});
