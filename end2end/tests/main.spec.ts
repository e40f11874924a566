// The whole way through the product, as a newcomer walks it, once in each language.
import type { Page } from "@playwright/test";

import type { Caller, Dashboard, Run } from "./support/caller";
import { seriesOf, tableOf } from "./support/charts";
import { BRAND, COMPETITORS, NAMES, QUESTIONS, QUESTIONS_IN_SPANISH } from "./support/data";
import { VENDORS, type Running } from "./support/host";
import { expectedMarks, shownText } from "./support/marks";
import { barsSeen, total, watchBars } from "./support/run-watch";
import * as steps from "./support/steps";
import { expect, test } from "./support/test";
import { leftoversOf, speaker, type Language, type Say } from "./support/texts";

// Half of the answers take longer, so that a run is seen on its way.
test.use({ keysFromEnvironment: false, simulation: { latency: 300, fail: "slow=0.5", slowMs: 1_500, names: NAMES } });

interface Walk {
  page: Page;
  say: Say;
  call: Caller;
  language: Language;
}

const projectIdOf = (page: Page): number => Number(/\/projects\/(\d+)/.exec(page.url())?.[1]);

test("the main way in English", async ({ page, call, simulator }) => {
  await page.goto("/");
  await walk({ page, call, say: speaker("en"), language: "en" }, simulator, QUESTIONS);
});

test.describe("in Spanish", () => {
  test("the main way in Spanish", async ({ page, call, simulator }) => {
    await page.goto("/");
    await page.getByLabel("Language").selectOption("es");
    await expect(page.getByRole("button", { name: "Crear cuenta" })).toBeVisible();
    await walk({ page, call, say: speaker("es"), language: "es" }, simulator, QUESTIONS_IN_SPANISH);
  });
});

async function walk(way: Walk, simulator: Running, questions: string[]): Promise<void> {
  const { page, say } = way;
  await test.step("sign up", () => signUp(way));
  await test.step("store keys", () => storeKeys(way, simulator));
  await test.step("create a project", () => createProject(way, questions));
  const first = await test.step("run it and watch", () => runAndWatch(way));
  await test.step("cards", () => cards(way));
  await test.step("charts", () => charts(way));
  await test.step("answers", () => answers(way));
  await test.step("one answer", () => oneAnswer(way));
  await test.step("a price", () => changePrice(way, first));
  await test.step("another run", () => secondRun(way, first));
  await test.step("change the project", () => changeProject(way));
  await test.step("out and in again", async () => {
    await steps.signOut(page, say);
    await speaks(way);
    await steps.signIn(page, say);
    await expect(steps.projectLink(page, say, "Kipu global")).toBeVisible();
  });
}

/** The page speaks the language, and no other. */
async function speaks({ page, language }: Walk): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("lang", language);
  const words = await page.evaluate(() => {
    const shown: string[] = [document.title.replace(/ · Parallax$/, "")];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) shown.push(node.nodeValue ?? "");
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [data-label]")) {
      for (const name of ["aria-label", "title", "placeholder", "data-label"]) {
        shown.push(element.getAttribute(name) ?? "");
      }
    }
    return shown.map((text) => text.trim()).filter((text) => text !== "");
  });
  const foreign = leftoversOf(language === "en" ? "es" : "en");
  expect(words.filter((text) => foreign.has(text)), "words of the other language").toEqual([]);
}

/** Words that are written out here, so that a wrong translation file does not pass. */
async function reads({ page, language }: Walk, english: string, spanish: string): Promise<void> {
  const words = language === "en" ? english : spanish;
  await expect(page.getByText(words, { exact: true }).first()).toBeVisible();
}

async function signUp(way: Walk): Promise<void> {
  const { page, say } = way;
  await expect(page).toHaveURL(/\/sign-up$/);
  await reads(way, "This is the first account here. It becomes the admin of this instance.", "Esta es la primera cuenta. Será la administradora de esta instancia.");
  await speaks(way);
  await steps.signUp(page, say);
  // The first user is an admin, and there is nothing yet.
  await expect(page.getByRole("link", { name: say("nav.models") })).toBeVisible();
  await reads(way, "Create your first project", "Crea tu primer proyecto");
  await speaks(way);
}

