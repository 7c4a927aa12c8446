/** A representative part of `npm run torture`: the machine's clock is set. A file of its own, so that it runs beside the others. */
import { expect, it } from "vitest";
import { clocks } from "./clocks.ts";

const MINUTES = { timeout: 300_000 };

it("survives a machine whose clock is set, in some of the phases", MINUTES, async () => {
  expect((await clocks({ seed: 1, scale: "part" })).failures).toEqual([]);
});
