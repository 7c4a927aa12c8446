/** The one table: every row side by side with its floor. */
import { type Pair, percentile } from "./measure.ts";

export interface Result {
  readonly what: string;
  readonly floor: string;
  readonly unit: "ms" | "MB";
  readonly pair: Pair;
  /** The most that is allowed: of the ratio of the medians, or of our own median. */
  readonly target: { readonly ratio: number } | { readonly median: number };
}

const HEAD = ["measured", "against", "n", "p50", "p95", "floor p50", "floor p95", "ratio", "target", ""];
const P95 = 0.95;
const MEDIAN = 0.5;
const COLUMNS_OF_TEXT = 2;

function figure(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}

function cells({ what, floor, unit, pair, target }: Result): string[] {
  const [ours, bare] = [percentile(pair.ours, MEDIAN), percentile(pair.floor, MEDIAN)];
  const ratio = ours / bare;
  const met = "ratio" in target ? ratio <= target.ratio : ours < target.median;
  return [
    what,
    floor,
    String(pair.ours.length),
    `${figure(ours)} ${unit}`,
    `${figure(percentile(pair.ours, P95))} ${unit}`,
    `${figure(bare)} ${unit}`,
    `${figure(percentile(pair.floor, P95))} ${unit}`,
    `${ratio.toFixed(2)}x`,
    "ratio" in target ? `<= ${target.ratio}x` : `< ${target.median} ${unit}`,
    met ? "met" : "MISSED",
  ];
}

export function table(results: readonly Result[]): string {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
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
