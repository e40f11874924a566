// Sources: from the table of domains to the pages, to who cites them, to the answers.
import { retell } from "./support/calls";
import { draft, NAMES, OWNER, QUESTIONS } from "./support/data";
import { VENDORS } from "./support/host";
import { openPart } from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");

test.use({ simulation: { names: NAMES } });

test("a source leads down to the answers that cite it", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(VENDORS.map((vendor) => vendor.slug));
  const id = await call.createProject(draft(models.map((model) => model.id), { prompts: QUESTIONS.slice(0, 6) }));
  await call.run(id);
  const day = (before: number) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10);
  const query = { project_id: id, from: day(29), to: day(-1), unit: "domain" };
  const table = await call.sources(query);
  expect(table.rows.length).toBeGreaterThan(1);

  await page.goto(`/projects/${id}`);
  await openPart(page, say, "nav.sources");
  const rows = page.locator("table.sources tbody tr");
  await expect(rows).toHaveCount(table.rows.length);
  for (const [index, row] of table.rows.entries()) {
    await expect(rows.nth(index).getByRole("button")).toHaveText(row.name);
    const citing = rows.nth(index).locator(`td[data-label="${say("sources.citing")}"]`);
    await expect(citing).toHaveText(String(row.answers));
  }
  await expect(page.getByText(say("overview.answers", { n: table.answers }))).toBeVisible();
  const own = table.rows.find((row) => row.kind === "own");
  if (own) await expect(rows.filter({ hasText: own.name }).first()).toContainText(say("sources.own"));

  // Who cites it.
  const [first] = table.rows;
  await rows.first().getByRole("button").click();
  const dialog = page.getByRole("dialog", { name: first.name });
  await expect(dialog).toContainText(say("sources.uses_lead", { name: first.name }));
  const cells = dialog.locator(`td[data-label="${say("sources.citing")}"]`);
  const citing = async () => (await cells.allTextContents()).reduce((sum, count) => sum + Number(count), 0);
  await expect.poll(citing, { message: "the dialog has its rows a moment after its lead" }).toBe(first.answers);

  // It has an address: Back closes it, a reload opens it again.
  await expect(page).toHaveURL(/source=/);
  await page.goBack();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`/projects/${id}/sources`));
  await page.goForward();
  await expect(dialog).toBeVisible();
  await page.reload();
  await expect(dialog).toContainText(say("sources.uses_lead", { name: first.name }));
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page).not.toHaveURL(/source=/);
  // What was closed does not come back, whichever way one goes.
  for (const go of [() => page.goBack(), () => page.goForward()]) {
    await go();
    await expect(page).toHaveURL(new RegExp(`/projects/${id}/sources`));
    await expect(page).not.toHaveURL(/source=/);
    await expect(rows).toHaveCount(table.rows.length);
    await expect(dialog).toBeHidden();
  }
  await rows.first().getByRole("button").click();

  // Its pages.
  await dialog.getByRole("link", { name: say("sources.show_pages") }).click();
  await expect(page).toHaveURL(/by=page/);
  await expect(page.getByRole("button", { name: say("sources.pages_of", { domain: first.name }) })).toBeVisible();
  await expect(rows).toHaveCount(first.pages);
  await page.getByText(say("sources.by_domain"), { exact: true }).click();
  await expect(rows).toHaveCount(table.rows.length);

  // Its answers.
  await rows.first().getByRole("button").click();
  await dialog.getByRole("link", { name: say("sources.show_answers") }).click();
  await expect(page.locator("table.answers tbody tr")).toHaveCount(first.answers);
  const chip = page.getByRole("button", { name: say("sources.of_domain", { domain: first.name }) });
  await chip.click();
  await expect(page.getByText(say("answers.total", { total: 24 }))).toBeVisible();
});

test("a link opens a source that stands beyond the rows that are shown", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(VENDORS.map((vendor) => vendor.slug));
  const id = await call.createProject(draft(models.map((model) => model.id), { prompts: QUESTIONS.slice(0, 4) }));
  await call.run(id);
  // The table is as if its first row stood on a later page.
  await retell(page, "sources/list", (args, told) => {
    const { query } = args as { query: { domain: string | null; page_id: number | null } };
    if (query.domain !== null || query.page_id !== null) return told;
    const [status, [rows, ...rest]] = told as [number, [unknown[], ...unknown[]]];
    return [status, [rows.slice(1), ...rest]];
  });
  const day = (before: number) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10);
  for (const unit of ["domain", "page"]) {
    const { rows } = await call.sources({ project_id: id, from: day(29), to: day(-1), unit });
    const [first] = rows;
    const source = unit === "page" ? `by=page&source=${first.page_id}` : `source=${first.name}`;
    await page.goto(`/projects/${id}/sources?${source}`);
    await expect(page.locator("table.sources tbody tr")).toHaveCount(Math.min(rows.length, 50) - 1);
    const dialog = page.getByRole("dialog", { name: first.name });
    await expect(dialog).toContainText(say("sources.uses_lead", { name: first.name }));
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(page).not.toHaveURL(/source=/);
  }
});
