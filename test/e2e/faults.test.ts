/** Answers of the exchange that were lost, refused or spoilt: what the chat is told, and that nothing is sent again. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault, PaperExchange } from "../../src/paper/exchange.ts";
import { ANCHOR, adjustmentNamed, asks, cardFor, closed, confirms, deedOf, verdictOn } from "../support/talk.ts";
import { openWorld, SET_MARGIN, SINGLE_POSITION, type World } from "../support/world.ts";

/** A lost answer locks its symbol: each case has one of its own. */
const COINS = { BTC: "100000", ETH: "3500", SOL: "180", XRP: "2.5", ADA: "0.85", DOGE: "0.2", PEPE: "0.00001" };
const positions = Object.entries(COINS).map(([coin, price]) => ({
  symbol: `${coin}USDT`,
  holdSide: "long" as const,
  marginSize: "100",
  total: "1",
  openPriceAvg: price,
  leverage: "10",
}));

/** The card of `Add 5 USDT`, pressed while the next call that moves margin meets a fault. */
async function pressed(world: World, coin: string, how: Fault, when: "before" | "after" = "before") {
  const before = world.sent().length;
  const card = await cardFor(world.ann, `/margin ${coin} long 5`);
  const withdraw = world.exchange.fail({ path: SET_MARGIN, how, when });
  confirms(world.ann, card);
  const verdict = await verdictOn(world.ann, card);
  withdraw();
  return { card, verdict, calls: world.sent().length - before };
}

const PAGE = "<html><body>503 Service Unavailable</body></html>";
const LOST: readonly (readonly [string, Fault, ("before" | "after")?])[] = [
  ["a connection that broke before the call was handled", { kind: "reset" }, "before"],
  ["a connection that broke after the call was handled", { kind: "reset" }, "after"],
  ["HTTP 503", { kind: "status", status: 503, body: PAGE }],
  ["HTTP 429", { kind: "code", code: "429", msg: "Too Many Requests", status: 429 }],
  ["a page for people", { kind: "html" }],
  ["an empty answer", { kind: "empty" }],
  ["half an answer", { kind: "truncated" }, "after"],
  ["JSON of another shape", { kind: "json", body: '{"ok":true}' }],
  ["a code that nobody has listed", { kind: "code", code: "99999", msg: "system busy" }],
  ["a redirect", { kind: "status", status: 307, headers: { location: SET_MARGIN } }],
  ["a refusal with HTTP 500", { kind: "code", code: "40798", msg: "Insufficient balance", status: 500 }],
  ["40808 without a word of what was wrong", { kind: "code", code: "40808", msg: "Parameter verification exception" }],
  ["a success on the second delivery of a proxy", { kind: "status", status: 504, body: "" }, "after"],
];

describe("a lost answer", () => {
  const coins = Object.keys(COINS);
  const worlds: World[] = [];
  beforeAll(async () => {
    for (let cases = 0; cases < LOST.length; cases += coins.length) {
      worlds.push(await openWorld({ positions, budgets: false }));
    }
    await Promise.all(worlds.map((world) => world.start()));
  });
  afterAll(async () => {
    await Promise.all(worlds.map((world) => world.close()));
  });

  it.each(LOST.map(([name, how, when], index) => ({ name, how, when, index })))(
    "is called Not known yet, is not sent again, and locks the symbol: $name",
    async ({ how, when, index }) => {
      const world = worlds[Math.floor(index / coins.length)] as World;
      const coin = coins[index % coins.length] ?? "";
      // Without bills nobody can tell what became of it, so that it stays open.
      world.exchange.fail({ path: /account\/bill/, how: { kind: "reset" }, times: 1000 });
      const { card, verdict, calls } = await pressed(world, coin, how, when);
      expect(verdict.text).toMatch(/^Not known yet/);
      expect(verdict.text).toMatch(ANCHOR);
      expect((await closed(world.ann, card)).buttons).toEqual([]);
      const id = adjustmentNamed(verdict.text);
      expect((await asks(world.ann, `/margin ${coin} long 6`, /^Not done/)).text).toContain(id);
      expect(calls).toBe(1);
      const steps = world.rows().filter((row) => row.adjustment === id);
      expect(steps.map((row) => row.step)).toEqual(["proposed", "confirmed", "sending", "unknown"]);
    },
  );
});

