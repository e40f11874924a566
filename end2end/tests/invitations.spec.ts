// Invitations: an admin makes them and takes them back, and whoever opens the link comes in with
// the role that they were given, once.
import type { Locator, Page } from "@playwright/test";

import { Caller } from "./support/caller";
import { replyTo } from "./support/calls";
import { draft, OWNER } from "./support/data";
import { fits } from "./support/fits";
import * as steps from "./support/steps";
import { expect, test, watch } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
const GUEST = { email: "bea@example.com", password: "seven patient grey herons" };

// The browser itself notes every answer that is not a success.
test.use({ expectedMessages: [/status of 4(09|22) .*sign-up/] });

/** Makes an invitation on the card; gives its link. */
async function invite(card: Locator, email: string, role: string): Promise<string> {
  await card.getByLabel(say("accounts.email"), { exact: true }).fill(email);
  await card.getByLabel(say("accounts.invite_role"), { exact: true }).selectOption(role);
  await card.getByRole("button", { name: say("accounts.create_invitation") }).click();
  const link = card.getByLabel(say("accounts.invitation_link"), { exact: true });
  await expect(link).toBeVisible();
  return link.inputValue();
}

/** Opens a link and asks to be let in. */
async function comeIn(page: Page, link: string, email: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel(say("accounts.email"), { exact: true }).fill(email);
  await page.getByLabel(say("accounts.password"), { exact: true }).fill(GUEST.password);
  await page.getByRole("button", { name: say("accounts.sign_up") }).click();
}

test("who is invited comes in with their role, once", async ({ page, call, host, browser, mishaps }, info) => {
  await call.signUp(OWNER.email, OWNER.password);
  const [model] = await call.currentModels(["openai"]);
  await call.createProject(draft([model.id]));
  await page.goto("/admin/instance");
  const card = page.getByRole("region", { name: say("accounts.invite"), exact: true });
  const link = card.getByLabel(say("accounts.invitation_link"), { exact: true });
  const open = card.getByRole("table", { name: say("accounts.invitations"), exact: true });
  const guests = await browser.newContext();
  const guest = await guests.newPage();
  watch(guest, host.url, mishaps);

  const revoked = await test.step("one is made and listed", async () => {
    // Nobody gives more than they have; an owner has all there is.
    const role = card.getByLabel(say("accounts.invite_role"), { exact: true });
    await expect(role).toHaveValue("editor");
    await expect(role.locator("option")).toHaveCount(3);
    const made = await invite(card, GUEST.email, "owner");
    expect(made).toContain(`${host.url}/sign-up?invitation=`);
    const [forWhom] = say("accounts.invitation_for", { email: GUEST.email, when: "|" }).split("|");
    await expect(card).toContainText(forWhom.trim());
    const row = open.getByRole("row").filter({ hasText: GUEST.email });
    await expect(row.getByRole("cell", { name: say("accounts.role_owner"), exact: true })).toBeVisible();
    await expect(row.getByRole("cell", { name: OWNER.email, exact: true })).toBeVisible();
    await fits(page, "invitations", info.outputDir);
    return made;
  });

  await test.step("it is taken back", async () => {
    await open.getByRole("button", { name: say("accounts.take_back_name", { name: GUEST.email }) }).click();
    const asked = page.getByRole("dialog", { name: say("accounts.revoke_invitation_title", { name: GUEST.email }) });
    await expect(asked).toContainText(say("accounts.revoke_invitation_message"));
    await asked.getByRole("button", { name: say("accounts.take_back"), exact: true }).click();
    await steps.expectToast(page, say("accounts.invitation_revoked"));
    await expect(open).toHaveCount(0);
    // Nobody copies a link that works no more.
    await expect(link).toHaveCount(0);

    await comeIn(guest, revoked, GUEST.email);
    await expect(guest.getByRole("alert")).toContainText(say("errors.invitation"));
    await fits(guest, "revoked", info.outputDir);
  });

  const used = await test.step("another one lets its guest in", async () => {
    const made = await invite(card, GUEST.email, "viewer");
    expect(made).not.toBe(revoked);
    await comeIn(guest, made, "somebody-else@example.com");
    const email = guest.getByLabel(say("accounts.email"), { exact: true });
    await expect(email).toBeFocused();
    await expect(email).toHaveAccessibleDescription(say("errors.invitation_address"));
    await comeIn(guest, made, GUEST.email);
    await expect(guest.getByRole("heading", { level: 1, name: say("nav.projects") })).toBeVisible();
    return made;
  });

  await test.step("with the role of it", async () => {
    // A viewer sees the projects of the workspace, and nothing to change them with.
    await expect(steps.projectLink(guest, say, "Kipu in Europe")).toBeVisible();
    await expect(guest.getByRole("link", { name: say("projects.new") })).toHaveCount(0);
    await expect(guest.getByRole("link", { name: say("nav.instance") })).toHaveCount(0);
    const theirs = new Caller(guest.request, host.url);
    const { workspace } = await theirs.call<{ workspace: { role: string } }>("accounts/session");
    expect(workspace.role).toBe("viewer");
  });

  await test.step("and nobody after them", async () => {
    await steps.signOut(guest, say);
    await comeIn(guest, used, GUEST.email);
    await expect(guest.getByRole("alert")).toContainText(say("errors.invitation"));
    // What is used is not open any more.
    const listed = replyTo(page, "invitations/list");
    await page.reload();
    expect(await listed).toEqual([]);
    await expect(card.getByRole("status").filter({ hasText: say("common.loading") })).toHaveCount(0);
    await expect(open).toHaveCount(0);
  });
  await guests.close();
});
