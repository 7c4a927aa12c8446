/**
 * Three storeys, told apart by name: `*.unit.test.ts` and test/house touch no socket, process or database; test/torture is
 * torture; the rest is e2e, and starts whatever it needs.
 */
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const UNIT = ["test/**/*.unit.test.ts", "test/house/**/*.test.ts"];
const TORTURE = ["test/torture/**/*.test.ts"];
const BROWSER = ["test/browser/**"];

export default defineConfig({
  test: {
    // Generous: on a machine with much else to do a bot takes ten times as long to start. Nothing is judged by it.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // Most tests wait for a process or a disk: with one worker less than cores, which is the default, a core stood idle.
    maxWorkers: availableParallelism(),
    projects: [
      {
        extends: true,
        // One after another in one module graph: loading it anew for each file would take longer than the tests.
        test: { name: "unit", include: UNIT, isolate: false, setupFiles: ["test/support/unit-only.ts"] },
      },
      {
        extends: true,
        test: { name: "e2e", include: ["test/**/*.test.ts"], exclude: [...UNIT, ...TORTURE, ...BROWSER] },
      },
      { extends: true, test: { name: "torture", include: TORTURE, exclude: UNIT } },
    ],
  },
});
