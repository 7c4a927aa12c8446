/** The guided conversation and the one-line command, in a private chat. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MessageView } from "../../src/playground/state/view.ts";
import { asks, cancelOf, cardAfter, cardFor, closed, confirms, deedOf, verdictOn } from "../support/talk.ts";
import { createWorld, openWorld } from "../support/world.ts";

// These tests talk faster than people: the exchange's budgets are none of their business.
const { ann, bob, exchange, telegram, start, sent, close } = await openWorld({ budgets: false });
beforeAll(() => start());
afterAll(close);

const POSITION = /Which position/;
const AMOUNT = /How much/;

const buttonTexts = (message: MessageView) => message.buttons.flat().map((button) => button.text);

/** Goes to the amount step of BTC long. */
async function atAmount(): Promise<MessageView> {
  const question = await asks(ann, "/margin", POSITION);
  ann.presses(/^BTC long/, { message: question });
  return ann.chat.waitFor(AMOUNT, { after: question.id });
}

describe("the guided conversation", () => {
  it("offers one row for each position, riskiest first, and none in cross margin", async () => {
    const question = await asks(ann, "/margin", POSITION);
    const rows = question.buttons.map((row) => row.map((button) => button.text.split(" ").slice(0, 2).join(" ")));
    expect(rows).toEqual([["ETH long"], ["SOL long"], ["SOL short"], ["BTC long"], ["Cancel"]]);
  });

  it("makes a card of the amount on a pressed button", async () => {
    const question = await atAmount();
    const preset = buttonTexts(question).find((text) => /^\+\d/.test(text)) ?? "";
    ann.presses(preset, { message: question });
    const card = await cardAfter(ann, question);
    expect(deedOf(card).text).toBe(`Add ${preset.slice(1)} · BTC long`);
  });

  it("removes with buttons alone, after Remove instead", async () => {
    const question = await atAmount();
    ann.presses("Remove instead", { message: question });
    const turned = await ann.chat.waitFor(/remove from BTC long/, { after: question.id });
    const preset = buttonTexts(turned).find((text) => /^-\d/.test(text)) ?? "";
    ann.presses(preset, { message: turned });
    const card = await cardAfter(ann, turned);
    expect(deedOf(card).text).toBe(`Remove ${preset.slice(1)} · BTC long`);
    confirms(ann, card);
    await verdictOn(ann, card, /^Done/);
    expect(exchange.applied().at(-1)).toMatchObject({ symbol: "BTCUSDT", amount: preset.split(" ")[0] });
  });

  it.each([
    ["50", "Add 50 USDT · BTC long"],
    ["+50", "Add 50 USDT · BTC long"],
    ["-50", "Remove 50 USDT · BTC long"],
    ["12.50", "Add 12.5 USDT · BTC long"],
  ])("reads %s at the amount step as: %s", async (typed, deed) => {
    await atAmount();
    expect(deedOf(await cardFor(ann, typed)).text).toBe(deed);
  });

  it.each([
    ["50", "Remove 50 USDT · BTC long"],
    ["+50", "Add 50 USDT · BTC long"],
    ["-50", "Remove 50 USDT · BTC long"],
  ])("reads %s after Remove instead as: %s", async (typed, deed) => {
    const question = await atAmount();
    ann.presses("Remove instead", { message: question });
    await ann.chat.waitFor(/remove from BTC long/, { after: question.id });
    expect(deedOf(await cardFor(ann, typed)).text).toBe(deed);
  });

  it("skips the position step when only one position can be adjusted", async () => {
    const one = { symbol: "DOGEUSDT", marginSize: "50", total: "1000", openPriceAvg: "0.2", leverage: "10" } as const;
    const crossed = { ...one, symbol: "XRPUSDT", openPriceAvg: "2.5", marginMode: "crossed" } as const;
    const world = await createWorld({
      positions: [
        { ...one, holdSide: "short" },
        { ...crossed, holdSide: "long" },
      ],
    });
    await world.start();
    const question = await asks(world.ann, "/margin", /./);
    expect(question.text).toMatch(/How much to add to DOGE short/);
    expect(deedOf(await cardFor(world.ann, "5")).text).toBe("Add 5 USDT · DOGE short");
  });

  it.each(["20-30", "1e3", "abc", "0", "0.00001", "--5", "5 BTC", "∞"])(
    "says what is wrong with %s, gives an example, and goes on asking",
    async (typed) => {
      await atAmount();
      const answer = await asks(ann, typed, /./);
      expect(answer.text).toMatch(/nothing was changed/i);
      expect(answer.text).toMatch(/such as \d/);
      expect(answer.buttons).toEqual([]);
      expect(deedOf(await cardFor(ann, "7")).text).toBe("Add 7 USDT · BTC long");
    },
  );

  it("asks for another amount when the first one is over a limit", async () => {
    await atAmount();
    const refused = await asks(ann, "1001", /^Not done/);
    expect(refused.text).toMatch(/1000/);
    await ann.chat.waitFor(AMOUNT, { after: refused.id });
    expect(deedOf(await cardFor(ann, "7")).text).toBe("Add 7 USDT · BTC long");
  });

  it("begins anew with a second /margin, and answers the buttons of the first politely", async () => {
    const old = await atAmount();
    const question = await asks(ann, "/margin", POSITION);
    const stale = old.buttons.flat()[0]?.data ?? "";
    const { text } = await ann.pressesData(old, stale).answered;
    expect(text).toMatch(/over/);
    ann.presses(/^ETH long/, { message: question });
    await ann.chat.waitFor(/How much to add to ETH long/, { after: question.id });
    expect(deedOf(await cardFor(ann, "8")).text).toBe("Add 8 USDT · ETH long");
  });

  it("takes the buttons of an answered question away", async () => {
    const question = await asks(ann, "/margin", POSITION);
    ann.presses(/^BTC long/, { message: question });
    expect((await closed(ann, question)).text).toMatch(/BTC long/);
    const amount = await ann.chat.waitFor(AMOUNT, { after: question.id });
    ann.says("9");
    expect((await closed(ann, amount)).text).toMatch(/Add 9 USDT · BTC long/);
  });

  it.each([
    ["/help", /What I can do/],
    ["/positions", /BTC long/],
    ["/history", /adjust/],
  ])("answers %s while it waits, and still takes the answers to its questions", async (command, answer) => {
    const question = await asks(ann, "/margin", POSITION);
    await asks(ann, command, answer);
    ann.presses(/^BTC long/, { message: question });
    await ann.chat.waitFor(AMOUNT, { after: question.id });
    await asks(ann, command, answer);
    expect(deedOf(await cardFor(ann, "11")).text).toBe("Add 11 USDT · BTC long");
  });

  it("does not claim that nothing is asked when text is typed at the position step", async () => {
    const question = await asks(ann, "/margin", POSITION);
    const answer = await asks(ann, "sol", /./);
    expect(answer.text).toMatch(/For which position\? Press one of them above/);
    ann.presses(/^BTC long/, { message: question });
    expect((await ann.chat.waitFor(AMOUNT, { after: question.id })).text).toMatch(/BTC long/);
    ann.says("/cancel");
  });

  it("takes a typed coin at the position step when it names just one position", async () => {
    await asks(ann, "/margin", POSITION);
    expect((await asks(ann, "btc", AMOUNT)).text).toMatch(/BTC long/);
    ann.says("/cancel");
  });
});

