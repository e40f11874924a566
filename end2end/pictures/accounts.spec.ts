// What people see of accounts and invitations, in states that take some work to reach: at two
// widths, in both themes and languages.
import path from "node:path";
import type { Page } from "@playwright/test";

import { draft, OWNER } from "../tests/support/data";
import { setUpCode } from "../tests/support/host";
import { linkIn } from "../tests/support/mail";
import { test } from "../tests/support/mailed";
import * as steps from "../tests/support/steps";
import { expect } from "../tests/support/test";
import { speaker } from "../tests/support/texts";

const FOLDER = process.env.PARALLAX_PICTURES ?? path.join(__dirname, "../../build/test-results/pictures");
const WIDTHS = [1440, 390];
const THEMES = ["light", "dark"] as const;

// A link that was used, an invitation that is none.
test.use({
  expectedMessages: [/status of (404 .*confirm-address|409 .*sign-up)/],
  // Others reach it, so it asks for the set-up code.
  isReached: true,
  trace: "off",
});

for (const language of ["en", "es"] as const) {
  const say = speaker(language);

  /** The page as it is now, from its top to its end. */
  async function take(page: Page, name: string): Promise<void> {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const height = await page.evaluate(() => Math.max(900, document.documentElement.scrollHeight));
      await page.setViewportSize({ width, height });
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        // Painted once in it: no colour of the other theme is left anywhere.
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await page.screenshot({ path: path.join(FOLDER, `${name}-${language}-${width}-${colorScheme}.png`) });
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  }

  test.describe(language, () => {
    test.use({ locale: language === "en" ? "en-GB" : "es-ES" });

    test("accounts and invitations", async ({ page, call, host, mail }) => {
      const heading = page.getByRole("heading", { level: 1 });

      await page.goto("/sign-up");
      await expect(page.getByLabel(say("accounts.set_up_code"), { exact: true })).toBeVisible();
      await take(page, "sign-up-with-code");
      await steps.signUp(page, say, setUpCode(host));

      const [model] = await call.currentModels(["openai"]);
      await call.createProject(draft([model.id]));
      const deleted = await call.createProject(draft([model.id], { name: "Kipu in Peru" }));
      await call.call("projects/delete", { project_id: deleted });
      await call.call("accounts/create-token", { name: "Weekly report", scope: "read", days: 30 });
      await call.call("accounts/create-token", { name: "Spreadsheet of the board", scope: "admin" });
      await page.goto("/account");
      for (const name of ["accounts.confirm_address", "accounts.tokens", "projects.deleted_title"] as const) {
        await expect(page.getByRole("region", { name: say(name), exact: true })).toBeVisible();
      }
      await expect(page.getByText("Spreadsheet of the board", { exact: true })).toBeVisible();
      await take(page, "account");

      await call.call("invitations/make", { draft: { email: "bea@example.com", role: "viewer" } });
      await page.goto("/admin/instance");
      const card = page.getByRole("region", { name: say("accounts.invite"), exact: true });
      await card.getByLabel(say("accounts.email"), { exact: true }).fill("carolina.of-a-long-name@example.com");
      await card.getByRole("button", { name: say("accounts.create_invitation") }).click();
      await expect(card.getByLabel(say("accounts.invitation_link"), { exact: true })).toBeVisible();
      await expect(card.locator("tbody tr")).toHaveCount(2);
      await take(page, "invitations");

      const own = async () => (await mail.letters()).filter((letter) => letter.to === OWNER.email);
      await expect.poll(async () => (await own()).length, { timeout: 20_000 }).toBe(1);
      const [link] = (await own()).map(linkIn);
      await page.goto(link);
      await expect(heading).toHaveText(say("letters.confirm"));
      await take(page, "confirm");
      await page.getByRole("button", { name: say("letters.confirm_button") }).click();
      await expect(heading).toHaveText(say("letters.confirmed_title"));
      await take(page, "confirmed");
      await page.goto(link);
      await expect(heading).toHaveText(say("letters.confirm_ended_title"));
      await take(page, "confirm-ended");

      await call.call("accounts/sign-out");
      await page.goto("/sign-up?invitation=none");
      await page.getByLabel(say("accounts.email"), { exact: true }).fill("bea@example.com");
      await page.getByLabel(say("accounts.password"), { exact: true }).fill("seven patient grey herons");
      await page.getByRole("button", { name: say("accounts.sign_up") }).click();
      await expect(page.getByRole("alert")).toContainText(say("errors.invitation"));
      await take(page, "invitation-ended");
    });
  });
}
