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
    const zone = page.locator("input[name=time_zone]");
    // What is no zone is marked when the field is left, and is not sent.
    await zone.fill("Mars");
    await zone.press("Tab");
    await expect(page.locator(".field-error")).toHaveText(say("errors.time_zone"));
    await expect(zone).toHaveAttribute("aria-invalid", "true");
    await page.getByRole("button", { name: say("schedule.save_zone") }).click();
    await expect(zone).toBeFocused();
    // A place is enough, whatever its capitals; the list has all of them.
    await expect(page.locator(`datalist option[value="America/Los Angeles"]`)).toHaveCount(1);
    await zone.fill("los angeles");
    await expect(page.locator(".field-error")).toHaveCount(0);
    await zone.press("Enter");
    await expect(zone).toHaveValue("America/Los Angeles");
    await steps.expectToast(page, say("schedule.zone_saved"));
    await expect(next).not.toHaveAttribute("datetime", before ?? "");
  });

  test("a run by hand is the last time of its project", async ({ page, call }) => {
    await call.signUp(OWNER.email, OWNER.password);
    const [model] = await call.currentModels(["simulator"]);
    const id = await call.createProject(draft([model.id]));
    await page.goto("/schedule");
    const cells = page.getByRole("row").filter({ hasText: "Kipu" }).getByRole("cell");
    await expect(cells.nth(2)).toHaveText(say("schedule.never"));
    await call.run(id);
    await page.reload();
    await expect(cells.nth(2).locator("time")).toBeVisible();
    await expect(cells.nth(3)).toHaveText(say("runs.finished"));
  });
});

test("nothing to tell is said, too", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  await page.goto("/notices");
  await expect(page.getByText(say("notices.none"), { exact: true })).toBeVisible();
  await isAccessible(page);
});
