/** Lost answers: what becomes of them, told in the chat. */
import { expect, it } from "vitest";
import { asks, cardFor } from "../support/talk.ts";
import { createWorld } from "../support/world.ts";

const SHORT = { SETTLE_WINDOW_S: "1", BITGET_TIMEOUT_MS: "500" };

async function confirmed(line: string, deed: string) {
  const world = await createWorld();
  return {
    ...world,
    async go() {
      const bot = await world.start(SHORT);
      await cardFor(world.ann, line);
      world.ann.presses(deed);
      return bot;
    },
  };
}

it("settles a lost answer as Done when the bill and the position say so", async () => {
  const { exchange, ann, go } = await confirmed("/margin btc long 50", "Add 50 USDT · BTC long");
  exchange.fail({ path: /set-margin/, how: { kind: "reset" }, when: "after" });
  await go();
  await ann.chat.waitFor(/^Not known yet/);
  expect((await ann.chat.waitFor(/^Done/)).text).toMatch(/bills and the position/);
  expect(exchange.applied()).toHaveLength(1);
});

it("settles a lost answer as Not done when nothing was applied", async () => {
  const { exchange, ann, go } = await confirmed("/margin btc long 50", "Add 50 USDT · BTC long");
  exchange.fail({ path: /set-margin/, how: { kind: "reset" }, when: "before" });
  await go();
  await ann.chat.waitFor(/^Not known yet/);
  const verdict = await ann.chat.waitFor(/^Not done/);
  expect(verdict.buttons.flat().map(({ text }) => text)).toEqual(["Propose 50 USDT again"]);
  expect(exchange.applied()).toHaveLength(0);
  ann.says("/margin btc long 20");
  await ann.chat.waitFor(/Add 20 USDT/);
});

it("calls a person when somebody else added the same amount after the answer was lost", async () => {
  const { exchange, ann, go } = await confirmed("/margin btc long 50", "Add 50 USDT · BTC long");
  exchange.fail({ path: /set-margin/, how: { kind: "reset" }, when: "before" });
  await go();
  await ann.chat.waitFor(/^Not known yet/);
  exchange.setMarginOutside("BTCUSDT", "long", "50");
  await ann.chat.waitFor(/needs a person/);
});

it("freezes at once, survives a restart, and an admin lets go", async () => {
  const world = await createWorld();
  const first = await world.start();
  world.ann.says("/freeze");
  await world.ann.chat.waitFor(/Frozen by Ann/);
  await first.stop();
  await world.start();
  world.ann.says("/margin btc long 50");
  await world.ann.chat.waitFor(/bot is frozen/);
  const refused = await asks(world.ann, "/margin", /./);
  expect(refused.text).toMatch(/^Not done.*\nThe bot is frozen/);
  expect(refused.buttons).toEqual([]);
  world.bob.says("/unfreeze");
  await world.bob.chat.waitFor(/Bob let go/);
  await cardFor(world.ann, "/margin btc long 50");
  expect(world.exchange.applied()).toHaveLength(0);
});
