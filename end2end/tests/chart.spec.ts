// The chart of the overview: what it measures, how it is read without a pointer, what it is as a
// table and as files, and how long a large one takes to draw.
import { readFileSync } from "node:fs";

import type { APIResponse, Page } from "@playwright/test";

import { bringNothing } from "./support/brought";
import { seriesOf, tableOf } from "./support/charts";
import { NAMES } from "./support/data";
import { furnish } from "./support/pages";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
test.use({ simulation: { names: NAMES } });

const FIRST = Date.UTC(2026, 9, 26);
const day = (index: number) => new Date(FIRST + index * 86_400_000).toISOString().slice(0, 10);

/** Lines as the host tells them, the days 19 and 20 without answers. */
function lines(count: number, days: number, bucket = "day"): unknown[] {
  const all = [...Array(days).keys()];
  const isEmpty = (index: number) => index === 19 || index === 20;
  const point = (line: number, index: number) => {
    const share = 30 + ((line * 17 + index * (3 + line)) % 50);
    return isEmpty(index) ? null : [share, 100, [Math.max(0, share - 6) / 100, (share + 6) / 100]];
  };
  return [
    bucket,
    all.map(day),
    all.map((index) => (isEmpty(index) ? 0 : 280)),
    [...Array(count).keys()].map((line) => [
      { entity: line + 1 },
      `Brand ${line + 1}`,
      line === 0,
      line,
      all.map((index) => point(line, index)),
    ]),
    [[{ entity: 90 }, "Left out", false, count]],
    [["new", day(14), ["model_new", ["Sonar"], [], null]]],
    days - 2,
    days,
    day(days - 1),
    false,
  ];
}

/** Opens a project whose chart is told these lines. */
async function open(page: Page, id: number, told: unknown[], search = "?measure=share_of_voice"): Promise<unknown[]> {
  const asked: unknown[] = [];
  await page.route("**/api/fn/overview/series", async (route) => {
    asked.push(route.request().postDataJSON());
    await route.fulfill({ json: told });
  });
  await page.goto(`/projects/${id}${search}`);
  await expect(page.locator(".chart-card .chart-canvas canvas")).toHaveCount(1);
  return asked;
}

test("measure, split and bucket stand in the address", async ({ page, call }) => {
  const id = await furnish(call);
  const asked = await open(page, id, lines(5, 30));
  const card = page.locator(".chart-card");
  // Below its name the heading has the list that is opened by it.
  const title = card.getByRole("heading", { level: 2 }).getByRole("button");
  await expect(title).toHaveText(say("dashboard.share_of_voice"));
  await card.getByRole("button", { name: say("chart.choose_measure", { measure: say("dashboard.share_of_voice") }) }).click();
  await page.getByRole("menuitemradio", { name: say("chart.position") }).click();
  await expect(page).toHaveURL(/measure=position/);
  await expect(title).toHaveText(say("chart.position"));
  await card.getByText(say("chart.models"), { exact: true }).click();
  await expect(page).toHaveURL(/split=models/);
  await card.getByText(say("chart.week"), { exact: true }).click();
  await expect(page).toHaveURL(/bucket=week/);
  await expect.poll(() => asked.at(-1)).toMatchObject({ query: { metric: "position", split: "models", bucket: "week" } });
  await page.goBack();
  await expect(page).not.toHaveURL(/bucket=/);
});

test("the interval lies around your line and days without answers are hatched", async ({ page, call }) => {
  await open(page, await furnish(call), lines(5, 30));
  const series = await seriesOf(page.locator(".chart-card"));
  const find = (id: string) => series.find((one) => one.id === id)?.values ?? [];
  const [yours, low, width] = [find("entity-1"), find("band-low"), find("band-high")];
  expect(yours).toHaveLength(28);
  yours.forEach(([value], index) => {
    expect(low[index][0]).toBeLessThanOrEqual(value);
    expect(low[index][0] + width[index][0]).toBeGreaterThanOrEqual(value);
  });
  const hatched = find("hatch").map(([across]) => across);
  expect(Math.min(...hatched)).toBeCloseTo(18.5, 1);
  expect(Math.max(...hatched)).toBeCloseTo(20.5, 1);
  await expect(page.locator(".chart-meta")).toContainText(say("chart.days_with_answers", { n: 28, all: 30 }));
});

test("the keyboard reads the chart", async ({ page, call }) => {
  await open(page, await furnish(call), lines(5, 30));
  const plot = page.getByRole("slider", { name: say("dashboard.share_of_voice") });
  await plot.focus();
  await page.keyboard.press("ArrowLeft");
  await expect(plot).toHaveAttribute("aria-valuenow", "29");
  await page.keyboard.press("ArrowLeft");
  await expect(plot).toHaveAttribute("aria-valuenow", "28");
  await expect(plot).toHaveAttribute("aria-valuetext", /^Mon 23 Nov, 280 answers; Brand/);
  const box = page.locator(".chart-box");
  await expect(box.locator("li")).toHaveCount(5);
  const values = await box.locator("b").allTextContents();
  const numbers = values.slice(1).map((text) => Number.parseFloat(text));
  expect(numbers).toEqual([...numbers].sort((one, other) => other - one));
  await page.keyboard.press("Home");
  await expect(plot).toHaveAttribute("aria-valuenow", "0");
  await page.keyboard.press("Escape");
  await expect(box).toHaveCount(0);
});

