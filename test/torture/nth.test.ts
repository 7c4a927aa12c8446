/** A representative part of `npm run torture`: the n-th statements, calls and reads. A file of its own, so that it runs beside the others. */
import { expect, it } from "vitest";
import { failTheNth } from "./nth.ts";

const MINUTES = { timeout: 300_000 };

it("survives some of the n-th statements, calls and reads", MINUTES, async () => {
  expect((await failTheNth({ seed: 1, scale: "part" })).failures).toEqual([]);
});
