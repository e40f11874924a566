// Money: what is said before a run, how a budget stops one, what is said after it.
import { draft, NAMES, OWNER } from "./support/data";
import { VENDORS } from "./support/host";
import { expectEnd, expectToast, runButton, startRun } from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
const budget = (changes: object) => ({ draft: { monthly: null, threshold_percent: null, ...changes } });

test.use({ simulation: { names: NAMES } });

test("a run that does not fit says so before and after, and stops at the budget", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(VENDORS.map((vendor) => vendor.slug));
  const id = await call.createProject(draft(models.map((model) => model.id)));
  // Less than the forty answers cost, in whatever order they come: that is 37 cents.
  await call.call("budget/save", budget({ monthly: "0.3" }));

  await page.goto(`/projects/${id}`);
  await runButton(page, say).click();
  const dialog = page.getByRole("dialog", { name: say("runs.start_title") });
  await expect(dialog.locator(".plan-sums")).toContainText("$0.30");
  await expect(dialog.locator(".plan-basis").first()).toContainText(say("runs.basis_guess"));
  await expect(dialog.locator(".notice")).toContainText("will probably not fit");
  await page.keyboard.press("Escape");

  await startRun(page, say);
  await expectEnd(page, "over_budget");
  await page.getByRole("button", { name: say("common.details") }).click();
  const why = page.locator(".lane-reason").first();
  await expect(why).toContainText("Over budget");
  await expect(why).toContainText(/\d+ of 10 answered/);
  const [run] = await call.runs(id);
  expect(run.status).toBe("over_budget");

  // Now there are answers to go by.
  await call.call("budget/save", budget({ monthly: "100" }));
  await page.reload();
  await runButton(page, say).click();
  await expect(dialog.locator(".plan-basis").filter({ hasText: "past answers" }).first()).toBeVisible();
  await expect(dialog.locator(".notice")).toHaveCount(0);
});

test("a project's budget of nothing is asked about first", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const [model] = await call.currentModels(["openai"]);
  const id = await call.createProject(draft([model.id]));
  await page.goto(`/projects/${id}/settings`);
  const amount = page.getByLabel(say("projects.monthly_budget"), { exact: true });
  const save = page.getByRole("button", { name: say("common.save_changes") });
  const asked = page.getByRole("dialog", { name: say("projects.stop_title") });

  await amount.fill("0");
  await save.click();
  await expect(asked.getByText(say("projects.stop_message"))).toBeVisible();
  await asked.getByRole("button", { name: say("projects.stop_nothing") }).click();
  await expect(asked).toBeHidden();
  // Nothing was saved, and nothing that was typed is lost.
  await expect(amount).toHaveValue("0");
  await expect(save).toBeVisible();

  await save.click();
  await asked.getByRole("button", { name: say("projects.stop"), exact: true }).click();
  await expectToast(page, say("projects.saved"));
  await expect(asked).toBeHidden();
  // It is nothing already: what else is changed is saved at once.
  await page.getByLabel(say("projects.repeats"), { exact: true }).fill("2");
  await save.click();
  await expect(save).toBeHidden();
  await page.reload();
  await expect(amount).toHaveValue("0");
  await amount.fill("12.50");
  await save.click();
  await expect(save).toBeHidden();
  await expect(asked).toBeHidden();
});

test("alerts, spend and switches on the page of keys and budget", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(["openai", "google"]);
  const id = await call.createProject(draft(models.map((model) => model.id)));
  await call.run(id);
  await page.goto("/keys");
  const spend = page.getByRole("region", { name: say("keys.spend"), exact: true });
  await expect(spend.locator(".chart-canvas canvas")).toHaveCount(1);
  await expect(spend.getByRole("table", { name: say("keys.by_model") }).locator("tbody tr")).toHaveCount(2);
  await expect(spend.getByRole("table", { name: say("keys.by_project") })).toContainText("Kipu in Europe");
  await expect(page.getByText(say("keys.forecast_early"))).toBeVisible();

  // The month before has nothing, and the focus stays where the month was chosen.
  const month = spend.getByLabel(say("keys.month"));
  await month.selectOption({ index: 1 });
  await expect(spend.getByText(say("keys.no_spend"))).toBeVisible();
  await expect(month.locator("option")).toHaveCount(2);

  const unpriced = page.getByRole("switch", { name: say("keys.allow_unpriced") });
  await expect(page.getByText(say("keys.allow_unpriced_off"))).toBeVisible();
  await unpriced.check();
  await expect(page.getByText(say("keys.allow_unpriced_on"))).toBeVisible();
  await page.reload();
  await expect(unpriced).toBeChecked();

  // Nothing at all is asked about first, and a comma is taken as well as a point.
  await page.getByLabel(say("keys.monthly")).fill("0");
  await page.getByRole("button", { name: say("keys.save_budget") }).click();
  const asked = page.getByRole("dialog", { name: say("keys.stop_all_title") });
  await asked.getByRole("button", { name: say("keys.stop_nothing") }).click();
  await expect(asked).toBeHidden();
  await page.getByLabel(say("keys.monthly")).fill("12,50");
  await page.getByRole("button", { name: say("keys.save_budget") }).click();
  await expectToast(page, say("common.saved"));
  await expect(page.locator(".gauge-spent")).toContainText("$12.50");
  // Where others would mean another amount, it is said which one is meant before it is saved.
  const taken = page.locator(".field").filter({ has: page.getByLabel(say("keys.monthly")) }).getByRole("status");
  await expect(taken).toHaveCount(0);
  await page.getByLabel(say("keys.monthly")).fill("1,250");
  await expect(taken).toHaveText(say("kit.taken_for", { number: "1250" }));
  await page.getByLabel(say("keys.monthly")).fill("1.250");
  await expect(taken).toHaveText(say("kit.taken_for", { number: "1.25" }));

  // Less than is spent already: the budget is used up, here and on the project's page.
  await page.getByLabel(say("keys.monthly")).fill("0.001");
  await page.getByRole("button", { name: say("keys.save_budget") }).click();
  await expectToast(page, say("common.saved"));
  await expect(page.getByText(say("keys.over"), { exact: true })).toBeVisible();
  await page.goto(`/projects/${id}`);
  await runButton(page, say).click();
  const dialog = page.getByRole("dialog", { name: say("runs.start_title") });
  await expect(dialog.getByText(say("runs.used_up"))).toBeVisible();
  await expect(dialog.getByRole("button", { name: say("runs.start"), exact: true })).toBeDisabled();
});
