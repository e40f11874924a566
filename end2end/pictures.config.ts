// Takes pictures for people to look at: no tests of the suite. scripts/pictures.sh starts it.
import { defineConfig } from "@playwright/test";

import suite from "./playwright.config";

export default defineConfig({
  ...suite,
  testDir: "pictures",
  // Emptied at each start, so the pictures themselves are elsewhere.
  outputDir: "../build/test-results/pictures-failed",
});
