/** What people type on phones, from the text to the card: shares, goals, two readings, cut decimals. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { asks, cardAfter, cardFor, deedOf } from "../support/talk.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({ budgets: false });
  await world.start();
});
afterAll(() => world.close());

it.each([
  ["/margin btc long 25%", "Add 375 USDT · BTC long", /25 % of 1500 USDT free/],
  ["/margin half btc", "Add 750 USDT · BTC long", /50 % of 1500 USDT free/],
  ["/margin btc long =700", "Add 87.5 USDT · BTC long", /To a margin of 700 USDT/],
  ["/margin x2 btc long", "Add 612.5 USDT · BTC long", /To 2 times the margin/],
  ["/margin btc long 1,5", "Add 1.5 USDT · BTC long", /Margin 612\.5 → 614 USDT/],
  ["/margin btc long 0.123456", "Add 0.1234 USDT · BTC long", /cut off/],
  ["/margin btc long 1.2k usdt", "", /at most 1000 USD/],
  ["/margin btc long liq 84000", "Add 131.8199 USDT · BTC long", /To liquidation at 84000/],
  ["/margin btc long 20% away", "Add 330.8999 USDT · BTC long", /To liquidation 20 % away/],
  ["/margin remove 25% btc", "Remove 25.625 USDT · BTC long", /25 % of 102\.5 USDT removable/],
])("%s is read as %s", async (line, deed, how) => {
  const { ann } = world;
  if (deed === "") {
    expect((await asks(ann, line, /^Not done/)).text).toMatch(how);
    return;
  }
  const card = await cardFor(ann, line);
  expect(deedOf(card).text).toBe(deed);
  expect(card.text).toMatch(how);
});

it("asks back with two buttons where a number has two readings, and guesses nothing", async () => {
  const { ann } = world;
  const question = await asks(ann, "/margin btc long 1,500", /Two readings/);
  expect(question.buttons.flat().map((button) => button.text)).toEqual(["1.5 USDT", "1500 USDT", "Cancel"]);
  ann.presses("1.5 USDT", { message: question });
  expect(deedOf(await cardAfter(ann, question)).text).toBe("Add 1.5 USDT · BTC long");
});

it("refuses letters that only look like a coin, and offers nothing by itself", async () => {
  const { ann } = world;
  expect((await asks(ann, "/margin ВТС long 5", /Nothing was changed/)).text).toMatch(/look like A to Z/);
  expect((await asks(ann, "/margin btd long 5", /^Not done/)).text).toMatch(/BTD/);
});

it("shows what a removal does, and keeps the floor", async () => {
  const { ann, exchange } = world;
  const card = await cardFor(ann, "/margin btc long -50");
  expect(card.text).toMatch(/Comes closer by 1004\.\d+/);
  exchange.setPrice("BTCUSDT", "89000");
  expect((await asks(ann, "/margin btc long -50", /^Not done/)).text).toMatch(/must leave 3 % to liquidation/);
  exchange.setPrice("BTCUSDT", "100000");
});

it("keeps within twelve lines of thirty-four characters on a card", async () => {
  const { ann } = world;
  for (const line of ["/margin btc long 25%", "/margin btc long -50.123456"]) {
    const lines = (await cardFor(ann, line)).text.split("\n");
    expect(lines.length).toBeLessThanOrEqual(12);
    for (const text of lines) expect(text.length, text).toBeLessThanOrEqual(34);
  }
});
