/** The guided conversation, as a person lives it: real HTTP on both sides, the bot in a process of its own. */
import { expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

it("adds margin in a guided conversation and shows the new margin", async () => {
  const { ann, exchange, start } = await createWorld();
  await start();
  const before = exchange.position("BTCUSDT", "long")?.marginSize;
  ann.says("/margin");
  await ann.chat.waitFor(/Which position/);
  ann.presses(/^BTC long/);
  await ann.chat.waitFor(/How much to add to BTC long/);
  ann.says("50");
  const card = await ann.chat.waitFor(/Margin 612\.5 → 662\.5 USDT/);
  ann.presses("Add 50 USDT · BTC long");
  const verdict = await ann.chat.waitFor(/^Done/);
  expect(verdict.replyTo).toBe(card.id);
  expect(verdict.text).toMatch(/Margin is now 662\.5 USDT/);
  expect(verdict.text).toMatch(/#\d+ [0-9a-f]{16}$/);
  expect(before).toBe("612.5");
  expect(exchange.applied()).toHaveLength(1);
  expect(exchange.calls.filter((call) => call.path.endsWith("/set-margin")).map((call) => call.body)).toEqual([
    '{"symbol":"BTCUSDT","productType":"USDT-FUTURES","marginCoin":"USDT","holdSide":"long","amount":"50"}',
  ]);
  ann.says("/history");
  expect((await ann.chat.waitFor(/Your last adjustments/)).text).toMatch(/BTCUSDT long \+50 USDT · done/);
});
