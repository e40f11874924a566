// What a page asks for before its figures are there, whether it comes packed, and how long the host
// takes for it.
import type { Page, Request, Response } from "@playwright/test";

import { callsIn } from "../tests/support/calls";
import { broughtBy } from "../tests/support/brought";
import { withRoom } from "./support/busy";
import { figuredPages } from "./support/figured";
import { expect, test } from "./support/long";
import { row } from "./support/table";

/** Calls that are no page's own: whoever comes is asked for who they are. */
const BESIDE = new Set(["accounts/session"]);
/** What is smaller is sent as it is. */
const WORTH_PACKING = 1024;
const TEXTS = /^\/api\/fn\/|\.(js|mjs|wasm|css|json|svg)$/;
/** design.md says it of a million answers, and `make bench` holds it there. */
const MOST_MS_AT_THE_HOST = 60;

interface Called {
  name: string;
  from: number;
  until: number;
}

/** The requests of the page so far, in the order in which they were sent: `together`, several calls. */
async function calls(page: Page): Promise<Called[]> {
  const found = await page.evaluate(() =>
    (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
      .filter(({ name }) => name.includes("/api/fn/"))
      .map(({ name, startTime, responseEnd }) => ({ name, from: startTime, until: responseEnd })),
  );
  return found
    .map((call) => ({ ...call, name: call.name.split("/api/fn/")[1] }))
    .sort((one, other) => one.from - other.from);
}

/** Texts that came as they are. */
async function unpacked(responses: Response[]): Promise<string[]> {
  const told: string[] = [];
  for (const response of responses) {
    const request = response.request();
    const { pathname } = new URL(response.url());
    const isText = request.resourceType() === "document" || TEXTS.test(pathname);
    if (!isText || (await response.headerValue("content-encoding"))) continue;
    const { responseBodySize } = await request.sizes();
    if (responseBodySize >= WORTH_PACKING) told.push(`${pathname} (${responseBodySize} bytes)`);
  }
  return told;
}

test("a first screen is one request, and packed", async ({ page, call, long }) => {
  expect((await call.runs(long.projectId)).length, "the history is there").toBeGreaterThan(0);
  const plain = new Set<string>();
  for (const one of figuredPages(long.projectId)) {
    const responses: Response[] = [];
    const hear = (response: Response) => responses.push(response);
    page.on("response", hear);
    const parts: string[] = [];
    const note = (request: Request) => {
      const names = callsIn(request).map(({ name }) => name);
      if (request.url().endsWith("/together")) parts.push(names.join(" + "));
    };
    page.on("request", note);
    const came = await broughtBy(await page.goto(one.path));
    await one.ready(page);
    page.off("response", hear);
    page.off("request", note);
    for (const found of await unpacked(responses)) plain.add(found);
    const all = (await calls(page)).filter(({ name }) => !BESIDE.has(name));
    const bringing = all.find(({ name }) => name === one.call);
    const isBrought = one.call !== undefined && came.includes(one.call);
    // What came with the page is not asked for again.
    if (one.call) expect.soft([bringing, isBrought].filter(Boolean), `${one.name} asks for ${one.call}`).toHaveLength(1);
    // What the figures themselves bring about is asked once they are there.
    const before = bringing ? all.filter(({ from }) => from < bringing.until) : all;
    const names = isBrought ? came : before.map(({ name }) => (name === "together" ? (parts.shift() ?? name) : name));
    row(`requests for the first screen of ${one.name}`, names.length, {
      most: one.requests,
      told: names.join(", "),
    });
  }
  row("texts that came unpacked", plain.size, { most: 0, told: [...plain].join(", ") });
});

test("the host has the first screen soon", async ({ call, long }) => {
  const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
  const ask = async (back: number) => {
    const query = { project_id: long.projectId, from: day(back + 29), to: day(back), model_ids: [] };
    const begun = performance.now();
    await call.call("overview/get", { query, with_frame: true });
    return performance.now() - begun;
  };
  // Other days than those that are asked for below.
  await ask(0);
  const { found, room } = await withRoom(async () => {
    const times: number[] = [];
    for (let back = 1; back <= 30; back += 1) times.push(await ask(back));
    return times.sort((one, other) => one - other);
  });
  row("room for a busy machine, host", room, { unit: "x", digits: 2 });
  row("overview of 30 days at the host, p95", found[Math.ceil(found.length * 0.95) - 1], {
    most: MOST_MS_AT_THE_HOST * room,
    unit: "ms",
  });
});