async function storeKeys(way: Walk, simulator: Running): Promise<void> {
  const { page, say } = way;
  await steps.goTo(page, say, "nav.keys");
  await reads(way, "This month's budget", "Presupuesto de este mes");
  for (const vendor of VENDORS) {
    await steps.storeKey(page, say, vendor, simulator);
    // Never more of the key than its end.
    await expect(steps.keyRow(page, vendor)).toContainText(vendor.key.slice(-4));
    await expect(page.locator("body")).not.toContainText(vendor.key);
  }
  const row = steps.keyRow(page, VENDORS[1]);
  await row.getByRole("button", { name: say("keys.test_name", { name: VENDORS[1].label }) }).click();
  await expect(row.getByText(/(The key works. Models found|La clave funciona. Modelos encontrados): [1-9]/)).toBeVisible();
  await speaks(way);
}

async function createProject(way: Walk, questions: string[]): Promise<void> {
  const { page, say } = way;
  await steps.goTo(page, say, "nav.projects");
  await page.getByRole("region", { name: say("projects.first_title") }).getByRole("link", { name: say("projects.new") }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("projects.new"));
  await reads(way, "Competitors", "Competidores");
  await steps.describeProject(page, say, questions);
  // The current model of each provider whose key is there is proposed.
  await expect(page.getByRole("checkbox", { checked: true })).toHaveCount(4);
  const size = say("projects.run_size", { questions: 10, models: 4, repeats: 1, answers: 40, points: 26 });
  await expect(page.getByText(size)).toBeVisible();
  await speaks(way);
  await page.getByRole("button", { name: say("projects.create") }).click();
  await expect(page).toHaveURL(/\/projects\/\d+$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("nav.overview"));
  await expect(steps.navigation(page, say).locator(".switcher")).toContainText(BRAND.name);
  await reads(way, "No answers yet.", "Aún no hay respuestas.");
  await speaks(way);
}

async function runAndWatch(way: Walk): Promise<Run> {
  const { page, say, call } = way;
  await steps.runButton(page, say).click();
  const dialog = page.getByRole("dialog", { name: say("runs.start_title") });
  await expect(dialog).toContainText(
    say("runs.plan", { questions: say("runs.questions", { count: 40 }), models: say("runs.models", { count: 4 }) }),
  );
  await speaks(way);
  await watchBars(page);
  await dialog.getByRole("button", { name: say("runs.start"), exact: true }).click();
  const strip = page.getByRole("region", { name: say("runs.run_goes_on") });
  await strip.getByRole("button", { name: say("common.details") }).click();
  // The whole run, and each of its models.
  await expect(page.getByRole("progressbar")).toHaveCount(5);
  await speaks(way);
  await steps.expectEnd(page, "finished");
  await expect(page.locator(".run-words")).toContainText(say("runs.settled_of", { settled: 40, total: 40 }));
  const sums = (await barsSeen(page)).map(total);
  expect(sums.every((sum, index) => index === 0 || sum >= sums[index - 1]), `it only grows: ${sums}`).toBe(true);
  expect(sums.some((sum) => sum > 0 && sum < 40), `it is seen on its way: ${sums}`).toBe(true);
  await speaks(way);
  const [run] = await call.runs(projectIdOf(page));
  expect(run.lanes.map((lane) => [lane.total, lane.answered])).toEqual(Array(4).fill([10, 10]));
  return run;
}

/** The numbers of the last 30 days, as the host has them. */
async function numbers({ page, call }: Walk): Promise<Dashboard> {
  const day = (before: number) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10);
  return call.dashboard(projectIdOf(page), day(29), day(0));
}

async function cards(way: Walk): Promise<void> {
  const { page, say, language } = way;
  const { total: sums, plain } = await numbers(way);
  expect(sums.answers).toBe(40);
  const card = (measure: string) => page.locator(`.kpi[data-measure="${measure}"]`);
  await page.getByText(say("overview.more_figures"), { exact: true }).click();
  await expect(page.locator(".kpi")).toHaveCount(11);
  const shown = async (measure: string) => {
    const text = await card(measure).locator(".kpi-value").textContent();
    return Number.parseFloat((text ?? "").replace(",", "."));
  };
  const shares: [string, number, number, string][] = [
    ["visibility", sums.mentions, sums.answers, "dashboard.over_answers"],
    ["share-of-voice", plain.mentions, plain.mentions + plain.competitor_mentions, "dashboard.over_mentions"],
    ["top-three", sums.top3, sums.answers, "dashboard.over_answers"],
  ];
  for (const [measure, part, whole, over] of shares) {
    expect(Math.abs((await shown(measure)) - (part / whole) * 100), measure).toBeLessThan(0.51);
    await expect(card(measure).locator(".kpi-value")).toContainText("%");
    await expect(card(measure).locator(".kpi-meta")).toContainText(/\d+([.,]\d)?–\d+/);
    await expect(card(measure).locator(".kpi-meta")).toContainText(say(over as "dashboard.over_answers", { n: whole }));
  }
  const position = card("average-position");
  const mean = (sums.rank_sum / sums.rank_count + 1e-9).toFixed(1);
  await expect(position.locator(".kpi-value")).toHaveText(language === "en" ? mean : mean.replace(".", ","));
  await expect(position.locator(".kpi-meta")).toContainText(say("dashboard.over_places", { n: sums.rank_count }));
  await expect(position.locator(".kpi-meta")).toContainText(/\d[.,]\d–\d+[.,]\d/);
  await expect(card("weighted-share-of-voice").locator(".kpi-meta")).toContainText(/\d+–\d+/);
  await expect(card("cost").locator(".kpi-value")).toContainText("$");
}

