// Runs as other windows see them: whoever started them, they show, move and end there too.
import { request, type BrowserContext, type Page } from "@playwright/test";

import { Caller, type Run } from "./support/caller";
import { draft, OWNER } from "./support/data";
import { baseUrl, VENDORS } from "./support/host";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";
import { changeRows, tellOfKey } from "./support/tools";

const say = speaker("en");
// What people are promised, and room for a busy machine.
const SOON = { timeout: 6_000 };

test.use({ simulation: { latency: 400 } });

async function project(call: Caller): Promise<number> {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(["openai", "anthropic"]);
  for (const model of models) await call.call("models/change", { model_id: model.id, change: { max_in_flight: 2 } });
  return call.createProject(draft(models.map((model) => model.id)));
}

/** Another window of the same browser. */
async function another(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await expect(steps.runButton(page, say)).toBeEnabled();
  return page;
}

const strip = (page: Page) => page.locator(".run-strip");

test("a run that another window started shows, ends, and brings its figures", async ({ page, call, context }) => {
  const id = await project(call);
  await page.goto(`/projects/${id}`);
  const other = await another(context, `/projects/${id}`);
  await expect(other.getByText(say("sentence.none_yet"))).toBeVisible();
  await steps.startRun(page, say);
  await expect(strip(other)).toBeVisible(SOON);
  await expect(steps.runButton(other, say)).toBeDisabled();
  // The share of what is done, also in the switcher.
  await expect(steps.navigation(other, say).locator(".run-thread")).toBeAttached();
  await steps.expectEnd(other, "finished");
  // Nobody says that a run is complete above an empty page.
  expect(await other.getByText(say("sentence.none_yet")).count()).toBe(0);
  await expect(other.locator(".run-words")).toContainText(say("runs.settled_of", { settled: 20, total: 20 }));
  await expect(steps.runButton(other, say)).toBeEnabled();
  // It goes by itself: there is nothing to do about it.
  await expect(strip(other)).toBeHidden({ timeout: 15_000 });

  // A program starts the next one.
  await call.call("runs/start", { project_id: id });
  for (const one of [page, other]) await expect(strip(one)).toBeVisible(SOON);
  for (const one of [page, other]) await steps.expectEnd(one, "finished");
});

test("a run that brings another model brings its heading to the open page", async ({ page, call }) => {
  await call.signUp(OWNER.email, OWNER.password);
  const [first, second] = await call.currentModels(["openai", "anthropic"]);
  const id = await call.createProject(draft([first.id]));
  await call.run(id);
  await page.goto(`/projects/${id}`);
  const heads = page.locator("table.heat thead th");
  // The question, the model, and all of them.
  await expect(heads).toHaveCount(3);
  await call.call("projects/update", { project_id: id, draft: draft([first.id, second.id]) });
  await call.run(id);
  await expect(heads).toHaveCount(4, { timeout: 15_000 });
  const names = await heads.allTextContents();
  for (const name of names) expect(name.trim(), `headings ${names.join(" | ")}`).not.toBe("");
  expect(names.join(" ")).toContain(second.display_name);
});

test("ten windows share one stream", async ({ page, call, context }) => {
  const id = await project(call);
  const streams: string[] = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/api/runs/events")) streams.push(request.url());
  });
  await page.goto(`/projects/${id}`);
  const windows = [page];
  while (windows.length < 10) windows.push(await another(context, `/projects/${id}/runs`));
  expect(streams, "one window listens").toHaveLength(1);
  await call.call("runs/start", { project_id: id });
  for (const one of windows) await expect(strip(one)).toBeVisible(SOON);
  for (const one of windows) await steps.expectEnd(one, "finished");
  // The window that listens goes; another takes its place.
  await page.close();
  await expect.poll(() => streams.length).toBe(2);
  await call.call("runs/start", { project_id: id });
  await expect(strip(windows[9])).toBeVisible(SOON);
});

