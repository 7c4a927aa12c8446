import { expect, it } from "vitest";
import { createLane, DatabaseBusyError } from "../../src/store/lane.ts";

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

/** A lane, and what it told. */
function listenedLane() {
  const lane = createLane();
  const told: string[] = [];
  lane.listen({ failed: () => told.push("failed"), held: () => told.push("held") });
  return { lane, told };
}

const BUSY = Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" });
const PRISMA_BUSY = Object.assign(new Error("Operation has timed out"), { code: "P1008" });

it.each([BUSY, PRISMA_BUSY])("begins a body anew while another program holds the database: $message", async (busy) => {
  const { lane, told } = listenedLane();
  const seen: string[] = [];
  const body = async () => {
    seen.push("body");
    if (seen.length < 6) throw busy;
    return "written";
  };
  const written = lane.run(body);
  const next = lane.run(async () => seen.push("next"));
  // Nobody else waits for the database: this comes between two tries.
  setImmediate(() => seen.push("somebody else"));
  expect(await written).toBe("written");
  await next;
  expect(seen.at(-1)).toBe("next");
  expect(seen.slice(0, 3)).toContain("somebody else");
  expect(told).toEqual([]);
});

it("says that the database is held where its patience is over, which is no failed write", async () => {
  const { lane, told } = listenedLane();
  const held = lane.run(() => Promise.reject(BUSY), 20);
  await expect(held).rejects.toThrow(DatabaseBusyError);
  await expect(lane.run(() => Promise.reject(new Error("disk I/O error")))).rejects.toThrow("disk I/O error");
  expect(told).toEqual(["failed"]);
  expect(await lane.run(async () => 3)).toBe(3);
});

it("does not begin a body whose patience ended while it queued", async () => {
  const { lane } = listenedLane();
  const gate = Promise.withResolvers<void>();
  const first = lane.run(() => gate.promise);
  let begun = false;
  const late = lane.run(async () => {
    begun = true;
  }, 0);
  gate.resolve();
  await first;
  await expect(late).rejects.toThrow(DatabaseBusyError);
  expect(begun).toBe(false);
});
