// The picture of the dashboard that the README shows. It is kept with the results of the tests;
// `PARALLAX_PICTURES=../docs/images` puts a new one into the documentation, and
// `PARALLAX_PICTURE_DATA=FOLDER` takes it of a host with a longer history: a copy of that data
// folder, in which the account and the first project are those of `support/data.ts`.
import path from "node:path";

import { draft, NAMES, OWNER } from "./support/data";
import { VENDORS } from "./support/host";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
const HISTORY = process.env.PARALLAX_PICTURE_DATA ?? "";

test.use({
  history: HISTORY,
  simulation: { latency: 200, names: NAMES },
  colorScheme: "light",
  viewport: { width: 1440, height: 900 },
  contextOptions: { reducedMotion: "reduce" },
});

test("the dashboard fits for a picture", async ({ page, call }, info) => {
  if (HISTORY === "") {
    await call.signUp(OWNER.email, OWNER.password);
    const models = await call.currentModels(VENDORS.map((vendor) => vendor.slug));
    const id = await call.createProject(draft(models.map((model) => model.id)));
    for (let round = 0; round < 3; round += 1) await call.run(id);
  } else {
    await call.call("accounts/sign-in", { draft: OWNER });
  }
  await page.goto("/projects/1");
  await expect(page.locator(".chart-canvas canvas")).toHaveCount(1);
  await expect(page.locator('.kpi[data-measure="visibility"] .kpi-meta')).toContainText(/\d{3} answers/);
  await expect(page.getByRole("region", { name: say("dashboard.by_model") }).locator("tbody tr")).toHaveCount(4);
  const folder = process.env.PARALLAX_PICTURES ?? info.outputDir;
  // As high as the page, so that the navigation reaches the bottom.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: 1440, height });
  const picture = await page.screenshot({ path: path.join(folder, "dashboard.png") });
  // An empty page would be a fraction of that.
  expect(picture.length).toBeGreaterThan(50_000);
});
