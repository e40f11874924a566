// What people see of the first page of a project and of all projects: at two widths, in both themes
// and languages.
import path from "node:path";

import { NAMES, OWNER } from "../tests/support/data";
import { expect, test } from "../tests/support/test";

const FOLDER = process.env.PARALLAX_PICTURES ?? path.join(__dirname, "../../build/test-results/pictures");

test.use({ simulation: { names: NAMES }, trace: "off" });

for (const language of ["en", "es"]) {
  test(`overview and home (${language})`, async ({ page, call }) => {
    await call.signUp(OWNER.email, OWNER.password);
    await page.addInitScript((code) => localStorage.setItem("parallax.language", code), language);
    const id = await call.call<number>("home/make-demo");
    const places = [["overview", `/projects/${id}`, ".headline-sentence"], ["home", "/", "table"]];
    for (const [name, address, sign] of places) {
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          await page.goto(address);
          await expect(page.locator(sign).first()).toBeVisible();
          await page.waitForLoadState("networkidle");
          await page.screenshot({ path: path.join(FOLDER, `${name}-${language}-${width}-${colorScheme}.png`) });
        }
      }
    }
  });
}
