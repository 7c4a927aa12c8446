/** Whether a message was sent while the bot was away: by the corrected clock, whatever the machine's own one shows. */
import { describe, expect, it } from "vitest";
import { createBot, installHandlers } from "../../../src/telegram/bot.ts";
import { createDialogueStore } from "../../../src/telegram/margin-flow/dialogue-store.ts";
import { openChat } from "../../support/chat.ts";

const STALE_MS = 120_000;

async function open(aheadMs = 0) {
  const world = await openChat(aheadMs);
  const bot = createBot(world.access);
  bot.botInfo = await bot.api.getMe();
  const admission = installHandlers(bot, world.chat, createDialogueStore(world.store, world.deps.now));
  const ann = world.telegram.user({ id: 501 });
  ann.says("/start");
  await world.deps.exchange.syncClock();
  let update = 0;
  return {
    ...world,
    /** What the bot says to a `/help` that Ann sent so long ago. */
    async answerTo(ageMs: number): Promise<string | undefined> {
      const person = { id: 501, first_name: "Ann" };
      const date = (world.clock.now() - ageMs) / 1000;
      const from = { ...person, is_bot: false };
      const message = { message_id: 1, date, chat: { ...person, type: "private" as const }, from, text: "/help" };
      const entities = [{ type: "bot_command" as const, offset: 0, length: 5 }];
      update += 1;
      await bot.handleUpdate({ update_id: update, message: { ...message, entities } });
      await admission.drained(10_000);
      const said = ann.chat.messages().filter(({ byBot }) => byBot);
      return said.at(-1)?.text;
    },
  };
}

describe.each([0, 180_000, -180_000, 3_600_000, -3_600_000])("a machine that is %i ms ahead", (aheadMs) => {
  it("executes what was sent just now, and what is two minutes old", async () => {
    const { answerTo } = await open(aheadMs);
    expect(await answerTo(0)).toMatch(/What I can do/);
    expect(await answerTo(STALE_MS)).toMatch(/What I can do/);
  });

  it("does not execute what is older", async () => {
    expect(await (await open(aheadMs)).answerTo(STALE_MS + 1000)).toMatch(/sent while I was offline/);
  });
});

it.each([3_600_000, -3_600_000])("is the same once somebody sets the machine's clock by %i ms", async (ms) => {
  const { answerTo, clock } = await open();
  clock.set(ms);
  expect(await answerTo(0)).toMatch(/What I can do/);
  clock.set(-2 * ms);
  expect(await answerTo(STALE_MS + 1000)).toMatch(/sent while I was offline/);
});

it("knows after a sleep how old a message is: Bitget is asked first", async () => {
  const { answerTo, clock } = await open();
  clock.sleep(600_000);
  expect(await answerTo(STALE_MS + 1000)).toMatch(/sent while I was offline/);
  expect(await answerTo(0)).toMatch(/What I can do/);
});
