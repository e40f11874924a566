// What a person does, in words of either language.
import { expect, type Locator, type Page } from "@playwright/test";

import { BRAND, COMPETITORS, OWNER } from "./data";
import { baseUrl, type Running, type Vendor } from "./host";
import type { Say } from "./texts";

/** Makes the first account of a host; with the code of its log, where it asks for one. */
export async function signUp(page: Page, say: Say, setUpCode = ""): Promise<void> {
  await page.getByLabel(say("accounts.email")).fill(OWNER.email);
  await page.getByLabel(say("accounts.password"), { exact: true }).fill(OWNER.password);
  if (setUpCode !== "") await page.getByLabel(say("accounts.set_up_code"), { exact: true }).fill(setUpCode);
  await page.getByRole("button", { name: say("accounts.sign_up") }).click();
  await expect(page.getByRole("heading", { level: 1, name: say("nav.projects") })).toBeVisible();
}

/** Fills in the sign-in page. */
export async function signIn(page: Page, say: Say, password = OWNER.password): Promise<void> {
  await page.getByLabel(say("accounts.email")).fill(OWNER.email);
  await page.getByLabel(say("accounts.password"), { exact: true }).fill(password);
  await page.getByRole("button", { name: say("accounts.sign_in") }).click();
}

export async function openUserMenu(page: Page, say: Say): Promise<void> {
  // It is called like who is there.
  await navigation(page, say).locator(".user-button").click();
}

export async function signOut(page: Page, say: Say): Promise<void> {
  await openUserMenu(page, say);
  await page.getByRole("button", { name: say("nav.sign_out") }).click();
  await expect(page.getByRole("button", { name: say("accounts.sign_in") })).toBeVisible();
}

/** The side bar. */
export function navigation(page: Page, say: Say): Locator {
  return page.getByRole("navigation", { name: say("nav.main"), exact: true });
}

/** Goes to a page by the main navigation; to that of one's account by one's menu. */
export async function goTo(page: Page, say: Say, name: Parameters<Say>[0]): Promise<void> {
  if (name === "nav.account") await openUserMenu(page, say);
  await navigation(page, say).getByRole("link", { name: say(name), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: say(name) })).toBeVisible();
}

/** The row of a provider on the page of keys. */
export function keyRow(page: Page, vendor: Vendor): Locator {
  return page
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { name: vendor.label, exact: true }) });
}

/** Types a key and an address, and stores them. */
export async function storeKey(page: Page, say: Say, vendor: Vendor, simulator: Running): Promise<void> {
  const row = keyRow(page, vendor);
  await row.getByRole("button", { name: say("keys.add_name", { name: vendor.label }) }).click();
  await row.getByLabel(say("keys.api_key_for", { name: vendor.label })).fill(vendor.key);
  await row.getByText(say("keys.advanced"), { exact: true }).click();
  await row.getByLabel(say("keys.base_url"), { exact: true }).fill(baseUrl(simulator, vendor));
  await row.getByRole("button", { name: say("keys.save_key") }).click();
  await expect(row.getByText(say("keys.source_stored"), { exact: true })).toBeVisible();
}

/** Puts text where the focus is, all at once as pasting does. */
export async function paste(field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.page().keyboard.insertText(text);
}

/** Types the project with its three competitors and pastes its questions. */
export async function describeProject(page: Page, say: Say, questions: string[]): Promise<void> {
  const brand = page.getByRole("region", { name: say("projects.brand"), exact: true });
  await brand.getByLabel(say("projects.brand_name")).fill(BRAND.name);
  await addTokens(brand.getByLabel(say("projects.aliases")), BRAND.aliases);
  await addTokens(brand.getByLabel(say("projects.domains")), BRAND.domains);
  await brand.getByLabel(say("projects.industry")).fill("software");
  for (const [index, competitor] of COMPETITORS.entries()) {
    await page.getByRole("button", { name: say("projects.add_competitor") }).click();
    const row = page.getByRole("group", { name: say("projects.competitor", { number: index + 1 }) });
    await row.getByLabel(say("projects.competitor_name"), { exact: true }).fill(competitor.name);
    await addTokens(row.getByLabel(say("projects.aliases")), competitor.aliases);
    await addTokens(row.getByLabel(say("projects.domains")), competitor.domains);
  }
  await paste(page.getByLabel(say("projects.questions_label")), questions.join("\n"));
}

async function addTokens(field: Locator, tokens: string[]): Promise<void> {
  for (const token of tokens) {
    await field.fill(token);
    await field.press("Enter");
  }
}

/** How many answers are listed, as the page says it. */
export function answersTotal(say: Say, total: number): string {
  return total === 1 ? say("answers.total_one") : say("answers.total", { total });
}

/** The button in the head that starts a run; a page with little to say has another one. */
export function runButton(page: Page, say: Say): Locator {
  return page.locator(".head-run").getByRole("button", { name: say("runs.run_now"), exact: true });
}

/** Opens the window that starts a run, and starts it. */
export async function startRun(page: Page, say: Say): Promise<void> {
  await runButton(page, say).click();
  const dialog = page.getByRole("dialog", { name: say("runs.start_title") });
  await dialog.getByRole("button", { name: say("runs.start"), exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** The link of a project in the list of all of them; what comes next names projects, too. */
export function projectLink(page: Page, say: Say, name: string): Locator {
  return page.getByRole("table", { name: say("home.caption") }).getByRole("link", { name, exact: true });
}

/** Opens a page of the project. */
export async function openPart(page: Page, say: Say, name: Parameters<Say>[0]): Promise<void> {
  const link = navigation(page, say).locator(".side-project").getByRole("link", { name: say(name), exact: true });
  await link.click();
  await expect(link).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say(name));
}

/** Waits for the message at the edge of the screen. */
export async function expectToast(page: Page, message: string): Promise<void> {
  await expect(page.locator(".toast", { hasText: message }).first()).toBeVisible();
}

/** Waits until the strip says how the run has ended. */
export async function expectEnd(page: Page, status: string): Promise<void> {
  await expect(page.locator(".run-strip .run-badge")).toHaveAttribute("data-status", status, { timeout: 30_000 });
}