describe("a certain refusal", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ budgets: false });
    await world.start({ SETTLE_WINDOW_S: "1" });
  });
  afterAll(() => world.close());

  it.each([
    ["40034", "Parameter BTCUSDT does not exist", /does not know this symbol/],
    ["40808", "Parameter verification exception amount checkBDScale error value=1", /more decimals/],
    ["40808", "Parameter verification exception double fixed, hold side is null", /side of the position/],
    ["40803", "leverage lowered", /leverage/],
    ["40799", "less than the minimum", /did not accept the amount/],
    ["40014", "Incorrect permissions", /lacks the right/],
    ["40018", "Invalid IP", /address/],
    ["40012", "apikey/password is incorrect", /API key/],
    ["40008", "Request timestamp expired", /clock/],
    ["40085", "unified account", /kind of account/],
    ["40844", "contract is under maintenance", /suspended or in maintenance/],
    ["40879", "liquidation", /risk engine/],
  ])("by code %s (%s) is called Not done in a sentence of its own, and locks nothing", async (code, msg, sentence) => {
    const { verdict, calls } = await pressed(world, "btc", { kind: "code", code, msg });
    expect(verdict.text).toMatch(/^Not done/);
    expect(verdict.text).toMatch(sentence);
    expect(verdict.text).toContain(code);
    expect(verdict.text).toMatch(ANCHOR);
    expect(calls).toBe(1);
    expect(world.rows().at(-1)).toMatchObject({ step: "rejected", code });
  });

  it("for real (40798, the balance is gone) is called Not done", async () => {
    const card = await cardFor(world.ann, "/margin btc long 5");
    const call = world.exchange.hold(SET_MARGIN);
    confirms(world.ann, card);
    await call.reached;
    world.exchange.setAvailable("USDT", "1");
    call.release();
    const verdict = await verdictOn(world.ann, card);
    world.exchange.setAvailable("USDT", "1500");
    expect(verdict.text).toMatch(/^Not done/);
    expect(verdict.text).toMatch(/balance is too small/);
    expect(world.rows().at(-1)).toMatchObject({ step: "rejected", code: "40798" });
    expect(world.exchange.applied()).toEqual([]);
  });

  // What the exchange itself says when the position changed after the bot's last look: it might have hidden a move.
  it.each<[string, string, (exchange: PaperExchange) => () => void]>([
    [
      "40808 FIXED, the position went to cross margin",
      "40808",
      (exchange) => {
        exchange.change("BTCUSDT", "long", { marginMode: "crossed" });
        return () => exchange.change("BTCUSDT", "long", { marginMode: "isolated" });
      },
    ],
    [
      "40802, the position is closed",
      "40802",
      (exchange) => {
        exchange.closePosition("BTCUSDT", "long");
        const size = { total: "0.05", marginSize: "612.5", openPriceAvg: "98500", leverage: "10" };
        return () => exchange.open({ symbol: "BTCUSDT", holdSide: "long", ...size });
      },
    ],
  ])("for real (%s) is not known, with its code, and becomes Not done by itself", async (_name, code, meanwhile) => {
    const card = await cardFor(world.ann, "/margin btc long 5");
    const call = world.exchange.hold(SET_MARGIN);
    confirms(world.ann, card);
    await call.reached;
    const restore = meanwhile(world.exchange);
    call.release();
    const doubtful = await verdictOn(world.ann, card);
    expect(doubtful.text).toMatch(
      /^Not known yet: Bitget refused it, (?:but the position is not as it was|and the position is gone)/,
    );
    expect(doubtful.text).toContain(`Bitget answered ${code}: "`);
    expect((await verdictOn(world.ann, card, /^Not done/)).text).toMatch(/nothing was changed/);
    restore();
    expect(world.rows().at(-1)).toMatchObject({ step: "not_applied", code: "evidence" });
    expect(world.exchange.applied()).toEqual([]);
  });

  it("of too large a removal (40801) is called Not done", async () => {
    const card = await cardFor(world.ann, "/margin btc long -300");
    confirms(world.ann, card);
    const verdict = await verdictOn(world.ann, card);
    expect(verdict.text).toMatch(/^Not done/);
    expect(verdict.text).toMatch(/more than can be taken out/);
    expect(world.exchange.applied()).toEqual([]);
  });

  it("leaves the symbol open for the next adjustment", async () => {
    expect(deedOf(await cardFor(world.ann, "/margin btc long 5")).text).toBe("Add 5 USDT · BTC long");
  });

  it("of a second delivery hides no move: not known, then Done, and moved once", async () => {
    const before = world.exchange.applied().length;
    const card = await cardFor(world.ann, "/margin btc long 5");
    world.exchange.setAvailable("USDT", "8");
    world.exchange.fail({ path: SET_MARGIN, how: { kind: "duplicate" } });
    confirms(world.ann, card);
    expect((await verdictOn(world.ann, card)).text).toMatch(/^Not known yet.*\nBitget answered 40798: "/);
    expect((await verdictOn(world.ann, card, /^Done/)).text).toMatch(/bills and the position show that it was done/);
    world.exchange.setAvailable("USDT", "1500");
    expect(world.exchange.applied()).toHaveLength(before + 1);
  });
});