test("a stretch drawn across the chart is the period, a double click takes it back", async ({ page, call }) => {
  // Answers are of today. Of the days that are drawn across there are none, and no chart would stay.
  await bringNothing(page);
  let figures: APIResponse | undefined;
  await page.route(/\/api\/fn\/(dashboard|overview)\/get/, async (route) => {
    figures ??= await route.fetch();
    await route.fulfill({ response: figures });
  });
  await open(page, await furnish(call), lines(5, 30));
  const plot = page.locator(".chart-plot");
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  if (!box) throw new Error("the chart is not there");
  await page.mouse.move(box.x + 100, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 260, box.y + 120, { steps: 4 });
  await expect(page.locator(".chart-stretch")).toBeVisible();
  await page.mouse.up();
  await expect(page).toHaveURL(/period=2026-\d\d-\d\d\.\.2026-\d\d-\d\d/);
  await plot.dblclick({ position: { x: 150, y: 100 } });
  await expect(page).not.toHaveURL(/period=/);
});

test("the chart is a table, and files", async ({ page, call }) => {
  await open(page, await furnish(call), lines(5, 30));
  const card = page.locator(".chart-card");
  const rows = await tableOf(card, say("chart.as_table"));
  expect(rows).toHaveLength(5 * 28);
  const file = async (name: Parameters<typeof say>[0]) => {
    await card.getByRole("button", { name: say("chart.export"), exact: true }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: say(name) }).click();
    const made = await download;
    return { name: made.suggestedFilename(), bytes: readFileSync(await made.path()) };
  };
  const csv = await file("chart.export_csv");
  expect(csv.name).toBe("kipu-in-europe-share-of-voice-2026-11-24.csv");
  expect(csv.bytes.toString().trim().split("\r\n")).toHaveLength(1 + 5 * 28);
  const png = await file("chart.export_png");
  expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
  // Two dots a pixel.
  expect(png.bytes.readUInt32BE(16)).toBe(2200);
  const svg = await file("chart.export_svg");
  expect(svg.bytes.toString()).toMatch(/^<svg[\s\S]*Brand 1[\s\S]*<\/svg>\s*$/);
  const faults = (text: string) => new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("parsererror").length;
  expect(await page.evaluate(faults, svg.bytes.toString()), "it can be read").toBe(0);
});

test("a page is printed with its chart in shapes, in light colours", async ({ page, call }) => {
  await page.addInitScript(() => {
    localStorage.setItem("parallax.theme", "dark");
    window.print = () => document.documentElement.setAttribute("data-printed", "");
  });
  await open(page, await furnish(call), lines(5, 30));
  const canvas = page.locator(".chart-card .chart-canvas");
  const picture = page.locator(".chart-plot > .printed-picture");
  await page.locator(".chart-card").getByRole("button", { name: say("chart.export"), exact: true }).click();
  await page.getByRole("menuitem", { name: say("chart.export_print") }).click();
  await expect(page.locator("html")).toHaveAttribute("data-printed", "");
  await expect(picture).toHaveCount(1);
  await expect(picture).toBeHidden();
  await expect(canvas).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(picture).toBeVisible();
  await expect(canvas).toBeHidden();
  const drawn = decodeURIComponent((await picture.getAttribute("src")) ?? "");
  expect(drawn).toMatch(/^data:image\/svg\+xml[\s\S]*<svg[\s\S]*Brand 1[\s\S]*<\/svg>\s*$/);
  // The second text colour of the light theme.
  expect(drawn).toContain("#55566a");

  await page.emulateMedia({ media: null });
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await expect(picture).toHaveCount(0);
});

