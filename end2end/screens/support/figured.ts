// The pages of somebody with a project, each with what is there once its figures are.
import type { Page } from "@playwright/test";

import { GREY, type Place } from "../../tests/support/pages";
import { expect } from "./long";

export interface Figured extends Place {
  /** Finds something once the page's figures, rows or fields are there, and on no other page. */
  figures: string;
  /** The side bar leads there. */
  isInSideBar: boolean;
  /** The one call that brings the first screen, where there is to be one. */
  call?: string;
  /** By how many requests the first screen comes at most. */
  requests: number;
}

/** The form of a project asks when its schedule is due, which the project says. */
const TWICE = new Set(["project settings"]);

export function figuredPages(projectId: number): Figured[] {
  const project = `/projects/${projectId}`;
  const pages: [name: string, path: string, figures: string, isInSideBar: boolean, call?: string][] = [
    ["overview", project, ".overview .chart-canvas canvas", true, "overview/get"],
    ["models", `${project}/models`, "table.comparison tbody tr", true],
    ["answers", `${project}/answers`, "table.answers tbody tr", true],
    ["sources", `${project}/sources`, "table.sources tbody tr", true],
    ["runs", `${project}/runs`, "table.runs tbody tr", true],
    ["project settings", `${project}/settings`, ".danger-zone", true],
    ["home", "/", "table.home-table tbody tr", true, "home/get"],
    ["notices", "/notices", "#content .page-narrow > :is(.card, .empty:not([role=alert]))", true],
    ["schedule", "/schedule", "table.jobs tbody tr", true],
    ["keys and budget", "/keys", ".key-list > li", true],
    ["models and prices", "/admin/models", "#content .page-stack:not(.page-narrow) [role=switch]", true],
    ["instance", "/admin/instance", "#content .page-narrow [role=switch]", true],
    ["new project", "/projects/new", ".project-form input[type=checkbox]", false],
    ["account", "/account", "#content input[type=password]", false],
  ];
  return pages.map(([name, path, figures, isInSideBar, call]) => ({
    name,
    path,
    figures,
    isInSideBar,
    call,
    requests: TWICE.has(name) ? 2 : 1,
    ready: async (page: Page) => {
      await expect(page.locator(figures).first()).toBeVisible();
      await expect(page.locator(GREY)).toHaveCount(0);
    },
  }));
}
