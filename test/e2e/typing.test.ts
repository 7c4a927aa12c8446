/** What people type on phones, from the text to the card: shares, goals, two readings, cut decimals. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MessageView } from "../../src/playground/state/view.ts";
import { asks, cardAfter, cardFor, closed, deedOf } from "../support/talk.ts";
import { createWorld, openWorld, SINGLE_POSITION, type World } from "../support/world.ts";

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
  ["/margin 50 from btc long", "Remove 50 USDT · BTC long", /Margin 612\.5 → 562\.5 USDT/],
  ["/margin $20 from btc", "Remove 20 USDT · BTC long", /Margin 612\.5 → 592\.5 USDT/],
  ["/margin 25% from btc long", "Remove 25.625 USDT · BTC long", /25 % of 102\.5 USDT removable/],
  ["/margin half from btc", "Remove 51.25 USDT · BTC long", /50 % of 102\.5 USDT removable/],
  ["/margin btc margin to 700", "Add 87.5 USDT · BTC long", /To a margin of 700 USDT/],
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
  expect(question.buttons.flat().map((button) => button.text)).toEqual([
    "1.5 USDT",
    "1500 USDT",
    "Another amount",
    "Cancel",
  ]);
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

describe("a word that takes out", () => {
  it("removes in a line without a command, too, and with a verb that says nothing alone", async () => {
    const { ann } = world;
    expect(deedOf(await cardFor(ann, "50 from btc long")).text).toBe("Remove 50 USDT · BTC long");
    expect(deedOf(await cardFor(ann, "take 24 out of btc")).text).toBe("Remove 24 USDT · BTC long");
  });

  it("leads to the question how much to remove", async () => {
    const { ann } = world;
    await asks(ann, "/margin from btc long", /How much to remove from BTC long/);
    expect(deedOf(await cardFor(ann, "25")).text).toBe("Remove 25 USDT · BTC long");
  });

  it("removes at the amount step, too, or is refused where it says only half of it", async () => {
    const { ann } = world;
    await asks(ann, "/margin btc long", /How much to add/);
    for (const typed of ["50 from", "take 50", "from 50", "cut 50"]) {
      const answer = await asks(ann, typed, /Nothing was changed/);
      expect(answer.text).toMatch(/^Say add or remove, as that does not tell me which: /);
      expect(answer.buttons).toEqual([]);
    }
    expect(deedOf(await cardFor(ann, "50 out")).text).toBe("Remove 50 USDT · BTC long");
    await asks(ann, "/margin btc long", /How much to add/);
    expect(deedOf(await cardFor(ann, "26 from btc")).text).toBe("Remove 26 USDT · BTC long");
  });

  it("never adds where a removal was chosen", async () => {
    const { ann } = world;
    for (const [typed, deed] of [
      ["27 from", "Remove 27 USDT · BTC long"],
      ["take 28", "Remove 28 USDT · BTC long"],
      ["29 out", "Remove 29 USDT · BTC long"],
    ] as const) {
      const question = await asks(ann, "/margin btc long", /How much to add/);
      ann.presses("Remove instead", { message: question });
      await ann.chat.waitFor(/How much to remove/, { after: question.id });
      expect((await asks(ann, "from 50", /Nothing was changed/)).text).toMatch(/^Say add or remove/);
      expect(deedOf(await cardFor(ann, typed)).text).toBe(deed);
    }
  });
});

it.each([
  ["25% of margin", /^Additions come from the free balance, removals from what can be removed, .*: 25% of margin\./],
  ["half of balance", /: balance\. Nothing was changed/],
  ["margin 50", /^Type =500 for a margin of 500, or \+500 to add 500, .*: margin 50\. Nothing was changed/],
  ["don't add 50", /^That has a word for not doing something: don't\. Nothing was changed/],
])("refuses %s with a sentence that says what to type instead", async (typed, sentence) => {
  const { ann } = world;
  await asks(ann, "/margin btc long", /How much to add/);
  const answer = await asks(ann, typed, /Nothing was changed/);
  expect(answer.text).toMatch(sentence);
  expect(answer.buttons).toEqual([]);
  ann.says("/cancel");
});

describe("the direction that was said", () => {
  it("stays after a refused removal", async () => {
    const { ann } = world;
    const question = await asks(ann, "/margin btc long", /How much to add/);
    ann.presses("Remove instead", { message: question });
    await ann.chat.waitFor(/How much to remove/, { after: question.id });
    const refused = await asks(ann, "600", /^Not done/);
    await ann.chat.waitFor(/How much to remove from BTC long/, { after: refused.id });
    expect(deedOf(await cardFor(ann, "20")).text).toBe("Remove 20 USDT · BTC long");
  });

  it("stays after a refused line, so that nobody has to type it again", async () => {
    const { ann } = world;
    const refused = await asks(ann, "/margin btc long -600", /^Not done/);
    await ann.chat.waitFor(/How much to remove from BTC long/, { after: refused.id });
    expect(deedOf(await cardFor(ann, "21")).text).toBe("Remove 21 USDT · BTC long");
  });

  it("goes along with a name that is typed where the position is asked for", async () => {
    const { ann } = world;
    await asks(ann, "/margin", /Which position/);
    await asks(ann, "remove btc", /How much to remove from BTC long/);
    expect(deedOf(await cardFor(ann, "22")).text).toBe("Remove 22 USDT · BTC long");
  });

  it("is that of the two readings that were asked about", async () => {
    const { ann } = world;
    await asks(ann, "/margin btc long", /How much to add/);
    const question = await asks(ann, "-1,500", /Two readings/);
    expect(labels(question).slice(0, 2)).toEqual(["-1.5 USDT", "-1500 USDT"]);
    expect(deedOf(await cardFor(ann, "15")).text).toBe("Remove 15 USDT · BTC long");
  });

  it("is asked about anew when an amount came to nothing", async () => {
    const { ann } = world;
    const first = await asks(ann, "/margin btc long", /How much to add/);
    await asks(ann, "-0.00001", /less than the last decimal/);
    await ann.chat.waitFor(/How much to remove from BTC long/, { after: first.id });
    expect(deedOf(await cardFor(ann, "16")).text).toBe("Remove 16 USDT · BTC long");
  });
});

it("takes no button of an older question for one of the newest", async () => {
  const { ann } = world;
  const first = await asks(ann, "/margin btc long", /How much to add/);
  const old = first.buttons.flat().find(({ text }) => text === "+150 USDT")?.data ?? "";
  ann.presses("Remove instead", { message: first });
  const second = await ann.chat.waitFor(/How much to remove/, { after: first.id });
  expect((await ann.pressesData(first, old).answered).text).toMatch(/is over/);
  ann.presses(/^-51 USDT$/, { message: second });
  expect(deedOf(await cardAfter(ann, second)).text).toBe("Remove 51 USDT · BTC long");
});

it("keeps an amount that is typed before the position", async () => {
  const { ann } = world;
  const question = await asks(ann, "/margin", /Which position/);
  await asks(ann, "-17", /For which position/);
  ann.presses(/^BTC long/, { message: question });
  expect(deedOf(await cardAfter(ann, question)).text).toBe("Remove 17 USDT · BTC long");
});

describe("an amount that was typed before the position", () => {
  it.each([
    ["-17", "add btc long", /How much to add to BTC long/],
    ["+17", "from btc long", /How much to remove from BTC long/],
    ["=700", "remove btc long", /How much to remove from BTC long/],
  ])("gives way, %s, to a later %s", async (amount, line, asked) => {
    const { ann } = world;
    await asks(ann, "/margin", /Which position/);
    await asks(ann, amount, /For which position/);
    await asks(ann, line, asked);
    await asks(ann, `/margin ${amount}`, /Which position/);
    await asks(ann, line, asked);
    ann.says("/cancel");
  });

  it.each([
    ["17", "remove btc long", "Remove 17 USDT · BTC long"],
    ["-17", "take out of btc long", "Remove 17 USDT · BTC long"],
    ["remove to 600", "remove btc long", "Remove 12.5 USDT · BTC long"],
    ["remove 17", "btc long 18", "Remove 18 USDT · BTC long"],
    ["-17", "btc long 18 usdt", "Remove 18 USDT · BTC long"],
    ["take out 17", "btc long", "Remove 17 USDT · BTC long"],
    ["remove 17", "btc long +18", "Add 18 USDT · BTC long"],
  ])("goes along, %s, with a later %s", async (amount, line, deed) => {
    const { ann } = world;
    await asks(ann, `/margin ${amount}`, /Which position/);
    expect(deedOf(await cardFor(ann, line)).text).toBe(deed);
  });
});

it.each(["drop 17", "trim 17", "17 frombtc", "doge 17"])(
  "leaves no amount behind where %s is typed for a position, and names none of them",
  async (line) => {
    const { ann } = world;
    const question = await asks(ann, "/margin", /Which position/);
    await asks(ann, line, /For which position/);
    const [first] = question.buttons.flat().filter(({ text }) => text.startsWith("BTC long"));
    ann.presses(first?.text ?? "", { message: question });
    await ann.chat.waitFor(/How much to add to BTC long/, { after: question.id });
    ann.says("/cancel");
  },
);

it("goes back to the amount from a question that asks what was meant", async () => {
  const { ann } = world;
  await asks(ann, "/margin btc long", /How much to add/);
  const meaning = await asks(ann, "1,500", /Two readings/);
  ann.presses("Another amount", { message: meaning });
  const anew = await ann.chat.waitFor(/How much to add to BTC long/, { after: meaning.id });
  expect((await closed(ann, meaning)).text).toMatch(/another way/);
  ann.presses("+61 USDT", { message: anew });
  expect(deedOf(await cardAfter(ann, anew)).text).toBe("Add 61 USDT · BTC long");
});

it("takes a line that names the position which is asked about, and no other", async () => {
  const { ann } = world;
  await asks(ann, "/margin btc long", /How much to add/);
  expect(deedOf(await cardFor(ann, "btc 19")).text).toBe("Add 19 USDT · BTC long");
  await asks(ann, "/margin btc long", /How much to add/);
  expect((await asks(ann, "sol 19", /Nothing was changed/)).buttons).toEqual([]);
  ann.says("/cancel");
});

it("says that it reads no pictures, and goes on with its question", async () => {
  const { ann } = world;
  await asks(ann, "/margin btc long", /How much to add/);
  const picture = ann.says(undefined as unknown as string);
  await ann.chat.waitFor(/I read text and presses of buttons/, { after: picture.id });
  expect(deedOf(await cardFor(ann, "23")).text).toBe("Add 23 USDT · BTC long");
});

it("says below the last answer that it gives up", async () => {
  const { ann } = world;
  await asks(ann, "/margin btc long", /How much to add/);
  for (let times = 1; times <= 9; times++) await asks(ann, "nonsense", /not something I can read/);
  await asks(ann, "nonsense", /^That took too many tries\. Nothing was changed\./);
});

it("refuses another coin at once, and does not ask which of its readings was meant", async () => {
  const { ann } = world;
  const answer = await asks(ann, "/margin btc long 1,500 usdc", /Nothing was changed/);
  expect(answer.text).toMatch(/^The margin of this position is USDT\./);
  ann.says("/cancel");
});

it("takes a text that says everything without a command, in a private chat", async () => {
  const { ann } = world;
  await asks(ann, "/cancel", /./);
  expect(deedOf(await cardFor(ann, "add 18 to btc long")).text).toBe("Add 18 USDT · BTC long");
  expect((await asks(ann, "btc", /./)).text).toMatch(/Nothing is being asked/);
});

it("does not guess which side is meant where one of the two is crossed", async () => {
  const { ann, exchange } = world;
  exchange.change("SOLUSDT", "long", { marginMode: "crossed" });
  const question = await asks(ann, "/margin sol 5", /^Not done/);
  expect(question.text).toMatch(/SOLUSDT long is in cross margin/);
  expect(labels(question)).toEqual([expect.stringMatching(/^SOL short /), "Cancel"]);
  exchange.change("SOLUSDT", "long", { marginMode: "isolated" });
  ann.presses(/^SOL short/, { message: question });
  expect(deedOf(await cardAfter(ann, question)).text).toBe("Add 5 USDT · SOL short");
});

it("tells positions of the same coin and side in different contracts apart", async () => {
  const world = await createWorld({ budgets: false });
  const { ann, exchange } = world;
  exchange.open({
    symbol: "BTCPERP",
    holdSide: "long",
    marginSize: "500",
    total: "0.05",
    openPriceAvg: "98500",
    leverage: "10",
  });
  await world.start({ BITGET_PRODUCT_TYPES: "USDT-FUTURES,USDC-FUTURES" });
  const question = await asks(ann, "/margin btc", /Which position/);
  expect(labels(question).map((label) => label.replace(/[\d.]+ %/, "N %"))).toEqual([
    "BTC long · BTCPERP · N % away",
    "BTC long · BTCUSDT · N % away",
    "Cancel",
  ]);
});

it("does not say that an amount came from figures that have changed since", async () => {
  const { ann, exchange } = world;
  const question = await asks(ann, "/margin btc long -max", /^Remove all/);
  exchange.setMarginOutside("BTCUSDT", "long", "30");
  ann.presses(/^Remove/, { message: question });
  const card = await cardAfter(ann, question);
  expect(card.text).toMatch(/^Changed: margin 612\.5 → 642\.5$/m);
  expect(card.text).not.toMatch(/removable/);
  // All that can go is all of now.
  expect(deedOf(card).text).toBe("Remove 131.175 USDT · BTC long");
  exchange.setMarginOutside("BTCUSDT", "long", "-30");
});

it("computes the amount on the position of now, and says what changed since the question showed it", async () => {
  const { ann, exchange } = world;
  await asks(ann, "/margin btc long", /Margin 612\.5 USDT/);
  exchange.setMarginOutside("BTCUSDT", "long", "30");
  const card = await cardFor(ann, "=700");
  expect(deedOf(card).text).toBe("Add 57.5 USDT · BTC long");
  expect(card.text).toMatch(/^Changed: margin 612\.5 → 642\.5$/m);
  exchange.setMarginOutside("BTCUSDT", "long", "-30");
});

it("refuses a share while the position cannot be read, and goes on asking for it", async () => {
  const { ann, exchange, rows } = world;
  await asks(ann, "/margin btc long", /How much to add/);
  const end = exchange.fail({ path: SINGLE_POSITION, how: { kind: "status", status: 503 }, times: 10 });
  expect((await asks(ann, "25%", /^Not done/)).text).toMatch(/could not be read/);
  end();
  expect(rows().at(-1)).toMatchObject({ step: "refused", code: "unreadable", symbol: "BTCUSDT", amount: null });
  expect(deedOf(await cardFor(ann, "25%")).text).toBe("Add 375 USDT · BTC long");
  expect((await asks(ann, "/history", /Your last adjustments/)).byBot).toBe(true);
});

describe("a removal of everything that can go", () => {
  const QUESTION = /^Remove all that can go from BTC long\?/;

  it("takes a second step before its card", async () => {
    const { ann } = world;
    const question = await asks(ann, "/margin btc long remove max", QUESTION);
    const [remove = ""] = labels(question);
    expect(labels(question)).toEqual([expect.stringMatching(/^Remove [\d.]+ USDT$/), "Another amount", "Cancel"]);
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

  it("goes on removing when another amount is typed", async () => {
    const { ann } = world;
    await asks(ann, "/margin btc long -max", QUESTION);
    expect(deedOf(await cardFor(ann, "31")).text).toBe("Remove 31 USDT · BTC long");
  });

  it("is the same for a share that leaves next to nothing", async () => {
    const { ann } = world;
    await asks(ann, "/margin btc long -99.9%", QUESTION);
    expect(deedOf(await cardFor(ann, "/margin btc long -98%")).text).toBe("Remove 100.45 USDT · BTC long");
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
