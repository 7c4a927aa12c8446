import { expect, it } from "vitest";
import { createLane } from "../../src/store/lane.ts";

it("begins no body before the one before it has ended, also where that one fails", async () => {
  const lane = createLane();
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = lane.run(async () => {
    seen.push("first begins");
    await gate.promise;
    seen.push("first ends");
    throw new Error("first fails");
  });
  const second = lane.run(async () => {
    seen.push("second");
    return 2;
  });
  gate.resolve();
  await expect(first).rejects.toThrow("first fails");
  expect(await second).toBe(2);
  expect(seen).toEqual(["first begins", "first ends", "second"]);
});
