// The first page of a project: its sentence, what changed with a way to the answers, four figures,
// what is folded away, and what is seen of it before anybody scrolls.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { bringNothing, broughtBy } from "./support/brought";
import type { Caller } from "./support/caller";
import { callsOf } from "./support/calls";
import { NAMES, OWNER } from "./support/data";
import { furnish } from "./support/pages";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { type Language, speaker } from "./support/texts";

test.use({ simulation: { names: NAMES } });

const OVERVIEW = ["dashboard/get", "overview/get"];

/** Sixty days of answers in which a model came to name the brand more often. */
async function demonstration(page: Page, call: Caller, language: Language): Promise<number> {
  await call.signUp(OWNER.email, OWNER.password);
  await page.addInitScript((code) => localStorage.setItem("parallax.language", code), language);
  return call.call<number>("home/make-demo");
}

async function isAccessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const told = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}`));
  expect(told, name).toEqual([]);
}

const top = async (page: Page, selector: string) => (await page.locator(selector).first().boundingBox())?.y ?? Infinity;

for (const language of ["en", "es"] as Language[]) {
  const say = speaker(language);

  test(`a sentence says how the brand does, and what changed leads to its answers (${language})`, async ({ page, call }) => {
    const id = await demonstration(page, call, language);
    await page.goto(`/projects/${id}`);
    const sentence = page.locator(".headline-sentence");
    const named = language === "en" ? / is named in \d+(\.\d)?% of answers, / : / aparece en el \d+(,\d)?\s% de las respuestas, /;
    await expect(sentence).toContainText(named);
    const earlier = say("sentence.days_before", { days: 30 });
    await expect(sentence).toContainText(earlier);
    await expect(page.locator(".headline-meta")).toContainText(/\d+([.,]\d)?–\d+([.,]\d)?\s?%/);

    const moves = page.locator(".headline-moves");
    await expect(moves.getByRole("heading", { level: 2 })).toHaveText(say("overview.what_changed"));
    const lines = moves.locator(".moves > li");
    expect(await lines.count()).toBeGreaterThan(0);
    expect(await lines.count()).toBeLessThanOrEqual(3);
    await expect(moves).toContainText(say("moved.model_more", { name: "Simulated Atlas" }));
    const line = lines.filter({ hasText: "Simulated Atlas" });
    await line.getByRole("link", { name: say("overview.see") }).click();
    await expect(page).toHaveURL(/\/answers\?.*models=\d+.*mentioned=yes/);
    await expect(page.locator("table.answers tbody tr").first()).toContainText("Simulated Atlas");
  });

  test(`the first screen has the chart on a desk, two figures on a phone (${language})`, async ({ page, call }) => {
    const id = await demonstration(page, call, language);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`/projects/${id}`);
    await expect(page.locator(".chart-card .chart-canvas canvas")).toHaveCount(1);
    expect(await top(page, ".chart-card")).toBeLessThan(360);
    await isAccessible(page, "1440");

    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    await expect(page.locator(".chart-card .chart-canvas canvas")).toHaveCount(1);
    const cards = page.locator(".kpis:not(.is-more) > .kpi");
    for (const index of [0, 1]) await expect(cards.nth(index)).toBeInViewport({ ratio: 1 });
    await expect(cards.nth(2)).toBeInViewport();
    expect(await top(page, ".headline-moves")).toBeGreaterThan(await top(page, ".chart-card"));
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(tooWide).toBeLessThanOrEqual(0);
    await isAccessible(page, "390");
  });
}

const say = speaker("en");

test("the first screen is one call, and the other pages make do with it", async ({ page, call }) => {
  const id = await demonstration(page, call, "en");
  const asked = callsOf(page);
  // With the page, or by a call of its own where the host took too long.
  const came = await broughtBy(await page.goto(`/projects/${id}`));
  asked.unshift(...came);
  await expect(page.locator(".headline-sentence")).toBeVisible();
  await steps.openPart(page, say, "nav.answers");
  await expect(page.locator("table.answers tbody tr").first()).toBeVisible();
  await steps.openPart(page, say, "nav.overview");
  await expect(page.locator(".headline-sentence")).toBeVisible();
  expect(asked.filter((name) => OVERVIEW.includes(name))).toEqual(["overview/get"]);
});

test("all before the chart is one call, and what belongs to no first screen waits for the chart", async ({ page, call }) => {
  const id = await demonstration(page, call, "en");
  const asked = callsOf(page);
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/echarts-[^/]*\.js$/, async (route) => {
    await gate;
    await route.continue();
  });
  const opened = await page.goto(`/projects/${id}`, { waitUntil: "commit" });
  asked.unshift(...(await broughtBy(opened)));
  // The head, the figures, and the code of what stands below the chart.
  await expect(page.locator("#models-button")).toBeVisible();
  await expect(page.locator(".kpis > .kpi")).toHaveCount(4);
  const models = page.getByRole("region", { name: say("dashboard.by_model") });
  await expect(models.locator(".models-value").first()).toBeVisible();
  const questions = page.getByRole("region", { name: say("dashboard.by_prompt") });
  await expect(questions).toBeVisible();
  expect(asked).toEqual(["overview/get"]);
  release();
  await expect(page.locator(".chart-card .chart-canvas canvas")).toHaveCount(1);
  await expect(questions.locator("tbody tr").first()).toBeVisible();
  expect(asked).toEqual(["overview/get", "dashboard/prompt-map"]);
});

test("a page that opens without the overview asks for what stands around it alone, once", async ({ page, call }) => {
  const id = await demonstration(page, call, "en");
  const asked = callsOf(page);
  await page.goto(`/projects/${id}/answers`);
  await expect(page.locator("table.answers tbody tr").first()).toBeVisible();
  await expect(page.locator("#models-button")).toBeVisible();
  await steps.openPart(page, say, "nav.overview");
  await expect(page.locator(".headline-sentence")).toBeVisible();
  for (const name of ["projects/get", "budget/get", "overview/get"]) {
    expect(asked.filter((one) => one === name), name).toHaveLength(1);
  }
  expect(asked).not.toContain("models/list");
});

test.describe("where the first screen does not come", () => {
  test.use({ expectedMessages: [/the server responded with a status of 429/] });

  test("the head comes alone, and the screen can be asked for again", async ({ page, call }) => {
    const id = await demonstration(page, call, "en");
    await bringNothing(page);
    let isRefused = true;
    await page.route("**/api/fn/overview/get", (route) =>
      isRefused ? route.fulfill({ status: 429, json: { code: "too_many_requests", message: "Too soon." } }) : route.continue(),
    );
    await page.goto(`/projects/${id}`);
    await expect(page.getByText("Too soon.")).toBeVisible();
    await expect(page.locator("#period-button")).toBeVisible();
    isRefused = false;
    await page.getByRole("button", { name: say("common.try_again") }).click();
    await expect(page.locator(".headline-sentence")).toBeVisible();
  });
});

test("a figure opens its chart, says how it changed, and leads to its answers", async ({ page, call }) => {
  const id = await demonstration(page, call, "en");
  await page.goto(`/projects/${id}`);
  const card = (measure: string) => page.locator(`.kpi[data-measure="${measure}"]`);
  await expect(page.locator(".kpis > .kpi")).toHaveCount(4);
  for (const change of await page.locator(".kpis > .kpi .kpi-change .change").all()) {
    await expect(change).toHaveText(/^((better|worse): [\d.]+ (points?|places? (better|worse))|no clear change)?$/);
  }
  await expect(card("visibility").locator("svg.spark")).toBeVisible();
  await card("share-of-voice").getByRole("button", { name: say("dashboard.share_of_voice"), exact: true }).click();
  await expect(page).toHaveURL(/measure=share_of_voice/);
  await expect(page.locator(".chart-card").getByRole("heading", { level: 2 })).toHaveText(say("dashboard.share_of_voice"));
  await expect(card("share-of-voice").getByRole("button", { name: say("dashboard.share_of_voice"), exact: true })).toBeFocused();
  await card("average-position").locator(".kpi-meta a").click();
  await expect(page).toHaveURL(/\/answers\?.*mentioned=yes/);
});

test("who is named, and a model alone", async ({ page, call }) => {
  const id = await demonstration(page, call, "en");
  await page.goto(`/projects/${id}`);
  const brands = page.locator(".brands > li");
  expect(await brands.count()).toBeLessThanOrEqual(5);
  await expect(page.locator(".brands > li.is-you")).toHaveCount(1);
  // Whose it is stands beside the name, and no name is cut, however little room there is.
  await expect(page.locator(".brands > li.is-you .brand-who > :not(a)")).toHaveText(say("overview.you"));
  for (const width of [1440, 1024, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const cut = await page.locator(".brand-name").evaluateAll(
      (names) => names.filter((name) => name.scrollWidth > name.clientWidth).map((name) => name.textContent),
    );
    expect(cut, `names cut at ${width}`).toEqual([]);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  const models = page.getByRole("region", { name: say("dashboard.by_model") });
  await expect(models.locator(".models-value").first()).toBeVisible();
  const values = await models.locator(".models-value").allTextContents();
  const shares = values.map((text) => Number.parseFloat(text));
  expect(shares).toEqual([...shares].sort((one, other) => other - one));
  const bars = models.locator(".interval-bar");
  await expect(bars).toHaveCount(shares.length);
  // No bar without its tick, which lies within the interval.
  for (const bar of await bars.all()) {
    const [start, length, tick] = await bar.evaluate((element) =>
      ["--start", "--length", "--tick"].map((name) => Number.parseFloat(element.style.getPropertyValue(name))),
    );
    expect(tick).toBeGreaterThanOrEqual(start - 0.1);
    expect(tick).toBeLessThanOrEqual(start + length + 0.2);
  }
  // Cells have a colour, also those of nothing, and the colours are explained.
  const heat = page.getByRole("region", { name: say("dashboard.by_prompt") });
  await expect(heat.locator(".heat-legend")).toBeVisible();
  const grounds = await heat.locator("a > .heat-cell:not(.is-few)").evaluateAll((cells) =>
    cells.map((cell) => getComputedStyle(cell).backgroundColor),
  );
  expect(grounds.length).toBeGreaterThan(0);
  expect(grounds).not.toContain("rgba(0, 0, 0, 0)");
  await models.getByRole("button", { name: "Simulated Atlas" }).click();
  await expect(page).toHaveURL(/models=\d+$/);
  await expect(models.locator("tbody tr")).toHaveCount(1);
  const other = page.locator(".brands > li:not(.is-you) .brand-name").first();
  const name = (await other.textContent()) as string;
  await other.click();
  await expect(page).toHaveURL(/\/answers\?.*entity=\d+/);
  await expect(page.getByRole("button", { name: say("answers.names", { name }) })).toBeVisible();
});

test("what is folded away stays as it was left", async ({ page, call }) => {
  const id = await furnish(call);
  await page.goto(`/projects/${id}`);
  const more = page.locator(".kpis.is-more .kpi");
  const fold = page.getByText(say("overview.more_figures"), { exact: true });
  await expect(fold).toBeVisible();
  await expect(more).toHaveCount(0);
  await fold.click();
  await expect(more).toHaveCount(7);
  await expect(page.locator(".places-parts > li")).toHaveCount(5);
  await page.reload();
  await expect(more).toHaveCount(7);
  await fold.click();
  await expect(more.first()).toBeHidden();
  await page.reload();
  await expect(fold).toBeVisible();
  await expect(more).toHaveCount(0);
});

test("too few answers are said to be that, and a run is one click away", async ({ page, call }) => {
  const id = await furnish(call);
  await page.goto(`/projects/${id}`);
  const card = page.locator(".headline");
  await expect(card).toContainText(say("sentence.too_early", { answers: 16, needed: 30 }));
  await expect(page.locator(".headline-moves")).toHaveCount(0);
  await card.getByRole("button", { name: say("runs.run_now"), exact: true }).click();
  await expect(page.getByRole("dialog", { name: say("runs.start_title") })).toBeVisible();
});

test("a period without answers says so and draws nothing", async ({ page, call }) => {
  const id = await furnish(call);
  const day = (from: number) => new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10);
  await page.goto(`/projects/${id}?period=${day(-30)}..${day(-24)}`);
  await expect(page.locator(".headline-sentence")).toContainText("No answers");
  await expect(page.locator(".chart-card")).toHaveCount(0);
  await expect(page.locator(".kpi")).toHaveCount(0);
});

test("on paper there are the figures in light colours, and nothing to press", async ({ page, call }) => {
  const say = speaker("en");
  const id = await demonstration(page, call, "en");
  await page.addInitScript(() => localStorage.setItem("parallax.theme", "dark"));
  // As wide as A4 between its margins.
  await page.setViewportSize({ width: 680, height: 950 });
  await page.goto(`/projects/${id}`);
  await expect(page.locator(".chart-canvas canvas")).toHaveCount(1);
  const head = page.locator(".print-head");
  await expect(head).toBeHidden();
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  await expect(head).toBeVisible();
  await expect(head).toContainText(/ · printed \d+ \w+ \d{4}$/);
  await expect(page.getByText(say("nav.printed_foot"))).toBeVisible();
  await expect(page.locator(".headline-sentence")).toBeVisible();
  for (const pressed of [".side-bar", ".head-actions", ".chart-actions", ".toasts"]) {
    for (const one of await page.locator(pressed).all()) await expect(one).toBeHidden();
  }
  // Four figures beside each other.
  const tops = await page.locator(".kpis:not(.is-more) .kpi").evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().top));
  expect(new Set(tops).size).toBe(1);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
  const [canvas, plot] = [page.locator(".chart-canvas canvas"), page.locator(".chart-plot")];
  expect((await canvas.boundingBox())?.width).toBeLessThanOrEqual((await plot.boundingBox())?.width ?? 0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  // The screen is as it was.
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: null });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(head).toBeHidden();
});
