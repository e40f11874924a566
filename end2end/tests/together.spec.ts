// What a page asks for at the same moment goes out as one request, and comes back part by part.
import type { Page } from "@playwright/test";

import { callsIn, retell, type Told } from "./support/calls";
import { NAMES } from "./support/data";
import { furnish } from "./support/pages";
import { openPart } from "./support/steps";
import { expect, test } from "./support/test";
import { speaker } from "./support/texts";

const say = speaker("en");

test.use({ simulation: { names: NAMES } });

/** The requests that a page sends from now on, each with the names of its calls. */
function requestsOf(page: Page): string[][] {
  const sent: string[][] = [];
  page.on("request", (request) => {
    const names = callsIn(request).map(({ name }) => name);
    if (names.length > 0 && !names.includes("accounts/session")) sent.push(names);
  });
  return sent;
}

test("a first screen is one request", async ({ page, call }) => {
  const id = await furnish(call);
  const sent = requestsOf(page);
  const project = ["projects/get", "budget/get", "dashboard/get"];
  for (const [path, figures, names] of [
    [`/projects/${id}`, ".headline-sentence", ["overview/get"]],
    [`/projects/${id}/models`, "table.comparison tbody tr", [...project, "dashboard/compare"]],
    [`/projects/${id}/answers`, "table.answers tbody tr", [...project, "answers/list", "views/list"]],
    [`/projects/${id}/sources`, "table.sources tbody tr", [...project, "sources/list"]],
    [`/projects/${id}/runs`, "table.runs tbody tr", [...project, "runs/list"]],
    ["/", "table.home-table tbody tr", ["home/get"]],
    ["/keys", ".key-list > li", ["keys/list", "budget/get", "judge/get", "budget/spend"]],
    ["/admin/models", ".price-table tbody tr", ["models/list", "models/retiring", "models/changes"]],
    ["/admin/instance", "#content .page-narrow [role=switch]", ["accounts/settings", "invitations/list"]],
    ["/account", "#content input[type=password]", ["accounts/tokens", "projects/deleted"]],
    ["/projects/new", ".project-form input[type=checkbox]", ["models/list", "budget/ask-costs", "schedule/preview"]],
  ] as const) {
    sent.length = 0;
    await page.goto(path);
    await expect(page.locator(figures).first()).toBeVisible();
    await expect(page.locator("#content .skeleton, #content .skeletons, #content [aria-busy=true]")).toHaveCount(0);
    const first = sent[0] ?? [];
    expect([...first].sort(), path).toEqual([...names].sort());
    // What the chart of the overview brings about comes after it.
    if (path !== `/projects/${id}`) expect(sent, path).toHaveLength(1);
  }
});

const TOO_SOON: Told = [429, { code: "too_many_requests", message: "Too soon." }];

test("where one part fails, the others are there, and it is asked for alone", async ({ page, call }) => {
  const id = await furnish(call);
  let isRefused = true;
  await retell(page, "answers/list", (_, told) => (isRefused ? TOO_SOON : told));
  const sent = requestsOf(page);
  await page.goto(`/projects/${id}/answers`);
  await expect(page.getByText("Too soon.")).toBeVisible();
  await expect(page.locator("#period-button")).toBeVisible();
  expect(sent).toHaveLength(1);
  isRefused = false;
  await page.getByRole("button", { name: say("common.try_again") }).click();
  await expect(page.locator("table.answers tbody tr").first()).toBeVisible();
  expect(sent.slice(1)).toEqual([["answers/list"]]);
});

test("where the frame of a page fails, nothing of the page is seen", async ({ page, call }) => {
  const id = await furnish(call);
  let isRefused = true;
  await retell(page, "projects/get", (_, told) => (isRefused ? TOO_SOON : told));
  await page.goto(`/projects/${id}/answers`);
  await expect(page.getByText("Too soon.")).toBeVisible();
  await expect(page.locator("table.answers")).toHaveCount(0);
  isRefused = false;
  await page.getByRole("button", { name: say("common.try_again") }).click();
  await expect(page.locator("table.answers tbody tr").first()).toBeVisible();
  await expect(page.locator("#period-button")).toBeVisible();
});

test("long tables have all of their rows", async ({ page, call }) => {
  const id = await furnish(call);
  const { total } = await call.answers(id, 1);
  await page.goto(`/projects/${id}/answers`);
  await expect(page.locator("table.answers tbody tr")).toHaveCount(Math.min(total, 50));
  expect(total, "more than are drawn first").toBeGreaterThan(15);
  const models = (await call.call<{ review: string }[]>("models/list")).filter(({ review }) => review !== "rejected");
  await page.goto("/admin/models");
  await expect(page.locator(".price-table tbody tr")).toHaveCount(models.length);
});

test("the way from page to page asks for what is missing alone", async ({ page, call }) => {
  const id = await furnish(call);
  await page.goto(`/projects/${id}`);
  await expect(page.locator(".chart-card .chart-canvas canvas")).toHaveCount(1);
  const sent = requestsOf(page);
  await openPart(page, say, "nav.answers");
  await expect(page.locator("table.answers tbody tr").first()).toBeVisible();
  expect(sent.filter((names) => names.includes("answers/list"))).toHaveLength(1);
  expect(sent.flat()).not.toContain("projects/get");
});
