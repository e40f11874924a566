// The card of the sign-in page while the client is still on its way, and how the client takes it over.
import type { Page } from "@playwright/test";

import { dress, violations } from "./support/axe";
import { OWNER } from "./support/data";
import { MOST_SHIFT, watchShifts } from "./support/layout-shift";
import { expect, test } from "./support/test";
import { speaker, type Say } from "./support/texts";

const english = speaker("en");

test.use({ trace: "off", contextOptions: { reducedMotion: "reduce" } });

test.beforeEach(async ({ call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  await call.call("accounts/sign-out");
});

/** Opens the page and holds the client's code back until what this gives is called. */
async function openEarly(page: Page): Promise<() => void> {
  let letGo = () => {};
  const isLetGo = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(/\/client-[^/]*_bg\.wasm$/, async (route) => {
    await isLetGo;
    // The page may be gone by now.
    await route.continue().catch(() => {});
  });
  await page.goto("/sign-in", { waitUntil: "commit" });
  await expect(page.locator("#early").getByRole("heading", { level: 1 })).toBeVisible();
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  return letGo;
}

const fieldsOf = (page: Page, say: Say = english) => ({
  email: page.getByLabel(say("accounts.email")),
  password: page.getByLabel(say("accounts.password"), { exact: true }),
  button: page.getByRole("button", { name: say("accounts.sign_in") }),
});

/** Waits until the client is there, and the host's card is gone. */
async function expectClient(page: Page, say: Say = english): Promise<void> {
  await expect(page.getByRole("combobox", { name: say("nav.language") })).toBeVisible();
  await expect(page.locator("#early")).toHaveCount(0);
}

/** How often somebody signs in from now on. */
function signIns(page: Page): () => number {
  let sent = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/accounts/sign-in")) sent += 1;
  });
  return () => sent;
}

/** Every element of the card: what it is, what it says, and where it stands. */
function elements(page: Page): Promise<{ what: string; words: string; box: number[] }[]> {
  return page.locator(".door").evaluate((door) =>
    [door, ...door.querySelectorAll("*")].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
      return {
        what: [element.localName, ...element.classList].join("."),
        words: own.map((node) => node.textContent ?? "").join("").trim(),
        box: [x, y, width, height].map((value) => Math.round(value * 10) / 10),
      };
    }),
  );
}

test("what is typed before the client is there stays, with the focus and the caret", async ({ page }) => {
  const letGo = await openEarly(page);
  const { email, password } = fieldsOf(page);
  await email.fill(OWNER.email);
  await password.pressSequentially("four llamas");
  for (let step = 0; step < "llamas".length; step += 1) await page.keyboard.press("ArrowLeft");
  letGo();
  await expectClient(page);
  await expect(email).toHaveValue(OWNER.email);
  await expect(password).toBeFocused();
  await page.keyboard.type("quiet green ");
  await expect(password).toHaveValue(OWNER.password);
  // The client knows it too, and not only the fields.
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: english("nav.projects") })).toBeVisible();
});

test("an address that is half typed goes on", async ({ page }) => {
  const letGo = await openEarly(page);
  const { email } = fieldsOf(page);
  const [name, domain] = OWNER.email.split("@");
  await email.pressSequentially(`${name}@`);
  letGo();
  await expectClient(page);
  await expect(email).toBeFocused();
  await page.keyboard.type(domain);
  await expect(email).toHaveValue(OWNER.email);
});

test("Enter before the client is there is carried out once, when it is", async ({ page }) => {
  const sent = signIns(page);
  const letGo = await openEarly(page);
  const { email, password, button } = fieldsOf(page);
  await email.fill(OWNER.email);
  await password.fill(OWNER.password);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(button).toHaveAttribute("aria-busy", "true");
  // Nothing has left for anywhere.
  expect(new URL(page.url()).search).toBe("");
  expect(sent()).toBe(0);
  letGo();
  await expect(page.getByRole("heading", { level: 1, name: english("nav.projects") })).toBeVisible();
  expect(sent()).toBe(1);
});

test("what is typed after Enter takes it back", async ({ page }) => {
  const sent = signIns(page);
  const letGo = await openEarly(page);
  const { email, password, button } = fieldsOf(page);
  await email.fill(OWNER.email);
  await password.fill("four quiet");
  await button.click();
  await expect(button).toHaveAttribute("aria-busy", "true");
  await password.fill("four quiet green");
  await expect(button).not.toHaveAttribute("aria-busy");
  letGo();
  await expectClient(page);
  await expect(password).toHaveValue("four quiet green");
  expect(sent()).toBe(0);
});

for (const isOpen of [false, true]) {
  test(`the client's card stands where the host's stood, sign-up ${isOpen ? "open" : "closed"}`, async ({ page, call }) => {
    if (isOpen) {
      await call.call("accounts/sign-in", { draft: OWNER });
      await call.call("accounts/save-settings", { settings: { open_sign_up: true } });
      await call.call("accounts/sign-out");
    }
    await watchShifts(page);
    for (const size of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
      { width: 360, height: 500 },
    ]) {
      await page.setViewportSize(size);
      const letGo = await openEarly(page);
      const early = await elements(page);
      letGo();
      await expectClient(page);
      const later = await elements(page);
      expect(later, `at ${size.width}`).toEqual(early);
      const moved = await page.evaluate(() => (window as unknown as { moved: { value: number }[] }).moved);
      expect(moved.reduce((sum, { value }) => sum + value, 0), `at ${size.width}`).toBeLessThan(MOST_SHIFT);
      await page.unroute(/\/client-[^/]*_bg\.wasm$/);
    }
  });
}

test("axe finds nothing before the client is there", async ({ page }) => {
  const letGo = await openEarly(page);
  for (const width of [1440, 390]) {
    for (const theme of ["light", "dark"] as const) {
      await dress(page, width, theme);
      expect.soft(await violations(page), `${width}, ${theme}`).toEqual([]);
    }
  }
  letGo();
  await expectClient(page);
});

test("the theme that was chosen is there from the first paint", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("parallax.theme", "dark"));
  await page.emulateMedia({ colorScheme: "light" });
  const letGo = await openEarly(page);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const colour = () => page.locator(".door .card").evaluate((card) => getComputedStyle(card).backgroundColor);
  const early = await colour();
  letGo();
  await expectClient(page);
  expect(await colour()).toBe(early);
});

test.describe("in Spanish", () => {
  test.use({ locale: "es-ES" });

  test("the card is in the language that the client will have", async ({ page }) => {
    const say = speaker("es");
    const letGo = await openEarly(page);
    await expect(page.locator("html")).toHaveAttribute("lang", "es");
    await expect(page).toHaveTitle(`${say("accounts.sign_in")} · Parallax`);
    const early = await elements(page);
    await fieldsOf(page, say).email.fill(OWNER.email);
    letGo();
    await expectClient(page, say);
    await expect(page).toHaveTitle(`${say("accounts.sign_in")} · Parallax`);
    await expect(fieldsOf(page, say).email).toHaveValue(OWNER.email);
    expect(await elements(page)).toEqual(early);
  });
});
