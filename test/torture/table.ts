/** What a method of the torture gives, how its cases are run, and the one table that shows it all. */

export interface Options {
  readonly seed: number;
  /** `part`: what an ordinary test run can afford. */
  readonly scale: "part" | "whole";
}

export interface Outcome {
  readonly method: string;
  readonly cases: number;
  readonly survived: number;
  readonly failures: readonly string[];
  /** What the figure leaves out. */
  readonly note?: string;
}

export interface Case {
  readonly name: string;
  /** Gives what was wrong; empty where it survived. */
  run(): Promise<readonly string[]>;
}

/** Cases that run at once: as many as the cores that the whole is measured on. */
const WIDTH = 2;

async function outcomeOf({ name, run }: Case): Promise<readonly string[]> {
  const faults = await run().catch((error: unknown) => [
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  ]);
  return faults.map((fault) => `${name}: ${fault}`);
}

/** Runs the cases, two at a time, and says on stderr how far it is. */
export async function runCases(
  method: string,
  cases: Iterable<Case> | AsyncIterable<Case>,
  note?: string,
): Promise<Outcome> {
  const waiting = Symbol.asyncIterator in cases ? cases[Symbol.asyncIterator]() : cases[Symbol.iterator]();
  const failures: string[] = [];
  let done = 0;
  let survived = 0;
  async function work(): Promise<void> {
    for (let next = await waiting.next(); next.done !== true; next = await waiting.next()) {
      const startedAt = performance.now();
      const faults = await outcomeOf(next.value);
      done += 1;
      if (faults.length === 0) survived += 1;
      failures.push(...faults);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      process.stderr.write(
        `${method} ${done} · ${next.value.name} · ${faults.length === 0 ? "survived" : "FAILED"} · ${seconds} s\n`,
      );
      for (const fault of faults) process.stderr.write(`    ${fault}\n`);
    }
  }
  await Promise.all(Array.from({ length: WIDTH }, work));
  return { method, cases: done, survived, failures, ...(note === undefined ? {} : { note }) };
}

export interface Line extends Outcome {
  readonly seed: number;
  readonly seconds: number;
}

const HEAD = ["method", "cases", "survived", "seed", "seconds"];

/** The table as Markdown, so that it can be pasted as it is. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map((line) =>
    [line.method, line.cases, line.survived, line.seed, Math.round(line.seconds)].map(String),
  );
  const widths = HEAD.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const shown = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [shown(HEAD), shown(widths.map((width) => "-".repeat(width))), ...rows.map(shown)].join("\n");
}
