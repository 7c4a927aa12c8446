/** How long people are kept posted on an outcome that nobody knows: on a clock of the test's own. */
import { expect, it, onTestFinished } from "vitest";
import { createSettlementWorker } from "../../../src/telegram/verdicts/settlement-worker.ts";
import { openChat } from "../../support/chat.ts";
import { sendForVerdict } from "../../support/open-deps.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BILLS = "/api/v2/mix/account/bill";

/** An unknown outcome whose evidence no machine can judge, and somebody who looks after it. */
async function open() {
  const world = await openChat();
  const { chat, deps, exchange, telegram, clock } = world;
  const bob = telegram.user({ id: 502 });
  bob.says("/start");
  const proposal = await world.confirmed();
  exchange.fail({ path: /set-margin/, how: { kind: "reset" }, when: "before" });
  expect((await sendForVerdict(deps, proposal)).kind).toBe("unknown");
  clock.advance(MINUTE_MS);
  exchange.setMarginOutside("BTCUSDT", "long", "50");
  const planned: { work: () => void; ms: number }[] = [];
  const worker = createSettlementWorker(chat, chat.outbox, (work, ms) => {
    planned.push({ work, ms });
    return () => undefined;
  });
  onTestFinished(worker.stop);
  await worker.nudge();
  return {
    ...world,
    planned,
    /** What the bot has said to Bob of it. */
    told: () => bob.chat.messages().flatMap(({ byBot, text }) => (byBot ? [text.split("\n", 1)[0]] : [])),
    looks: () => exchange.calls.filter(({ path }) => path === BILLS).length,
    /** Lets so much time pass, and then the look that is due. */
    async pass(ms: number) {
      clock.advance(ms);
      planned.shift()?.work();
      await world.drained();
    },
  };
}

it("calls a person at once, reminds once after ten minutes, and not before", async () => {
  const { told, pass } = await open();
  const called = [expect.stringMatching(/needs a person: a bill fits, but it was written after our call/)];
  expect(told()).toEqual(called);
  await pass(8 * MINUTE_MS);
  expect(told()).toEqual(called);
  await pass(MINUTE_MS);
  const reminded = [...called, expect.stringMatching(/is still not known/)];
  expect(told()).toEqual(reminded);
  await pass(60 * MINUTE_MS);
  expect(told()).toEqual(reminded);
});

it("looks on for a day, rarely in the end, then no more, and locks the symbol all the same", async () => {
  const { looks, pass, planned, deps } = await open();
  expect(planned).toMatchObject([{ ms: 20_000 }]);
  await pass(DAY_MS - 2 * MINUTE_MS);
  expect(looks()).toBe(2);
  expect(planned).toMatchObject([{ ms: 5 * MINUTE_MS }]);
  await pass(5 * MINUTE_MS);
  expect(looks()).toBe(3);
  expect(planned).toEqual([]);
  expect(await deps.projections.currentlyAt(["unknown"])).toHaveLength(1);
});
