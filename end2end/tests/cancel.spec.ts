// A run that somebody stops.
import { draft, OWNER } from "./support/data";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");

// Some answers come at once, the others so late that only a cancel ends the run in time.
test.use({ simulation: { latency: 100, fail: "slow=0.5", slowMs: 4_000 } });

test("a cancelled run keeps what has come and sends no more", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(["openai", "anthropic"]);
  // Few at a time, so that there is something left to cancel, however fast the host is.
  for (const model of models) await call.call("models/change", { model_id: model.id, change: { max_in_flight: 6 } });
  const questions = Array.from({ length: 60 }, (_, index) => `Which accounting tool suits a company of ${index + 2} people?`);
  const id = await call.createProject(draft(models.map((model) => model.id), { prompts: questions }));
  await page.goto(`/projects/${id}`);
  await steps.startRun(page, say);

  const progress = page.getByRole("region", { name: say("runs.run_goes_on") });
  const settled = async () => {
    return Number(await progress.getByRole("progressbar").getAttribute("aria-valuenow"));
  };
  await expect.poll(settled, { message: "the first answers are there" }).toBeGreaterThan(0);

  // Asking is not doing yet.
  const cancel = progress.getByRole("button", { name: say("runs.cancel_run") });
  await cancel.click();
  const dialog = page.getByRole("dialog", { name: say("runs.cancel_title") });
  await dialog.getByRole("button", { name: say("runs.keep_running") }).click();
  await expect(dialog).toBeHidden();
  await expect(progress).toBeVisible();

  await cancel.click();
  await dialog.getByRole("button", { name: say("runs.cancel_run") }).click();
  await steps.expectEnd(page, "cancelled");
  await expect(page.locator(".run-strip")).toContainText(say("runs.cancelled"));

  const [run] = await call.runs(id);
  const sum = (of: "answered" | "dropped" | "failed" | "total") => run.lanes.reduce((all, lane) => all + lane[of], 0);
  expect(run.status).toBe("cancelled");
  expect(sum("dropped")).toBeGreaterThan(0);
  expect(sum("answered")).toBeGreaterThan(0);
  expect(sum("answered") + sum("dropped") + sum("failed")).toBe(sum("total"));
  await expect(page.locator(".run-words")).toContainText(say("runs.settled_of", { settled: sum("answered"), total: 120 }));

  // What had come is there, and the next run may start.
  await steps.openPart(page, say, "nav.answers");
  await page.getByLabel(say("answers.outcome"), { exact: true }).selectOption({ label: say("answers.only_answers") });
  await expect(page.getByText(steps.answersTotal(say, sum("answered")))).toBeVisible();
  await expect(steps.runButton(page, say)).toBeEnabled();
});
