// What answers say: who is listed beside the brand, a judge's verdict, and questions to ask next.
import type { Page } from "@playwright/test";

import { NAMES, OWNER, QUESTIONS } from "./support/data";
import { furnish } from "./support/pages";
import { openPart } from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");

test.use({ simulation: { names: NAMES } });

/** The words around what a text is filled with. */
const around = (text: string) => text.split("#").filter((part) => part.trim() !== "");

/** Chooses the first model on offer as the judge. */
async function chooseJudge(page: Page): Promise<void> {
  await page.goto("/keys");
  const choice = page.getByLabel(say("keys.judge_model"));
  await choice.selectOption({ index: 1 });
  await expect(page.getByText(say("common.saved"), { exact: true })).toBeVisible();
}

test("who else is listed can be dismissed, restored and followed", async ({ page, call }) => {
  const id = await furnish(call, QUESTIONS.slice(0, 6));
  await page.goto(`/projects/${id}`);
  await page.getByText(say("overview.more"), { exact: true }).click();
  const rows = page.locator("table.beside tbody tr");
  await expect(rows.first()).toBeVisible();
  const name = (await rows.first().getByRole("rowheader").textContent()) as string;
  expect(NAMES.slice(4)).toContain(name);

  // Dismissed, and back.
  await rows.first().getByRole("button", { name: say("discovery.dismiss_name", { name }) }).click();
  const row = rows.filter({ has: page.getByRole("rowheader", { name, exact: true }) });
  await expect(row).toHaveCount(0);
  await expect(page.locator("main :focus")).toHaveCount(1);
  await page.getByText(say("discovery.dismissed", { n: 1 }), { exact: true }).click();
  await page.getByRole("button", { name: say("discovery.restore_name", { name }) }).click();
  await expect(row).toHaveCount(1);

  // Down to an answer that lists it.
  const example = row.getByRole("link").first();
  await example.click();
  await expect(page.locator(".side-panel .answer-text")).toContainText(name);
  await page.goBack();

  // Followed.
  await page.getByRole("button", { name: say("discovery.adopt_name", { name }) }).click();
  await expect(page.getByText(say("discovery.adopted", { name }))).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.goto(`/projects/${id}/settings`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.project_settings"));
  const fields = page.locator("form.project-form input[type=text], form.project-form input:not([type])");
  await expect
    .poll(async () => Promise.all((await fields.all()).map((field) => field.inputValue())))
    .toContain(name);
});

test("questions are suggested from templates, and by the judge model on demand", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  await page.goto("/projects/new");
  const suggest = page.getByRole("button", { name: say("projects.suggest") });
  await suggest.click();
  await expect(page.getByText(say("projects.name_first")).first()).toBeVisible();

  await page.getByLabel(say("projects.brand_name")).fill("Kipu");
  await suggest.click();
  const dialog = page.getByRole("dialog", { name: say("suggestions.title") });
  await expect(dialog.getByText(say("suggestions.from_templates"))).toBeVisible();
  await expect(dialog.getByText(say("suggestions.no_judge"))).toBeVisible();
  const offered = await dialog.getByRole("checkbox").count();
  expect(offered).toBeGreaterThan(3);
  await dialog.getByRole("checkbox").first().uncheck();
  await dialog.getByRole("button", { name: say("suggestions.add", { n: offered - 1 }) }).click();
  const questions = page.getByLabel(say("projects.questions_label"));
  await expect.poll(async () => (await questions.inputValue()).split("\n").length).toBe(offered - 1);
  const present = (await questions.inputValue()).split("\n");

  await chooseJudge(page);
  await page.goto("/projects/new");
  await page.getByLabel(say("projects.brand_name")).fill("Kipu");
  await questions.fill(present.join("\n"));
  await suggest.click();
  await dialog.getByRole("button", { name: say("suggestions.write") }).click();
  const [before] = around(say("suggestions.from_model", { name: "#", cost: "#" }));
  await expect(dialog.getByText(before)).toBeVisible();
  await expect(dialog.getByRole("checkbox").first()).toBeVisible();
  const written = await dialog.locator(".suggestions label").allTextContents();
  for (const text of written) {
    expect(present).not.toContain(text);
    expect(text.length).toBeGreaterThanOrEqual(15);
  }
});

test("a judge reads the answers after a run and says why", async ({ page, call }) => {
  const id = await furnish(call, QUESTIONS.slice(0, 2));
  await chooseJudge(page);
  await call.run(id);
  await page.goto(`/projects/${id}`);
  await openPart(page, say, "nav.runs");
  const [verb] = around(say("runs.judged", { name: "#", done: "#", total: "#", cost: "#" }));
  await expect(page.getByText(verb.trim()).first()).toBeVisible({ timeout: 30_000 });

  const { rows } = await call.answers(id);
  const named = rows.find((row) => row.source === "text" || row.source === "both");
  if (!named) throw new Error("no answer names the brand");
  await page.goto(`/projects/${id}/answers?answer=${named.id}`);
  const [by] = around(say("answers.judged_by", { name: "#", version: "#" }));
  await expect(page.locator(".side-panel").getByText(by.trim()).first()).toBeVisible();

  // The judge is gone as quickly as it came.
  await page.goto("/keys");
  await page.getByLabel(say("keys.judge_model")).selectOption({ index: 0 });
  await expect(page.getByText(say("keys.judge_none_now"))).toBeVisible();
});
