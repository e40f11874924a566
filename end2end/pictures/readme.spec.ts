// What the README shows: the demonstration's overview in both themes, the first page, an answer, and a
// run from its button to its figures. All answers are simulated. `scripts/pictures.sh docs` puts them
// into docs/images.
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";

import { dress } from "../tests/support/axe";
import type { Caller } from "../tests/support/caller";
import { draft, OWNER } from "../tests/support/data";
import { GREY } from "../tests/support/pages";
import * as steps from "../tests/support/steps";
import { expect, test } from "../tests/support/test";
import { speaker } from "../tests/support/texts";
import { film } from "./support/film";

const say = speaker("en");
const FOLDER = process.env.PARALLAX_PICTURES ?? path.join(__dirname, "../../build/test-results/pictures");
const MOST_BYTES = 1_000_000;

// The simulator of the host itself: its models say what they are.
test.use({ keysFromEnvironment: false, colorScheme: "light", locale: "en-GB", trace: "off" });

/** A project that asks what can be asked without a key, few questions at a time. */
async function simulated(call: Caller, changes: object): Promise<number> {
  const models = (await call.models()).filter(({ provider, usable, is_available }) => provider === "simulator" && usable && is_available);
  expect(models.length, "there are simulated models").toBeGreaterThan(0);
  for (const { id } of models) await call.call("models/change", { model_id: id, change: { max_in_flight: 2 } });
  return call.createProject(draft(models.map(({ id }) => id), changes));
}

async function take(page: Page, name: string): Promise<void> {
  await expect(page.locator(GREY)).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  // No pointer, no message that goes by itself.
  await expect(page.locator(".toast")).toHaveCount(0);
  await page.screenshot({ path: path.join(FOLDER, `${name}.png`), animations: "disabled" });
}

test("overview, home and an answer", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const demo = await call.call<number>("home/make-demo");
  for (const [name, schedule] of [["Kipu in Europe", "0 6 * * *"], ["Kipu in Peru", "30 7 * * 1"]]) {
    await call.run(await simulated(call, { name, schedule }));
  }

  for (const [name, theme] of [["overview-dark", "dark"], ["overview", "light"]] as const) {
    await dress(page, 1440, theme);
    await page.goto(`/projects/${demo}`);
    await expect(page.locator(".chart-canvas canvas")).toHaveCount(1);
    await take(page, name);
  }

  await page.goto("/");
  await expect(page.locator("table.home-table tbody tr")).toHaveCount(3);
  await take(page, "home");

  const { rows } = await call.answers(demo);
  const answer = rows.find(({ source }) => source !== "none") ?? rows[0];
  await page.goto(`/projects/${demo}/answers?answer=${answer.id}`);
  await expect(page.locator(".side-panel .answer-text")).toBeVisible();
  await expect(page.locator("table.answers tbody tr").first()).toBeVisible();
  await take(page, "answer");
});

test("a run", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await simulated(call, {});
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`/projects/${id}`);
  await expect(page.getByText(say("sentence.none_yet"))).toBeVisible();
  await expect(page.locator(GREY)).toHaveCount(0);
  const run = async () => {
    await page.waitForTimeout(1_000);
    await steps.runButton(page, say).click();
    const dialog = page.getByRole("dialog", { name: say("runs.start_title") });
    await expect(dialog.locator(".plan-sums")).toBeVisible();
    await page.waitForTimeout(1_200);
    await dialog.getByRole("button", { name: say("runs.start"), exact: true }).click();
    await steps.expectEnd(page, "finished");
    await expect(page.locator(".chart-canvas canvas")).toHaveCount(1);
    // The chart draws its lines, and what stands below it comes.
    await page.waitForTimeout(2_000);
  };
  writeFileSync(path.join(FOLDER, "run.webp"), await film(page, run, MOST_BYTES));
});
