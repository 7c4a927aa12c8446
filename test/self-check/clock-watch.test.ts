/** What admins and `/readyz` hear of the machine's clock. */
import { expect, it } from "vitest";
import { createClock } from "../../src/clock.ts";
import { createClockWatch } from "../../src/self-check/clock-watch.ts";
import { openChat } from "../support/chat.ts";

const OFF = /The machine's clock is (.+)\./;

/** A machine that is so much ahead of what Bitget said. */
async function open() {
  const { chat, telegram, logged } = await openChat();
  let ahead = 0;
  const clock = createClock({ wall: () => 1_000_000 + ahead, monotonic: () => 0 });
  const moment = clock.moment();
  const hear = () =>
    clock.hear("bitget", { asked: clock.moment(), heard: clock.moment(), time: moment.wall, coarseMs: 0 });
  const watch = createClockWatch(clock);
  const ann = telegram.user({ id: 501 });
  return {
    ann,
    watch,
    logged,
    /** What is said at a look when it is so much ahead. */
    async saidAt(aheadMs: number): Promise<string[]> {
      const before = ann.chat.messages().length;
      ahead = aheadMs;
      hear();
      await watch.look(chat);
      return ann.chat
        .messages()
        .slice(before)
        .map(({ text }) => OFF.exec(text)?.[1] ?? text);
    },
  };
}

it("tells the admins once that it is off by more than five seconds, and once that it is right again", async () => {
  const { ann, saidAt, logged } = await open();
  ann.says("/start");
  expect(await saidAt(5000)).toEqual([]);
  expect(await saidAt(5001)).toEqual(["5 seconds ahead"]);
  expect(await saidAt(9000)).toEqual([]);
  expect(await saidAt(4000)).toEqual([]);
  expect(await saidAt(6000)).toEqual([]);
  expect(await saidAt(2500)).toEqual(["right again"]);
  expect(await saidAt(0)).toEqual([]);
  expect(logged.filter((event) => event === "clock_off")).toHaveLength(3);
});

it("tells them again where it is twice as far off, or off the other way", async () => {
  const { ann, saidAt } = await open();
  ann.says("/start");
  expect(await saidAt(-90_000)).toEqual(["90 seconds behind"]);
  expect(await saidAt(-179_000)).toEqual([]);
  expect(await saidAt(-180_000)).toEqual(["3 minutes behind"]);
  expect(await saidAt(10_000)).toEqual(["10 seconds ahead"]);
});

it("tells them later where none of them could be told", async () => {
  const { ann, saidAt } = await open();
  expect(await saidAt(10_000)).toEqual([]);
  ann.says("/start");
  expect(await saidAt(10_000)).toEqual(["10 seconds ahead"]);
});

it.each([
  [5000, []],
  [180_000, ["the machine's clock is 180 s ahead"]],
  [-5001, ["the machine's clock is 5 s behind"]],
])("says on /readyz, when it is %i ms ahead: %j", async (aheadMs, doubts) => {
  const { saidAt, watch } = await open();
  await saidAt(aheadMs);
  expect(watch.doubts()).toEqual(doubts);
});
