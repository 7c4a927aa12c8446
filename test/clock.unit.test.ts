/** The one clock, on a machine whose two clocks the test sets: what others say corrects it, and what people set does not. */
import { expect, it } from "vitest";
import { createClock, createSureNow } from "../src/clock.ts";
import type { Clock, Testimony, Witness } from "../src/margin/ports/clock.ts";

const TRUE_TIME = Date.UTC(2026, 10, 26, 8, 0, 0);
const HOUR_MS = 3_600_000;

/** A machine that is `aheadMs` ahead of the truth, and a clock on it. */
function open(aheadMs = 0) {
  let [truth, monotonic, wallOff] = [TRUE_TIME, 5000, aheadMs];
  const clock = createClock({ wall: () => truth + wallOff, monotonic: () => monotonic });
  const pass = (ms: number) => {
    truth += ms;
    monotonic += ms;
  };
  return {
    clock,
    truth: () => truth,
    pass,
    /** Somebody or a server sets the clock of the machine. */
    set: (ms: number) => {
      wallOff += ms;
    },
    /** As a laptop does: the clock that only goes forward stands still. */
    sleep: (ms: number) => {
      truth += ms;
    },
    ...asking({ clock, pass, truth: () => truth }),
  };
}

/** A question that takes `roundTripMs`; half way the witness reads its clock, which is `offMs` off; then `meanwhile` happens. */
function asking({ clock, pass, truth }: { clock: Clock; pass: (ms: number) => void; truth: () => number }) {
  function ask(roundTripMs = 0, offMs = 0, meanwhile = () => undefined as unknown): Testimony {
    const asked = clock.moment();
    pass(roundTripMs / 2);
    const time = truth() + offMs;
    meanwhile();
    pass(roundTripMs / 2);
    return { asked, heard: clock.moment(), time, coarseMs: 0 };
  }
  return {
    ask,
    hear: (witness: Witness, ...question: Parameters<typeof ask>) => clock.hear(witness, ask(...question)),
    /** As the header says it: whole seconds. */
    hearDate() {
      const { time, ...moments } = ask();
      return clock.hear("telegram", { ...moments, time: Math.floor(time / 1000) * 1000, coarseMs: 1000 });
    },
  };
}

it("is the machine's own until somebody else is heard", () => {
  const { clock, truth } = open(180_000);
  expect([clock.now() - truth(), clock.exchangeNow() - truth()]).toEqual([180_000, 180_000]);
  expect([clock.errorMs(), clock.isParted()]).toEqual([0, false]);
});

it.each([180_000, -180_000, HOUR_MS])("is right on a machine that is %i ms ahead, and knows by how much", (aheadMs) => {
  const { clock, truth, hear } = open(aheadMs);
  expect(hear("bitget", 200)).toBe(true);
  expect([clock.now() - truth(), clock.exchangeNow() - truth()]).toEqual([0, 0]);
  expect([clock.errorMs(), clock.aheadMs()]).toEqual([100, aheadMs]);
});

it.each([-HOUR_MS, -60_000, -1500, 1500, 60_000, HOUR_MS])(
  "goes on as before when the machine is set by %i ms",
  (ms) => {
    const { clock, truth, hear, pass, set } = open();
    hear("bitget");
    pass(1000);
    set(ms);
    pass(1000);
    expect([clock.now() - truth(), clock.exchangeNow() - truth()]).toEqual([0, 0]);
    expect(clock.isParted()).toBe(Math.abs(ms) > 2000);
  },
);

it("is behind after a sleep, knows it, and says how unsure it is, until Bitget is heard again", () => {
  const { clock, truth, hear, sleep } = open();
  hear("bitget");
  sleep(HOUR_MS);
  expect([clock.isParted(), clock.now() - truth(), clock.errorMs()]).toEqual([true, -HOUR_MS, HOUR_MS]);
  hear("bitget");
  expect([clock.isParted(), clock.now() - truth()]).toEqual([false, 0]);
});

it.each([
  ["Bitget", "bitget"],
  ["Telegram", "telegram"],
] as const)("passes over what %s says while the machine is set or sleeps", (_name, witness) => {
  const { clock, truth, hear, set, sleep } = open();
  hear("bitget");
  expect(hear(witness, 20, 0, () => set(-60_000))).toBe(false);
  set(60_000);
  expect(hear(witness, 20, 0, () => sleep(60_000))).toBe(false);
  expect(clock.now() - truth()).toBe(-60_000);
  expect(hear(witness, 20, 0, () => set(90))).toBe(true);
});

it("is unsure by how far Bitget's offset moved within an hour, and no longer", () => {
  const { clock, hear, pass } = open();
  hear("bitget", 0, 0);
  pass(1000);
  hear("bitget", 10, 300);
  expect(clock.errorMs()).toBe(305);
  pass(HOUR_MS);
  hear("bitget", 10, 300);
  expect(clock.errorMs()).toBe(5);
});

it("takes Telegram's word, a second coarse, where Bitget was not heard or not since a sleep", () => {
  const { clock, truth, hear, hearDate, sleep, pass } = open(180_000);
  pass(700);
  hearDate();
  expect(Math.abs(clock.now() - truth())).toBeLessThanOrEqual(500);
  hear("bitget");
  sleep(HOUR_MS);
  hearDate();
  expect(Math.abs(clock.now() - truth())).toBeLessThanOrEqual(500);
  expect(clock.isParted()).toBe(true);
});

it("does not take Telegram's word over Bitget's for less than five seconds, nor from a long poll", () => {
  const { clock, truth, hear } = open();
  hear("bitget");
  hear("telegram", 20, 4900);
  expect(clock.now() - truth()).toBe(0);
  expect(hear("telegram", 30_000, HOUR_MS)).toBe(false);
  expect(clock.now() - truth()).toBe(0);
});

it("leaves Bitget to its own clock where Telegram and the machine agree against it", () => {
  const { clock, truth, hear, set } = open(700);
  hear("bitget", 0, HOUR_MS);
  hear("telegram");
  expect(clock.now() - truth()).toBe(700);
  expect(clock.exchangeNow() - truth()).toBe(HOUR_MS);
  // Against the machine that is off, the two agree.
  set(180_000);
  hear("bitget");
  hear("telegram");
  expect(clock.now() - truth()).toBe(0);
});

it("asks Bitget before somebody needs to be sure, where the machine was set or slept, and not otherwise", async () => {
  const { clock, truth, hear, sleep } = open();
  let asked = 0;
  const sureNow = createSureNow(
    clock,
    async () => {
      asked += 1;
      hear("bitget");
    },
    () => undefined,
  );
  hear("bitget");
  expect(await sureNow()).toBe(truth());
  expect(asked).toBe(0);
  sleep(HOUR_MS);
  expect(await sureNow()).toBe(truth());
  expect(asked).toBe(1);
});

it("goes on by what it knows where Bitget cannot be asked, says so, and does not ask at every turn", async () => {
  const { clock, truth, hear, set, pass } = open();
  const logged: string[] = [];
  let asked = 0;
  const sureNow = createSureNow(
    clock,
    async () => {
      asked += 1;
    },
    (_level, event) => void logged.push(event),
  );
  hear("bitget");
  set(-HOUR_MS);
  expect([await sureNow(), await sureNow()]).toEqual([truth(), truth()]);
  expect([asked, logged]).toEqual([1, ["clock_unsure"]]);
  pass(5000);
  await sureNow();
  expect(asked).toBe(2);
});
