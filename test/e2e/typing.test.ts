/** What people type on phones, from the text to the card: shares, goals, two readings, cut decimals. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MessageView } from "../../src/playground/view.ts";
import { asks, cardAfter, cardFor, closed, deedOf } from "../support/talk.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({ budgets: false });
  await world.start();
});
afterAll(() => world.close());

const labels = (message: MessageView) => message.buttons.flat().map(({ text }) => text);

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

it("takes an amount that is typed instead of choosing between two readings", async () => {
  const { ann } = world;
  const question = await asks(ann, "/margin btc long 1,500", /Two readings/);
  expect(deedOf(await cardFor(ann, "15")).text).toBe("Add 15 USDT · BTC long");
  expect((await closed(ann, question)).text).toMatch(/another way/);
});

it("refuses letters that only look like a coin", async () => {
  const { ann } = world;
  expect((await asks(ann, "/margin ВТС long 5", /Nothing was changed/)).text).toMatch(/look like A to Z/);
});

it("offers the position whose name is a slip of the thumb away, and does not take it by itself", async () => {
  const { ann, rows } = world;
  const question = await asks(ann, "/margin btd long 5", /^Not done/);
  expect(question.text).toMatch(/No contract is called BTD\..*\nDid you mean one of these\?$/);
  expect(labels(question)).toEqual([expect.stringMatching(/^BTC long /), "Cancel"]);
  expect(rows().at(-1)).toMatchObject({ step: "refused", code: "unknown_symbol", symbol: "BTD" });
  ann.presses(/^BTC long/, { message: question });
  expect(deedOf(await cardAfter(ann, question)).text).toBe("Add 5 USDT · BTC long");
});

it("names the open positions where there is none of that coin, and does not carry the amount over to them", async () => {
  const { ann, rows } = world;
  const question = await asks(ann, "/margin ada long 5", /^Not done/);
  expect(question.text).toMatch(/no open ADA long position/);
  expect(labels(question).map((label) => label.split(" · ")[0])).toEqual([
    "ETH long",
    "SOL long",
    "SOL short",
    "BTC long",
    "Cancel",
  ]);
  expect(rows().at(-1)).toMatchObject({ step: "refused", code: "no_position", symbol: "ADA" });
  ann.presses(/^ETH long/, { message: question });
  await ann.chat.waitFor(/How much to add to ETH long/, { after: question.id });
  ann.says("/cancel");
});

it("takes coin and amount that are typed where it asks for the position", async () => {
  const { ann } = world;
  await asks(ann, "/margin", /Which position/);
  expect(deedOf(await cardFor(ann, "sol short 4")).text).toBe("Add 4 USDT · SOL short");
  await asks(ann, "/margin sol", /Which position/);
  expect((await asks(ann, "short", /How much/)).text).toMatch(/SOL short/);
  ann.says("/cancel");
});

describe("a removal of everything that can go", () => {
  const QUESTION = /^Remove all that can go from BTC long\?/;

  it("takes a second step before its card", async () => {
    const { ann } = world;
    const question = await asks(ann, "/margin btc long remove max", QUESTION);
    const [remove = ""] = labels(question);
    expect(labels(question)).toEqual([expect.stringMatching(/^Remove [\d.]+ USDT$/), "Cancel"]);
    ann.presses(remove, { message: question });
    const card = await cardAfter(ann, question);
    expect(deedOf(card).text).toBe(`${remove} · BTC long`);
    expect(card.text).toMatch(/^All [\d.]+ USDT removable less 1 %$/m);
    expect((await closed(ann, question)).text).toBe(`${remove} · BTC long`);
  });

  it("takes it in the conversation, too, and gives way to an amount that is typed instead", async () => {
    const { ann } = world;
    await asks(ann, "/margin btc", /How much/);
    const question = await asks(ann, "-max", QUESTION);
    expect(deedOf(await cardFor(ann, "-30")).text).toBe("Remove 30 USDT · BTC long");
    expect((await closed(ann, question)).text).toMatch(/another way/);
  });

  it("is given up with Cancel", async () => {
    const { ann, rows } = world;
    const question = await asks(ann, "/margin btc long -all", QUESTION);
    const before = rows().length;
    ann.presses("Cancel", { message: question });
    expect((await closed(ann, question)).text).toBe("Cancelled. Nothing was changed.");
    expect(rows()).toHaveLength(before);
  });
});

it("says at the amount step how much is free, and about how much can go", async () => {
  const { ann } = world;
  const question = await asks(ann, "/margin btc", /How much to add/);
  expect(question.text).toMatch(/^Margin 612\.5 USDT · free 1500 USDT$/m);
  ann.presses("Remove instead", { message: question });
  const other = await ann.chat.waitFor(/How much to remove/, { after: question.id });
  expect(other.text).toMatch(/^Margin 612\.5 USDT · about 102\.5 USDT can go$/m);
  ann.says("/cancel");
});

it("shows what a removal does, and keeps the floor", async () => {
  const { ann, exchange } = world;
  const card = await cardFor(ann, "/margin btc long -50");
  expect(card.text).toMatch(/^Comes closer by 1004\.\d$/m);
  exchange.setPrice("BTCUSDT", "89000");
  expect((await asks(ann, "/margin btc long -50", /^Not done/)).text).toMatch(/must leave 3 % to liquidation/);
  exchange.setPrice("BTCUSDT", "100000");
});
