// The picture of the dashboard that the README shows. `PARALLAX_PICTURES=../docs/images` puts a
// new one there; otherwise it is kept with the results of the tests.
import path from "node:path";

import { draft, NAMES, OWNER } from "./support/data";
import { VENDORS } from "./support/host";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");

test.use({ simulation: { latency: 800, names: NAMES }, colorScheme: "light", viewport: { width: 1440, height: 900 }, contextOptions: { reducedMotion: "reduce" } });

test("the dashboard fits for a picture", async ({ page, call }, info) => {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(VENDORS.map((vendor) => vendor.slug));
  const id = await call.createProject(draft(models.map((model) => model.id)));
  for (let round = 0; round < 3; round += 1) await call.run(id);
  await page.goto(`/projects/${id}`);
  await expect(page.locator(".chart-canvas canvas")).toHaveCount(2);
  await expect(page.locator('.figure[data-measure="visibility"] .figure-over')).toContainText("n = 120");
  await expect(page.getByRole("region", { name: say("dashboard.by_model") }).locator("tbody tr")).toHaveCount(4);
  await page.evaluate(() => document.fonts.ready);
  const folder = process.env.PARALLAX_PICTURES ?? info.outputDir;
  const picture = await page.screenshot({ path: path.join(folder, "dashboard.png"), fullPage: true });
  // Not an empty page: white compresses to next to nothing.
  expect(picture.length).toBeGreaterThan(50_000);
});
