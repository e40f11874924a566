// What people do with their account: tokens for programs, another password.
import type { Page } from "@playwright/test";

import { OWNER } from "./support/data";
import { fits } from "./support/fits";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";
import { changeRows } from "./support/tools";

const ANOTHER = "nine slow copper kettles";

// The browser itself notes every answer that is not a success.
test.use({ expectedMessages: [/status of 4(01|22)/] });

for (const language of ["en", "es"] as const) {
  const say = speaker(language);

  async function makeToken(page: Page, name: string, password: string): Promise<void> {
    await page.getByLabel(say("accounts.token_name"), { exact: true }).fill(name);
    await page.getByLabel(say("accounts.token_password")).fill(password);
    await page.getByRole("button", { name: say("accounts.create_token") }).click();
  }

  test.describe(language, () => {
    test.use({ locale: language === "en" ? "en-GB" : "es-ES" });

    test("a token takes the password, and ends with it", async ({ page, call, request, host }) => {
      await call.signUp(OWNER.email, OWNER.password);
      await page.goto("/account");
      // Ninety days unless another term is chosen, and no choice without an end.
      const term = page.getByLabel(say("accounts.token_term"), { exact: true });
      await expect(term).toHaveValue("90");
      await expect(term.locator("option")).toHaveCount(4);

      await makeToken(page, "Weekly report", "not the password");
      await expect(page.getByRole("alert")).toContainText(say("errors.password_wrong"));
      await makeToken(page, "Weekly report", OWNER.password);
      const made = page.getByRole("dialog", { name: say("accounts.token_made") });
      const token = await made.getByRole("textbox").inputValue();
      expect(token).toMatch(/^plx_/);
      await page.keyboard.press("Escape");
      const projects = `${host.url}/api/llm-monitoring/projects`;
      const status = async () => {
        const reply = await request.get(projects, { headers: { authorization: `Bearer ${token}` } });
        return reply.status();
      };
      expect(await status()).toBe(200);

      const revoke = page.getByLabel(say("accounts.revoke_tokens"), { exact: true });
      await expect(revoke).toBeChecked();
      await page.getByLabel(say("accounts.current_password")).fill(OWNER.password);
      await page.getByLabel(say("accounts.new_password")).fill("1234567890ab");
      const change = page.getByRole("button", { name: say("accounts.change_password") });
      await change.click();
      await expect(page.getByRole("alert").first()).toContainText(say("errors.password_common"));
      await page.getByLabel(say("accounts.new_password")).fill(ANOTHER);
      await change.click();
      await expect(page.getByText(say("accounts.password_changed"))).toBeVisible();
      expect(await status()).toBe(401);
      // The list knows it, too.
      await expect(page.getByText(say("accounts.no_tokens"), { exact: true })).toBeVisible();

      await page.context().clearCookies();
      await page.goto("/sign-in");
      await steps.signIn(page, say, ANOTHER);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.projects"));
    });

    test("a password of a moment ago counts for tokens, which may outlive it", async ({ page, call, request, host }, info) => {
      await call.signUp(OWNER.email, OWNER.password);
      await page.goto("/account");
      const made = page.getByRole("dialog", { name: say("accounts.token_made") });
      const rows = page.getByRole("table", { name: say("accounts.tokens"), exact: true }).locator("tbody tr");
      const take = async (name: string, password: string) => {
        await makeToken(page, name, password);
        const token = await made.getByRole("textbox").inputValue();
        await page.keyboard.press("Escape");
        await expect(made).toBeHidden();
        await expect(rows.filter({ hasText: name })).toHaveCount(1);
        return token;
      };

      const first = await test.step("right after signing in nothing is asked", () => take("First", ""));
      await test.step("later the password is", async () => {
        const old = "UPDATE sessions SET proved_at = '2020-01-01 00:00:00+00:00'";
        expect(changeRows(host.dataFolder, old)).toBe(1);
        await makeToken(page, "Second", "");
        const password = page.getByLabel(say("accounts.token_password"));
        await expect(password).toBeFocused();
        await expect(password).toHaveAttribute("aria-invalid", "true");
        await expect(page.getByRole("alert")).toContainText(say("errors.password_again"));
        await expect(rows).toHaveCount(1);
        await fits(page, "password-again", info.outputDir);
        await take("Second", OWNER.password);
      });
      await test.step("and counts for the next one", () => take("Third", ""));

      await test.step("tokens stay where one says so", async () => {
        const revoke = page.getByLabel(say("accounts.revoke_tokens"), { exact: true });
        await expect(revoke).toHaveAccessibleDescription(say("accounts.revoke_tokens_hint"));
        await revoke.uncheck();
        await page.getByLabel(say("accounts.current_password")).fill(OWNER.password);
        await page.getByLabel(say("accounts.new_password")).fill(ANOTHER);
        await page.getByRole("button", { name: say("accounts.change_password") }).click();
        await steps.expectToast(page, say("accounts.password_changed"));
        await expect(rows).toHaveCount(3);
        const projects = `${host.url}/api/llm-monitoring/projects`;
        const reply = await request.get(projects, { headers: { authorization: `Bearer ${first}` } });
        expect(reply.status()).toBe(200);
        // The next time it is as it was.
        await expect(revoke).toBeChecked();
      });
    });
  });
}
