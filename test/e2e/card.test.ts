/** The card, its buttons, and the verdict: what is shown, and that a press which is not right does nothing. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ANCHOR,
  asks,
  called,
  cancelOf,
  cardFor,
  closed,
  confirms,
  deedOf,
  verdictOn,
  verdicts,
} from "../support/talk.ts";
import { createWorld, openWorld, SINGLE_POSITION } from "../support/world.ts";

const { ann, bob, exchange, telegram, start, sent, exported, close } = await openWorld({
  budgets: false,
  environment: "live",
});
const deps = telegram.group({ title: "Desk", members: [501, 502] });
beforeAll(() => start({ TELEGRAM_CHAT_IDS: `${deps.id}` }));
afterAll(close);

const SENTENCE_MAX = 120;

it("shows who asked, what is to be done, and the figures it was judged by", async () => {
  const before = Math.floor(Date.now() / 1000);
  const position = exchange.position("BTCUSDT", "long");
  const card = await cardFor(ann, "/margin btc long 50");
  expect(deedOf(card).text).toBe("Add 50 USDT · BTC long");
  expect(card.text).toMatch(/Add 50 USDT · BTC long/);
  expect(card.text).toMatch(/Ann/);
  expect(card.text).toMatch(/\bmain\b/);
  expect(card.text.match(/PAPER|DEMO|LIVE/g)).toEqual(["LIVE"]);
  expect(card.text).toMatch(/612\.5 → 662\.5 USDT/);
  expect(card.text).toMatch(/Mark 100000, read \d\d:\d\d:\d\d UTC$/m);
  // Bitget's figure on the tick, towards the mark; behind the arrow what is estimated.
  expect(position?.liquidationPrice).toMatch(/^86648\.58/);
  expect(card.text).toMatch(/Liquidation 86648\.6 → 85644(?:\.0)? est\./);
  expect(card.text).toMatch(/Distance 13\.4 % → 14\.4 %/);
  expect(card.text).toMatch(/Leverage 7\.3x → 6\.8x/);
  expect(card.text).toMatch(/Free 1500 → 1450 USDT/);
  const expiry = card.entities.find((entity) => entity.type === "date_time")?.unix_time ?? 0;
  expect(expiry).toBeGreaterThanOrEqual(before + 60);
  expect(expiry).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + 60);
});

it("counts as free what an isolated position may have, where Bitget's four figures of a balance differ", async () => {
  const before = exchange.balance("USDT");
  exchange.setAvailable("USDT", "200");
  const refused = await asks(ann, "/margin btc long 201", /./);
  exchange.setAvailable("USDT", before);
  expect(refused.text).toContain("The free balance is 200 USDT.");
});

it.each([
  ["paper", "PAPER", false],
  ["demo", "DEMO", true],
] as const)("names the mode %s as %s, and sends as that mode demands", async (mode, word, hasHeader) => {
  const world = await createWorld({ environment: mode, budgets: false });
  await world.start(
    mode === "paper" ? { BITGET_MODE: mode, PAPER_EXCHANGE_URL: world.exchange.url } : { BITGET_MODE: mode },
  );
  const card = await cardFor(world.ann, "/margin btc long 50");
  expect(card.text.match(/PAPER|DEMO|LIVE/g)).toEqual([word]);
  confirms(world.ann, card);
  expect((await verdictOn(world.ann, card)).text).toMatch(/^Done/);
  expect(world.sent()).toHaveLength(1);
  const own = world.exchange.calls.filter((call) => call.headers.includes("access-sign"));
  expect(own.every((call) => call.headers.includes("paptrading") === hasHeader)).toBe(true);
  expect(world.rows().every((row) => row["account"] === `bitget:${mode}:main`)).toBe(true);
});

it("shows the person something at once, however slow the exchange is", async () => {
  const card = await cardFor(ann, "/margin eth long 5");
  const readPosition = exchange.hold(SINGLE_POSITION);
  const press = confirms(ann, card);
  await readPosition.reached;
  expect((await press.answered).text).toMatch(/Confirmed/);
  expect((await closed(ann, card)).text).toMatch(/Confirmed by Ann/);
  expect(verdicts(ann, card)).toEqual([]);
  readPosition.release();
  expect((await verdictOn(ann, card)).text).toMatch(/^Done/);
});

it("does not keep the money waiting for Telegram", async () => {
  const card = await cardFor(ann, "/margin eth long 6");
  const { promise, resolve } = Promise.withResolvers<void>();
  telegram.fail("answerCallbackQuery", { kind: "hold", until: promise });
  telegram.fail("editMessageText", { kind: "hold", until: promise });
  const sending = exchange.hold("/api/v2/mix/account/set-margin");
  confirms(ann, card);
  await sending.reached;
  resolve();
  sending.release();
  expect((await verdictOn(ann, card)).text).toMatch(/^Done/);
});

it("tells the verdict although the card could not be edited", async () => {
  const card = await cardFor(ann, "/margin eth long 7");
  telegram.fail("editMessageText", { kind: "error", code: 400, description: "Bad Request: message can't be edited" });
  telegram.fail("answerCallbackQuery", { kind: "drop", when: "before" });
  confirms(ann, card);
  expect((await verdictOn(ann, card)).text).toMatch(/^Done/);
});

it("ends the verdict with the anchor of its row in the audit export", async () => {
  const card = await cardFor(ann, "/margin sol short 5");
  confirms(ann, card);
  const verdict = await verdictOn(ann, card);
  expect(verdict.id).toBeGreaterThan(card.id);
  expect(verdict.text).toMatch(/^Done.*\n.*75 USDT/);
  const [, seq, hash] = ANCHOR.exec(verdict.text) ?? [];
  const rows = await exported();
  const row = rows.find((one) => String(one.seq) === seq);
  expect(row).toMatchObject({ step: "accepted", symbol: "SOLUSDT", holdSide: "short", direction: "add", amount: "5" });
  expect(row?.hash.slice(0, 16)).toBe(hash);
  const own = rows.filter((one) => one.adjustment === row?.adjustment);
  expect(own.map((one) => [one.step, one.actor])).toEqual([
    ["proposed", "501"],
    ["confirmed", "501"],
    ["sending", "bot"],
    ["accepted", "bot"],
  ]);
});

describe("a second card", () => {
  it("of the same person for the same position cancels the first", async () => {
    const before = sent().length;
    const first = await cardFor(ann, "/margin btc long 31");
    const second = await cardFor(ann, "/margin btc long 32");
    expect((await closed(ann, first)).text).toMatch(/Cancelled/);
    const { text = "" } = await confirms(ann, first).answered;
    expect(text).toMatch(/over/);
    expect(text.length).toBeLessThan(SENTENCE_MAX);
    expect(sent()).toHaveLength(before);
    confirms(ann, second);
    expect((await verdictOn(ann, second)).text).toMatch(/^Done/);
    expect(sent()).toHaveLength(before + 1);
    expect(verdicts(ann, first)).toEqual([]);
  });

  it("of another person, or for another position, leaves the first alone", async () => {
    const first = await cardFor(ann, "/margin sol long 3");
    await cardFor(ann, "/margin sol short 3");
    await cardFor(bob, "/margin sol long 3");
    confirms(ann, first);
    expect((await verdictOn(ann, first)).text).toMatch(/^Done/);
  });
});

describe("a press that is not right", () => {
  it("does nothing the second time", async () => {
    const before = sent().length;
    const card = await cardFor(ann, "/margin eth long 8");
    confirms(ann, card);
    const verdict = await verdictOn(ann, card);
    const { text = "" } = await confirms(ann, card).answered;
    expect(text).toMatch(/Already confirmed/);
    expect(text.length).toBeLessThan(SENTENCE_MAX);
    expect((await ann.pressesData(card, cancelOf(card)).answered).text).toMatch(/Already confirmed/);
    expect(sent()).toHaveLength(before + 1);
    expect(verdicts(ann, card)).toEqual([verdict]);
  });

  it("does nothing when Telegram brings the same press under another update", async () => {
    const before = sent().length;
    const card = await cardFor(ann, "/margin eth long 9");
    const press = confirms(ann, card);
    await verdictOn(ann, card);
    const again = called(telegram, (call) => call.method === "answerCallbackQuery");
    telegram.pressAgain(press);
    expect((await again).params["text"]).toMatch(/Already confirmed/);
    expect(sent()).toHaveLength(before + 1);
    expect(verdicts(ann, card)).toHaveLength(1);
  });

  it("does nothing when Telegram brings the same update again", async () => {
    const before = sent().length;
    const card = await cardFor(ann, "/margin eth long 9.5");
    const press = confirms(ann, card);
    await verdictOn(ann, card);
    const again = called(telegram, (call) => call.method === "answerCallbackQuery");
    telegram.redeliver(press.updateId ?? 0);
    expect((await again).params["text"]).toMatch(/Already confirmed/);
    expect(sent()).toHaveLength(before + 1);
    expect(verdicts(ann, card)).toHaveLength(1);
  });

  it("does nothing with forged, cut or foreign data, and the card stays as it is", async () => {
    const before = sent().length;
    const card = await cardFor(ann, "/margin btc long 33");
    const other = await cardFor(ann, "/margin sol short 4");
    const { data } = deedOf(card);
    const [version, deed, id, nonce = ""] = data.split(":");
    const otherNonce = deedOf(other).data.split(":").at(-1);
    const forged = [
      [version, deed, id, `${nonce.slice(0, -1)}${nonce.endsWith("A") ? "B" : "A"}`].join(":"),
      [version, deed, id, otherNonce].join(":"),
      [version, deed, "abcdefghjk", nonce].join(":"),
      [version, deed, id].join(":"),
      [version, deed, id, ""].join(":"),
      [version, "y", id, nonce].join(":"),
      ["m9", deed, id, nonce].join(":"),
      data.slice(0, -1),
      data.slice(0, 5),
      `${data}${"A".repeat(40)}`,
      data.toUpperCase(),
      "confirm",
      "{}",
    ];
    for (const false_ of forged) {
      const { text = "" } = await ann.pressesData(card, false_).answered;
      expect(text, false_).not.toBe("");
      expect(text.length, false_).toBeLessThan(SENTENCE_MAX);
    }
    expect(sent()).toHaveLength(before);
    expect(ann.chat.messages().find((message) => message.id === card.id)).toEqual(card);
    confirms(ann, card);
    expect((await verdictOn(ann, card)).text).toMatch(/^Done/);
  });

  it("does nothing in another chat, or on another message", async () => {
    const before = sent().length;
    const annHere = ann.in(deps);
    const help = await asks(annHere, "/help", /What I can do/);
    const elsewhere = await asks(ann, "/help", /What I can do/);
    const card = await cardFor(ann, "/margin btc long 34");
    for (const press of [
      annHere.pressesData(help, deedOf(card).data),
      annHere.pressesData(card.id, deedOf(card).data),
      ann.pressesData(elsewhere, deedOf(card).data),
    ]) {
      expect((await press.answered).text).toMatch(/not valid here/);
    }
    expect(sent()).toHaveLength(before);
    expect(ann.chat.messages().find((message) => message.id === card.id)).toEqual(card);
  });

  it("does nothing once the card has expired, and the card says that it has", async () => {
    const world = await createWorld({ budgets: false });
    await world.start({ CONFIRM_TTL_S: "1" });
    const card = await cardFor(world.ann, "/margin btc long 50");
    const over = await world.ann.chat.waitFor(({ id, text }) => id === card.id && /expired\./i.test(text));
    expect(over.buttons).toEqual([]);
    for (const data of [deedOf(card).data, cancelOf(card)]) {
      const { text = "" } = await world.ann.pressesData(card, data).answered;
      expect(text).toMatch(/expired/);
      expect(text.length).toBeLessThan(SENTENCE_MAX);
    }
    expect(world.sent()).toEqual([]);
    expect(world.rows().map((row) => [row.step, row.actor])).toEqual([
      ["proposed", "501"],
      ["expired", "bot"],
    ]);
    expect(verdicts(world.ann, card)).toEqual([]);
  });
});
