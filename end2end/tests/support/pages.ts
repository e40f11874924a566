// Every page of the product, over a host that has something to show on each.
import type { Page } from "@playwright/test";

import type { Caller } from "./caller";
import { draft, OWNER, QUESTIONS } from "./data";
import { VENDORS } from "./host";
import { expect } from "./test";
import { speaker, type Say } from "./texts";

const english = speaker("en");

/** A page or a state of one. */
export interface Place {
  name: string;
  path: string;
  /** What has to be seen before anything is judged. */
  ready(page: Page): Promise<void>;
  /** What is open on the page, if it is not the page alone. */
  open?(page: Page): Promise<void>;
}

/** Shapes of what is still to come. */
export const GREY = "#content .skeleton, #content .skeletons, #content [aria-busy=true]";

const titled = (name: string | RegExp, say: Say) => async (page: Page) => {
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: say("common.loading") })).toHaveCount(0);
};

/** The page of the first account, on a host that has none. */
export const signUpPlace = (say: Say = english): Place => ({
  name: "sign-up",
  path: "/sign-up",
  ready: titled(say("accounts.sign_up"), say),
});

/** The page in front of the door, on a host that has accounts. */
export const signInPlace = (say: Say = english): Place => ({
  name: "sign-in",
  path: "/sign-in",
  ready: async (page) => {
    await expect(page.getByRole("button", { name: say("accounts.sign_in") })).toBeVisible();
    // The client's card: the host's has no choices below it.
    await expect(page.getByRole("combobox", { name: say("nav.language") })).toBeVisible();
  },
});

/** The first page of somebody who has nothing yet. */
export const emptyPlace = (say: Say = english): Place => ({
  name: "empty",
  path: "/",
  ready: async (page) => {
    await expect(page.getByRole("heading", { level: 2, name: say("projects.first_title") })).toBeVisible();
  },
});

/** Pages as they are opened, without the states of them. */
export const pagesAlone = (places: Place[]): Place[] => places.filter(({ open }) => !open);

/** A host with an account, a project with a few questions and a finished run. */
export async function furnish(call: Caller, questions = QUESTIONS.slice(4, 8)): Promise<number> {
  await call.signUp(OWNER.email, OWNER.password);
  const models = await call.currentModels(VENDORS.map((vendor) => vendor.slug));
  const id = await call.createProject(draft(models.map((model) => model.id), { prompts: questions }));
  await call.run(id);
  return id;
}

