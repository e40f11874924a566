// The picture of the dashboard that the README shows. It is kept with the results of the tests;
// `PARALLAX_PICTURES=../docs/images` puts a new one into the documentation, and
// `PARALLAX_PICTURE_DATA=FOLDER` takes it of a host with a longer history: a copy of that data
// folder, in which the first project is the one of `support/data.ts`.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";

import { Caller } from "./support/caller";
import { draft, NAMES, OWNER } from "./support/data";
import { providerEnvironment, startHost, VENDORS } from "./support/host";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");

test.use({
  simulation: { latency: 200, names: NAMES },
  colorScheme: "light",
  viewport: { width: 1440, height: 900 },
  contextOptions: { reducedMotion: "reduce" },
});

test("the dashboard fits for a picture", async ({ page, host, simulator }, info) => {
  const folder = process.env.PARALLAX_PICTURES ?? info.outputDir;
  const history = process.env.PARALLAX_PICTURE_DATA;
  if (history === undefined) {
    await makeHistory(new Caller(page.request, host.url));
    return takePicture(page, host.url, folder);
  }
  const copy = await mkdtemp(path.join(tmpdir(), "parallax-picture-"));
  await cp(history, copy, { recursive: true });
  const longer = await startHost({ ...providerEnvironment(simulator), PARALLAX_DATA_DIR: copy });
  try {
    const { email, password } = OWNER;
    await new Caller(page.request, longer.url).call("accounts/sign-in", { draft: { email, password } });
    await takePicture(page, longer.url, folder);
  } finally {
    await longer.stop();
    await rm(copy, { recursive: true, force: true });
  }
});

async function makeHistory(call: Caller): Promise<void> {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(VENDORS.map((vendor) => vendor.slug));
  const id = await call.createProject(draft(models.map((model) => model.id)));
  for (let round = 0; round < 3; round += 1) await call.run(id);
}

async function takePicture(page: Page, origin: string, folder: string): Promise<void> {
  await page.goto(`${origin}/projects/1`);
  await expect(page.locator(".chart-canvas canvas")).toHaveCount(2);
  await expect(page.locator('.figure[data-measure="visibility"] .figure-over')).toContainText(/n = \d{3}/);
  await expect(page.getByRole("region", { name: say("dashboard.by_model") }).locator("tbody tr")).toHaveCount(4);
  const picture = await page.screenshot({ path: path.join(folder, "dashboard.png"), fullPage: true });
  // An empty page would be a fraction of that.
  expect(picture.length).toBeGreaterThan(50_000);
}
