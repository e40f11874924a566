// Saved views of the answers: saved, opened after a reload, changed, the default of the page, shared
// with the workspace, deleted and back.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { Caller } from "./support/caller";
import { draft, NAMES, OWNER } from "./support/data";
import * as steps from "./support/steps";
import { expect, test, watch } from "./support/test";
import { type Language, speaker } from "./support/texts";

const GUEST = { email: "ben@example.com", password: "four loud yellow camels" };

test.use({ simulation: { names: NAMES } });

async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
}

for (const language of ["en", "es"] as Language[]) {
  const say = speaker(language);

  test(`what the answers show is kept under a name (${language})`, async ({ page, call, browser, host, mishaps }) => {
    await call.signUp(OWNER.email, OWNER.password);
    const [model] = await call.currentModels(["openai"]);
    const id = await call.createProject(draft([model.id]));
    await call.run(id);
    await page.addInitScript((code) => localStorage.setItem("parallax.language", code), language);
    await page.goto(`/projects/${id}/answers`);
    const outcome = page.getByLabel(say("answers.outcome"), { exact: true });
    const button = (name: string, of: Page = page) => of.getByRole("button", { name, exact: true });
    const menu = page.getByRole("dialog", { name: say("kit.views"), exact: true });

    const update = async (of: Page, name: string) => {
      const told = of.waitForResponse(/\/views\/update$/);
      await menu.getByRole("button", { name, exact: true }).click();
      expect((await told).status()).toBe(200);
      await steps.expectToast(of, say("common.saved"));
    };

    await test.step("saved by the keyboard", async () => {
      await outcome.selectOption({ label: say("answers.only_answers") });
      await expect(page).toHaveURL(/\?failed=no$/);
      await button(say("kit.views")).focus();
      await page.keyboard.press("Enter");
      await expect(menu.getByText(say("kit.views_none"))).toBeVisible();
      await menu.getByRole("button", { name: say("kit.view_save_as") }).focus();
      await page.keyboard.press("Enter");
      await expect(menu.getByLabel(say("kit.view_name"))).toBeFocused();
      await page.keyboard.type("Only answers");
      await isAccessible(page);
      await page.keyboard.press("Enter");
      await expect(menu).toBeHidden();
      await expect(button("Only answers")).toBeVisible();
    });

    await test.step("a reload knows it, a change has a dot, and Back goes back", async () => {
      await page.reload();
      await expect(button("Only answers")).toBeVisible();
      await outcome.selectOption({ label: say("answers.only_failures") });
      await expect(page).toHaveURL(/\?failed=yes$/);
      // Nobody has opened it since the page was loaded.
      await expect(button(say("kit.views"))).toBeVisible();
      await button(say("kit.views")).click();
      await menu.getByRole("button", { name: "Only answers" }).click();
      await expect(page).toHaveURL(/\?failed=no$/);
      await expect(outcome.locator("option:checked")).toHaveText(say("answers.only_answers"));
      await outcome.selectOption({ label: say("answers.only_failures") });
      await expect(page.locator(".views.is-changed")).toBeVisible();
      await expect(button("Only answers")).toHaveAttribute("title", say("kit.view_changed"));
      await page.goBack();
      await expect(page).toHaveURL(/\?failed=no$/);
      await expect(page.locator(".views.is-changed")).toHaveCount(0);
    });

    await test.step("the page begins with it, once, and Back leaves", async () => {
      await button("Only answers").click();
      await update(page, say("kit.view_make_default"));
      await page.goto(`/projects/${id}/runs`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await steps.openPart(page, say, "nav.answers");
      await expect(page).toHaveURL(/\/answers\?failed=no$/);
      await page.getByRole("button", { name: say("answers.clear_filters") }).click();
      await expect(page).toHaveURL(/\/answers$/);
      await page.goBack();
      await expect(page).toHaveURL(/\/answers\?failed=no$/);
      await page.goBack();
      await expect(page).toHaveURL(/\/runs$/);
    });

    await test.step("shared, another member sees it and cannot change it", async () => {
      await page.goto(`/projects/${id}/answers?failed=no`);
      await button("Only answers").click();
      await update(page, say("kit.view_share"));
      const made = await call.call<{ path: string }>("invitations/make", {
        draft: { email: GUEST.email, role: "editor" },
      });
      const guests = await browser.newContext({ baseURL: host.url });
      const guest = await guests.newPage();
      watch(guest, host.url, mishaps);
      const invitation = made.path.split("?invitation=")[1];
      await new Caller(guest.request, host.url).call("accounts/sign-up", { draft: { ...GUEST, invitation } });
      await guest.addInitScript((code) => localStorage.setItem("parallax.language", code), language);
      await guest.goto(`/projects/${id}/answers`);
      await button(say("kit.views"), guest).click();
      const theirs = guest.getByRole("dialog", { name: say("kit.views"), exact: true });
      await expect(theirs.getByText(say("kit.views_shared"), { exact: true })).toBeVisible();
      await isAccessible(guest);
      await theirs.getByRole("button", { name: "Only answers" }).click();
      await expect(guest).toHaveURL(/\?failed=no$/);
      await button("Only answers", guest).click();
      await expect(theirs.getByRole("button", { name: say("common.delete"), exact: true })).toHaveCount(0);
      await guests.close();
    });

    await test.step("deleted, and back", async () => {
      await button("Only answers").click();
      await menu.getByRole("button", { name: say("common.delete"), exact: true }).click();
      await expect(button(say("kit.views"))).toBeVisible();
      await button(say("kit.undo")).click();
      await expect(button("Only answers")).toBeVisible();
    });
  });
}

test("the list of projects has views of its order", async ({ page, call }) => {
  const say = speaker("en");
  await call.signUp(OWNER.email, OWNER.password);
  const [model] = await call.currentModels(["simulator"]);
  for (const name of ["Alder", "Birch"]) await call.createProject(draft([model.id], { name }));
  await call.call("views/save", {
    draft: {
      place: "home",
      project_id: null,
      name: "From the end",
      setting: { address: "sort=-name" },
      is_default: true,
    },
  });
  await page.goto("/");
  await expect(page).toHaveURL(/\/\?sort=-name$/);
  const links = page.getByRole("table", { name: say("home.caption") }).locator("tbody").getByRole("link");
  await expect(links).toHaveText(["Birch", "Alder"]);
  await expect(page.getByRole("button", { name: "From the end", exact: true })).toBeVisible();
  for (const width of [1024, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(tooWide).toBeLessThanOrEqual(0);
    await isAccessible(page);
  }
});
