/** `npm run torture`: all methods of the proof, and one table of what survived. Exit 1 when anything did not. */
import { parseArgs } from "node:util";
import { clocks } from "./clocks.ts";
import { crashMatrix } from "./crashes.ts";
import { durability } from "./durability.ts";
import { faultMatrix } from "./faults.ts";
import { model } from "./model.ts";
import { mutants } from "./mutants.ts";
import { failTheNth } from "./nth.ts";
import { secrets } from "./secrets.ts";
import { type Line, type Options, type Outcome, tableOf } from "./table.ts";

type Method = (options: Options) => Promise<Outcome>;

const METHODS: Readonly<Record<string, Method>> = {
  faults: faultMatrix,
  crashes: crashMatrix,
  nth: failTheNth,
  clocks,
  model,
  mutants,
  durability,
  secrets,
};

/** A method that could not be run proves nothing, and says so in the table. */
function broken(method: string, error: unknown): Outcome {
  return {
    method,
    cases: 1,
    survived: 0,
    failures: [`it could not be run: ${error instanceof Error ? error.message : String(error)}`],
  };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      only: { type: "string" },
      part: { type: "boolean", default: false },
      match: { type: "string", default: "" },
    },
  });
  const seed = Number(values.seed);
  const scale = values.part ? "part" : "whole";
  const names = Object.keys(METHODS).filter((name) => values.only === undefined || values.only === name);
  if (names.length === 0 || !Number.isSafeInteger(seed)) {
    process.stderr.write(
      `usage: torture [--seed N] [--only ${Object.keys(METHODS).join("|")}] [--match TEXT] [--part]\n`,
    );
    return 64;
  }
  const lines: Line[] = [];
  for (const name of names) {
    const startedAt = performance.now();
    const options = { seed, scale, only: values.match } as const;
    const outcome = await (METHODS[name] as Method)(options).catch((error: unknown) => broken(name, error));
    lines.push({ ...outcome, seed, seconds: (performance.now() - startedAt) / 1000 });
  }
  process.stdout.write(`${tableOf(lines)}\n`);
  for (const { method, note } of lines) if (note !== undefined) process.stdout.write(`\n${method}: ${note}\n`);
  for (const { failures } of lines) for (const failure of failures) process.stdout.write(`\nFAILED ${failure}\n`);
  return lines.every(({ failures }) => failures.length === 0) ? 0 : 1;
}

process.exit(await main());