test("without locks, as over plain HTTP, each window looks itself", async ({ call, context, host }) => {
  const id = await project(call);
  // Somebody else of the workspace, in another browser.
  const invitation = { email: "bea@example.com", role: "editor" };
  const { path } = await call.call<{ path: string }>("invitations/make", { draft: invitation });
  const token = new URL(path, host.url).searchParams.get("invitation");
  const elsewhere = await request.newContext();
  const bea = new Caller(elsewhere, host.url);
  const account = { email: invitation.email, password: "seven patient grey herons", invitation: token };
  await bea.call("accounts/sign-up", { draft: account });
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, "locks", { value: undefined }));
  let streams = 0;
  context.on("request", (request) => {
    if (request.url().endsWith("/api/runs/events")) streams += 1;
  });
  const windows: Page[] = [];
  while (windows.length < 10) windows.push(await another(context, `/projects/${id}`));
  await bea.call("runs/start", { project_id: id });
  // All of them at once, each within the same time.
  await Promise.all(windows.map((one) => expect(strip(one)).toBeVisible(SOON)));
  for (const one of windows) await steps.expectEnd(one, "finished");
  expect(streams).toBe(0);
  await elsewhere.dispose();
});

for (const hasLocks of [true, false]) {
  test(`what needs somebody is counted while pages stay open, ${hasLocks ? "by the stream" : "by looking"}`, async ({
    page,
    call,
    context,
    host,
    simulator,
  }) => {
    if (!hasLocks) {
      await context.addInitScript(() => Object.defineProperty(Navigator.prototype, "locks", { value: undefined }));
    }
    await project(call);
    const windows = [page, await context.newPage()];
    for (const one of windows) {
      await one.goto("/schedule");
      await expect(one.getByRole("heading", { level: 1, name: say("nav.schedule") })).toBeVisible();
    }
    const badge = (one: Page) => steps.navigation(one, say).locator(".side-badge");
    for (const one of windows) await expect(badge(one)).toHaveCount(0);
    const { workspace } = await call.call<{ workspace: { id: number } }>("accounts/session");
    tellOfKey(host.dataFolder, workspace.id, "openai");
    for (const one of windows) {
      await one.bringToFront();
      await expect(badge(one)).toHaveText("1", SOON);
    }
    // Another key is there: nothing is left to be done.
    const vendor = VENDORS.find((one) => one.slug === "openai");
    if (!vendor) throw new Error("no such provider");
    const key = { provider: "openai", api_key: vendor.key, base_url: baseUrl(simulator, vendor) };
    await call.call("keys/save", { draft: key });
    for (const one of windows) {
      await one.bringToFront();
      await expect(badge(one)).toHaveCount(0, SOON);
    }
    // The list that is open shows what comes, which is read by that.
    await page.goto("/notices");
    const labels = page.locator(".notices li > .badge");
    await expect(labels).toHaveText([say("notices.to_know")]);
    tellOfKey(host.dataFolder, workspace.id, "anthropic");
    await page.bringToFront();
    await expect(labels).toHaveText([say("notices.grave"), say("notices.to_know")], SOON);
    await expect(badge(page)).toHaveCount(0);
  });
}

test("all runs of a project, fifty a page", async ({ page, call, host }) => {
  const id = await project(call);
  await call.run(id);
  const copies = `INSERT INTO llm_monitoring_analysis_runs (workspace_id, project_id, "trigger", status, created_at,
    started_at, finished_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 66)
    SELECT workspace_id, project_id, "trigger", status, created_at, started_at, finished_at
    FROM llm_monitoring_analysis_runs, n`;
  expect(changeRows(host.dataFolder, copies)).toBe(66);
  await page.goto(`/projects/${id}/runs`);
  const rows = page.locator("table.runs tbody tr");
  await expect(rows).toHaveCount(50);
  await expect(page.locator(".pages")).toContainText(say("kit.rows", { first: 1, last: 50, total: 67 }));
  await page.getByRole("button", { name: say("kit.next") }).click();
  await expect(rows).toHaveCount(17);
  await expect(page.locator(".pages")).toContainText(say("kit.rows", { first: 51, last: 67, total: 67 }));
  await page.getByRole("button", { name: say("kit.previous") }).click();
  await expect(rows).toHaveCount(50);
});

