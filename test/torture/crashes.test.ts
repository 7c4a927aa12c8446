/** A representative part of `npm run torture`: the crash matrix. A file of its own, so that it runs beside the others. */
import { expect, it } from "vitest";
import { crashMatrix } from "./crashes.ts";

const MINUTES = { timeout: 300_000 };

it("survives a part of the crash matrix", MINUTES, async () => {
  expect((await crashMatrix({ seed: 1, scale: "part" })).failures).toEqual([]);
});
