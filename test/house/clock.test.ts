/** One file reads the machine's clocks: whoever else did would age by a clock that somebody may set. */
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const WALL = /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)/;
const MONOTONIC = /\bperformance\.now\b|\bhrtime\b|\buptime\(/;
/** They measure how long something took, and say no time. */
const DURATIONS = ["src/bitget/http/client.ts", "src/bitget/http/limiter.ts", "src/store/lane.ts"];
/** Stand-ins are worlds of their own. */
const OURS = globSync("src/**/*.ts").filter((file) => !/^src\/(?:paper|playground|store\/generated)\//.test(file));

function readers(clock: RegExp): string[] {
  return OURS.filter((file) => clock.test(readFileSync(file, "utf8")));
}

it("the machine's wall clock is read in one file", () => {
  expect(readers(WALL)).toEqual(["src/clock.ts"]);
});

it("the clock that only goes forward is read there, and where a duration is measured", () => {
  expect(readers(MONOTONIC).sort()).toEqual([...DURATIONS, "src/clock.ts"].sort());
});

it.each(["const at = Date.now();", "const at = new Date().getTime();"])("and would be seen to: %s", (line) => {
  expect(WALL.test(line)).toBe(true);
});