describe("a position that changed between card and press", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ budgets: false });
    await world.start();
  });
  afterAll(() => world.close());

  it.each<[string, RegExp, (exchange: PaperExchange) => void]>([
    ["its size", /size changed from 0\.05 to 0\.06/, (e) => e.change("BTCUSDT", "long", { total: "0.06" })],
    ["its leverage", /leverage changed from 10 to 12/, (e) => e.change("BTCUSDT", "long", { leverage: "12" })],
    ["its margin", /margin changed from 612\.5 to 622\.5/, (e) => e.setMarginOutside("BTCUSDT", "long", "10")],
    ["its margin, topped up by the exchange", /margin changed/, (e) => e.autoAppend("BTCUSDT", "long", "1")],
    ["the free balance", /free balance is 2 USDT/, (e) => e.setAvailable("USDT", "2")],
    ["its margin mode", /margin mode changed/, (e) => e.change("BTCUSDT", "long", { marginMode: "crossed" })],
    ["that it is open at all", /no open BTC\w* long/i, (e) => e.closePosition("BTCUSDT", "long")],
  ])("stops the adjustment before anything is sent: %s", async (_name, reason, change) => {
    world.exchange.setAvailable("USDT", "1500");
    world.exchange.change("BTCUSDT", "long", { marginMode: "isolated" });
    const card = await cardFor(world.ann, "/margin btc long 5");
    change(world.exchange);
    confirms(world.ann, card);
    const verdict = await verdictOn(world.ann, card);
    expect(verdict.text).toMatch(/^Not done/);
    expect(verdict.text).toMatch(reason);
    expect(verdict.text).toMatch(ANCHOR);
    expect(world.sent()).toEqual([]);
    expect(world.rows().at(-1)?.step).toBe("refused");
  });

  it("is not sent to without a fresh look: Not done when the position cannot be read", async () => {
    world.exchange.setAvailable("USDT", "1500");
    const card = await cardFor(world.ann, "/margin eth long 5");
    const withdraw = world.exchange.fail({ path: SINGLE_POSITION, how: { kind: "empty" }, times: 100 });
    confirms(world.ann, card);
    const verdict = await verdictOn(world.ann, card);
    withdraw();
    expect(verdict.text).toMatch(/^Not done/);
    expect(verdict.text).toMatch(/could not be read/);
    expect(world.sent()).toEqual([]);
  });

  it("does not stop it where only the price moved", async () => {
    world.exchange.setAvailable("USDT", "1500");
    const card = await cardFor(world.ann, "/margin eth long 5");
    world.exchange.setPrice("ETHUSDT", "3440");
    confirms(world.ann, card);
    expect((await verdictOn(world.ann, card)).text).toMatch(/^Done/);
    expect(world.sent()).toHaveLength(1);
  });

  it("is called Done without a new margin where it could not be read again", async () => {
    const card = await cardFor(world.ann, "/margin eth long 6");
    const call = world.exchange.hold({ path: SET_MARGIN, when: "after" });
    confirms(world.ann, card);
    await call.reached;
    const withdraw = world.exchange.fail({ path: SINGLE_POSITION, how: { kind: "empty" }, times: 100 });
    call.release();
    const verdict = await verdictOn(world.ann, card);
    withdraw();
    expect(verdict.text).toMatch(/^Done/);
    expect(verdict.text).toMatch(/could not be read yet/);
    expect(verdict.text).toMatch(ANCHOR);
  });
});

describe("a read that the exchange turned away because it was asked too often", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ budgets: false });
    await world.start();
  });
  afterAll(() => world.close());

  const how = { kind: "code", code: "429", msg: "Too Many Requests", status: 429 } as const;

  it("is made again for somebody who asks for the positions", async () => {
    world.exchange.fail({ path: "/api/v2/mix/position/all-position", how });
    expect((await asks(world.ann, "/positions", /./)).text).toMatch(/BTC long/);
  });

  it("is made again before an adjustment that was confirmed is given up", async () => {
    const card = await cardFor(world.ann, "/margin btc long 5");
    world.exchange.fail({ path: SINGLE_POSITION, how });
    confirms(world.ann, card);
    expect((await verdictOn(world.ann, card)).text).toMatch(/^Done/);
    expect(world.sent()).toHaveLength(1);
  });
});