async function charts(way: Walk): Promise<void> {
  const { page, say, language } = way;
  const host = await numbers(way);
  const chart = page.locator(".chart-card");
  await expect(chart.getByRole("heading", { level: 2 })).toHaveText(say("dashboard.visibility"));
  const lines = (await seriesOf(chart)).filter((one) => one.id.startsWith("entity-"));
  const rows = await tableOf(chart, say("chart.as_table"));
  // One day, so one point a brand with its interval; and the table says the same.
  expect(lines.map((one) => one.values.length)).toEqual(Array(1 + COMPETITORS.length).fill(1));
  expect(rows).toHaveLength(1 + COMPETITORS.length);
  for (const { name, values } of lines) {
    const row = rows.find((cells) => cells[1] === name);
    expect(row?.[2], name).toMatch(new RegExp(`^${Math.round(values[0][1])}([.,]\\d)?\\s?%$`));
    expect(row?.[4], name).toBe(String(host.total.answers));
  }
  const yours = rows.find((cells) => cells[1] === BRAND.name);
  const share = Math.round((host.total.mentions / host.total.answers) * 100);
  expect(yours?.[2].replace("\u00a0", " ")).toBe(language === "en" ? `${share}%` : `${share} %`);
  await reads(way, "Visibility", "Visibilidad");
  await speaks(way);
}

async function answers(way: Walk): Promise<void> {
  const { page, say } = way;
  await steps.openPart(page, say, "nav.answers");
  await expect(page.getByText(say("answers.total", { total: 40 }))).toBeVisible();
  await expect(page.locator("table.answers tbody tr")).toHaveCount(40);
  await reads(way, "Brand named?", "¿Nombra la marca?");
  await speaks(way);
}

async function oneAnswer(way: Walk): Promise<void> {
  const { page, say, call } = way;
  const { rows } = await call.answers(projectIdOf(page));
  const read = await Promise.all(rows.map((row) => call.answer(row.id)));
  const isRich = (one: (typeof read)[number]) =>
    one.sources.length > 0 &&
    one.findings.some((found) => found.is_brand && found.spans.length > 0) &&
    one.findings.some((found) => !found.is_brand && found.spans.length > 0);
  const answer = read.find(isRich);
  if (!answer) throw new Error("no answer names brand and competitor and cites a source");
  const row = page
    .locator("table.answers tbody tr")
    .filter({ has: page.getByRole("button", { name: answer.row.prompt_text, exact: true }) })
    .filter({ hasText: answer.row.model_name });
  await row.getByRole("button").click();

  const panel = page.getByRole("dialog", { name: say("answers.answer"), exact: true });
  const text = panel.locator(".answer-text");
  await expect(text).toBeVisible();
  const shown = await text.evaluate((element) => {
    const copy = element.cloneNode(true) as Element;
    for (const aside of copy.querySelectorAll(".visually-hidden")) aside.remove();
    return copy.textContent ?? "";
  });
  expect(shown.replaceAll("\n", "")).toBe(shownText(answer.text));
  const marks = await text.locator("mark:not(.is-source)").evaluateAll((found) =>
    found.map((mark) => ({ text: mark.textContent ?? "", entity: mark.getAttribute("title") ?? "" })),
  );
  expect(marks).toEqual(expectedMarks(answer));
  expect(await text.locator("mark.is-brand").count()).toBeGreaterThan(0);
  const sources = panel.locator(".citations li");
  await expect(sources).toHaveCount(answer.sources.length);
  for (const [index, source] of answer.sources.entries()) {
    await expect(sources.nth(index).getByRole("link")).toHaveAttribute("href", source.url);
    await expect(sources.nth(index)).toContainText(say(source.cited ? "sources.cited" : "sources.retrieved"));
  }
  await reads(way, "Answering model", "Modelo que respondió");
  await speaks(way);
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(page).not.toHaveURL(/answer=/);
}

