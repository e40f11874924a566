// The registry: what a check of the providers' lists finds is reviewed, and a file of prices is
// accepted row by row.
import { draft, OWNER } from "./support/data";
import { fits } from "./support/fits";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
const GPT = "gpt-5.4-mini";

// A file that is no JSON, on purpose.
test.use({ expectedMessages: [/status of 422 .*import-preview/] });

test("new models are reviewed and prices come from a file", async ({ page, call }, info) => {
  await call.signUp(OWNER.email, OWNER.password);
  // The simulated provider takes this one away soon.
  const retiring = (await call.models()).find((model) => model.model_id === "claude-opus-5-5");
  const project = await call.createProject(draft([retiring?.id ?? 0]));
  await page.goto("/admin/models");
  await page.getByRole("button", { name: say("registry.check_now") }).click();
  const review = page.getByRole("region", { name: say("registry.review_title") });
  const row = review.getByRole("listitem").filter({ hasText: GPT });
  await expect(row).toContainText(say("registry.unpriced"));
  await expect(review).not.toContainText("embedding");
  const approve = row.getByRole("button", { name: say("registry.approve_of", { name: GPT }) });
  await expect(approve).toBeDisabled();
  const notice = page.locator(".notice").filter({ hasText: say("registry.retiring_title") });
  await expect(notice).toContainText("Claude Opus 5.5");
  await expect(notice.getByRole("link")).toHaveAttribute("href", `/projects/${project}/settings`);
  await fits(page, "review", info.outputDir);

  // A price makes it ready.
  const field = (name: string) => page.getByLabel(say(`registry.${name}_of`, { name: GPT }), { exact: true });
  await field("input").fill("0.5");
  await field("output").fill("2");
  // A day is typed as people write it.
  const starts = page.getByLabel(say("registry.starts_on_of", { name: GPT }));
  await expect(starts).toHaveAttribute("type", "text");
  await starts.fill("2 november 2020");
  await starts.press("Tab");
  await expect(starts).toHaveValue("2 Nov 2020");
  await starts.fill("");
  await starts.press("Tab");
  await page.getByRole("button", { name: say("registry.save_of", { name: GPT }), exact: true }).click();
  await steps.expectToast(page, say("registry.saved", { name: GPT }));
  await approve.click();
  await steps.expectToast(page, say("registry.approved", { name: GPT }));
  await expect(row).toHaveCount(0);
  expect((await call.models()).find((model) => model.model_id === GPT)).toMatchObject({ is_available: true });

  // What is of no use goes out of sight.
  const other = review.getByRole("listitem").filter({ hasText: "gpt-4o" });
  await other.getByRole("button", { name: say("registry.reject_of", { name: "gpt-4o" }) }).click();
  await expect(field("input")).toBeVisible();
  const rejected = page.getByLabel(say("registry.input_of", { name: "gpt-4o" }), { exact: true });
  await expect(rejected).toHaveCount(0);
  await page.getByRole("switch", { name: say("registry.show_rejected", { count: 1 }) }).check();
  await expect(rejected).toBeVisible();

  // A file: one plain row, one that was typed by hand, one that is refused.
  const models = [
    { provider: "openai", model_id: GPT, input: 0.6, output: 2 },
    { provider: "openai", model_id: "gpt-5.4-nano", input: "0.3", output: "1.5" },
    { provider: "anthropic", model_id: "claude-opus-5-5", input: -1, output: 15 },
    { provider: "openai", model_id: "gpt-99", input: 1, output: 2 },
  ];
  await page.getByRole("button", { name: say("registry.import"), exact: true }).click();
  const card = page.getByRole("region", { name: say("registry.import") });
  const file = (text: string) => ({ name: "prices.json", mimeType: "application/json", buffer: Buffer.from(text) });
  const choose = card.getByLabel(say("registry.import_file"));
  await choose.setInputFiles(file("no prices"));
  await expect(card.getByRole("alert")).toContainText(say("errors.price_file_json", { line: 1, column: 2 }));
  await choose.setInputFiles(file(JSON.stringify({ models })));
  await expect(card).toContainText(
    say("registry.import_found", { format: "Parallax", changed: 3, unchanged: 0, unknown: 1 }),
  );
  const take = (name: string) => card.getByRole("checkbox", { name: say("registry.import_take_of", { name }), exact: true });
  await expect(take("GPT-5.4 Nano")).toBeChecked();
  await expect(take(GPT)).not.toBeChecked();
  await expect(take("Claude Opus 5.5")).toBeDisabled();
  await expect(card.locator("tbody tr").filter({ hasText: "Claude" })).toContainText(say("registry.refusal_negative"));
  await expect(card.locator("tbody tr").filter({ hasText: GPT })).toContainText(say("registry.flag_hand_edited"));
  await fits(page, "import", info.outputDir);
  await take(GPT).check();
  await card.getByRole("button", { name: say("registry.import_accept", { count: 2 }) }).click();
  await steps.expectToast(page, say("registry.import_accepted", { count: 2 }));
  await expect(card).toHaveCount(0);
  const stored = (await call.models()).find((model) => model.model_id === "gpt-5.4-nano");
  expect(stored?.price).toMatchObject({ origin: "sync", input: 300_000_000, output: 1_500_000_000 });

  // The rows follow the file.
  await expect(page.getByLabel(say("registry.input_of", { name: "GPT-5.4 Nano" }), { exact: true })).toHaveValue("0.3");
  await expect(page.getByRole("button", { name: say("registry.save_of", { name: "GPT-5.4 Nano" }), exact: true })).toHaveCount(0);

  // Who did what.
  const log = page.getByRole("region", { name: say("registry.changes_title") });
  await expect(log.locator("tbody tr").first()).toContainText(OWNER.email);
  await expect(log).toContainText(say("registry.action_found"));
  await expect(log).toContainText(say("registry.action_rejected"));
  await fits(page, "registry", info.outputDir);

  // What the past would have cost: nothing was asked, so there is nothing to book.
  await page.getByRole("button", { name: say("registry.history_of", { name: "GPT-5.4 Nano" }), exact: true }).click();
  const day = new Date().toISOString().slice(0, 10);
  await page.getByLabel(say("registry.first_day")).fill(day);
  await page.getByLabel(say("registry.last_day")).fill(day);
  await page.getByRole("button", { name: say("registry.recompute_show") }).click();
  await expect(page.locator(".recompute")).toContainText("$0.00");
  await fits(page, "history", info.outputDir);
  await page.keyboard.press("Escape");

  // A model that becomes current is asked once before.
  await page.getByRole("radio", { name: say("registry.current_of", { name: GPT }) }).check();
  await expect.poll(async () => (await call.currentModels(["openai"]))[0].model_id).toBe(GPT);
});

test("a row is as high while it is edited as before", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const [model] = await call.currentModels(["openai"]);
  await page.setViewportSize({ width: 1600, height: 900 });
  await page.goto("/admin/models");
  const name = model.display_name;
  const input = page.getByLabel(say("registry.input_of", { name }), { exact: true });
  const row = page.getByRole("row").filter({ has: input });
  const height = async () => Math.round((await row.boundingBox())?.height ?? 0);
  const before = await height();
  expect(before).toBeGreaterThan(0);

  // A price with the day on which it begins, and what saves it.
  await input.fill("123.45");
  await expect(page.getByLabel(say("registry.starts_on_of", { name }))).toBeVisible();
  await expect(page.getByRole("button", { name: say("registry.save_of", { name }), exact: true })).toBeVisible();
  expect(await height()).toBe(before);

  // What is wrong is said at once, and has its place.
  await input.fill("abc");
  await expect(input).toHaveAttribute("aria-invalid", "true");
  await expect(row.locator(".field-error")).toBeVisible();
  expect(await height()).toBe(before);
});
