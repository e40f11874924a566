// What runs by itself: the rhythm of a project, its page with what became of it, the time zone
// of the workspace, and what people are told.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { draft, OWNER } from "./support/data";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");

async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(grave.map(({ id }) => id)).toEqual([]);
}

test.describe("schedule", () => {
  // A schedule that the host refuses, on purpose.
  test.use({ expectedMessages: [/status of 422/] });

  test("a project runs by the rhythm that a person chooses", async ({ page, call }) => {
    await call.signUp(OWNER.email, OWNER.password);
    const [model] = await call.currentModels(["simulator"]);
    const id = await call.createProject(draft([model.id]));

    // Every week, on a day and at an hour.
    await page.goto(`/projects/${id}/settings`);
    await page.getByLabel(say("schedule.rhythm"), { exact: true }).selectOption("weekly");
    await page.getByLabel(say("schedule.weekday"), { exact: true }).selectOption("2");
    await page.getByLabel(say("schedule.time"), { exact: true }).fill("05:30");
    await expect(page.getByText(/^Next: /)).toBeVisible();
    await page.getByRole("button", { name: say("common.save_changes") }).click();
    await steps.expectToast(page, say("projects.saved"));

    await page.goto("/schedule");
    const row = page.getByRole("row").filter({ hasText: "Kipu" });
    await expect(row).toContainText(say("schedule.weekly_at", { day: "Tuesday", time: "05:30" }));
    await isAccessible(page);

    // An expression that never falls due is said to be one, and changes nothing.
    await page.goto(`/projects/${id}/settings`);
    await page.getByLabel(say("schedule.rhythm"), { exact: true }).selectOption("custom");
    const expression = page.getByLabel(say("schedule.expression"), { exact: true });
    await expect(expression).toHaveValue("30 5 * * 2");
    await expression.fill("0 4 30 2 *");
    await page.getByRole("button", { name: say("common.save_changes") }).click();
    await expect(page.locator(".field-error")).toHaveText(say("errors.schedule_never"));
    await page.goto("/schedule");
    await expect(row).toContainText("05:30");

    // The page of the job says so where nothing has run yet; another zone moves the next time.
    await row.getByRole("link").click();
    await expect(page.getByText(say("schedule.no_jobs"))).toBeVisible();
    await isAccessible(page);
    await page.goto("/schedule");
    const next = row.getByRole("cell").nth(1).locator("time");
    const before = await next.getAttribute("datetime");
    await page.locator("select[name=time_zone]").selectOption("America/Los_Angeles");
    await page.getByRole("button", { name: say("schedule.save_zone") }).click();
    await steps.expectToast(page, say("schedule.zone_saved"));
    await expect(next).not.toHaveAttribute("datetime", before ?? "");
  });
});

test("nothing to tell is said, too", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  await page.goto("/notices");
  await expect(page.getByText(say("notices.none"), { exact: true })).toBeVisible();
  await isAccessible(page);
});
