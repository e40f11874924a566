// Topics beside models in the head: chosen, in the address, along to the answers, on a phone.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import type { Caller } from "./support/caller";
import { OWNER } from "./support/data";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
const topics = (page: Page) => page.locator("#topics-button");

interface Days {
  from: string;
  to: string;
}

/** The demonstration, whose questions have three topics, and thirty of its days. */
async function demonstration(call: Caller): Promise<{ id: number; days: Days; path: string }> {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await call.call<number>("home/make-demo");
  const days = await call.call<string[]>("dashboard/days", { project_id: id });
  const [from, to] = [days.at(-30) as string, days.at(-1) as string];
  return { id, days: { from, to }, path: `/projects/${id}?period=${from}..${to}` };
}

/** How many answers the host counts of some topics, as people read it. */
async function answersOf(call: Caller, id: number, days: Days, tags: string[]): Promise<string> {
  const query = { project_id: id, ...days, tags };
  const shown = await call.call<number[][][]>("dashboard/get", { query });
  return shown[2][0][0].toLocaleString("en-US");
}

test("topics are chosen beside models and go along to the answers", async ({ page, call }) => {
  const { id, days, path } = await demonstration(call);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(path);
  await expect(topics(page)).toHaveText(say("period.all_topics", { count: 3 }));
  await topics(page).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: say("period.choose_topics") });
  const boxes = dialog.getByRole("checkbox");
  await expect(boxes).toHaveCount(3);
  await expect(boxes.first()).toBeFocused();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id: rule }) => rule)).toEqual([]);

  await dialog.getByRole("listitem").filter({ hasText: "Price" }).hover();
  await dialog.getByRole("button", { name: say("period.only_this", { name: "Price" }), exact: true }).click();
  await expect(page).toHaveURL(/[?&]tag=Price$/);
  await expect(topics(page)).toHaveText("Price");
  const one = await answersOf(call, id, days, ["Price"]);
  expect(one).not.toBe(await answersOf(call, id, days, []));
  await expect(page.locator(".headline-meta")).toContainText(one);

  await dialog.getByRole("checkbox", { name: "Small companies", exact: true }).click();
  await expect(page).toHaveURL(/[?&]topics=Price,Small%20companies$/);
  await expect(topics(page)).toHaveText(say("period.some_topics", { chosen: 2, count: 3 }));
  const two = await answersOf(call, id, days, ["Price", "Small companies"]);
  await expect(page.locator(".headline-meta")).toContainText(two);
  await page.keyboard.press("Escape");
  await expect(topics(page)).toBeFocused();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".print-head")).toContainText(" · Price, Small companies · ");
  await page.emulateMedia({ media: null });

  // The answers are those of both, and a link to them says so.
  await steps.openPart(page, say, "nav.answers");
  await expect(page).toHaveURL(/\/answers\?.*topics=Price,Small%20companies/);
  await expect(page.locator(".answer-total")).toContainText(two);
  await page.reload();
  await expect(topics(page)).toHaveText(say("period.some_topics", { chosen: 2, count: 3 }));
  await expect(page.locator(".answer-total")).toContainText(two);
  // What is cited is counted over all topics: there is nothing to choose.
  await steps.openPart(page, say, "nav.sources");
  await expect(page.locator("#models-button")).toBeVisible();
  await expect(topics(page)).toBeHidden();
});

test("a line a chosen topic", async ({ page, call }) => {
  const { path } = await demonstration(call);
  const drawn: string[][] = [];
  page.on("response", async (response) => {
    if (!response.url().endsWith("/api/fn/overview/series") || !response.ok()) return;
    const [, , , lines] = (await response.json()) as unknown[][];
    drawn.push((lines as unknown[][]).map((line) => line[1] as string));
  });
  await page.goto(`${path}&split=topics&topics=Price,Small%20companies`);
  await expect.poll(() => [...(drawn.at(-1) ?? [])].sort()).toEqual(["Price", "Small companies"]);
});

test("where there is less room, the head does not wrap", async ({ page, call }) => {
  const { path } = await demonstration(call);
  await page.setViewportSize({ width: 1100, height: 900 });
  await page.goto(path);
  await expect(topics(page)).toBeVisible();
  // Its picture alone, with its name for screen readers.
  expect((await topics(page).boundingBox())?.width).toBeLessThan(90);
  await expect(page.getByRole("button", { name: say("period.all_topics", { count: 3 }) })).toBeVisible();
  expect((await page.locator(".head").first().boundingBox())?.height).toBeLessThan(60);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1100);
});

test("on a phone topics stand in the sheet of filters", async ({ page, call }) => {
  const { id, days, path } = await demonstration(call);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(path);
  await page.locator("#filters-button").click();
  const sheet = page.getByRole("dialog", { name: say("period.filters") });
  await sheet.getByRole("checkbox", { name: "Price", exact: true }).click();
  // Of three, two are left.
  await expect(page).toHaveURL(/topics=Getting%20started,Small%20companies/);
  await sheet.locator(".sheet-foot button").click();
  await expect(page.locator("#filters-button")).toContainText("(1)");
  const left = await answersOf(call, id, days, ["Getting started", "Small companies"]);
  await expect(page.locator(".headline-meta")).toContainText(left);
});
