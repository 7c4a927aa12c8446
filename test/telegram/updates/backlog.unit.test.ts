/** Which updates had waited while nobody fetched them: told by polls on a clock of the test's own. */
import type { Update } from "grammy/types";
import { expect, it } from "vitest";
import { createClock } from "../../../src/clock.ts";
import { createBacklog } from "../../../src/telegram/updates/backlog.ts";

const GAP_MS = 10_000;

function open() {
  let [truth, ahead, slept, ids] = [1_000_000, 0, 0, 0];
  const clock = createClock({ wall: () => truth + ahead, monotonic: () => truth - slept });
  const hear = () => clock.hear("bitget", { asked: clock.moment(), heard: clock.moment(), time: truth, coarseMs: 0 });
  hear();
  const backlog = createBacklog(clock, async () => {
    hear();
    return clock.now();
  });
  let isCaughtUp = false;
  void backlog.caughtUp.then(() => {
    isCaughtUp = true;
  });
  return {
    hear,
    isCaughtUp: () => isCaughtUp,
    pass: (ms: number) => {
      truth += ms;
    },
    set: (ms: number) => {
      ahead += ms;
    },
    sleep(ms: number) {
      truth += ms;
      slept += ms;
    },
    /** A poll that brings so many presses; gives how long it would have waited, in s, and which of them had waited. */
    async poll({ brings = 1, meanwhile = (): void => undefined, fails = false } = {}) {
      let timeout: number | undefined;
      const result: Update[] = Array.from({ length: brings }, () => ({ update_id: ++ids }));
      const call = async (_method: string, payload: object) => {
        timeout = (payload as { timeout: number }).timeout;
        meanwhile();
        return fails ? { ok: false, error_code: 500, description: "no" } : { ok: true, result };
      };
      await backlog.transformer(call as never, "getUpdates", { timeout: 30 }, undefined);
      const had = await Promise.all(result.map(backlog.hadWaited));
      return [timeout, [...new Set(had)]];
    },
  };
}

const WAITED = [0, [true]];
const FRESH = [30, [false]];

it("is all that the first poll brings, which does not wait, and nothing that the next one does", async () => {
  const { poll, pass } = open();
  expect(await poll()).toEqual(WAITED);
  expect(await poll({ meanwhile: () => pass(29_000) })).toEqual(FRESH);
  expect(await poll()).toEqual(FRESH);
});

it("goes on for as long as Telegram gives as many as it ever gives at once", async () => {
  const { poll, isCaughtUp } = open();
  expect(await poll({ brings: 100 })).toEqual(WAITED);
  expect(isCaughtUp()).toBe(false);
  expect(await poll({ brings: 99 })).toEqual(WAITED);
  expect(isCaughtUp()).toBe(true);
  expect(await poll({ brings: 100 })).toEqual(FRESH);
});

it("is what comes after more than ten seconds without an answer, however often it was tried", async () => {
  const { poll, pass } = open();
  await poll();
  await poll({ fails: true, meanwhile: () => pass(GAP_MS) });
  expect(await poll()).toEqual(FRESH);
  await poll({ fails: true, meanwhile: () => pass(GAP_MS / 2) });
  await poll({ fails: true, meanwhile: () => pass(GAP_MS / 2 + 1) });
  expect(await poll()).toEqual(WAITED);
  expect(await poll()).toEqual(FRESH);
});

it.each([
  ["and Bitget was asked since", true],
  ["and nobody has asked Bitget since", false],
])("is what comes with and after a poll in which the machine slept, %s", async (_name, asked) => {
  const { poll, sleep, hear } = open();
  await poll();
  const slept = () => {
    sleep(60_000);
    if (asked) hear();
  };
  expect(await poll({ meanwhile: slept })).toEqual([30, [true]]);
  expect((await poll())[1]).toEqual([true]);
  // Where nobody knew at first whether it had slept, one more that does not wait.
  if (!asked) expect((await poll())[0]).toBe(0);
  expect(await poll()).toEqual(FRESH);
});

it("is what comes with and after a poll that was answered long ago: the process was stopped", async () => {
  const { poll, pass } = open();
  await poll();
  expect(await poll({ meanwhile: () => pass(40_001) })).toEqual([30, [true]]);
  expect(await poll()).toEqual(WAITED);
  expect(await poll({ meanwhile: () => pass(40_000) })).toEqual(FRESH);
});

it.each([-3_600_000, 3_600_000])("is nothing that comes while the machine's clock is set by %i ms", async (ms) => {
  const { poll, set } = open();
  await poll();
  expect(await poll({ meanwhile: () => set(ms) })).toEqual(FRESH);
  expect(await poll()).toEqual(FRESH);
});