describe("stopping", () => {
  it("cancels at the position step with its button", async () => {
    const question = await asks(ann, "/margin", POSITION);
    ann.presses("Cancel", { message: question });
    expect((await closed(ann, question)).text).toMatch(/Cancelled/);
    expect((await asks(ann, "50", /./)).text).toMatch(/Nothing is being asked/);
  });

  it("cancels at the amount step with its button", async () => {
    const question = await atAmount();
    ann.presses("Cancel", { message: question });
    expect((await closed(ann, question)).text).toMatch(/Cancelled/);
    expect((await asks(ann, "50", /./)).text).toMatch(/Nothing is being asked/);
  });

  it("cancels a card with its button, and its adjustment is dead from then on", async () => {
    const card = await cardFor(ann, "/margin btc long 21");
    const before = sent().length;
    const { text } = await ann.pressesData(card, cancelOf(card)).answered;
    expect(text).toMatch(/Cancelled/);
    expect((await closed(ann, card)).text).toMatch(/Cancelled/);
    expect((await confirms(ann, card).answered).text).toMatch(/over/);
    expect(sent()).toHaveLength(before);
  });

  it("cancels at the position step with /cancel", async () => {
    const question = await asks(ann, "/margin", POSITION);
    await asks(ann, "/cancel", /Cancelled/);
    const { text } = await ann.pressesData(question, question.buttons[0]?.[0]?.data ?? "").answered;
    expect(text).toMatch(/over/);
  });

  it("cancels at the amount step with /cancel", async () => {
    await atAmount();
    await asks(ann, "/cancel", /Cancelled/);
    expect((await asks(ann, "50", /./)).text).toMatch(/Nothing is being asked/);
  });

  it("cancels a card with /cancel, and its adjustment is dead from then on", async () => {
    const card = await cardFor(ann, "/margin btc long 22");
    const before = sent().length;
    await asks(ann, "/cancel", /Cancelled/);
    expect((await closed(ann, card)).text).toMatch(/Cancelled/);
    expect((await confirms(ann, card).answered).text).toMatch(/over/);
    expect(sent()).toHaveLength(before);
  });

  it("says so when there is nothing to cancel", async () => {
    expect((await asks(bob, "/cancel", /./)).text).toMatch(/nothing to cancel/);
  });
});

