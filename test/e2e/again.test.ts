/** Cards that lead to cards: another amount without starting over, and the figures of now after something moved. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { cardAfter, cardFor, closed, confirms, deedOf, verdictOn } from "../support/talk.ts";
import { openWorld, type World } from "../support/world.ts";

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

it("sends nothing after something moved, says what, and shows a new card with the figures of now", async () => {
  const { ann, exchange, sent } = world;
  const card = await cardFor(ann, "/margin sol long 5");
  const before = sent().length;
  exchange.setMarginOutside("SOLUSDT", "long", "7");
  confirms(ann, card);
  const verdict = await verdictOn(ann, card);
  expect(verdict.text).toMatch(/^Not done.*\n.*margin changed from 110 to 117/);
  const second = await cardAfter(ann, verdict);
  expect(second.text).toMatch(/Margin 117 → 122 USDT/);
  expect(sent()).toHaveLength(before);
  confirms(ann, second);
  expect((await verdictOn(ann, second)).text).toMatch(/^Done: added 5 USDT/);
});

it("says who else lives on the free balance", async () => {
  const { ann } = world;
  const card = await cardFor(ann, "/margin btc long 3");
  confirms(ann, card);
  expect((await verdictOn(ann, card)).text).toMatch(/Free now \d+ USDT; XRP long \(cross\) may need it, too\./);
});