test.describe("a provider that refuses its key", () => {
  test.use({ simulation: { fail: "401:first=1" }, expectedMessages: [/status of 4/] });

  test("says so by name, and what failed is asked again", async ({ page, call, simulator }) => {
    await call.signUp(OWNER.email, OWNER.password);
    const [model] = await call.currentModels(["openai"]);
    const id = await call.createProject(draft([model.id]));
    await page.goto(`/projects/${id}`);
    await steps.startRun(page, say);
    await expect(strip(page).locator(".run-badge")).toHaveAttribute("data-status", /failed|finished_with_failures/, {
      timeout: 30_000,
    });
    await page.getByRole("button", { name: say("common.details") }).click();
    await expect(page.locator(".lane-reason")).toContainText(/key rejected \(\d+\)/);
    const [first] = await call.runs(id);
    const failed = first.lanes[0].failed;
    expect(failed).toBeGreaterThan(0);
    await steps.openPart(page, say, "nav.runs");
    await expect(page.locator(".run-failures")).toContainText(`${first.lanes[0].model_name}: key rejected (${failed})`);

    // The page of the run says it too; strip and list lead there.
    const ofRun = new RegExp(`/projects/${id}/runs/${first.id}$`);
    await page.locator("table.runs tbody th").getByRole("link").click();
    await expect(page).toHaveURL(ofRun);
    const run = page.locator(".run-page");
    await expect(run.locator(".run-badge")).toHaveAttribute("data-status", first.status);
    await expect(run.locator(".lane-reason")).toContainText(`key rejected (${failed})`);
    const questions = say("runs.questions", { count: first.lanes[0].total });
    await expect(run).toContainText(say("runs.plan", { questions, models: say("runs.one_model") }));
    await run.getByRole("link", { name: say("runs.show_answers"), exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/projects/${id}/answers\\?run=${first.id}$`));
    await strip(page).getByRole("link", { name: say("runs.open_run") }).click();
    await expect(page).toHaveURL(ofRun);
    await run.getByRole("link", { name: say("runs.all_runs") }).click();
    await expect(page).toHaveURL(new RegExp(`/projects/${id}/runs$`));

    // The key that is stored now is taken.
    const vendor = VENDORS.find((one) => one.slug === "openai");
    if (!vendor) throw new Error("no such provider");
    const key = { provider: "openai", api_key: vendor.key, base_url: baseUrl(simulator, vendor) };
    await call.call("keys/save", { draft: key });
    await strip(page).getByRole("button", { name: say("runs.retry_failed", { count: failed }) }).click();
    await steps.expectEnd(page, "finished");
    const retried: Run = (await call.runs(id))[0];
    expect(retried.id).not.toBe(first.id);
    expect(retried.lanes.map((lane) => [lane.total, lane.answered])).toEqual([[failed, failed]]);
    // Once is enough.
    await expect(page.getByRole("button", { name: say("runs.retry_failed", { count: failed }) })).toHaveCount(0);

    // Both runs name each other; another project has no such run.
    await page.goto(`/projects/${id}/runs/${first.id}`);
    await run.getByRole("link", { name: say("runs.retried_by") }).click();
    await expect(page).toHaveURL(new RegExp(`/projects/${id}/runs/${retried.id}$`));
    await expect(run.locator(".run-badge")).toHaveAttribute("data-status", "finished");
    await run.getByRole("link", { name: say("runs.retry_of") }).click();
    await expect(page).toHaveURL(ofRun);
    const other = await call.createProject({ ...draft([model.id]), name: "Another one" });
    await page.goto(`/projects/${other}/runs/${first.id}`);
    await expect(page.getByRole("heading", { level: 2, name: say("common.not_found_title") })).toBeVisible();
  });
});
