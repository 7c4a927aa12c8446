/**
 * `npm run bench:rows [ROWS]`: what a table of a million rows costs beyond an empty one, both in this one run. Takes some
 * three minutes and four gigabytes in the folder for temporary files.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ACCOUNT, type BenchBot, createBenchBot } from "../bot.ts";
import { alternate, percentile, type Turn } from "../measure.ts";
import { startStub } from "../stub.ts";
import { aligned, figure } from "../table.ts";
import { buildRows } from "./build.ts";
import { appending, listing, telling, undoing, watched } from "./turns.ts";

const [rows = 1_000_000] = process.argv.slice(2).map(Number);
const TIMES = { warmUp: 5, rounds: 40 };
const MEDIAN = 0.5;
const RATIO_MAX = 1.5;
const BLOCK_MS_MAX = 50;
const MORE_MB_MAX = 150;
const ROWS_A_SECOND = 100_000;
const MS_A_SECOND = 1000;

type Line = readonly [string, string, string, string, string, string, string];

interface Sides<T> {
  readonly empty: T;
  readonly full: T;
}

function line(what: string, unit: string, { empty, full }: Sides<number>, target: string, isMet: boolean): Line {
  const ratio = empty > 0 ? `${(full / empty).toFixed(2)}x` : "–";
  return [what, unit, figure(empty), figure(full), ratio, target, isMet ? "met" : "MISSED"];
}

async function pairOf(what: string, { empty, full }: Sides<Turn>): Promise<Line[]> {
  const blocks = { empty: [] as number[], full: [] as number[] };
  const { ours, floor } = await alternate(TIMES, watched(full, blocks.full), watched(empty, blocks.empty));
  const medians = { empty: percentile(floor, MEDIAN), full: percentile(ours, MEDIAN) };
  // The first rounds compile what they run, on either table.
  const longestOf = (all: readonly number[]) => Math.max(...all.slice(TIMES.warmUp));
  const longest = { empty: longestOf(blocks.empty), full: longestOf(blocks.full) };
  return [
    line(what, "ms", medians, `<= ${RATIO_MAX}x`, medians.full <= RATIO_MAX * medians.empty),
    line("  longest block meanwhile", "ms", longest, `< ${BLOCK_MS_MAX} ms`, longest.full < BLOCK_MS_MAX),
  ];
}

interface Heavy {
  readonly seconds: number;
  readonly moreMb: number;
}

function heavy(what: "verify" | "check" | "backup", file: string): Heavy {
  const script = fileURLToPath(new URL("heavy.ts", import.meta.url));
  const told = JSON.parse(execFileSync(process.execPath, [script, what, file], { encoding: "utf8" }));
  const { ms, moreMb } = told as { readonly ms: number; readonly moreMb: number };
  return { seconds: ms / MS_A_SECOND, moreMb };
}

function timeLine(what: string, { empty, full }: Sides<Heavy>): Line {
  return [what, "s", figure(empty.seconds), figure(full.seconds), "", "", ""];
}

function memoryLine({ empty, full }: Sides<Heavy>): Line {
  const more = { empty: empty.moreMb, full: full.moreMb };
  return line("  memory beyond its start", "MB", more, `< ${MORE_MB_MAX} MB`, more.full < MORE_MB_MAX);
}

function heavyLines({ empty, full }: Sides<string>): Line[] {
  const taken = (what: Parameters<typeof heavy>[0]) => ({ empty: heavy(what, empty), full: heavy(what, full) });
  const [check, verify, backup] = [taken("check"), taken("verify"), taken("backup")];
  // The rest of a verification is its way along the rows.
  const perSecond = Math.round(rows / (verify.full.seconds - check.full.seconds));
  const isMet = perSecond >= ROWS_A_SECOND ? "met" : "MISSED";
  return [
    timeLine("verify", verify),
    timeLine("  SQLite's own check in it", check),
    ["  all else in it", "rows/s", "", String(perSecond), "", `>= ${ROWS_A_SECOND}`, isMet],
    memoryLine(verify),
    timeLine("backup", backup),
    memoryLine(backup),
  ];
}

async function open(stub: Awaited<ReturnType<typeof startStub>>, folder: string, count: number): Promise<BenchBot> {
  mkdirSync(folder);
  if (count > 0) await buildRows(join(folder, "bench.db"), count, ACCOUNT);
  return createBenchBot(stub, folder, true);
}

async function measure(folder: string): Promise<Line[]> {
  const stub = await startStub();
  const empty = await open(stub, join(folder, "empty"), 0);
  const full = await open(stub, join(folder, "full"), rows);
  const lines = [
    ...(await pairOf("append", { empty: appending(empty), full: appending(full) })),
    ...(await pairOf("press to verdict", { empty: telling(empty, stub), full: telling(full, stub) })),
    ...(await pairOf("/history", { empty: listing(empty), full: listing(full) })),
    ...(await pairOf("undo lookup", { empty: undoing(empty), full: undoing(full) })),
  ];
  await Promise.all([empty.close(), full.close()]);
  stub.close();
  return [...lines, ...heavyLines({ empty: empty.file, full: full.file })];
}

const folder = mkdtempSync(join(tmpdir(), "margin-bot-rows-"));
try {
  const lines = await measure(folder);
  process.stdout.write(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? "?"}\n`);
  const head = ["measured", "unit", "empty", `${rows} rows`, "ratio", "target", ""];
  process.stdout.write(`${aligned([head, ...lines])}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
