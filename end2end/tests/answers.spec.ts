// The table of answers: where one was on it, and what of it can be reached.
import type { Page } from "@playwright/test";

import { draft, OWNER, QUESTIONS } from "./support/data";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");

const scrolled = (page: Page) => page.evaluate(() => Math.round(window.scrollY));

test("Back and a reload lead to the place that one was at", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const [model] = await call.currentModels(["openai"]);
  const prompts = Array.from({ length: 60 }, (_, index) => `Which accounting tool suits a company of ${index + 2} people?`);
  const id = await call.createProject(draft([model.id], { prompts }));
  await call.run(id);
  await page.goto(`/projects/${id}/answers`);
  const rows = page.locator("table.answers tbody tr");
  await expect(rows).toHaveCount(50);
  await page.getByRole("button", { name: say("answers.load_more") }).click();
  await expect(rows).toHaveCount(60);
  await page.mouse.move(700, 500);
  await page.mouse.wheel(0, 1_800);
  await expect.poll(() => scrolled(page)).toBeGreaterThan(1_700);
  const place = await scrolled(page);
  const expectPlace = async () => {
    await expect(rows).toHaveCount(60);
    await expect.poll(async () => Math.abs((await scrolled(page)) - place)).toBeLessThan(4);
  };

  await steps.openPart(page, say, "nav.runs");
  await expect.poll(() => scrolled(page)).toBe(0);
  await page.goBack();
  await expectPlace();
  await page.reload();
  await expectPlace();
  // Whoever comes by a link begins at the top.
  await steps.openPart(page, say, "nav.sources");
  await steps.openPart(page, say, "nav.answers");
  await expect(rows).toHaveCount(50);
  await expect.poll(() => scrolled(page)).toBe(0);
});

test("columns that have no room are scrolled to, and none goes", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const [model] = await call.currentModels(["openai"]);
  const id = await call.createProject(draft([model.id]));
  await call.run(id);
  for (const width of [1024, 800]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`/projects/${id}/answers`);
    const heads = page.locator("table.answers thead th");
    await expect(heads).toHaveCount(9);
    for (const head of await heads.all()) await expect(head).toBeVisible();
    // The last column can be brought into the window.
    await page.locator(".table-scroll").evaluate((frame) => frame.scrollTo(frame.scrollWidth, 0));
    const [frame, last] = [await page.locator(".table-scroll").boundingBox(), await heads.last().boundingBox()];
    expect(Math.round((last?.x ?? 9_999) + (last?.width ?? 0))).toBeLessThanOrEqual(Math.round((frame?.x ?? 0) + (frame?.width ?? 0)));
    expect(Math.round((frame?.x ?? 0) + (frame?.width ?? 0))).toBeLessThanOrEqual(width);
  }
});

test("an answer has an address, and once closed it comes back neither way", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const [model] = await call.currentModels(["openai"]);
  const id = await call.createProject(draft([model.id], { prompts: QUESTIONS.slice(0, 3) }));
  await call.run(id);
  await page.goto(`/projects/${id}/answers`);
  const rows = page.locator("table.answers tbody tr");
  const panel = page.getByRole("dialog", { name: say("answers.answer") });
  await rows.first().getByRole("button").click();
  await expect(panel).toBeVisible();
  await expect(page).toHaveURL(/answer=/);
  await page.goBack();
  await expect(panel).toBeHidden();
  await page.goForward();
  await expect(panel).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(page).not.toHaveURL(/answer=/);
  for (const go of [() => page.goBack(), () => page.goForward()]) {
    await go();
    await expect(rows).toHaveCount(3);
    await expect(page).not.toHaveURL(/answer=/);
    await expect(panel).toBeHidden();
  }
});

test("an answer is shown as the Markdown that it is, and says of the brand that it is not named", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const [model] = await call.currentModels(["openai"]);
  const id = await call.createProject(draft([model.id]));
  await call.run(id);
  const { rows } = await call.answers(id);
  const read = await Promise.all(rows.map((row) => call.answer(row.id)));
  const opened = async (answer: (typeof read)[number]) => {
    await page.goto(`/projects/${id}/answers?answer=${answer.row.id}`);
    const panel = page.getByRole("dialog", { name: say("answers.answer"), exact: true });
    await expect(panel.locator(".answer-text")).toBeVisible();
    return panel;
  };

  const listed = read.find(({ text }) => /^1\. /m.test(text));
  if (!listed) throw new Error("no answer has a list");
  const list = (await opened(listed)).locator(".answer-text ol > li");
  expect(await list.count()).toBeGreaterThan(1);
  for (const { text } of read.filter(({ text: one }) => one.includes("**")).slice(0, 1)) {
    const panel = await opened(read.find((one) => one.text === text) as (typeof read)[number]);
    await expect(panel.locator(".answer-text strong").first()).toBeVisible();
    await expect(panel.locator(".answer-text")).not.toContainText("**");
  }

  const unnamed = read.find(({ findings, text }) => text && !findings.some((found) => found.is_brand));
  if (unnamed) {
    const row = (await opened(unnamed)).getByRole("row").filter({ hasText: say("answers.your_brand") });
    await expect(row).toContainText(say("answers.not_named"));
  }
  await page.goto(`/projects/${id}/answers`);
  await expect(page.locator(".excerpt").first()).toBeVisible();
  for (const excerpt of await page.locator(".excerpt").allTextContents()) expect(excerpt).not.toMatch(/\*\*|\]\(/);
});