/** What the page of runs says that each run cost, the newest first. */
async function costs({ page, say }: Walk): Promise<string[]> {
  await steps.openPart(page, say, "nav.runs");
  const cells = page.locator(`table.runs tbody td[data-label="${say("runs.cost")}"]`);
  await expect(cells.first()).toBeVisible();
  return (await cells.allTextContents()).map((text) => text.trim());
}

async function changePrice(way: Walk, first: Run): Promise<void> {
  const { page, say, call, language } = way;
  const projectUrl = page.url();
  const before = await costs(way);
  expect(before).toHaveLength(1);
  const lane = first.lanes.find((one) => one.provider === "openai");
  if (!lane) throw new Error("the run asked no model of OpenAI");

  await steps.goTo(page, say, "nav.models");
  await reads(way, "Answer limit", "Límite de respuesta");
  const name = lane.model_name;
  const row = page.getByRole("row").filter({ has: page.getByLabel(say("registry.input_of", { name }), { exact: true }) });
  await expect(row.locator(".price-since")).toContainText(say("registry.origin_seed"));
  await row.getByLabel(say("registry.input_of", { name }), { exact: true }).fill("123.45");
  await row.getByLabel(say("registry.output_of", { name }), { exact: true }).fill(language === "en" ? "234.525" : "234,525");
  await row.getByRole("button", { name: say("registry.save_of", { name }), exact: true }).click();
  await steps.expectToast(page, say("registry.saved", { name }));
  await expect(row.locator(".price-since")).toContainText(language === "en" ? "Edited" : "Editado");
  await expect(row.getByRole("button", { name: say("registry.save_of", { name }), exact: true })).toBeHidden();
  await speaks(way);

  const stored = (await call.models()).find((model) => model.id === lane.model_id);
  expect(stored?.price).toMatchObject({ origin: "user", input: 123_450_000_000, output: 234_525_000_000 });
  await row.getByRole("button", { name: say("registry.history_of", { name }), exact: true }).click();
  const history = page.getByRole("table", { name: say("registry.history"), exact: true });
  await expect(history.locator("tbody tr")).toHaveCount(2);
  await speaks(way);
  await page.keyboard.press("Escape");

  // What is past costs what it cost.
  await page.goto(projectUrl);
  expect(await costs(way)).toEqual(before);
  const [again] = await call.runs(projectIdOf(page));
  expect(again.lanes.map((one) => one.cost)).toEqual(first.lanes.map((one) => one.cost));
}

async function secondRun(way: Walk, first: Run): Promise<void> {
  const { page, say, call } = way;
  await steps.startRun(page, say);
  await steps.expectEnd(page, "finished");
  await expect(page.locator("table.runs tbody tr")).toHaveCount(2);
  await speaks(way);
  const [second] = await call.runs(projectIdOf(page));
  const costOf = (run: Run) => run.lanes.find((lane) => lane.provider === "openai")?.cost ?? 0;
  expect(costOf(second), "the new price holds from now on").toBeGreaterThan(costOf(first) * 10);

  // Eighty answers are two pages.
  await steps.openPart(page, say, "nav.answers");
  await expect(page.getByText(say("answers.total", { total: 80 }))).toBeVisible();
  const rows = page.locator("table.answers tbody tr");
  await expect(rows).toHaveCount(50);
  await page.getByRole("button", { name: say("answers.load_more") }).click();
  await expect(rows).toHaveCount(80);
  await expect(page.getByRole("button", { name: say("answers.load_more") })).toBeHidden();
}

async function changeProject(way: Walk): Promise<void> {
  const { page, say } = way;
  await steps.openPart(page, say, "nav.project_settings");
  await expect(page.getByLabel(say("projects.name"), { exact: true })).toBeVisible();
  const bar = page.getByRole("region", { name: say("common.unsaved") });
  await expect(bar).toBeHidden();
  await page.getByLabel(say("projects.name"), { exact: true }).fill("Kipu global");
  await expect(bar).toBeVisible();
  await speaks(way);
  await bar.getByRole("button", { name: say("common.save_changes") }).click();
  await steps.expectToast(page, say("projects.saved"));
  await expect(bar).toBeHidden();
  await expect(steps.navigation(page, say).locator(".switcher")).toContainText("Kipu global");
  // Other pages of the same language.
  await steps.goTo(page, say, "nav.account");
  await reads(way, "API tokens", "Tokens de la API");
  await speaks(way);
  await steps.goTo(page, say, "nav.instance");
  await reads(way, "Invite someone", "Invita a alguien");
  await speaks(way);
  await steps.goTo(page, say, "nav.projects");
  await expect(steps.projectLink(page, say, "Kipu global")).toBeVisible();
  await speaks(way);
}
