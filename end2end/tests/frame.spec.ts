// What stands around the pages: the side bar, the switcher of projects, the head, old addresses.
import type { Page } from "@playwright/test";

import { draft, OWNER } from "./support/data";
import { expectToast, goTo, navigation, openPart } from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";
import { tellOfKey } from "./support/tools";

const say = speaker("en");
const bar = (page: Page) => navigation(page, say);
const widthOf = async (page: Page): Promise<number> => (await bar(page).boundingBox())?.width ?? 0;

test.describe("signed in", () => {
  let id = 0;
  test.beforeEach(async ({ call }) => {
    await call.signUp(OWNER.email, OWNER.password);
    const [model] = await call.currentModels(["openai"]);
    id = await call.createProject(draft([model.id]));
  });

  test("the side bar has the project's pages, and keeps the project on the workspace's", async ({ page }) => {
    // Before a project was open there are none.
    await page.goto("/");
    await expect(bar(page).locator(".side-project")).toHaveCount(0);
    await page.goto(`/projects/${id}?from=2026-11-01&to=2026-11-21`);
    const names = ["overview", "project_models", "answers", "sources", "runs", "project_settings"] as const;
    const labels = bar(page).locator(".side-project .side-text:not(.side-count)");
    await expect(labels).toHaveText(names.map((name) => say(`nav.${name}`)));
    await expect(bar(page).locator(".side-count")).toHaveText("1");
    // The open one last: a page that stays takes no focus.
    for (const name of [...names.slice(1), names[0]]) {
      await openPart(page, say, `nav.${name}`);
      await expect(page).toHaveURL(/\?period=2026-11-01\.\.2026-11-21$/);
      await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
      await expect(page).toHaveTitle(`${say(`nav.${name}`)} · Kipu in Europe · Parallax`);
    }
    await goTo(page, say, "nav.schedule");
    await expect(bar(page).locator(".switcher")).toContainText("Kipu in Europe");
    await page.reload();
    await expect(bar(page).locator(".switcher")).toContainText("Kipu in Europe");
    await openPart(page, say, "nav.sources");
    await expect(page).toHaveURL(new RegExp(`/projects/${id}/sources$`));
    // The page of a new project is of none.
    await page.goto("/projects/new");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("projects.new"));
    await expect(bar(page).locator(".side-project")).toHaveCount(0);
  });

  test("another project is chosen on the same page", async ({ page, call }) => {
    const [model] = await call.currentModels(["openai"]);
    const other = await call.createProject({ ...draft([model.id]), name: "Another one" });
    await page.goto(`/projects/${id}/sources?from=2026-11-01&to=2026-11-21&model=${model.id}`);
    const switcher = bar(page).locator(".switcher");
    await expect(switcher).toContainText("Kipu in Europe");
    await switcher.click();
    const field = page.getByRole("searchbox", { name: say("nav.search_projects") });
    await expect(field).toBeFocused();
    const list = page.locator(".switcher-list").filter({ visible: true });
    const rows = list.locator("li").getByRole("link");
    await expect(rows).toHaveCount(2);
    await field.fill("nothing like it");
    await expect(list.getByText(say("nav.no_project_found"))).toBeVisible();
    await field.fill("ANOTHER");
    await expect(rows).toHaveCount(1);
    await page.keyboard.press("ArrowDown");
    await expect(rows.first()).toBeFocused();
    await page.keyboard.press("ArrowUp");
    await expect(field).toBeFocused();
    await page.keyboard.press("Enter");
    // The page and its period stay; what is of the other project's models does not.
    await expect(page).toHaveURL(new RegExp(`/projects/${other}/sources\\?period=2026-11-01\\.\\.2026-11-21$`));
    await expect(list).toBeHidden();
    await expect(switcher).toContainText("Another one");
    await switcher.click();
    await expect(field).toHaveValue("");
    await page.keyboard.press("Escape");
    await expect(list).toBeHidden();
    await expect(switcher).toBeFocused();
  });

  test("the side bar folds, and stays so", async ({ page }) => {
    await page.goto(`/projects/${id}`);
    expect(await widthOf(page)).toBe(224);
    await page.getByRole("button", { name: say("nav.fold") }).click();
    expect(await widthOf(page)).toBe(56);
    // The words are still read out.
    await openPart(page, say, "nav.runs");
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.runs"));
    expect(await widthOf(page)).toBe(56);
    await page.getByRole("button", { name: say("nav.unfold") }).click();
    expect(await widthOf(page)).toBe(224);
    // Where there is less room it is folded in any case; on a phone it is a sheet.
    await page.setViewportSize({ width: 1024, height: 900 });
    expect(await widthOf(page)).toBe(56);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(bar(page)).toBeHidden();
    await page.getByRole("button", { name: say("nav.open_menu") }).click();
    await expect(bar(page)).toBeVisible();
    const sheet = await bar(page).boundingBox();
    expect(sheet?.height).toBe(844);
    await page.getByRole("button", { name: say("nav.close_menu") }).click();
    await expect(bar(page)).toBeHidden();
  });

  test("old addresses lead to their pages", async ({ page }) => {
    for (const [old, now] of [
      [`/projects/${id}?tab=answers&failed=yes`, `/projects/${id}/answers?failed=yes`],
      [`/projects/${id}?tab=comparison&measure=tone`, `/projects/${id}/models?measure=tone`],
      [`/projects/${id}?tab=sources`, `/projects/${id}/sources`],
      [`/projects/${id}?tab=runs`, `/projects/${id}/runs`],
      [`/projects/${id}?tab=overview`, `/projects/${id}`],
      [`/projects/${id}/edit`, `/projects/${id}/settings`],
      ["/projects", "/"],
      // What is a part of another page as yet.
      ["/spend", "/keys"],
      ["/members", "/admin/instance"],
      [`/projects/${id}/questions`, `/projects/${id}/settings`],
      [`/projects/${id}/questions/1`, `/projects/${id}/answers?prompt=1`],
      [`/projects/${id}/competitors`, `/projects/${id}`],
      [`/projects/${id}/topics`, `/projects/${id}?split=topics`],
      [`/projects/${id}/sources/kipu.example`, `/projects/${id}/sources?domain=kipu.example&by=page`],
    ]) {
      await page.goto(old);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page).toHaveURL((url) => `${url.pathname}${url.search}` === now);
    }
    // The way back leads out, not to the old address.
    await page.goto("/schedule");
    await page.goto(`/projects/${id}/edit`);
    await expect(page).toHaveURL(new RegExp(`/projects/${id}/settings$`));
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.schedule"));
  });

  test("each address has its page, and what has none says so", async ({ page }) => {
    const found = page.getByRole("heading", { level: 1 });
    const paths = ["/", "/projects/new?step=2", "/notices", "/schedule", "/keys", "/account", "/admin/models", "/admin/instance"];
    const words = ["", "/models", "/answers", "/sources", "/runs", "/settings"];
    for (const path of [...paths, ...words.map((word) => `/projects/${id}${word}`)]) {
      await page.goto(path);
      await expect(found, path).toBeVisible();
      await expect(found, path).not.toHaveText(say("common.not_found_title"));
      await expect(page).toHaveURL((url) => `${url.pathname}${url.search}` === path);
    }
    for (const path of ["/nowhere", `/projects/${id}/nowhere`, `/projects/${id}/runs/x`]) {
      await page.goto(path);
      await expect(found, path).toHaveText(say("common.not_found_title"));
    }
  });

  test("the head is one row at any width, and stays in sight", async ({ page }) => {
    const paths = ["/", "/projects/new", "/keys", "/schedule", "/notices", "/account", "/admin/models", "/admin/instance"];
    for (const path of [...paths, ...["", "/models", "/answers", "/sources", "/runs", "/settings"].map((word) => `/projects/${id}${word}`)]) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      for (const width of [1440, 1024, 390]) {
        await page.setViewportSize({ width, height: 900 });
        const head = page.locator(".head");
        await expect.soft(head, `${path} at ${width}`).toHaveCount(1);
        expect.soft((await head.boundingBox())?.height, `${path} at ${width}`).toBe(52);
        const tops = await head.evaluate((row) =>
          [...row.querySelectorAll("button, a, h1")]
            .filter((one) => getComputedStyle(one).position !== "absolute" && !one.closest(".head-run, [popover]"))
            .map((one) => one.getBoundingClientRect())
            .filter((box) => box.height > 0)
            .map((box) => Math.round((box.top + box.bottom) / 2)),
        );
        expect.soft(Math.max(...tops) - Math.min(...tops), `${path} at ${width}`).toBeLessThanOrEqual(2);
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect.soft(tooWide, `${path} at ${width}`).toBeLessThanOrEqual(0);
      }
    }
    await page.setViewportSize({ width: 1440, height: 500 });
    await page.goto(`/projects/${id}/settings`);
    await expect(page.getByLabel(say("projects.brand_name"))).toBeVisible();
    await page.evaluate(() => window.scrollTo(0, 400));
    await expect.poll(async () => (await page.locator(".head").boundingBox())?.y).toBe(0);
  });

  test("a phone has the project's pages in a row, the open one in the middle", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/projects/${id}/sources`);
    const row = page.getByRole("navigation", { name: say("nav.project_pages") });
    const link = row.getByRole("link", { name: say("nav.sources"), exact: true });
    await expect(link).toHaveAttribute("aria-current", "page");
    await expect
      .poll(async () => {
        const box = await link.boundingBox();
        return box ? Math.abs(box.x + box.width / 2 - 195) : 999;
      })
      .toBeLessThan(60);
    await row.getByRole("link", { name: say("nav.runs"), exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/projects/${id}/runs$`));
  });

  test("a phone has period, comparison and filters in one sheet", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/projects/${id}`);
    const button = page.locator("#filters-button");
    await expect(button).toHaveText(say("period.filters_of", { period: say("period.days", { days: 30 }) }));
    await expect(page.locator("#period-button")).toBeHidden();
    await button.click();
    const sheet = page.getByRole("dialog", { name: say("period.filters"), exact: true });
    await expect(sheet.getByRole("heading", { name: say("period.filters") })).toBeFocused();
    // It slides in.
    const place = async () => {
      const box = await sheet.boundingBox();
      return box && { x: box.x, width: box.width, bottom: Math.round(box.y + box.height) };
    };
    await expect.poll(place).toEqual({ x: 0, width: 390, bottom: 844 });
    const week = sheet.getByRole("button", { name: say("period.days", { days: 7 }), exact: true });
    await week.click();
    await expect(week).toHaveAttribute("aria-pressed", "true");
    await expect(page).toHaveURL(/period=7(&|$)/);
    await sheet.getByText(say("period.compare_year"), { exact: true }).click();
    await expect(page).toHaveURL(/compare=year/);
    // The rarer presets, and days, stand behind one more click.
    const own = sheet.getByRole("button", { name: say("period.own_dates"), exact: true });
    await expect(sheet.getByRole("grid")).toHaveCount(0);
    await own.click();
    await expect(sheet.getByRole("grid")).toHaveCount(1);
    await sheet.getByRole("button", { name: say("period.last_quarter"), exact: true }).click();
    await expect(own).toHaveAttribute("aria-pressed", "true");
    await sheet.getByRole("button", { name: say("period.reset"), exact: true }).click();
    await expect(page).toHaveURL(/period=30&compare=before$/);
    await week.click();
    await sheet.locator(".sheet-foot").getByRole("button").click();
    await expect(sheet).toBeHidden();
    await expect(button).toBeFocused();
    await expect(button).toHaveText(say("period.filters_of", { period: say("period.days", { days: 7 }) }));
    await button.press("Enter");
    await expect(sheet).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(sheet).toBeHidden();
    await expect(button).toBeFocused();
    // On the page of answers its own filters are in the sheet, and counted by the button.
    await page.goto(`/projects/${id}/answers?period=7`);
    await button.click();
    await sheet.getByLabel(say("answers.brand_named")).selectOption("no");
    await expect(page).toHaveURL(/mentioned=no/);
    await expect(button).toHaveText(say("period.filters_set", { count: 1, period: say("period.days", { days: 7 }) }));
  });

  test("a link is shared that says all, and a project is paused from its head", async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`/projects/${id}?period=2026-11-01..2026-11-21`);
    await page.getByRole("button", { name: say("nav.share"), exact: true }).click();
    await expectToast(page, say("nav.link_copied"));
    const origin = new URL(page.url()).origin;
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toBe(`${origin}/projects/${id}?period=2026-11-01..2026-11-21&compare=before`);
    const more = page.locator(".head-more").getByRole("button", { name: say("nav.more"), exact: true });
    await more.click();
    const file = page.getByRole("link", { name: say("nav.answers_csv"), exact: true });
    await expect(file).toHaveAttribute("href", /export\/answers\?format=csv&start_date=2026-11-01&end_date=2026-11-21$/);
    await page.getByRole("button", { name: say("nav.pause_project"), exact: true }).click();
    await expectToast(page, say("nav.project_paused", { name: "Kipu in Europe" }));
    await expect(page.locator(".head-state")).toContainText(say("common.paused"));
    // Who wants to run it is told, and offered to resume it.
    await page.locator(".head-run").getByRole("button", { name: say("runs.run_now"), exact: true }).click();
    const dialog = page.getByRole("dialog", { name: say("runs.start_title") });
    await expect(dialog).toContainText(say("runs.project_is_paused"));
    await dialog.getByRole("button", { name: say("nav.resume_project"), exact: true }).click();
    await expect(dialog.getByRole("button", { name: say("runs.start"), exact: true })).toBeEnabled();
    await page.keyboard.press("Escape");
    await expect(page.locator(".head-state")).not.toContainText(say("common.paused"));
  });

  test("that a link is copied is said once it is, and a refusal hands it over", async ({ page }) => {
    // The browser as it is while it asks the person, who answers late.
    await page.addInitScript(() => {
      const writeText = () =>
        new Promise<void>((resolve, reject) => {
          Object.assign(window, { allow: resolve, refuse: () => reject(new DOMException("no", "NotAllowedError")) });
        });
      Object.defineProperty(navigator, "clipboard", { value: { writeText } });
    });
    await page.goto(`/projects/${id}?period=2026-11-01..2026-11-21`);
    const answer = (how: "allow" | "refuse") => page.evaluate((name) => (window as never as Record<string, () => void>)[name](), how);
    const share = page.getByRole("button", { name: say("nav.share"), exact: true });
    await share.click();
    await expect(share).toBeFocused();
    await expect(page.locator(".toast")).toHaveCount(0);
    await answer("allow");
    await expectToast(page, say("nav.link_copied"));
    await share.click();
    await answer("refuse");
    const link = `${new URL(page.url()).origin}/projects/${id}?period=2026-11-01..2026-11-21&compare=before`;
    await expectToast(page, say("common.copy_link_yourself", { link }));
    await expect(page.locator(".toast.is-error")).toHaveCount(1);
  });

  test("notices that nobody has read are counted until they are", async ({ page, call, host }) => {
    const session = await call.call<{ needs: number[]; workspace: { id: number } }>("accounts/session");
    expect(session.needs).toEqual([]);
    for (const provider of ["openai", "anthropic"]) tellOfKey(host.dataFolder, session.workspace.id, provider);
    await page.goto("/");
    const link = bar(page).getByRole("link", { name: say("nav.notices"), exact: true });
    await expect(link.locator(".side-badge")).toHaveText("2");
    await expect(link).toHaveAttribute("title", `${say("nav.notices")} · ${say("nav.not_read", { count: 2 })}`);
    await link.click();
    await expect(page.locator(".notices li")).toHaveCount(2);
    await expect(link.locator(".side-badge")).toHaveCount(0);
    await page.reload();
    await expect(page.locator(".notices li")).toHaveCount(2);
    await expect(link.locator(".side-badge")).toHaveCount(0);
  });
});

test("the font comes from here, once, and is what is shown", async ({ page }) => {
  const fonts: string[] = [];
  page.on("request", (request) => {
    if (request.resourceType() === "font" || request.url().endsWith(".woff2")) fonts.push(request.url());
  });
  await page.goto("/sign-up");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await page.evaluate(async () => {
    await document.fonts.ready;
    return document.fonts.check('600 16px "Inter Variable"');
  })).toBe(true);
  const loaded = await page.evaluate(() =>
    [...document.fonts].filter((face) => face.family.includes("Inter Variable") && face.status === "loaded").length,
  );
  expect(loaded).toBe(1);
  expect(new Set(fonts).size).toBe(1);
  const file = await page.request.get(fonts[0]);
  expect(file.headers()["content-type"]).toBe("font/woff2");
  expect(file.headers()["cache-control"]).toContain("immutable");
});
