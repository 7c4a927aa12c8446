/** From the press to the verdict: sent once at most, through crowds of presses and through kills at the worst moments. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ANCHOR,
  adjustmentNamed,
  asks,
  called,
  cardAfter,
  cardFor,
  closed,
  confirms,
  deedOf,
  verdictOn,
  verdicts,
} from "../support/talk.ts";
import { createWorld, openWorld, SET_MARGIN, SINGLE_POSITION, type World } from "../support/world.ts";

const DESK = -1_002_000_000_077;

describe("a bot that runs", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ budgets: false });
    const deps = world.telegram.group({ id: DESK, title: "Desk", members: [501, 502, 503] });
    await world.start({ TELEGRAM_ADMIN_IDS: "501,502,503", TELEGRAM_CHAT_IDS: `${deps.id}` });
  });
  afterAll(() => world.close());

  it("sends once when three people press one card fifty times at once, and answers every press", async () => {
    const { ann, bob, telegram, exchange, sent, rows } = world;
    const deps = telegram.chat(DESK);
    const cyd = telegram.user({ id: 503, firstName: "Cyd" });
    const people = [ann, bob, cyd].map((person) => person.in(deps));
    const [first = ann] = people;
    const card = await cardFor(first, "/margin btc long 50");
    const { data } = deedOf(card);
    const presses = Array.from({ length: 50 }, (_, index) => people[index % 3]?.pressesData(card, data));
    const answers = await Promise.all(presses.map(async (press) => (await press?.answered)?.text ?? ""));
    expect((await verdictOn(first, card)).text).toMatch(/^Done/);
    expect(sent()).toHaveLength(1);
    expect(exchange.applied()).toHaveLength(1);
    expect(answers.filter((text) => /^Confirmed/.test(text))).toHaveLength(1);
    expect(answers.filter((text) => /Already confirmed by Ann|Only Ann can press/.test(text))).toHaveLength(49);
    expect(rows().map((row) => row.step)).toEqual(["proposed", "confirmed", "sending", "accepted"]);
    expect(verdicts(first, card)).toHaveLength(1);
  });

  it("lets one of two people win a symbol, and tells the other which adjustment is open", async () => {
    const { ann, bob, exchange, sent } = world;
    const before = sent().length;
    const [annCard, bobCard] = [await cardFor(ann, "/margin eth long 50"), await cardFor(bob, "/margin eth long 20")];
    const call = exchange.hold(SET_MARGIN);
    confirms(ann, annCard);
    await call.reached;
    confirms(bob, bobCard);
    const refused = await verdictOn(bob, bobCard);
    expect(refused.text).toMatch(/^Not done/);
    expect(refused.text).toMatch(/on this symbol is under way/);
    expect(sent()).toHaveLength(before + 1);
    call.release();
    expect((await verdictOn(ann, annCard)).text).toMatch(/^Done/);
    expect(sent()).toHaveLength(before + 1);
  });

  it("lets one of two people move a position off the same figures, and shows the other a new card", async () => {
    const { ann, bob, exchange, sent } = world;
    const before = sent().length;
    const [annCard, bobCard] = [await cardFor(ann, "/margin sol short 5"), await cardFor(bob, "/margin sol short 6")];
    // Ann presses first; her balance is read slowly, and Bob is done meanwhile.
    const slow = exchange.hold("/api/v2/mix/account/account");
    confirms(ann, annCard);
    await slow.reached;
    confirms(bob, bobCard);
    expect((await verdictOn(bob, bobCard)).text).toMatch(/^Done/);
    const margin = exchange.position("SOLUSDT", "short")?.marginSize ?? "";
    slow.release();
    const refused = await verdictOn(ann, annCard);
    expect(refused.text).toMatch(/^Not done: nothing was changed/);
    expect(refused.text).toContain(`to ${margin} since you saw it`);
    expect(sent()).toHaveLength(before + 1);
    expect((await cardAfter(ann, refused)).text).toContain(`${margin} →`);
  });

  it("takes margin out with one call, and the exchange bills it", async () => {
    const { ann, exchange, sent } = world;
    const free = exchange.balance("USDT");
    const card = await cardFor(ann, "/margin sol long -1.5");
    expect(deedOf(card).text).toBe("Remove 1.5 USDT · SOL long");
    expect(card.text).toMatch(/110 → 108\.5 USDT/);
    confirms(ann, card);
    expect((await verdictOn(ann, card)).text).toMatch(/^Done.*\n.*108\.5 USDT/);
    expect(exchange.position("SOLUSDT", "long")?.marginSize).toBe("108.5");
    expect(Number(exchange.balance("USDT")) - Number(free)).toBe(1.5);
    expect(exchange.bills().at(-1)).toMatchObject({ businessType: "reduce_margin", amount: "-1.5", source: "api" });
    expect(JSON.parse(sent().at(-1) ?? "")).toEqual({
      symbol: "SOLUSDT",
      productType: "USDT-FUTURES",
      marginCoin: "USDT",
      holdSide: "long",
      amount: "-1.5",
    });
  });

  it("replies to a card, and takes its buttons away, although Telegram's answer to the card was lost", async () => {
    const { ann, telegram } = world;
    telegram.fail("sendMessage", { kind: "drop", when: "after" });
    const card = await cardFor(ann, "/margin sol short 5");
    confirms(ann, card);
    const verdict = await ann.chat.waitFor(/^Done/, { after: card.id });
    expect(verdict.replyTo).toBe(card.id);
    expect((await closed(ann, card)).text).toContain("Add 5 USDT · SOL short");
  });
});

describe("killed between sending and the answer", () => {
  it.each([
    ["before the exchange had applied it", "before", 0],
    ["after the exchange had applied it", "after", 1],
  ] as const)(
    "%s, it sends nothing again, locks the symbol, and lets an admin settle",
    async (_name, when, applied) => {
      const { ann, bob, exchange, telegram, start, sent, rows } = await createWorld({ budgets: false });
      const first = await start();
      const card = await cardFor(ann, "/margin btc long 50");
      const waiting = await cardFor(ann, "/margin eth long 5");
      const early = await cardFor(bob, "/margin btc long 3");
      const call = exchange.hold({ path: SET_MARGIN, when });
      // Without bills nothing is settled by evidence: this is about people.
      exchange.fail({ path: /account\/bill/, how: { kind: "reset" }, times: 1000 });
      const press = confirms(ann, card);
      await call.reached;
      await first.stop("SIGKILL");

      const second = await start();
      const again = called(telegram, ({ method, params }) => method === "answerCallbackQuery" && params["text"] !== "");
      telegram.redeliver(press.updateId ?? 0);
      expect((await again).params["text"]).toMatch(/over|already/i);
      const verdict = await verdictOn(ann, card);
      expect(verdict.text).toMatch(/^Not known yet/);
      expect((await closed(ann, card)).buttons).toEqual([]);
      const id = adjustmentNamed(verdict.text);
      expect((await asks(ann, "/margin btc long 5", /^Not done/)).text).toContain(id);
      expect((await asks(bob, "/margin btc long -5", /^Not done/)).text).toContain(id);
      confirms(bob, early);
      expect((await verdictOn(bob, early)).text).toMatch(/^Not done/);
      confirms(ann, waiting);
      expect((await verdictOn(ann, waiting)).text).toMatch(/^Done/);
      expect(sent()).toHaveLength(2);
      expect(exchange.applied().filter((bill) => bill.symbol === "BTCUSDT")).toHaveLength(applied);

      // The window of ninety seconds is not over, and a reason is wanted.
      const outcome = applied === 1 ? "applied" : "not_applied";
      expect((await asks(ann, `/settle ${id} ${outcome}`, /./)).text).toMatch(/REASON/);
      expect((await asks(ann, `/settle ${id} ${outcome} seen in the app`, /./)).text).toMatch(/could still arrive/);
      expect(rows().at(-1)?.step).not.toBe(outcome);
      await second.stop("SIGTERM");
      await start({ SETTLE_WINDOW_S: "1" });
      await asks(bob, `/settle ${id} ${outcome} seen in the app`, /^Settled/);
      const settled = await verdictOn(ann, card, applied === 1 ? /^Done/ : /^Not done/);
      expect(settled.text).toMatch(/Bob.*seen in the app/s);
      expect(settled.text).toMatch(ANCHOR);
      expect((await asks(ann, `/settle ${id} ${outcome} again`, /./)).text).toMatch(/Nothing was changed/);
      expect(sent()).toHaveLength(2);
      confirms(ann, await cardFor(ann, "/margin btc long 6"));
      await ann.chat.waitFor(/^Done: added 6 USDT/);
      expect(sent()).toHaveLength(3);
    },
  );
});

it("says Not done after a kill before sending, has sent nothing, and locks nothing", async () => {
  const { ann, exchange, telegram, start, sent, rows } = await createWorld({ budgets: false });
  const first = await start();
  const card = await cardFor(ann, "/margin btc long 50");
  const readPosition = exchange.hold(SINGLE_POSITION);
  const press = confirms(ann, card);
  await readPosition.reached;
  await first.stop("SIGKILL");

  await start();
  telegram.redeliver(press.updateId ?? 0);
  const verdict = await verdictOn(ann, card);
  expect(verdict.text).toMatch(/^Not done/);
  expect(verdict.text).toMatch(/restarted/);
  expect(verdict.text).toMatch(ANCHOR);
  expect(sent()).toEqual([]);
  expect(rows().map((row) => row.step)).toEqual(["proposed", "confirmed", "refused"]);
  confirms(ann, await cardFor(ann, "/margin btc long 5"));
  await ann.chat.waitFor(/^Done/);
  expect(sent()).toHaveLength(1);
});

it("takes a card's buttons away after a restart, where a kill came before it could", async () => {
  const { ann, exchange, telegram, start } = await createWorld({ budgets: false });
  const first = await start();
  const card = await cardFor(ann, "/margin btc long 50");
  const readPosition = exchange.hold(SINGLE_POSITION);
  telegram.fail("editMessageText", { kind: "drop", when: "before" });
  confirms(ann, card);
  await readPosition.reached;
  await first.stop("SIGKILL");

  await start();
  expect((await verdictOn(ann, card)).text).toMatch(/^Not done/);
  expect((await closed(ann, card)).text).toContain("Add 50 USDT · BTC long");
});

it("allows an adjustment as large as LIMIT_PER_ADJUSTMENT, and none above it", async () => {
  const { ann, start, sent, rows } = await createWorld({ budgets: false });
  await start({ LIMIT_PER_ADJUSTMENT: "20" });
  const refused = await asks(ann, "/margin btc long 20.0001", /^Not done/);
  expect(refused.text).toMatch(/20 USD/);
  await asks(ann, "/margin btc long -20.0001", /^Not done/);
  confirms(ann, await cardFor(ann, "/margin btc long 20"));
  await ann.chat.waitFor(/^Done/);
  expect(sent()).toHaveLength(1);
  expect(
    rows()
      .slice(0, 2)
      .map((row) => [row.step, row.code]),
  ).toEqual([
    ["refused", "over_limit"],
    ["refused", "over_limit"],
  ]);
});
