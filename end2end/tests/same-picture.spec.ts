// Pages look as they did: pictures of the main ones, compared with those in pictures/kept. A page that
// is meant to look otherwise is taken anew by `scripts/pictures.sh kept`, and the pictures are looked
// at before they are kept.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";

import { dress } from "./support/axe";
import { OWNER } from "./support/data";
import { GREY, signInPlace } from "./support/pages";
import { letGo, standStill } from "./support/still-days";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");
/** Says with which browser the pictures were taken. */
const TAKEN_WITH = path.join(__dirname, "../pictures/kept/chromium.txt");
/** A browser may draw the edges of some letters otherwise: a two-thousandth of a page is a few words. */
const SAME = { threshold: 0.1, maxDiffPixelRatio: 0.0005 };
const THEMES = ["light", "dark"] as const;

test.use({
  colorScheme: "light",
  locale: "en-GB",
  timezoneId: "UTC",
  contextOptions: { reducedMotion: "reduce" },
});

let hint = "";
test.beforeAll(({ browser }) => {
  hint = hintFor(browser);
});
test.afterEach(({ page }) => letGo(page));

/** What is said of a page that looks otherwise. */
function hintFor(browser: Browser): string {
  const [version] = browser.version().split(".");
  if (["all", "changed"].includes(test.info().config.updateSnapshots)) writeFileSync(TAKEN_WITH, `${version}\n`);
  const kept = readFileSync(TAKEN_WITH, "utf8").trim();
  const isMeant = "if it is meant: scripts/pictures.sh kept";
  return kept === version ? isMeant : `taken with Chromium ${kept}, which may have drawn letters otherwise than ${version}; ${isMeant}`;
}

/** The page as it is now is the one that was kept. */
async function isAsKept(page: Page, name: string): Promise<void> {
  await expect(page.locator(GREY)).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  await expect.soft(page, hint).toHaveScreenshot(`${name}.png`, SAME);
}

/** A page that is opened at a width is as it was, in these themes. */
async function holds(page: Page, name: string, width: number, themes: readonly ("light" | "dark")[], open: () => Promise<void>) {
  await dress(page, width, themes[0]);
  await open();
  for (const theme of themes) {
    await dress(page, width, theme);
    await isAsKept(page, `${name}-${width}-${theme}`);
  }
}

/** Changes how the page looks for as long as it takes to see that it is another one. */
async function differs(page: Page, name: string, selector: string, [property, value]: [string, string]): Promise<void> {
  const target = page.locator(selector).first();
  await target.evaluate((element, [property, value]) => (element as HTMLElement).style.setProperty(property, value), [property, value]);
  await expect(page, `${property}: ${value} on ${selector} is seen`).not.toHaveScreenshot(`${name}.png`, SAME);
  await target.evaluate((element, property) => (element as HTMLElement).style.removeProperty(property), property);
}

test("the overview and the home are as they were", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await call.call<number>("home/make-demo");
  await standStill(page);
  const openOverview = async () => {
    await page.goto(`/projects/${id}`);
    await expect(page.locator(".chart-canvas canvas")).toHaveCount(1);
    await expect(page.locator('.kpi[data-measure="visibility"] .kpi-meta')).toContainText(/\d answers/);
    await expect(page.getByRole("region", { name: say("dashboard.by_model") }).locator("tbody tr")).toHaveCount(5);
  };

  for (const width of [1440, 820, 390]) await holds(page, "overview", width, THEMES, openOverview);

  const openHome = async () => {
    await page.goto("/");
    await expect(page.locator("table.home-table tbody tr")).toHaveCount(1);
  };
  await holds(page, "home", 1440, THEMES, openHome);
  await holds(page, "home", 390, ["light"], openHome);

  await holds(page, "palette", 1440, ["dark"], async () => {
    await openOverview();
    await page.keyboard.press("Control+k");
    const options = page.getByRole("dialog", { name: say("palette.title") }).getByRole("option");
    await expect(options.first()).toBeVisible();
  });
});

test("the sign-in page is as it was", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  await call.call("accounts/sign-out");
  await standStill(page);
  const { path: address, ready } = signInPlace();
  const open = async () => {
    await page.goto(address);
    await ready(page);
  };
  await holds(page, "sign-in", 1440, ["light"], open);
  await holds(page, "sign-in", 390, ["dark"], open);
});

test("a page that looks otherwise is found out", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const id = await call.call<number>("home/make-demo");
  await standStill(page);
  const name = "overview-1440-light";
  await dress(page, 1440, "light");
  await page.goto(`/projects/${id}`);
  await expect(page.locator(".chart-canvas canvas")).toHaveCount(1);
  await isAsKept(page, name);
  // A card is gone, the chart has moved a little, words have another colour, the chart has no lines.
  await differs(page, name, '.kpi[data-measure="visibility"]', ["visibility", "hidden"]);
  await differs(page, name, ".chart-card", ["translate", "0 3px"]);
  await differs(page, name, ".headline-sentence", ["color", "#b3261e"]);
  await differs(page, name, ".chart-canvas canvas", ["visibility", "hidden"]);
  await isAsKept(page, name);
});
