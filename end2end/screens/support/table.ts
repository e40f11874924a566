// The rows of the table that `make screens` prints, each held against its bound.
import { appendFileSync } from "node:fs";
import { expect } from "@playwright/test";

/** How often what varies is measured: the median counts. */
export const RUNS = Number(process.env.PARALLAX_SCREENS_RUNS ?? "5");

interface Bound {
  /** The figure must not be above it. */
  most?: number;
  /** The figure must not be below it. */
  least?: number;
  unit?: string;
  /** Digits after the point. */
  digits?: number;
  /** What to look at where it is missed. */
  told?: string;
}

/** Writes a row, and fails the test where its bound is missed; the others are measured all the same. */
export function row(what: string, figure: number, { most, least, unit = "", digits = 0, told = "" }: Bound): void {
  const isMissed = (most !== undefined && !(figure <= most)) || (least !== undefined && !(figure >= least));
  const write = (value: number) => `${value.toFixed(digits)} ${unit}`.trimEnd();
  const bound = most !== undefined ? ` of ${write(most)}` : least !== undefined ? ` of at least ${write(least)}` : "";
  const line = `${what.padEnd(44)}${write(figure).padStart(12)}${bound}${isMissed ? "  MISSED" : ""}`;
  if (process.env.PARALLAX_SCREENS_TABLE) appendFileSync(process.env.PARALLAX_SCREENS_TABLE, `${line}\n`);
  console.log(line);
  if (isMissed) expect.soft(isMissed, `${line} ${told}`).toBe(false);
}

export function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}
