/** The one table: every row side by side with its floor. */
import { type Pair, percentile } from "./measure.ts";

export interface Result {
  readonly what: string;
  readonly floor: string;
  readonly unit: "ms" | "MB";
  readonly pair: Pair;
  /** The most that is allowed: of the ratio of the medians, or of our own median. Absent: it is only shown. */
  readonly target?: { readonly ratio: number } | { readonly median: number };
}

const HEAD = ["measured", "against", "n", "p50", "p95", "floor p50", "floor p95", "ratio", "target", ""];
const P95 = 0.95;
const MEDIAN = 0.5;
const COLUMNS_OF_TEXT = 2;

/** A figure, with two places where it is small. */
export function figure(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}

function verdict({ unit, target }: Result, ours: number, ratio: number): [string, string] {
  if (target === undefined) return ["–", ""];
  const nearerPrice = "ratio" in target ? ratio <= target.ratio : ours < target.median;
  return ["ratio" in target ? `<= ${target.ratio}x` : `< ${target.median} ${unit}`, nearerPrice ? "met" : "MISSED"];
}

function cells(result: Result): string[] {
  const { what, floor, unit, pair } = result;
  const [ours, bare] = [percentile(pair.ours, MEDIAN), percentile(pair.floor, MEDIAN)];
  const ratio = ours / bare;
  return [
    what,
    floor,
    String(pair.ours.length),
    `${figure(ours)} ${unit}`,
    `${figure(percentile(pair.ours, P95))} ${unit}`,
    `${figure(bare)} ${unit}`,
    `${figure(percentile(pair.floor, P95))} ${unit}`,
    `${ratio.toFixed(2)}x`,
    ...verdict(result, ours, ratio),
  ];
}

export function table(results: readonly Result[]): string {
  return aligned([HEAD, ...results.map(cells)]);
}

/** Rows of cells under each other: the first two columns are text, the others figures. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column < COLUMNS_OF_TEXT ? cell.padEnd(width) : cell.padStart(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
