// What the host sends of a project with its page: the sentence before the client is there, and the
// first screen without a call for it.
import type { Page } from "@playwright/test";

import { broughtBy } from "./support/brought";
import type { Caller } from "./support/caller";
import { NAMES, OWNER } from "./support/data";
import { MOST_SHIFT, watchShifts } from "./support/layout-shift";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
const CLIENT = /\/client-[^/]*_bg\.wasm$/;
const OTHER = { email: "bea@example.com", password: "seven patient grey herons" };

test.use({ simulation: { names: NAMES }, contextOptions: { reducedMotion: "reduce" } });

const early = (page: Page) => page.locator(".early-says");
const sentence = (page: Page) => page.locator("#headline-says");

async function demonstration(call: Caller): Promise<number> {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await call.call<number>("home/make-demo");
  await warm(call, id);
  return id;
}

/** The host has the first screen ready: else a busy one may send the page without it. */
async function warm(call: Caller, id: number): Promise<void> {
  const days = await call.call<string[]>("dashboard/days", { project_id: id });
  const [from, to] = [days[0], new Date().toISOString().slice(0, 10)];
  await call.call("overview/get", { query: { project_id: id, from, to, model_ids: [] }, with_frame: true });
}

/** Opens a page and holds the client's code back until what this gives is called. */
async function openEarly(page: Page, path: string): Promise<() => void> {
  let letGo = () => {};
  const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(CLIENT, async (route) => {
    await isLetGo;
    // The page may be gone by now.
    await route.continue().catch(() => {});
  });
  await page.goto(path, { waitUntil: "commit" });
  await expect(page.locator("#early")).toBeVisible();
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  return letGo;
}

test("the sentence can be read before the client is there, and stays where it is", async ({ page, call }) => {
  const id = await demonstration(call);
  await watchShifts(page);
  for (const size of [
    { width: 1440, height: 900 },
    { width: 1100, height: 900 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(size);
    const letGo = await openEarly(page, `/projects/${id}?period=all`);
    const words = (await early(page).innerText()).split("\n")[0];
    expect(words).toContain(" is named in ");
    const before = await early(page).boundingBox();
    letGo();
    await expect(page.locator("#early")).toHaveCount(0);
    await expect(sentence(page)).toHaveText(words);
    const after = await sentence(page).boundingBox();
    for (const edge of ["x", "y"] as const) {
      expect(Math.abs((after?.[edge] ?? 0) - (before?.[edge] ?? 0)), `${edge} at ${size.width}`).toBeLessThan(3);
    }
    await expect(page.locator(".chart-card .chart-canvas canvas")).toHaveCount(1);
    const moved = await page.evaluate(() => (window as unknown as { moved: { value: number }[] }).moved);
    expect(moved.reduce((sum, { value }) => sum + value, 0), `at ${size.width}`).toBeLessThan(MOST_SHIFT);
    await page.unroute(CLIENT);
  }
});

test("the first figures come with the page", async ({ page, call }) => {
  const id = await demonstration(call);
  const asked: string[] = [];
  page.on("request", (request) => {
    const [, name] = request.url().split("/api/fn/");
    if (name) asked.push(name);
  });
  const opened = await page.goto(`/projects/${id}?period=all`);
  expect(await broughtBy(opened)).toEqual(["dashboard/days", "overview/get"]);
  expect(opened?.headers()["cache-control"]).toBe("private, no-store");
  await expect(page.locator(".kpis > .kpi")).toHaveCount(4);
  await expect(page.locator(".chart-card .chart-canvas canvas")).toHaveCount(1);
  for (const name of ["accounts/session", "dashboard/days", "overview/get", "projects/get", "budget/get"]) {
    expect(asked, name).not.toContain(name);
  }
  // It is used once: whatever is asked later is asked of the host.
  await expect(page.locator("script[data-call]")).toHaveCount(0);
  await steps.openPart(page, say, "nav.answers");
  await expect(page.locator("table.answers tbody tr").first()).toBeVisible();
  await page.goBack();
  await expect(sentence(page)).toBeVisible();
});

test("a period that the browser remembers is asked for, and no other sentence is shown", async ({ page, call }) => {
  const id = await demonstration(call);
  await page.addInitScript(() => localStorage.setItem("parallax.period", "7"));
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/overview/get")) asked.push(request.postData() ?? "");
  });
  const letGo = await openEarly(page, `/projects/${id}`);
  await expect(early(page)).toBeHidden();
  letGo();
  await expect(page.locator("#period-button")).toHaveText(say("period.last_days", { days: 7 }));
  await expect(sentence(page)).toBeVisible();
  expect(asked).toHaveLength(1);
});

test("nobody sees what came for somebody else", async ({ page, call }) => {
  const id = await demonstration(call);
  await call.call("accounts/save-settings", { settings: { open_sign_up: true } });
  await page.goto(`/projects/${id}?period=all`);
  await expect(sentence(page)).toBeVisible();
  const words = (await sentence(page).textContent()) ?? "";
  await page.goto("/keys");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.keys"));
  await call.call("accounts/sign-out");
  // Back leads to a page that the browser has not kept.
  await page.goBack();
  await expect(page.getByRole("button", { name: say("accounts.sign_in") })).toBeVisible();
  expect(await page.content()).not.toContain(words);
  expect(await page.content()).not.toContain(OWNER.email);
  await call.signUp(OTHER.email, OTHER.password);
  await page.goto(`/projects/${id}?period=all`);
  await expect(page.getByRole("alert")).toBeVisible();
  expect(await page.content()).not.toContain(words);
});
