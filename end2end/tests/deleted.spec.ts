// A deleted project stands on the page of the account until it is erased, and comes back from
// there.
import { draft, OWNER } from "./support/data";
import { fits } from "./support/fits";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
const NAME = "Kipu in Europe";
const DAY_MS = 86_400_000;

test("a deleted project is listed with its last day, and restored", async ({ page, call }, info) => {
  await call.signUp(OWNER.email, OWNER.password);
  const [model] = await call.currentModels(["openai"]);
  const id = await call.createProject(draft([model.id]));

  await test.step("delete it, and take that back at once", async () => {
    await page.goto(`/projects/${id}/settings`);
    await page.getByRole("button", { name: say("projects.delete"), exact: true }).click();
    const asked = page.getByRole("dialog", { name: say("projects.delete_title", { name: NAME }) });
    await asked.getByRole("button", { name: say("projects.delete"), exact: true }).click();
    await expect(page.getByRole("heading", { level: 2, name: say("projects.first_title") })).toBeVisible();
    await page.getByRole("button", { name: say("kit.undo"), exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/projects/${id}$`));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.overview"));
    expect(await call.call<unknown[]>("projects/deleted")).toEqual([]);
  });

  await test.step("delete it", async () => {
    await page.goto(`/projects/${id}/settings`);
    await page.getByRole("button", { name: say("projects.delete"), exact: true }).click();
    const asked = page.getByRole("dialog", { name: say("projects.delete_title", { name: NAME }) });
    await expect(asked).toContainText("it is erased with its answers");
    await asked.getByRole("button", { name: say("projects.delete"), exact: true }).click();
    // Written out: what the message says is not what the list is called.
    await steps.expectToast(page, "Project deleted.");
    await expect(page.getByRole("heading", { level: 2, name: say("projects.first_title") })).toBeVisible();
  });

  const card = page.getByRole("region", { name: "Recently deleted", exact: true });
  await test.step("it is listed", async () => {
    await steps.goTo(page, say, "nav.account");
    type Deleted = { id: number; deleted_at: string; erased_from: string };
    const [deleted] = await call.call<Deleted[]>("projects/deleted");
    expect(deleted.id).toBe(id);
    const days = (Date.parse(deleted.erased_from) - Date.now()) / DAY_MS;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThanOrEqual(30);
    // On the browser's clock; the year stands where it is another one.
    const erased = await page.evaluate(
      ([moment, months]) => {
        const at = new Date(moment);
        const day = `${at.getDate()} ${months.split(" ")[at.getMonth()]}`;
        return at.getFullYear() === new Date().getFullYear() ? day : `${day} ${at.getFullYear()}`;
      },
      [deleted.erased_from, say("dashboard.months")] as const,
    );
    const daysShown = [say("common.today"), erased];
    // As the tokens above it: a table with a button in each row.
    const row = card.locator("tbody tr");
    await expect(row).toHaveCount(1);
    await expect(row.getByRole("rowheader")).toHaveText(NAME);
    const heads = card.getByRole("columnheader");
    await expect(heads).toHaveText(["Project name", "Deleted on", "Will be erased on"]);
    await expect(row.getByRole("cell")).toHaveText([...daysShown, "Restore"]);
    await fits(page, "deleted", info.outputDir);
  });

  await test.step("restore it", async () => {
    await card.getByRole("button", { name: say("projects.restore_name", { name: NAME }), exact: true }).click();
    await steps.expectToast(page, say("projects.restored"));
    await expect(card).toHaveCount(0);
    await steps.goTo(page, say, "nav.projects");
    await steps.projectLink(page, say, NAME).click();
    await expect(page).toHaveURL(new RegExp(`/projects/${id}$`));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.overview"));
  });
});
