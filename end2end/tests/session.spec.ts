// A session that is lost while somebody works: they sign in again above the page, and go on.
import AxeBuilder from "@axe-core/playwright";
import type { Page, Route } from "@playwright/test";

import type { Caller } from "./support/caller";
import { draft, OWNER } from "./support/data";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
const OTHER = { email: "bruno@example.com", password: "five loud yellow parrots" };
// A window without anything to do finds out by the stream, which ends within 5 s.
const BY_ITSELF = { timeout: 20_000 };

// The browser itself notes every answer that is not a success.
test.use({ expectedMessages: [/status of 4(01|29)/] });

async function project(call: Caller): Promise<number> {
  const [model] = await call.currentModels(["openai"]);
  return call.createProject(draft([model.id]));
}

const again = (page: Page) => page.getByRole("dialog", { name: say("accounts.signed_out") });
const nameField = (page: Page) => page.getByLabel(say("projects.name"), { exact: true });

async function enter(page: Page, password = OWNER.password): Promise<void> {
  await again(page).getByLabel(say("accounts.password"), { exact: true }).fill(password);
  await again(page).getByRole("button", { name: say("accounts.sign_in"), exact: true }).click();
}

/** Opens the settings of a project and types something that is not saved. */
async function type(page: Page, id: number, name: string): Promise<void> {
  await page.goto(`/projects/${id}/settings`);
  await nameField(page).fill(name);
  await expect(page.getByRole("region", { name: say("common.unsaved") })).toBeVisible();
}

/** Saves, and is signed out on the way: the page may notice by itself before anything is pressed. */
async function saveSignedOut(page: Page, call: Caller): Promise<void> {
  const leave = async (route: Route) => {
    await call.call("accounts/sign-out");
    await route.continue();
  };
  await page.route(/\/api\/fn\/projects\/update$/, leave, { times: 1 });
  await page.getByRole("button", { name: say("common.save_changes") }).click();
}

/** Is signed out, and the page notices. */
async function loseSession(page: Page, call: Caller): Promise<void> {
  await call.call("accounts/sign-out");
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect(again(page)).toBeVisible();
}

test("what was typed is saved once one has signed in again", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await project(call);
  await type(page, id, "Kipu in Spain");
  await saveSignedOut(page, call);
  await expect(again(page)).toBeVisible();
  await expect(again(page)).toContainText(say("accounts.signed_out_lead"));
  const email = again(page).getByLabel(say("accounts.email"));
  await expect(email).toHaveValue(OWNER.email);
  await expect(email).not.toBeEditable();
  await expect(again(page).getByLabel(say("accounts.password"), { exact: true })).toBeFocused();
  // The page below is as it was.
  await expect(page).toHaveURL(new RegExp(`/projects/${id}/settings$`));
  await expect(nameField(page)).toHaveValue("Kipu in Spain");
  await enter(page);
  await expect(again(page)).toHaveCount(0);
  // Saving goes on by itself.
  await expect(page.getByRole("region", { name: say("common.unsaved") })).toBeHidden();
  await page.reload();
  await expect(nameField(page)).toHaveValue("Kipu in Spain");
});

test("what was being loaded comes, and runs are heard of again", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await project(call);
  await page.goto(`/projects/${id}/runs`);
  await expect(steps.runButton(page, say)).toBeEnabled();
  await call.call("accounts/sign-out");
  await steps.openPart(page, say, "nav.sources");
  await expect(again(page)).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await enter(page);
  await expect(again(page)).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.sources"));
  await expect(page.getByRole("status").filter({ hasText: say("common.loading") })).toHaveCount(0);
  await expect(page.getByText(say("errors.unauthorized"))).toHaveCount(0);
  await call.call("runs/start", { project_id: id });
  await expect(page.locator(".run-strip")).toBeVisible({ timeout: 6_000 });
});

test.describe("what goes wrong", () => {
  test.use({ expectedMessages: [/status of 4(01|29)|ERR_FAILED|Failed to fetch/] });

  test("is said in the window, with what to do", async ({ page, call }) => {
    await call.signUp(OWNER.email, OWNER.password);
    const id = await project(call);
    await type(page, id, "Kipu in Spain");
    await saveSignedOut(page, call);
    const password = again(page).getByLabel(say("accounts.password"), { exact: true });
    const alert = again(page).getByRole("alert");
    await enter(page, "not the password");
    await expect(alert).toContainText(say("accounts.password_not_right"));
    await expect(password).toHaveAttribute("aria-invalid", "true");
    await expect(password).toBeFocused();

    const door = /accounts\/sign-in$/;
    await page.route(door, (route) => route.abort());
    await enter(page);
    await expect(alert).toContainText(say("errors.network"));
    await page.unroute(door);

    const message = say("errors.too_many_sign_ins", { minutes: 5 });
    await page.route(door, (route) => route.fulfill({ status: 429, json: { code: "too_many_requests", message } }));
    await enter(page);
    await expect(alert).toContainText(message);
    await page.unroute(door);

    await enter(page);
    await expect(again(page)).toHaveCount(0);
    await expect(page.getByRole("region", { name: say("common.unsaved") })).toBeHidden();
  });
});

test("another window notices at its next focus", async ({ page, call, context }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await project(call);
  await type(page, id, "Kipu in Spain");
  const other = await context.newPage();
  await type(other, id, "Kipu in Peru");
  await call.call("accounts/sign-out");
  for (const one of [page, other]) await expect(again(one)).toBeVisible(BY_ITSELF);
  await enter(page);
  await expect(again(page)).toHaveCount(0);
  await expect(again(other)).toBeVisible();
  let asked = 0;
  other.on("request", (request) => {
    if (request.url().endsWith("/accounts/session")) asked += 1;
  });
  await other.evaluate(() => {
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    window.dispatchEvent(new Event("focus"));
  });
  await expect(again(other)).toHaveCount(0);
  expect(asked).toBe(1);
  await expect(nameField(other)).toHaveValue("Kipu in Peru");
});

