// The tests start their own hosts, each on a port and data folder of its own, from the
// binary that PARALLAX_BINARY names: there is no `webServer` here.
import { defineConfig, devices } from "@playwright/test";

import { FLAGS, PROGRAM } from "./tests/support/chromium";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // The pictures that pages are compared with; there is one browser, on whatever machine.
  snapshotPathTemplate: "pictures/kept/{arg}{ext}",
  globalSetup: "./tests/support/tables.ts",
  // A run of one machine's two cores: browser and host share them.
  workers: 1,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  // A test that passes only at the second try has failed.
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    // The page as it was at each step says what went wrong. A film beside it would be taken of every
    // test, on the cores that browser and host share.
    trace: { mode: "retain-on-failure", screenshots: false },
    screenshot: "only-on-failure",
    launchOptions: { executablePath: PROGRAM, args: FLAGS },
  },
});
