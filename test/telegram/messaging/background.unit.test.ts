import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { createSideline } from "../../../src/telegram/messaging/background.ts";

it("keeps work beside everything else in bounds, and does not do what is over", async () => {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const aside = createSideline((carried) => void carried, 2, 1);
  const run = (name: string) =>
    aside(() => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  expect(["1", "2", "3", "4"].map(run)).toEqual([true, true, true, false]);
  expect(begun).toEqual(["1", "2"]);
  ends.get("2")?.();
  await setImmediate();
  expect(begun).toEqual(["1", "2", "3"]);
});
