// What the browser keeps, and what it must not keep.
import type { Page } from "@playwright/test";

import { chartCounts } from "./support/charts";
import { NAMES, OWNER } from "./support/data";
import { furnish } from "./support/pages";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");

// Answers name those who are watched, so that the chart has something to draw.
test.use({ simulation: { names: NAMES } });

// The fixture `mishaps` fails every test, of the other files too, in which a page says anything
// in the console, breaks the content security policy or asks another host for something.
test.describe("the policy", () => {
  // The script that this test smuggles in is refused aloud.
  test.use({ expectedMessages: [/Content Security Policy/i] });

  test("every document comes over plain HTTP with a policy that holds", async ({ page, call, host }) => {
    const id = await furnish(call);
    expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    for (const address of ["/", `/projects/${id}`, "/keys", "/admin/models", "/nowhere"]) {
      const document = await page.goto(address);
      const policy = document?.headers()["content-security-policy"] ?? "";
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toContain("'unsafe-eval'");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    }
    // It is no decoration: a script that nobody signed does not run.
    const refused = await page.evaluate(async () => {
      const violation = new Promise<string>((resolve) =>
        document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true }),
      );
      const script = document.createElement("script");
      script.textContent = "window.intruder = true";
      document.head.append(script);
      return { directive: await violation, ran: "intruder" in window };
    });
    expect(refused).toEqual({ directive: "script-src-elem", ran: false });
});
});

test.describe("of one's own choice", () => {
  // A refused sign-in is noted by the browser.
  test.use({ expectedMessages: [/status of 401/] });

  test("theme and language stay chosen", async ({ page, call }) => {
    const id = await furnish(call);
    await page.goto(`/projects/${id}`);
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const canvas = page.locator(".chart-canvas canvas").first();
    await expect(canvas).toBeVisible();
    const light = await ground();
    const inLight = await drawingColors(page);
    await steps.openUserMenu(page, say);
    await page.getByText(say("nav.theme_dark"), { exact: true }).click();
    await expect.poll(ground).not.toBe(light);
    const dark = await ground();
    // Charts follow.
    await expect.poll(() => drawingColors(page)).not.toEqual(inLight);
    await page.getByLabel(say("nav.language")).selectOption("es");
    await expect(page.getByRole("link", { name: "Resumen" })).toBeVisible();

    await page.reload();
    await expect(page.getByRole("link", { name: "Resumen" })).toBeVisible();
    expect(await ground()).toBe(dark);
    await expect(page.locator("html")).toHaveAttribute("lang", "es");
    // The host speaks the language as well, and so does the next visitor of this browser.
    await call.call("accounts/sign-out");
    await page.reload();
    await steps.signIn(page, speaker("es"), "no es esta");
    await expect(page.getByRole("alert")).toContainText("no coinciden");
    expect(await ground()).toBe(dark);
  });
});

test.describe("the colours and words of the browser", () => {
  test.use({ locale: "es-ES", colorScheme: "dark" });

  test("are what a newcomer sees", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("button", { name: "Crear cuenta" })).toBeVisible();
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const brightness = ground.match(/[\d.]+/g)?.slice(0, 3).map(Number) ?? [255];
    expect(Math.max(...brightness)).toBeLessThan(70);
  });
});

/** The colours of the text of the first chart. */
function drawingColors(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    type Library = { getInstanceByDom(at: Element): { getOption(): { textStyle: unknown } } | undefined };
    const library = (window as unknown as { echarts?: Library }).echarts;
    const place = document.querySelector(".chart-canvas");
    return (place && library?.getInstanceByDom(place)?.getOption().textStyle) ?? null;
  });
}

test("thirty visits to a project leave no chart behind", async ({ page, call }) => {
  // Counts charts from outside: how many were made, and how many of them were ended.
  await page.addInitScript(() => {
    type Chart = { dispose(): void };
    type Library = { init(...args: unknown[]): Chart };
    const count = { made: 0, ended: 0 };
    let library: Library | undefined;
    Object.assign(window, { chartCount: count });
    Object.defineProperty(window, "echarts", {
      configurable: true,
      get: () => library,
      set: (loaded: Library) => {
        library = {
          ...loaded,
          init: (...args) => {
            const chart = loaded.init(...args);
            const dispose = chart.dispose.bind(chart);
            chart.dispose = () => {
              count.ended += 1;
              dispose();
            };
            count.made += 1;
            return chart;
          },
        };
      },
    });
  });
  const id = await furnish(call);
  await page.goto("/");
  const link = steps.projectLink(page, say, "Kipu in Europe");
  const projects = page.getByRole("navigation", { name: say("nav.main") }).getByRole("link", { name: say("nav.projects") });
  const counted = () =>
    page.evaluate(() => (window as unknown as { chartCount: { made: number; ended: number } }).chartCount);
  for (let round = 1; round <= 15; round += 1) {
    await link.click();
    await expect(page.locator(".chart-canvas canvas")).toHaveCount(1);
    expect(await chartCounts(page)).toEqual({ places: 1, drawings: [1] });
    await projects.click();
    await expect(link).toBeVisible();
    await expect.poll(counted).toEqual({ made: round, ended: round });
  }
  expect(page.url()).not.toContain(`/projects/${id}`);
  // Nor do the menus and windows of pages that are gone.
  expect(await page.locator("dialog, .chart-canvas").count()).toBeLessThanOrEqual(1);
});

test("signing out leaves nothing on the screen", async ({ page, call }) => {
  const id = await furnish(call);
  await page.goto(`/projects/${id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.overview"));
  await steps.signOut(page, say);
  await expect(page.locator("body")).not.toContainText("Kipu in Europe");
  await expect(page.locator("body")).not.toContainText(OWNER.email);
  await page.goto(`/projects/${id}`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expect(page.getByRole("button", { name: say("accounts.sign_in") })).toBeVisible();
  await expect(page.locator("body")).not.toContainText("Kipu in Europe");
});