/** The pages of a member. */
export async function memberPlaces(call: Caller, projectId: number, say: Say = english): Promise<Place[]> {
  const project = `/projects/${projectId}`;
  const heading = (name: string | RegExp) => titled(name, say);
  const { rows } = await call.answers(projectId);
  const answer = rows.find((row) => row.source !== "none") ?? rows[0];
  const [run] = await call.runs(projectId);
  const ofProject = heading(say("nav.overview"));
  const press = (name: Parameters<Say>[0]) => (page: Page) =>
    page.getByRole("button", { name: say(name), exact: true }).first().click();
  return [
    { name: "projects", path: "/", ready: heading(say("nav.projects")) },
    { name: "new-project", path: "/projects/new", ready: async (page) => {
      await heading(say("projects.new"))(page);
      await expect(page.getByRole("checkbox").first()).toBeVisible();
    } },
    { name: "suggestions", path: "/projects/new", ready: heading(say("projects.new")), open: async (page) => {
      await page.getByLabel(say("projects.brand_name")).fill("Kipu");
      await press("projects.suggest")(page);
      await expect(page.locator("dialog[open] .suggestions input").first()).toBeVisible();
    } },
    { name: "overview", path: project, ready: async (page) => {
      await ofProject(page);
      await expect(page.locator(".chart-canvas canvas")).toHaveCount(1);
    } },
    { name: "overview-tables", path: project, ready: ofProject, open: async (page) => {
      for (const fold of ["overview.more_figures", "overview.more"] as const) {
        await page.getByText(say(fold), { exact: true }).click();
      }
      await expect(page.locator(".kpis.is-more .kpi")).toHaveCount(7);
      for (const summary of await page.getByText(say("chart.as_table"), { exact: true }).all()) await summary.click();
    } },
    { name: "definition", path: project, ready: ofProject, open: async (page) => {
      const name = say("dashboard.what_is", { name: say("dashboard.visibility") });
      await page.getByRole("button", { name }).click();
      await expect(page.getByText(say("dashboard.defines_visibility"))).toBeVisible();
    } },
    { name: "switcher", path: project, ready: ofProject, open: async (page) => {
      await page.locator(".switcher").filter({ visible: true }).click();
      await expect(page.getByRole("searchbox", { name: say("nav.search_projects") })).toBeFocused();
    } },
    { name: "choose-period", path: project, ready: ofProject, open: async (page) => {
      const all = page.locator("#filters-button");
      if (await all.isVisible()) {
        await all.click();
        await page.getByRole("button", { name: say("period.own_dates"), exact: true }).click();
      } else {
        await page.locator("#period-button").click();
      }
      await expect(page.locator(".calendar-day:focus")).toBeVisible();
    } },
    { name: "choose-models", path: project, ready: ofProject, open: async (page) => {
      const all = page.locator("#filters-button");
      if (await all.isVisible()) {
        await all.click();
        await expect(page.getByRole("dialog").getByRole("checkbox").first()).toBeVisible();
      } else {
        await page.locator("#models-button").click();
        await expect(page.getByRole("dialog").getByRole("checkbox").first()).toBeFocused();
      }
    } },
    { name: "palette", path: project, ready: ofProject, open: async (page) => {
      await page.keyboard.press("Control+k");
      const options = page.getByRole("dialog", { name: say("palette.title") }).getByRole("option");
      await expect(options.first()).toBeVisible();
    } },
    { name: "shortcuts", path: project, ready: ofProject, open: async (page) => {
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: say("palette.shortcuts") })).toBeVisible();
    } },
    { name: "start-run", path: project, ready: ofProject, open: async (page) => {
      await press("runs.run_now")(page);
      await expect(page.locator(".plan-sums")).toBeVisible();
    } },
    { name: "answers", path: `${project}/answers`, ready: async (page) => {
      await heading(say("nav.answers"))(page);
      await expect(page.locator("table.answers tbody tr").first()).toBeVisible();
    } },
    { name: "no-answers", path: `${project}/answers?failed=yes`, ready: async (page) => {
      await heading(say("nav.answers"))(page);
      await expect(page.getByText(say("answers.none"), { exact: true })).toBeVisible();
    } },
    { name: "answer", path: `${project}/answers?answer=${answer.id}`, ready: async (page) => {
      await expect(page.locator(".side-panel .answer-text")).toBeVisible();
    } },
    { name: "comparison", path: `${project}/models`, ready: async (page) => {
      await heading(say("nav.project_models"))(page);
      await expect(page.locator("table.comparison tbody tr")).toHaveCount(2);
    } },
    { name: "sources", path: `${project}/sources`, ready: sourcesShown(say) },
    { name: "pages", path: `${project}/sources?by=page`, ready: sourcesShown(say) },
    { name: "who-cites", path: `${project}/sources`, ready: sourcesShown(say), open: async (page) => {
      await page.locator("table.sources tbody tr").first().getByRole("button").click();
      await expect(page.locator("dialog[open] .model-name").first()).toBeVisible();
    } },
    { name: "runs", path: `${project}/runs`, ready: async (page) => {
      await heading(say("nav.runs"))(page);
      await expect(page.locator("table.runs tbody tr")).toHaveCount(1);
    } },
    { name: "run", path: `${project}/runs/${run.id}`, ready: async (page) => {
      await heading(say("nav.runs"))(page);
      await expect(page.locator(".run-page .lane").first()).toBeVisible();
    } },
    { name: "edit-project", path: `${project}/settings`, ready: async (page) => {
      await ofProjectEdit(say)(page);
      await expect(page.getByRole("checkbox").first()).toBeVisible();
    } },
    { name: "unsaved", path: `${project}/settings`, ready: ofProjectEdit(say), open: async (page) => {
      await page.getByLabel(say("projects.brand_name")).fill("");
      await page.getByRole("button", { name: say("common.save_changes") }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    } },
    { name: "delete-project", path: `${project}/settings`, ready: ofProjectEdit(say), open: press("projects.delete") },
    { name: "schedule", path: "/schedule", ready: heading(say("nav.schedule")) },
    { name: "job", path: `/schedule/${projectId}`, ready: heading(/\S/) },
    { name: "notices", path: "/notices", ready: heading(say("nav.notices")) },
    { name: "keys", path: "/keys", ready: async (page) => {
      await heading(say("nav.keys"))(page);
      await expect(page.getByRole("meter")).toBeVisible();
      await expect(page.locator(".chart-canvas canvas")).toHaveCount(1);
    } },
    { name: "key-form", path: "/keys", ready: heading(say("nav.keys")), open: async (page) => {
      await page.getByRole("button", { name: say("keys.add_name", { name: "ChatGPT" }) }).click();
    } },
    { name: "account", path: "/account", ready: heading(say("nav.account")) },
    { name: "models", path: "/admin/models", ready: async (page) => {
      await heading(say("nav.models"))(page);
      await expect(page.getByRole("switch").first()).toBeVisible();
    } },
    { name: "add-model", path: "/admin/models", ready: heading(say("nav.models")), open: press("registry.add_model") },
    { name: "instance", path: "/admin/instance", ready: heading(say("nav.instance")) },
    { name: "nowhere", path: "/nowhere", ready: heading(say("common.not_found_title")) },
  ];
}

const sourcesShown = (say: Say) => async (page: Page) => {
  await titled(say("nav.sources"), say)(page);
  await expect(page.locator("table.sources tbody tr").first()).toBeVisible();
};

const ofProjectEdit = (say: Say) => async (page: Page) => {
  await titled(say("nav.project_settings"), say)(page);
  await expect(page.getByLabel(say("projects.brand_name"))).toBeVisible();
};

export async function visit(page: Page, place: Place): Promise<void> {
  await page.goto(place.path);
  await place.ready(page);
  await place.open?.(page);
}