test("another person finds nothing of the page", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await project(call);
  await call.call("accounts/save-settings", { settings: { open_sign_up: true } });
  await call.signUp(OTHER.email, OTHER.password);
  await call.call("accounts/sign-in", { draft: OWNER });
  await type(page, id, "Kipu in Spain");
  await saveSignedOut(page, call);
  await expect(again(page)).toBeVisible();
  await call.call("accounts/sign-in", { draft: OTHER });
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.projects"));
  await expect(again(page)).toHaveCount(0);
  await expect(page.locator("body")).not.toContainText("Kipu in");
  await expect(page.locator("body")).not.toContainText(OWNER.email);
  // What was to be saved is saved by nobody.
  await call.call("accounts/sign-in", { draft: OWNER });
  await page.goto(`/projects/${id}/settings`);
  await expect(nameField(page)).toHaveValue("Kipu in Europe");
});

test.describe("what comes too late for one person", () => {
  // The next one asks for a project that is not theirs.
  test.use({ expectedMessages: [/status of 40[14]/] });

  test("leaves the next one alone", async ({ page, call }) => {
    await call.signUp(OWNER.email, OWNER.password);
    const id = await project(call);
    await call.call("accounts/save-settings", { settings: { open_sign_up: true } });
    await call.signUp(OTHER.email, OTHER.password);
    await call.call("accounts/sign-in", { draft: OWNER });
    await type(page, id, "Kipu in Spain");
    let hold = (_route: Route) => {};
    const held = new Promise<Route>((resolve) => (hold = resolve));
    const saving = /\/api\/fn\/projects\/update$/;
    await page.route(saving, (route) => hold(route), { times: 1 });
    await page.getByRole("button", { name: say("common.save_changes") }).click();
    const late = await held;
    await steps.signOut(page, say);
    await page.getByLabel(say("accounts.email")).fill(OTHER.email);
    await page.getByLabel(say("accounts.password"), { exact: true }).fill(OTHER.password);
    await page.getByRole("button", { name: say("accounts.sign_in") }).click();
    await expect(steps.navigation(page, say).locator(".user-button")).toBeVisible();
    const told = page.waitForResponse(saving);
    await late.fulfill({ status: 401, json: { code: "unauthorized", message: say("errors.unauthorized") } });
    await (await told).finished();
    // Whatever it does, it has done by the time that another call is back.
    await steps.navigation(page, say).getByRole("link", { name: say("nav.notices") }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.notices"));
    await expect(page.getByRole("status").filter({ hasText: say("common.loading") })).toHaveCount(0);
    await expect(again(page)).toHaveCount(0);
    await expect(steps.navigation(page, say).locator(".user-button")).toContainText(OTHER.email);
  });
});

test("Escape leads to the sign-in page and back, somebody else to the door alone", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await project(call);
  const lose = async () => {
    await page.goto(`/projects/${id}/runs`);
    await expect(steps.runButton(page, say)).toBeEnabled();
    await loseSession(page, call);
  };
  await lose();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await steps.signIn(page, say);
  await expect(page).toHaveURL((url) => url.pathname === `/projects/${id}/runs`);

  await lose();
  await again(page).getByRole("link", { name: say("accounts.sign_in_as_other") }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect(page.getByRole("button", { name: say("accounts.sign_in") })).toBeVisible();
});

test("what is not saved is given up by a button that says so alone", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await project(call);
  await type(page, id, "Kipu in Spain");
  const warning = again(page).getByText(say("accounts.not_saved"));
  const notNow = again(page).getByRole("button", { name: say("accounts.not_now"), exact: true });
  await loseSession(page, call);
  // Escape keeps the window, however often.
  for (let times = 0; times < 3; times += 1) {
    await page.keyboard.press("Escape");
    await expect(warning).toBeVisible();
    await expect(again(page).getByLabel(say("accounts.password"), { exact: true })).toBeFocused();
  }
  await expect(page).toHaveURL(new RegExp(`/projects/${id}/settings$`));
  await enter(page);
  await expect(again(page)).toHaveCount(0);
  await expect(nameField(page)).toHaveValue("Kipu in Spain");

  await loseSession(page, call);
  await expect(warning).toHaveCount(0);
  await notNow.click();
  await expect(warning).toBeVisible();
  await expect(nameField(page)).toHaveValue("Kipu in Spain");
  await again(page).getByRole("button", { name: say("accounts.leave_unsaved") }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test("a project that is being made is not lost by Escape either", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  await page.goto("/projects/new");
  await page.getByLabel(say("projects.brand_name")).fill("Kipu");
  await loseSession(page, call);
  await page.keyboard.press("Escape");
  await expect(again(page).getByText(say("accounts.not_saved"))).toBeVisible();
  await enter(page);
  await expect(again(page)).toHaveCount(0);
  await expect(page.getByLabel(say("projects.brand_name"))).toHaveValue("Kipu");
});

test("axe finds nothing in the window", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await project(call);
  await page.goto(`/projects/${id}/runs`);
  await expect(steps.runButton(page, say)).toBeEnabled();
  await loseSession(page, call);
  await enter(page, "not the password");
  await expect(again(page).getByRole("alert")).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const axe = new AxeBuilder({ page }).setLegacyMode(true).include("dialog[aria-labelledby=signed-out]");
    const { violations } = await axe.analyze();
    expect(violations.map(({ id: rule, nodes }) => `${rule}: ${nodes[0].failureSummary}`), colorScheme).toEqual([]);
  }
});
