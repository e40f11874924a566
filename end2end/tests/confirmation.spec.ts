// An address is confirmed: the page of the account asks for it, a letter brings the link, the link
// asks once more.
import { OWNER } from "./support/data";
import { fits } from "./support/fits";
import { linkIn } from "./support/mail";
import { test } from "./support/mailed";
import * as steps from "./support/steps";
import { expect } from "./support/test";
import { speaker } from "./support/texts";
import { changeRows } from "./support/tools";

// Too early for another letter; a link that was used. The link's page names no icon, so that some
// browsers look for one.
test.use({
  expectedMessages: [/status of (429 .*confirm-again|404 .*confirm-address)/],
});

for (const language of ["en", "es"] as const) {
  const say = speaker(language);

  test.describe(language, () => {
    test.use({ locale: language === "en" ? "en-GB" : "es-ES" });

    test("an address is confirmed by the link of a letter", async ({ page, mail, host }, info) => {
      const heading = page.getByRole("heading", { level: 1 });
      const reminder = page.getByRole("main").getByRole("link", { name: say("accounts.confirm_address"), exact: true });
      const card = page.getByRole("region", { name: say("accounts.confirm_address"), exact: true });

      await test.step("the account asks for it", async () => {
        await page.goto("/sign-up");
        await steps.signUp(page, say);
        await reminder.click();
        await expect(heading).toHaveText(say("nav.account"));
        await expect(card).toContainText(say("accounts.confirm_address_lead", { email: OWNER.email }));
      });

      await test.step("another letter comes after a pause", async () => {
        const again = card.getByRole("button", { name: say("accounts.confirm_again") });
        await again.click();
        const [wait] = say("errors.too_many_requests", { seconds: "|" }).split("|");
        await expect(card.getByRole("alert")).toContainText(wait.trim());
        // The first one is from long ago.
        const long = "UPDATE account_letters SET created_at = '2020-01-01 00:00:00+00:00'";
        expect(changeRows(host.dataFolder, long)).toBe(1);
        await again.click();
        await steps.expectToast(page, say("accounts.confirm_sent"));
        await expect(card.getByRole("alert")).toHaveCount(0);
        await fits(page, "unconfirmed", info.outputDir);
      });

      const [link, other] = await test.step("both arrive", async () => {
        await expect.poll(async () => (await mail.letters()).length, { timeout: 20_000 }).toBe(2);
        const letters = await mail.letters();
        for (const letter of letters) {
          expect(letter.to).toBe(OWNER.email);
          expect(letter.text).toContain(say("letters.confirm_link"));
          expect(linkIn(letter)).toContain(`${host.url}/confirm-address?token=`);
        }
        return letters.map(linkIn);
      });
      expect(link).not.toBe(other);

      await test.step("the link asks once more, and confirms", async () => {
        await page.goto(link);
        await expect(heading).toHaveText(say("letters.confirm"));
        await expect(page.getByText(say("letters.confirm_ask", { email: OWNER.email }), { exact: true })).toBeVisible();
        await fits(page, "confirm", info.outputDir);
        await page.getByRole("button", { name: say("letters.confirm_button") }).click();
        await expect(heading).toHaveText(say("letters.confirmed_title"));
        await expect(page.getByText(say("letters.confirmed"), { exact: true })).toBeVisible();
      });

      await test.step("nothing asks any more", async () => {
        await page.getByRole("link", { name: say("letters.to_app") }).click();
        await expect(heading).toHaveText(say("nav.projects"));
        await expect(reminder).toHaveCount(0);
        await steps.goTo(page, say, "nav.account");
        await expect(page.getByRole("region", { name: say("accounts.change_password"), exact: true })).toBeVisible();
        await expect(card).toHaveCount(0);
      });

      await test.step("neither link works again, and each says what to do", async () => {
        for (const ended of [link, other]) {
          await page.goto(ended);
          await expect(heading).toHaveText(say("letters.confirm_ended_title"));
          await expect(page.getByText(say("letters.confirm_ended"), { exact: true })).toBeVisible();
        }
        await fits(page, "confirm-ended", info.outputDir);
      });
    });
  });
}
