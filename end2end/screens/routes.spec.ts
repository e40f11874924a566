// From a click in the side bar to the figures of the page that it leads to.
import type { Page } from "@playwright/test";

import { GREY } from "../tests/support/pages";
import { withRoom } from "./support/busy";
import { figuredPages, type Figured } from "./support/figured";
import { expect, test } from "./support/long";
import { median, row, RUNS } from "./support/table";

const MOST_MS = 150;
/** Between rounds: a browser may ask the host ten times a second, and two hundred times at once. */
const REST_MS = 2_000;

/** Milliseconds from the click until the figures are painted and nothing on the screen is grey. */
function change(page: Page, { name, path, figures }: Figured): Promise<number> {
  return page.evaluate(
    ({ name, path, figures, grey }) =>
      new Promise<number>((resolve, reject) => {
        const links = [...document.querySelectorAll<HTMLAnchorElement>("#side-bar .side-groups a")];
        const link = links.find((one) => new URL(one.href).pathname === path);
        if (!link) return reject(new Error(`the side bar does not lead to ${name}`));
        const isSeen = (element: Element) => {
          const { top, height } = element.getBoundingClientRect();
          return height > 0 && top < innerHeight;
        };
        const begun = performance.now();
        const look = () => {
          const isThere =
            location.pathname === path &&
            document.querySelector(figures) !== null &&
            ![...document.querySelectorAll(grey)].some(isSeen);
          // This frame is painted before anything else has its turn.
          if (isThere) setTimeout(() => resolve(performance.now() - begun));
          else if (performance.now() - begun > 20_000) reject(new Error(`${name} is not there after 20 s`));
          else requestAnimationFrame(look);
        };
        link.click();
        requestAnimationFrame(look);
      }),
    { name, path, figures, grey: GREY },
  );
}

test("a click leads to the figures of another page", async ({ page, call, long }) => {
  const pages = figuredPages(long.projectId).filter(({ isInSideBar }) => isInSideBar);
  expect((await call.runs(long.projectId)).length, "the history is there").toBeGreaterThan(0);
  await page.goto(pages[0].path);
  await pages[0].ready(page);
  const round = async () => {
    const times: number[] = [];
    // The first one last: it is the one that is open.
    for (const one of [...pages.slice(1), pages[0]]) times.push(await change(page, one));
    return times;
  };
  // Host and browser are warm: each part of the code is there, and has run.
  await round();
  const { found, room } = await withRoom(async () => {
    const rounds: number[][] = [];
    for (let run = 0; run < RUNS; run += 1) {
      await page.waitForTimeout(REST_MS);
      rounds.push(await round());
    }
    return rounds;
  });
  row("room for a busy machine, route changes", room, { unit: "x", digits: 2 });
  for (const [index, { name }] of [...pages.slice(1), pages[0]].entries()) {
    const times = found.map((round) => round[index]);
    row(`route change to ${name}`, median(times), {
      most: MOST_MS * room,
      unit: "ms",
      told: `each: ${times.map((time) => time.toFixed(0)).join(", ")}`,
    });
  }
});
