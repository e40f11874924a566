// What the charts were told, asked of the chart library itself.
import { expect, type Locator, type Page } from "@playwright/test";

export interface Series {
  id: string;
  name: string;
  type: string;
  /** Numbers of each point or bar; what only separates points is left out. */
  values: number[][];
}

/** The series of the chart in a card, once it is drawn. */
export async function seriesOf(card: Locator): Promise<Series[]> {
  const canvas = card.locator(".chart-canvas");
  await expect(canvas.locator("canvas").first()).toBeVisible();
  let series: Series[] = [];
  await expect
    .poll(async () => (series = await canvas.evaluate(read)).length, { message: "the chart has series" })
    .toBeGreaterThan(0);
  return series;
}

function read(element: Element): Series[] {
  type Point = number | (number | string)[] | { value: number | (number | string)[] };
  type Drawn = { id: string; name: string; type: string; data: Point[] };
  type Library = { getInstanceByDom(at: Element): { getOption(): { series?: Drawn[] } } | undefined };
  const library = (window as unknown as { echarts?: Library }).echarts;
  const drawn = library?.getInstanceByDom(element)?.getOption().series ?? [];
  return drawn.map(({ id, name, type, data }) => ({
    id,
    name,
    type,
    values: data
      .map((point) => (point !== null && typeof point === "object" && !Array.isArray(point) ? point.value : point))
      .map((value) => (Array.isArray(value) ? value : [value]).map(Number))
      .filter((numbers) => numbers.every((value) => Number.isFinite(value))),
  }));
}

/** The rows of the table below a chart, cell by cell. */
export async function tableOf(card: Locator, asTable: string): Promise<string[][]> {
  const details = card.locator("details.chart-table");
  if (!(await details.evaluate((element) => (element as HTMLDetailsElement).open))) {
    await details.getByText(asTable, { exact: true }).click();
  }
  const rows = details.locator("tbody tr");
  await expect(rows.first()).toBeVisible();
  return rows.evaluateAll((found) =>
    found.map((row) => [...row.children].map((cell) => cell.textContent?.replace(/\s+/g, " ").trim() ?? "")),
  );
}

/** How many charts the page holds, and how many of their places have more or less than one. */
export async function chartCounts(page: Page): Promise<{ places: number; drawings: number[] }> {
  return page.evaluate(() => {
    const places = [...document.querySelectorAll(".chart-canvas")];
    return { places: places.length, drawings: places.map((place) => place.querySelectorAll("canvas").length) };
  });
}