test("notes are numbered and can be hidden, lines can be chosen, the chart fills the window", async ({ page, call }) => {
  const id = await furnish(call);
  const asked = await open(page, id, lines(5, 30));
  const card = page.locator(".chart-card");
  await expect(card.locator(".chart-notes li")).toContainText(["9 Nov: Sonar is new"]);
  await card.getByRole("button", { name: say("chart.hide_note", { n: 1 }) }).click();
  await expect(card.locator(".chart-notes li")).toHaveCount(0);
  await card.getByRole("button", { name: say("chart.show_notes") }).click();
  await expect(card.locator(".chart-notes li")).toHaveCount(1);
  await card.getByRole("button", { name: say("chart.more", { n: 1 }) }).click();
  await page.getByRole("checkbox", { name: "Left out" }).click();
  await expect.poll(() => asked.at(-1)).toMatchObject({ query: { keys: [1, 2, 3, 4, 5, 90].map((entity) => ({ entity })) } });
  await page.keyboard.press("Escape");
  await card.getByRole("button", { name: say("chart.full_screen") }).click();
  await expect(page.getByRole("dialog").locator(".chart-canvas canvas")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("fifteen lines of 400 days are drawn at once", async ({ page, call }) => {
  await open(page, await furnish(call), lines(15, 400), "?measure=share_of_voice&bucket=day");
  await seriesOf(page.locator(".chart-card"));
  const times = await page.locator(".chart-card .chart-canvas").evaluate((place) => {
    type Drawn = { getOption(): object; setOption(option: object, whole: boolean): void; getZr(): { flush(): void } };
    type Library = { getInstanceByDom(at: Element): Drawn };
    const chart = (window as unknown as { echarts: Library }).echarts.getInstanceByDom(place);
    const option = chart.getOption();
    return [...Array(5)].map(() => {
      const begin = performance.now();
      chart.setOption(option, true);
      chart.getZr().flush();
      return performance.now() - begin;
    });
  });
  const median = times.sort((one, other) => one - other)[2];
  console.log(`15 lines of 400 days: drawn in ${median.toFixed(0)} ms`);
  // 100 ms, with room for a busy machine.
  expect(median).toBeLessThan(250);
});

test("people write notes on the chart, others see them, and what is removed comes back", async ({ page, call, browser, host }) => {
  const id = await furnish(call);
  await page.goto(`/projects/${id}`);
  const card = page.locator(".chart-card");
  const notes = card.locator(".chart-notes li");
  const window = page.getByRole("dialog", { name: say("chart.add_note") });
  const text = window.getByLabel(say("chart.note_text"));
  const send = window.getByRole("button", { name: say("chart.add_note"), exact: true });
  await test.step("by the button", async () => {
    await card.getByRole("button", { name: say("chart.add_note"), exact: true }).click();
    await expect(text).toBeFocused();
    await send.click();
    await expect(text).toHaveAttribute("aria-invalid", "true");
    await text.fill("New site");
    await send.click();
    await expect(window).toHaveCount(0);
    await expect(notes).toContainText(["New site"]);
    await expect(notes.locator(".chart-number")).toHaveText(["1"]);
  });
  await test.step("by the keyboard, at the bucket that is read", async () => {
    const plot = card.getByRole("slider");
    await plot.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await expect(text).toBeFocused();
    await page.keyboard.type("Sale");
    await page.keyboard.press("Enter");
    // It is of the day before, so that it has the first number now.
    await expect(notes).toContainText(["Sale", "New site"]);
    await expect(notes.locator(".chart-number")).toHaveText(["1", "2"]);
  });
  await test.step("a day that is not shown is refused", async () => {
    await card.getByRole("button", { name: say("chart.add_note"), exact: true }).click();
    const day = window.getByRole("textbox", { name: say("chart.note_day") });
    await day.fill("2 Nov 2020");
    await text.fill("Long ago");
    await send.click();
    await expect(day).toHaveAttribute("aria-invalid", "true");
    await page.keyboard.press("Escape");
    await expect(window).toHaveCount(0);
  });
  await test.step("a viewer sees them, and writes none", async () => {
    const draft = { email: "vera@example.com", role: "viewer" };
    const { path } = await call.call<{ path: string }>("invitations/make", { draft });
    const invitation = path.split("=").at(-1);
    const context = await browser.newContext({ baseURL: host.url });
    const theirs = await context.newPage();
    const account = { email: draft.email, password: "four words for vera", invitation };
    await context.request.post(`${host.url}/api/fn/accounts/sign-up`, { data: { draft: account } });
    await theirs.goto(`/projects/${id}`);
    await expect(theirs.locator(".chart-notes li")).toContainText(["Sale", "New site"]);
    await expect(theirs.getByRole("button", { name: say("chart.add_note"), exact: true })).toHaveCount(0);
    await expect(theirs.getByRole("button", { name: say("chart.remove_note", { n: 1 }) })).toHaveCount(0);
    await context.close();
  });
  const button = (name: "chart.remove_note" | "chart.hide_note", n: number) =>
    card.getByRole("button", { name: say(name, { n }) });
  await test.step("what is removed comes back", async () => {
    await button("chart.remove_note", 1).click();
    await expect(notes).toHaveCount(1);
    await page.getByRole("button", { name: say("kit.undo") }).click();
    await expect(notes).toContainText(["Sale", "New site"]);
  });
  await test.step("what is hidden or removed hands the focus on", async () => {
    await button("chart.hide_note", 1).press("Enter");
    await expect(notes).toHaveCount(1);
    await expect(button("chart.hide_note", 2)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(notes).toHaveCount(0);
    const shown = card.getByRole("button", { name: say("chart.show_notes") });
    await expect(shown).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(notes).toHaveCount(2);
    await expect(button("chart.hide_note", 1)).toBeFocused();

    await button("chart.remove_note", 1).press("Enter");
    await expect(notes).toContainText(["New site"]);
    await expect(notes).toHaveCount(1);
    await expect(button("chart.remove_note", 1)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(notes).toHaveCount(0);
    const add = card.getByRole("button", { name: say("chart.add_note"), exact: true });
    await expect(add).toBeFocused();
    // What takes it back gives the focus back to where it was.
    await page.getByRole("button", { name: say("kit.undo") }).last().press("Enter");
    await expect(notes).toHaveCount(1);
    await expect(add).toBeFocused();
  });
});
