// What Lighthouse says of the page of a newcomer and of the overview with sixty days.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { chromium } from "@playwright/test";

import { FLAGS, PROGRAM } from "../tests/support/chromium";
import { end } from "../tests/support/host";
import { freePort } from "../tests/support/tools";
import { withRoom } from "./support/busy";
import { expect, test } from "./support/long";
import { median, row, RUNS } from "./support/table";

const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
type Category = (typeof CATEGORIES)[number];

/** What each form has to reach, in points of a hundred. */
const LEAST = {
  desktop: { performance: 100, accessibility: 100, "best-practices": 100 },
  mobile: { performance: 92, accessibility: 100, "best-practices": 100 },
} as const;
/** When a phone on a slow line shows the first of the sign-in page, in milliseconds. */
const FIRST_PAINT_MS = 1_800;
/** A busy machine is forgiven so many points of performance, at most. */
const MOST_ROOM = 5;

interface Report {
  categories: Record<Category, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { score: number | null; title: string; displayValue?: string; numericValue?: number }>;
  environment: { benchmarkIndex: number };
  runtimeError?: { message: string };
}

/** A browser that Lighthouse has for itself: nobody else follows what its pages do. */
async function launch(): Promise<{ port: number; stop(): Promise<void> }> {
  const profile = await mkdtemp(path.join(tmpdir(), "parallax-lighthouse-"));
  const port = await freePort();
  const flags = ["--headless", ...FLAGS, `--remote-debugging-port=${port}`, `--user-data-dir=${profile}`];
  const browser = spawn(PROGRAM, [...flags, "about:blank"], { stdio: "ignore" });
  const stop = async () => {
    await end(browser);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  const answers = () => fetch(`http://127.0.0.1:${port}/json/version`).then(({ ok }) => ok, () => false);
  try {
    await expect.poll(answers, { timeout: 20_000 }).toBe(true);
  } catch (error) {
    // Nobody else would end it.
    await stop();
    throw error;
  }
  return { port, stop };
}

async function report(url: string, port: number, form: keyof typeof LEAST, file: string): Promise<Report> {
  const program = path.join(__dirname, "../node_modules/lighthouse/cli/index.js");
  const options = [
    `--port=${port}`,
    "--output=json",
    `--output-path=${file}`,
    `--only-categories=${CATEGORIES.join(",")}`,
    "--quiet",
    "--no-enable-error-reporting",
    "--disable-full-page-screenshot",
    ...(form === "desktop" ? ["--preset=desktop"] : []),
  ];
  await promisify(execFile)(process.execPath, [program, url, ...options], { timeout: 180_000 });
  const told = JSON.parse(await readFile(file, "utf8")) as Report;
  if (told.runtimeError) throw new Error(`Lighthouse: ${told.runtimeError.message}`);
  return told;
}

/** What costs points in a report. */
function losses({ categories, audits }: Report): string {
  const weighed = CATEGORIES.flatMap((category) => categories[category].auditRefs.filter(({ weight }) => weight > 0));
  return weighed
    .map(({ id }) => audits[id])
    .filter(({ score }) => score !== null && score < 1)
    .map(({ title, score, displayValue }) => `${title}: ${Math.round((score ?? 0) * 100)} ${displayValue ?? ""}`.trim())
    .join("; ");
}

test("Lighthouse is content", async ({ page, call, long }, info) => {
  const { port, stop } = await launch();
  try {
    const look = async (name: string, address: string) => {
      for (const form of ["desktop", "mobile"] as const) {
        const { found, room } = await withRoom(async () => {
          const reports: Report[] = [];
          for (let run = 0; run < RUNS; run += 1) {
            const file = info.outputPath(`${name}-${form}-${run}.json`);
            reports.push(await report(`${long.url}${address}`, port, form, file));
          }
          return reports;
        });
        const index = median(found.map(({ environment }) => environment.benchmarkIndex));
        const told = `machine's index ${index}; ${found.map(losses).join(" | ")}`;
        row(`room for a busy machine, ${name}, ${form}`, room, { unit: "x", digits: 2 });
        if (name === "sign-in" && form === "mobile") {
          for (const [what, audit] of [
            ["first paint", "first-contentful-paint"],
            ["largest paint", "largest-contentful-paint"],
          ] as const) {
            const at = median(found.map(({ audits }) => audits[audit].numericValue ?? Number.NaN));
            const most = audit === "first-contentful-paint" ? FIRST_PAINT_MS * room : undefined;
            row(`Lighthouse, ${name}, ${form}, ${what}`, at, { most, unit: "ms", told });
          }
        }
        for (const category of CATEGORIES) {
          const points = median(found.map(({ categories }) => Math.round((categories[category].score ?? 0) * 100)));
          // Nobody else on the machine makes a page less accessible.
          const less = category === "performance" ? Math.min(Math.round((room - 1) * 10), MOST_ROOM) : 0;
          row(`Lighthouse, ${name}, ${form}, ${category}`, points, { least: LEAST[form][category] - less, told });
        }
      }
    };
    await look("sign-in", "/sign-in");
    // The browser of Lighthouse is who is signed in on the page of this test.
    expect((await call.runs(long.projectId)).length, "the history is there").toBeGreaterThan(0);
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    await browser.contexts()[0].addCookies(await page.context().cookies());
    // Only the connection ends.
    await browser.close();
    await look("overview", `/projects/${long.projectId}?period=all`);
  } finally {
    await stop();
  }
});