describe("one line", () => {
  it.each([
    ["/margin btc long 50", "Add 50 USDT · BTC long"],
    ["/margin BTCUSDT long -20", "Remove 20 USDT · BTC long"],
    ["/margin 50 long btc", "Add 50 USDT · BTC long"],
    ["/margin short -3 Sol", "Remove 3 USDT · SOL short"],
    ["/margin long +12.5 ETH", "Add 12.5 USDT · ETH long"],
    ["/margin@margin_bot btc LONG 50 usdt", "Add 50 USDT · BTC long"],
    ["/margin btc 50", "Add 50 USDT · BTC long"],
    ["/margin short 6", "Add 6 USDT · SOL short"],
  ])("shows the card at once for %s", async (line, deed) => {
    const said = ann.says(line);
    const card = await cardAfter(ann, said);
    expect(deedOf(card).text).toBe(deed);
    expect(ann.chat.messages().filter(({ id, text }) => id > said.id && /Which|How much/.test(text))).toEqual([]);
  });

  it("asks only for the amount after /margin btc", async () => {
    expect((await asks(ann, "/margin btc", /./)).text).toMatch(/How much to add to BTC long/);
    expect(deedOf(await cardFor(ann, "13")).text).toBe("Add 13 USDT · BTC long");
  });

  it("asks only for the position after /margin long 50", async () => {
    const question = await asks(ann, "/margin long 50", /./);
    expect(question.text).toMatch(POSITION);
    expect(buttonTexts(question).some((text) => text.startsWith("SOL short"))).toBe(false);
    ann.presses(/^BTC long/, { message: question });
    expect(deedOf(await cardAfter(ann, question)).text).toBe("Add 50 USDT · BTC long");
    expect(ann.chat.messages().filter(({ id, text }) => id > question.id && AMOUNT.test(text))).toEqual([]);
  });

  it("asks for the side where a symbol has both", async () => {
    const question = await asks(ann, "/margin sol 5", /./);
    expect(question.text).toMatch(POSITION);
    expect(question.buttons).toHaveLength(3);
    ann.presses(/^SOL short/, { message: question });
    expect(deedOf(await cardAfter(ann, question)).text).toBe("Add 5 USDT · SOL short");
  });

  it.each([
    ["/margin btc long 20-30", /such as 50/],
    ["/margin btc long 1e3", /for example|such as/],
    ["/margin btc long abc", /for example|such as/],
    ["/margin btc long 0", /such as 50/],
    ["/margin btc long 0.00001", /such as 50/],
    ["/margin btc long 5 6", /for example|such as/],
    ["/margin btc long short 5", /for example|such as/],
  ])("makes no card of %s, and shows how it is done", async (line, example) => {
    const answer = await asks(ann, line, /nothing was changed/i);
    expect(answer.text).toMatch(example);
    expect(answer.buttons).toEqual([]);
  });

  it.each([
    ["/margin nosuch long 5", /NOSUCH/],
    ["/margin ada long 5", /no open ADA long/i],
    ["/margin btc short 5", /no open BTC short/i],
    ["/margin xrp long 5", /cross margin/],
    ["/margin btc long 1000.0001", /1000 USD/],
    ["/margin btc long -700", /not all of it/],
  ])("answers %s with Not done, the reason, and no card", async (line, reason) => {
    const answer = await asks(ann, line, /^Not done/);
    expect(answer.text).toMatch(reason);
    expect(answer.buttons.flat().some((button) => /^(?:Add|Remove) /.test(button.text))).toBe(false);
  });

  it("gives the whole limit per adjustment a card", async () => {
    expect(deedOf(await cardFor(bob, "/margin btc long 1000")).text).toBe("Add 1000 USDT · BTC long");
  });

  it("gives an addition above the free balance no card", async () => {
    const before = exchange.balance("USDT");
    exchange.setAvailable("USDT", "20");
    const answer = await asks(ann, "/margin btc long 20.0001", /^Not done/);
    exchange.setAvailable("USDT", before);
    expect(answer.text).toMatch(/free balance is 20 USDT/);
    expect(answer.buttons.flat().map((button) => button.text)).toEqual(["Use 20 USDT"]);
  });
});

it.each(["/HELP", "/Help@Margin_Bot"])("knows a command however it is written: %s", async (typed) => {
  expect((await asks(ann, typed, /^What I can do/)).byBot).toBe(true);
});

it("knows a line behind a command however the command is written", async () => {
  expect(deedOf(await cardFor(ann, "/Margin BTC long 5")).text).toBe("Add 5 USDT · BTC long");
});

it("has moved nothing but what was confirmed", async () => {
  await telegram.idle();
  expect(sent().map((body) => JSON.parse(body).amount)).toEqual(exchange.applied().map((bill) => bill.amount));
  expect(sent()).toHaveLength(1);
});
