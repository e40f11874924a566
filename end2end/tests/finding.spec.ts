// Down to the answers: from providers side by side, and by the words that answers hold.
import { draft, NAMES, OWNER } from "./support/data";
import { VENDORS } from "./support/host";
import { answersTotal, openPart } from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");

test.use({ simulation: { names: NAMES } });

test("providers stand side by side, and each number leads to its answers", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(VENDORS.map((vendor) => vendor.slug));
  const id = await call.createProject(draft(models.map((model) => model.id)));
  await call.run(id);
  const day = (before: number) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10);
  const numbers = await call.dashboard(id, day(29), day(-1));

  await page.goto(`/projects/${id}`);
  await openPart(page, say, "nav.project_models");
  const rows = page.locator("table.comparison tbody tr");
  // The period and its only day with answers say the same.
  await expect(rows).toHaveCount(2);
  await expect(rows.first().getByRole("rowheader")).toHaveText(say("comparison.whole_period"));
  const shares = models.map((model) => {
    const { total } = numbers.models.find((one) => one.model_id === model.id) ?? { total: undefined };
    if (!total) throw new Error(`${model.display_name} has no answers`);
    expect(total.answers).toBe(10);
    return total.mentions / total.answers;
  });
  const heads = await page.locator("table.comparison thead th").allInnerTexts();
  const column = (provider: string) => {
    const name = VENDORS.find((vendor) => vendor.slug === provider)?.label ?? provider;
    const place = heads.findIndex((head) => head.includes(name));
    expect(place, `${name} among ${heads.join(", ")}`).toBeGreaterThan(0);
    return place - 1;
  };
  const whole = rows.nth(0);
  for (const row of [whole, rows.nth(1)]) {
    for (const [index, model] of models.entries()) {
      const cell = row.getByRole("cell").nth(column(model.provider));
      const percent = (shares[index] * 100 + 1e-9).toFixed(shares[index] > 0 && shares[index] < 1 ? 1 : 0);
      await expect(cell.getByRole("link")).toHaveText(`${percent}%`);
      await expect(cell).toContainText(/n\s=\s10/);
      // Each provider has one model; a single day names nobody.
      const isEnd = (end: number | null) => row === whole && end === model.id;
      const best = cell.getByText(say("dashboard.best"), { exact: true });
      await expect(best).toHaveCount(isEnd(numbers.ends.best) ? 1 : 0);
      const worst = cell.getByText(say("dashboard.worst"), { exact: true });
      await expect(worst).toHaveCount(isEnd(numbers.ends.worst) ? 1 : 0);
    }
  }

  // Another measure has an address of its own; nobody has judged.
  await page.getByText(say("dashboard.average_position"), { exact: true }).click();
  await expect(page).toHaveURL(/\/models\?measure=average-position/);
  await page.reload();
  const position = page.getByRole("radio", { name: say("dashboard.average_position") });
  await expect(position).toBeChecked();
  const ranked = numbers.models.find((one) => one.model_id === models[0].id)?.total;
  const cell = rows.first().getByRole("cell").nth(column(models[0].provider));
  const place = (ranked?.rank_sum ?? 0) / (ranked?.rank_count ?? 0);
  await expect(cell.getByRole("link")).toHaveText((place + 1e-9).toFixed(1));
  await page.getByText(say("dashboard.tone"), { exact: true }).click();
  await expect(page.getByRole("heading", { name: say("comparison.no_judge") })).toBeVisible();
  await page.goBack();

  // The answers behind a number: those of the provider that place the brand.
  await cell.getByRole("link").click();
  await expect(page.getByText(answersTotal(say, ranked?.mentions ?? 0))).toBeVisible();
  const label = VENDORS.find((vendor) => vendor.slug === models[0].provider)?.label ?? "";
  await page.locator(".chip.is-removable", { hasText: label }).click();
  await expect(page).not.toHaveURL(/provider=/);
  // What is gone has handed the focus on.
  await expect(page.locator("main :focus")).toHaveCount(1);
  await expect(page.getByText(answersTotal(say, numbers.total.mentions))).toBeVisible();
});

test("answers are found by their words", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(["openai"]);
  const id = await call.createProject(draft(models.map((model) => model.id)));
  await call.run(id);
  const all = await call.answers(id);
  const texts = await Promise.all(all.rows.map(async (row) => (await call.answer(row.id)).text.toLowerCase()));
  const holding = texts.filter((text) => text.includes("quantara")).length;
  expect(holding).toBeGreaterThan(0);
  expect(holding).toBeLessThan(texts.length);

  await page.goto(`/projects/${id}/answers`);
  const rows = page.locator("table.answers tbody tr");
  await expect(rows).toHaveCount(texts.length);
  const field = page.getByRole("searchbox", { name: say("answers.text_holds") });
  await field.fill(" QUANTARA ");
  await field.press("Enter");
  await expect(page).toHaveURL(/text=QUANTARA$/);
  await expect(rows).toHaveCount(holding);
  await field.fill("100 % más & caro");
  await field.press("Enter");
  await expect(page.getByText(say("answers.none"), { exact: true })).toBeVisible();
  await page.reload();
  await expect(field).toHaveValue("100 % más & caro");
  await page.getByRole("button", { name: say("answers.clear_filters") }).click();
  await expect(rows).toHaveCount(texts.length);
});
