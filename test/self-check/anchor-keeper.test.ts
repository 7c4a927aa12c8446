/** The anchor beside the database, and the one that the admins get every day. */
import { expect, it, onTestFinished } from "vitest";
import { readAnchorFile } from "../../src/audit/anchor-file.ts";
import { createAnchorKeeper } from "../../src/self-check/anchor-keeper.ts";
import { createSelfCheck } from "../../src/self-check/self-check.ts";
import { openChat, type TestChat } from "../support/chat.ts";
import { clockOf } from "../support/clock.ts";
import { ACCOUNT } from "../support/people.ts";

const DAY_MS = 86_400_000;
const hash = (digit: string) => digit.repeat(64);

/** A bot's watch begins, looks once, and ends. */
async function lookOnce({ chat, store, file, drained }: TestChat): Promise<void> {
  const watch = createSelfCheck({
    file,
    store,
    account: ACCOUNT,
    productTypes: ["USDT-FUTURES"],
    clock: clockOf(Date.now),
  });
  onTestFinished(watch.stop);
  watch.start(chat);
  await drained();
  watch.stop();
}

it("sends the admins the head of the table once a day, as a row that is the anchor then", async () => {
  const world = await openChat();
  const { telegram, clock, steps, file, card } = world;
  const bob = telegram.user({ id: 502 });
  bob.says("/start");
  await card();
  clock.advance(DAY_MS - 1);
  await lookOnce(world);
  expect(steps()).toEqual(["proposed"]);
  clock.advance(1);
  await lookOnce(world);
  await lookOnce(world);
  expect(steps()).toEqual(["proposed", "note"]);
  const told = bob.chat.messages().filter(({ byBot }) => byBot);
  expect(told).toHaveLength(1);
  const kept = readAnchorFile(`${file}.anchor`);
  expect(kept?.seq).toBe(2);
  expect(told[0]?.text).toContain(`#2 ${kept?.hash.slice(0, 16)}`);
  clock.advance(DAY_MS);
  await lookOnce(world);
  expect(steps()).toEqual(["proposed", "note", "note"]);
});

it("keeps the newest row that people were told of, in whichever order they were", async () => {
  const { file } = await openChat();
  const keeper = createAnchorKeeper(`${file}.anchor`);
  keeper.delivered({ seq: 2, hash: hash("2") });
  keeper.delivered({ seq: 5, hash: hash("5") });
  keeper.delivered({ seq: 3, hash: hash("3") });
  expect(keeper.read()).toEqual({ seq: 5, hash: hash("5") });
});

it("says until when it looked on only while nothing of its own is under way", async () => {
  const { chat, deps, file, confirmed, clock } = await openChat();
  const keeper = createAnchorKeeper(`${file}.anchor`);
  keeper.delivered({ seq: 1, hash: hash("1") });
  await keeper.noteQuiet(chat);
  const quietAt = deps.exchange.serverNow();
  expect(keeper.read()?.quietAt).toBe(quietAt);
  await confirmed();
  clock.advance(60_000);
  await keeper.noteQuiet(chat);
  expect(keeper.read()?.quietAt).toBe(quietAt);
});
