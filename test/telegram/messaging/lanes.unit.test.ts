/** The queues behind the admission: in order, in bounds, and overtaken by what stops something. */
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { createLanes, type Overtaken, type Turn } from "../../../src/telegram/messaging/lanes.ts";

const BOUNDS = { waitingMax: 2, openMax: 5, deadlineMs: 60_000, onDeadline: () => undefined };

/** Work that begins when its lane says so and ends when the test says so. */
function createWorks() {
  const begun: string[] = [];
  const turns = new Map<string, Turn>();
  const ends = new Map<string, () => void>();
  return {
    begun,
    work: (name: string) => (turn: Turn, overtaken?: Overtaken) => {
      begun.push(overtaken === undefined ? name : `${name} over ${overtaken.running}+${overtaken.waiting}`);
      turns.set(name, turn);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    },
    isCalledOff: (name: string) => turns.get(name)?.isCalledOff,
    async end(...names: readonly string[]) {
      for (const name of names) {
        ends.get(name)?.();
        await setImmediate();
      }
    },
  };
}

it("does what belongs together one after another, and the rest side by side", async () => {
  const lanes = createLanes(BOUNDS);
  const { work, begun, end } = createWorks();
  for (const [lane, name] of [
    ["ann", "a1"],
    ["ann", "a2"],
    ["bob", "b1"],
  ] as const) {
    expect(lanes.enter(lane, work(name))).toBe("in");
  }
  expect(begun).toEqual(["a1", "b1"]);
  await end("a1");
  expect(begun).toEqual(["a1", "b1", "a2"]);
});

it("goes on after work that broke", async () => {
  const lanes = createLanes(BOUNDS);
  const { work, begun } = createWorks();
  lanes.enter("ann", () => Promise.reject(new Error("broken")));
  lanes.enter("ann", work("a2"));
  await setImmediate();
  expect(begun).toEqual(["a2"]);
});

it("refuses what is over the bound of a lane, says so once in a rush, and again in the next one", async () => {
  const lanes = createLanes(BOUNDS);
  const { work, begun, end } = createWorks();
  const enter = (name: string) => lanes.enter("ann", work(name));
  expect(["1", "2", "3", "4", "5"].map(enter)).toEqual(["in", "in", "in", "lane_full", "refused"]);
  await end("1");
  expect(["6", "7"].map(enter)).toEqual(["in", "refused"]);
  await end("2", "3", "6");
  await lanes.idle();
  expect(begun).toEqual(["1", "2", "3", "6"]);
  expect(["11", "12", "13", "14"].map(enter)).toEqual(["in", "in", "in", "lane_full"]);
});

it("refuses what is over the bound of all lanes, and takes in again when there is room", async () => {
  const lanes = createLanes(BOUNDS);
  const { work, end } = createWorks();
  const enter = (name: string) => lanes.enter(name, work(name));
  expect(["a", "b", "c", "d", "e", "f"].map(enter)).toEqual(["in", "in", "in", "in", "in", "all_full"]);
  await end("a");
  expect(["g", "f"].map(enter)).toEqual(["in", "refused"]);
  await end("b", "c", "d", "e", "g");
  expect(["h", "i", "j", "k", "l", "f"].map(enter)).toEqual(["in", "in", "in", "in", "in", "all_full"]);
});

it("lets a stop overtake: what runs is called off, what waits is dropped, what comes later waits for it", async () => {
  const lanes = createLanes(BOUNDS);
  const { work, begun, isCalledOff, end } = createWorks();
  for (const name of ["1", "2", "3"]) lanes.enter("ann", work(name));
  lanes.overtake("ann", work("stop"));
  expect(begun).toEqual(["1", "stop over true+2"]);
  expect([isCalledOff("1"), isCalledOff("stop")]).toEqual([true, false]);
  lanes.enter("ann", work("4"));
  await end("1");
  expect(begun).toHaveLength(2);
  await end("stop");
  expect(begun).toEqual(["1", "stop over true+2", "4"]);
  expect(isCalledOff("4")).toBe(false);
});

it("lets a stop overtake where all is full, and one stop wait for another", async () => {
  const lanes = createLanes(BOUNDS);
  const { work, begun, isCalledOff, end } = createWorks();
  for (const name of ["a", "b", "c", "d", "e"]) lanes.enter(name, work(name));
  for (const name of ["s1", "s2", "s3"]) lanes.overtake("ann", work(name));
  expect(begun.slice(5)).toEqual(["s1 over false+0"]);
  await end("s1");
  expect(begun.slice(6)).toEqual(["s3 over false+0"]);
  expect([isCalledOff("s1"), isCalledOff("s3")]).toEqual([false, false]);
  await end("s3", "a", "b", "c", "d", "e");
  await lanes.idle();
});

it("frees the lane of work that is past its deadline for the next one, and calls it off only then", async () => {
  let late = Promise.withResolvers<void>();
  const lanes = createLanes({ ...BOUNDS, deadlineMs: 0, onDeadline: () => late.resolve() });
  const { work, begun, isCalledOff, end } = createWorks();
  lanes.enter("ann", work("1"));
  await late.promise;
  expect(isCalledOff("1")).toBe(false);
  late = Promise.withResolvers<void>();
  lanes.enter("ann", work("2"));
  lanes.enter("ann", work("3"));
  expect(begun).toEqual(["1", "2"]);
  expect([isCalledOff("1"), isCalledOff("2")]).toEqual([true, false]);
  await late.promise;
  await setImmediate();
  expect(begun).toEqual(["1", "2", "3"]);
  expect([isCalledOff("2"), isCalledOff("3")]).toEqual([true, false]);
  await end("1", "2", "3");
  await lanes.idle();
});
