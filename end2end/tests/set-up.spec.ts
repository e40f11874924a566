// The first account of a host that others reach takes the code of its log.
import { OWNER } from "./support/data";
import { fits } from "./support/fits";
import { providerEnvironment, setUpCode, startHost } from "./support/host";
import * as steps from "./support/steps";
import { expect, test as base } from "./support/test";
import { speaker } from "./support/texts";
import { freePort } from "./support/tools";

const say = speaker("en");

const test = base.extend<{}>({
  host: async ({ simulator }, use) => {
    const listen = `127.0.0.1:${await freePort()}`;
    const reached = { PARALLAX_LISTEN: listen, PARALLAX_URL: `http://${listen}` };
    const host = await startHost({ ...providerEnvironment(simulator), ...reached });
    await use(host);
    await host.stop();
  },
});

// Wrong codes, on purpose.
test.use({ expectedMessages: [/status of 422 .*sign-up/] });

test("the first account takes the code of the log", async ({ page, host }, info) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-up$/);
  await expect(page.getByText(say("accounts.first_user"), { exact: true })).toBeVisible();
  const code = page.getByLabel(say("accounts.set_up_code"), { exact: true });
  await expect(code).toHaveAccessibleDescription(say("accounts.set_up_code_hint"));
  await page.getByLabel(say("accounts.email"), { exact: true }).fill(OWNER.email);
  await page.getByLabel(say("accounts.password"), { exact: true }).fill(OWNER.password);
  const enter = page.getByRole("button", { name: say("accounts.sign_up") });
  for (const wrong of ["", "AAAA-BBBB-CCCC"]) {
    await code.fill(wrong);
    await expect(code).not.toHaveAttribute("aria-invalid");
    await enter.click();
    await expect(code).toHaveAttribute("aria-invalid", "true");
    await expect(code).toBeFocused();
    await expect(page.getByRole("alert")).toContainText(say("errors.set_up_code"));
  }
  await fits(page, "set-up", info.outputDir);

  // However it is typed.
  await code.fill(setUpCode(host).toLowerCase().replaceAll("-", " "));
  await enter.click();
  await expect(page.getByRole("heading", { level: 1, name: say("nav.projects") })).toBeVisible();
  await expect(page.getByRole("link", { name: say("nav.instance") })).toBeVisible();

  // From now on nobody is asked for it: others need an invitation.
  await steps.signOut(page, say);
  await page.goto("/sign-up");
  await expect(page.getByText(say("accounts.invitation_needed"), { exact: true })).toBeVisible();
  await expect(code).toHaveCount(0);
  await expect(enter).toHaveCount(0);
});
