/** A representative part of `npm run torture`: the fault matrix. A file of its own, so that it runs beside the others. */
import { expect, it } from "vitest";
import { faultMatrix } from "./faults.ts";

const MINUTES = { timeout: 300_000 };

it("survives a part of the fault matrix", MINUTES, async () => {
  expect((await faultMatrix({ seed: 1, scale: "part" })).failures).toEqual([]);
});
