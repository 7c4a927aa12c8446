/** Cards that lead to cards: another amount without starting over, and the figures of now after something moved. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { cardAfter, cardFor, closed, confirms, deedOf, verdictOn } from "../support/talk.ts";
import { openWorld, SINGLE_POSITION, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({ budgets: false });
  await world.start();
});
afterAll(() => world.close());

it("changes the amount of a card without starting over, and the first card is over then", async () => {
  const { ann, sent } = world;
  const card = await cardFor(ann, "/margin btc long 50");
  const before = sent().length;
  ann.presses("Change amount", { message: card });
  const question = await ann.chat.waitFor(/How much to add to BTC long/, { after: card.id });
  ann.says("40");
  const second = await cardAfter(ann, question);
  expect(deedOf(second).text).toBe("Add 40 USDT · BTC long");
  expect((await closed(ann, card)).text).toMatch(/Cancelled/);
  confirms(ann, second);
  expect((await verdictOn(ann, second)).text).toMatch(/^Done: added 40 USDT/);
  expect(sent()).toHaveLength(before + 1);
});

it("asks anew in the direction of the card whose amount is changed", async () => {
  const { ann } = world;
  const card = await cardFor(ann, "/margin btc long -20");
  ann.presses("Change amount", { message: card });
  await ann.chat.waitFor(/How much to remove from BTC long/, { after: card.id });
  expect(deedOf(await cardFor(ann, "15")).text).toBe("Remove 15 USDT · BTC long");
});

it("sends nothing after something moved, says what, and shows a new card with the figures of now", async () => {
  const { ann, exchange, sent } = world;
  const card = await cardFor(ann, "/margin sol long 5");
  const before = sent().length;
  exchange.setMarginOutside("SOLUSDT", "long", "7");
  confirms(ann, card);
  const verdict = await verdictOn(ann, card);
  expect(verdict.text).toMatch(/^Not done.*\n.*margin changed from 110 to 117/);
  const second = await cardAfter(ann, verdict);
  expect(second.text).toMatch(/^Changed: margin 110 → 117$/m);
  expect(second.text).toMatch(/Margin 117 → 122 USDT/);
  expect(sent()).toHaveLength(before);
  confirms(ann, second);
  expect((await verdictOn(ann, second)).text).toMatch(/^Done: added 5 USDT/);
});

it("does not claim of the new card that its amount leads where that of the first one did", async () => {
  const { ann, exchange } = world;
  const card = await cardFor(ann, "/margin sol short =100");
  expect(card.text).toMatch(/^To a margin of 100 USDT$/m);
  exchange.change("SOLUSDT", "short", { total: "9" });
  confirms(ann, card);
  const verdict = await verdictOn(ann, card);
  expect(verdict.text).toMatch(/size changed from [\d.]+ to 9 /);
  const second = await cardAfter(ann, verdict);
  expect(deedOf(second).text).toBe(deedOf(card).text);
  expect(second.text).toMatch(/^Changed: size [\d.]+ → 9$/m);
  expect(second.text).not.toMatch(/To a margin/);
});

it("proposes the same adjustment again where the reason has passed", async () => {
  const { ann, exchange, sent } = world;
  const card = await cardFor(ann, "/margin btc long 6");
  const before = sent().length;
  const end = exchange.fail({ path: SINGLE_POSITION, how: { kind: "status", status: 503 }, times: 10 });
  confirms(ann, card);
  const verdict = await verdictOn(ann, card, /^Not done/);
  end();
  expect(sent()).toHaveLength(before);
  ann.presses("Propose 6 USDT again", { message: verdict });
  const second = await cardAfter(ann, verdict);
  expect(deedOf(second).text).toBe("Add 6 USDT · BTC long");
  confirms(ann, second);
  expect((await verdictOn(ann, second)).text).toMatch(/^Done/);
});

it("says what the adjustment leaves to others that live on the same free balance", async () => {
  const { ann, exchange } = world;
  exchange.change("ETHUSDT", "long", { autoMargin: "on" });
  const card = await cardFor(ann, "/margin btc long 3");
  confirms(ann, card);
  const { text } = await verdictOn(ann, card);
  const { 0: line = "" } = /^Free is now .*$/m.exec(text) ?? [];
  expect(line).toMatch(/^Free is now [\d.]+ USDT, shared with /);
  expect(line).toMatch(/XRP long \(cross, no liquidation\)/);
  expect(line).toMatch(/ETH long \(auto-margin, 1\.9 % away\)/);
});
