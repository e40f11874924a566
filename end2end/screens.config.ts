// Measures what people feel of the screens: no tests of the suite. scripts/screens.sh starts it.
import { defineConfig } from "@playwright/test";

import suite from "./playwright.config";

export default defineConfig({
  ...suite,
  testDir: "screens",
  outputDir: "../build/test-results/screens-failed",
  // A page is visited many times, and the long history is made by whoever comes first.
  timeout: 1_800_000,
  // Whatever hangs, all of it ends before who started it gives up.
  globalTimeout: 5_400_000,
  // What is traced takes longer.
  use: { ...suite.use, trace: "off" },
});
