import { describe, expect, it } from "vitest";
import { BOT } from "../../../src/margin/model/audit-event.ts";
import type { PositionKey } from "../../../src/margin/model/position.ts";
import { termsOf } from "../../../src/margin/model/proposal.ts";
import { reconcile } from "../../../src/margin/reconciliation/reconcile.ts";
import { verdictOf } from "../../../src/margin/reports/verdict.ts";
import { english } from "../../../src/telegram/words/english.ts";
import { openDeps, SET_MARGIN, sendForVerdict, stepsIn, type TestDeps } from "../../support/open-deps.ts";
import { ACCOUNT, GROUP, position } from "../../support/people.ts";

const SINGLE = "/api/v2/mix/position/single-position";
const BODY = '{"symbol":"BTCUSDT","productType":"USDT-FUTURES","marginCoin":"USDT","holdSide":"long","amount":"50"}';
/** More callers than the line for set-margin holds; five of them are served at once. */
const CALLERS_MAX = 605;

describe("a confirmed card", () => {
  it("is sent once, and what was sent, where and when stands in its rows", async () => {
    const { deps, confirmed, exchange, sent, steps, clock } = await openDeps();
    const verdict = await sendForVerdict(deps, await confirmed());
    expect(verdict).toMatchObject({
      kind: "done",
      after: { margin: "662.5" },
      event: { step: "accepted", actor: BOT },
    });
    expect(sent()).toEqual([BODY]);
    expect(exchange.position("BTCUSDT", "long")?.marginSize).toBe("662.5");
    expect(steps()).toEqual(["proposed", "confirmed", "sending", "accepted"]);
    const sending = (await deps.events.of(verdict.proposal.adjustment.id))[2];
    expect(sending?.detail).toMatchObject({ body: BODY, before: { margin: "612.5", at: clock.now() } });
    expect(sending?.location).toEqual(GROUP);
    expect(verdict.event.detail).toMatchObject({ exchanged: { httpStatus: 200, code: "00000" } });
  });

  it("takes margin out with a minus and nothing else changed", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    await sendForVerdict(deps, await confirmed({ direction: "remove", amount: "20.5" }));
    expect(sent()).toEqual([BODY.replace('"50"', '"-20.5"')]);
    expect(exchange.position("BTCUSDT", "long")?.marginSize).toBe("592");
  });

  it("stands as `sending` on disk before the exchange receives the call", async () => {
    const { deps, confirmed, exchange, file } = await openDeps();
    const proposal = await confirmed();
    const hold = exchange.hold(SET_MARGIN);
    const sending = sendForVerdict(deps, proposal);
    await hold.reached;
    expect(stepsIn(file)).toEqual(["proposed", "confirmed", "sending"]);
    expect(exchange.applied()).toEqual([]);
    hold.release();
    expect((await sending).kind).toBe("done");
  });

  it("is never sent when the row `sending` cannot be written", async () => {
    const { deps, confirmed, store, sent } = await openDeps();
    const proposal = await confirmed();
    await store.prisma.$executeRawUnsafe(
      `CREATE TRIGGER full BEFORE INSERT ON audit_event WHEN NEW.step = 'sending' BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    );
    await expect(sendForVerdict(deps, proposal)).rejects.toThrow();
    expect(sent()).toEqual([]);
  });

  it("is sent once when it is carried out twice, one after the other", async () => {
    const { deps, confirmed, sent } = await openDeps();
    const proposal = await confirmed();
    await sendForVerdict(deps, proposal);
    await expect(sendForVerdict(deps, proposal)).rejects.toThrow("did not allow");
    expect(sent()).toEqual([BODY]);
  });

  it("is sent once when it is carried out five times at the same moment", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    const proposal = await confirmed();
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => sendForVerdict(deps, proposal)));
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(sent()).toEqual([BODY]);
    expect(exchange.applied()).toHaveLength(1);
  });

  it("is done although the new margin cannot be read", async () => {
    const { deps, confirmed, exchange } = await openDeps();
    const proposal = await confirmed();
    const hold = exchange.hold(SET_MARGIN);
    const sending = sendForVerdict(deps, proposal);
    await hold.reached;
    exchange.fail({ path: SINGLE, how: { kind: "html" }, times: 10 });
    hold.release();
    expect(await sending).toMatchObject({ kind: "done", after: undefined, event: { step: "accepted" } });
  });

  it("that waits too long for a place in the exchange's budget is refused, and nothing was sent", async () => {
    const { deps, confirmed, sent, steps } = await openDeps();
    const proposal = await confirmed();
    const line = Array.from({ length: CALLERS_MAX }, () => deps.exchange.takePermit(ACCOUNT));
    expect(await sendForVerdict(deps, proposal)).toMatchObject({ kind: "refused", refusal: { code: "waited" } });
    expect(steps()).toEqual(["proposed", "confirmed", "refused"]);
    expect(sent()).toEqual([]);
    expect(line).toHaveLength(CALLERS_MAX);
  });
});

describe("two people on one position", () => {
  const ACCOUNTS = "/api/v2/mix/account/account";

  it("move it once off the same before: who was overtaken reads from what to what it changed", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    const [first, second] = [await confirmed({ amount: "50" }), await confirmed({ amount: "60" })];
    // The position of the first is read; its balance is slow, and the second is done meanwhile.
    const hold = exchange.hold(ACCOUNTS);
    const overtaken = sendForVerdict(deps, first);
    await hold.reached;
    expect((await sendForVerdict(deps, second)).kind).toBe("done");
    hold.release();
    expect(await overtaken).toMatchObject({
      kind: "refused",
      refusal: { code: "changed", what: "margin", before: "612.5", now: "672.5" },
    });
    expect(sent()).toEqual([BODY.replace('"50"', '"60"')]);
  });

  it("move it once where the other one's answer comes while the first is looking", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    const [first, second] = [await confirmed({ amount: "50" }), await confirmed({ amount: "60" })];
    const answer = exchange.hold(SET_MARGIN);
    const sending = sendForVerdict(deps, second);
    await answer.reached;
    // The look of the first begins while the money of the second is under way, and ends after it has moved.
    const hold = exchange.hold(ACCOUNTS);
    const overtaken = sendForVerdict(deps, first);
    await hold.reached;
    answer.release();
    expect((await sending).kind).toBe("done");
    hold.release();
    expect(await overtaken).toMatchObject({ kind: "refused", refusal: { code: "changed", what: "margin" } });
    expect(sent()).toHaveLength(1);
  });

  it("keep the floor: a removal that was overtaken by another is judged again", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    const request = { direction: "remove", amount: "60" } as const;
    const [first, second] = [await confirmed(request), await confirmed({ ...request, amount: "61" })];
    const hold = exchange.hold(ACCOUNTS);
    const overtaken = sendForVerdict(deps, first);
    await hold.reached;
    expect((await sendForVerdict(deps, second)).kind).toBe("done");
    hold.release();
    expect((await overtaken).kind).toBe("refused");
    expect(sent()).toHaveLength(1);
  });

  it("move it once where the exchange still shows the old margin to the second", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    const [first, second] = [await confirmed({ amount: "50" }), await confirmed({ amount: "60" })];
    expect((await sendForVerdict(deps, second)).kind).toBe("done");
    const old = (envelope: unknown) =>
      JSON.parse(JSON.stringify(envelope).replace('"marginSize":"672.5"', '"marginSize":"612.5"'));
    exchange.fail({ path: SINGLE, how: { kind: "edit", edit: old } });
    expect(await sendForVerdict(deps, first)).toMatchObject({ kind: "refused", refusal: { code: "overtaken" } });
    expect(sent()).toHaveLength(1);
  });

  it("both move their own side of a hedged symbol: who was overtaken looks again, and goes on", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    const first = await confirmed({ position: position("SOLUSDT", "long"), amount: "5" });
    const second = await confirmed({ position: position("SOLUSDT", "short"), amount: "6" });
    const hold = exchange.hold(ACCOUNTS);
    const overtaken = sendForVerdict(deps, first);
    await hold.reached;
    expect((await sendForVerdict(deps, second)).kind).toBe("done");
    hold.release();
    expect((await overtaken).kind).toBe("done");
    expect(sent()).toHaveLength(2);
  });
});

describe("the fresh look", () => {
  const drifts: readonly [string, (deps: TestDeps) => void, object][] = [
    ["size", ({ exchange }) => exchange.change("BTCUSDT", "long", { total: "0.06" }), { what: "size", now: "0.06" }],
    ["leverage", ({ exchange }) => exchange.change("BTCUSDT", "long", { leverage: "20" }), { what: "leverage" }],
    ["mode", ({ exchange }) => exchange.change("BTCUSDT", "long", { marginMode: "crossed" }), { what: "mode" }],
    ["margin", ({ exchange }) => exchange.setMarginOutside("BTCUSDT", "long", "1"), { what: "margin", now: "613.5" }],
  ];

  it.each(drifts)("stops what was confirmed when the %s changed, and sends nothing", async (_, act, what) => {
    const all = await openDeps();
    const { deps, confirmed, sent, steps } = all;
    const proposal = await confirmed();
    act(all);
    expect(await sendForVerdict(deps, proposal)).toMatchObject({
      kind: "refused",
      refusal: { code: "changed", ...what },
    });
    expect(steps()).toEqual(["proposed", "confirmed", "refused"]);
    expect(sent()).toEqual([]);
  });

  it("stops what was confirmed when the position is gone", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    const proposal = await confirmed();
    exchange.closePosition("BTCUSDT", "long");
    expect(await sendForVerdict(deps, proposal)).toMatchObject({ kind: "refused", refusal: { code: "no_position" } });
    expect(sent()).toEqual([]);
  });

  it("stops what was confirmed when only the other side is left", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    const proposal = await confirmed({ position: position("SOLUSDT", "long"), amount: "5" });
    exchange.closePosition("SOLUSDT", "long");
    expect(await sendForVerdict(deps, proposal)).toMatchObject({ refusal: { code: "no_position", holdSide: "long" } });
    expect(sent()).toEqual([]);
  });

  it("stops an addition when the balance became short", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    const proposal = await confirmed();
    exchange.setAvailable("USDT", "49.9999");
    expect(await sendForVerdict(deps, proposal)).toMatchObject({
      kind: "refused",
      refusal: { code: "balance", free: "49.9999" },
    });
    expect(sent()).toEqual([]);
  });

  it("stops what was confirmed when the position cannot be read", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    const proposal = await confirmed();
    exchange.fail({ path: SINGLE, how: { kind: "status", status: 502 }, times: 5 });
    expect(await sendForVerdict(deps, proposal)).toMatchObject({ kind: "refused", refusal: { code: "unreadable" } });
    expect(sent()).toEqual([]);
  });

  it("lets an addition through when the mark price falls", async () => {
    const { deps, confirmed, sent, exchange } = await openDeps();
    const proposal = await confirmed();
    exchange.setPrice("BTCUSDT", "95000");
    expect((await sendForVerdict(deps, proposal)).kind).toBe("done");
    expect(sent()).toEqual([BODY]);
  });
});

describe("the limit of an adjustment in coins", () => {
  it("is judged at the price that was shown: a price that rose does not stop a rescue", async () => {
    const { deps, exchange, confirmed } = await openDeps();
    const short = {
      symbol: "BTCUSD",
      holdSide: "short",
      total: "0.1",
      openPriceAvg: "100000",
      leverage: "10",
    } as const;
    exchange.open({ ...short, marginSize: "0.01" });
    const key = { ...position("BTCUSD", "short"), productType: "COIN-FUTURES", marginCoin: "BTC" } as const;
    const proposal = await confirmed({ position: key, amount: "0.01" });
    exchange.setPrice("BTCUSD", "101000");
    expect(await sendForVerdict(deps, proposal)).toMatchObject({ kind: "done", after: { margin: "0.02" } });
  });
});

describe("an answer", () => {
  it("that is lost after the exchange applied the call is unknown, and nothing is sent again", async () => {
    const { deps, confirmed, exchange, sent, steps } = await openDeps();
    const proposal = await confirmed();
    exchange.fail({ path: SET_MARGIN, how: { kind: "reset" }, when: "after" });
    expect(await sendForVerdict(deps, proposal)).toMatchObject({
      kind: "unknown",
      event: { step: "unknown", actor: BOT },
    });
    expect(steps()).toEqual(["proposed", "confirmed", "sending", "unknown"]);
    expect(sent()).toHaveLength(1);
    expect(exchange.applied()).toHaveLength(1);
  });

  it("that is lost before the exchange applied the call is unknown, too", async () => {
    const { deps, confirmed, exchange, sent } = await openDeps();
    const proposal = await confirmed();
    exchange.fail({ path: SET_MARGIN, how: { kind: "reset" }, when: "before" });
    expect((await sendForVerdict(deps, proposal)).kind).toBe("unknown");
    expect(sent()).toHaveLength(1);
    expect(exchange.applied()).toEqual([]);
  });

  it.each([
    ["40798", "Insufficient contract account balance", "balance"],
    ["40802", "The position is 0 and no direct margin call can be made", "no_position"],
    ["40018", "Invalid IP", "ip"],
  ])("with the code %s is a rejection, and the row says the code", async (code, msg, why) => {
    const { deps, confirmed, exchange } = await openDeps();
    const proposal = await confirmed();
    exchange.fail({ path: SET_MARGIN, how: { kind: "code", code, msg } });
    const verdict = await sendForVerdict(deps, proposal);
    expect(verdict).toMatchObject({ kind: "rejected", why, event: { step: "rejected", code } });
    expect(verdict.event.detail).toMatchObject({ exchanged: { code, message: msg, httpStatus: 400 } });
    expect(exchange.applied()).toEqual([]);
  });

  it("with a code that proves nothing is unknown, and the row says the code", async () => {
    const { deps, confirmed, exchange } = await openDeps();
    const proposal = await confirmed();
    exchange.fail({ path: SET_MARGIN, how: { kind: "code", code: "40725", msg: "service return an error" } });
    expect(await sendForVerdict(deps, proposal)).toMatchObject({
      kind: "unknown",
      event: { step: "unknown", code: "40725" },
    });
  });
});

describe("a refusal of the exchange's", () => {
  const REFUSED = { kind: "code", code: "40798", msg: "Insufficient balance" } as const;
  const WRONG_KEY = { kind: "code", code: "40012", msg: "apikey/password is incorrect" } as const;
  const UNREADABLE = { path: SINGLE, how: { kind: "status", status: 502 }, times: 20 } as const;

  /** A card whose call waits at the exchange, and will be refused: what happens meanwhile is up to the test. */
  async function refusedLater(how: typeof REFUSED | typeof WRONG_KEY, act: (all: TestDeps) => void) {
    const all = await openDeps();
    const proposal = await all.confirmed();
    const hold = all.exchange.hold(SET_MARGIN);
    all.exchange.fail({ path: SET_MARGIN, how });
    const sending = sendForVerdict(all.deps, proposal);
    await hold.reached;
    act(all);
    hold.release();
    return sending;
  }

  /** A request that is delivered twice, with a balance for one: the answer is the refusal of the second. */
  async function deliveredTwice() {
    const all = await openDeps();
    const proposal = await all.confirmed({ amount: "60" });
    all.exchange.setAvailable("USDT", "100");
    all.exchange.fail({ path: SET_MARGIN, how: { kind: "duplicate" } });
    return { ...all, proposal, verdict: await sendForVerdict(all.deps, proposal) };
  }

  it("hides a move where the request was delivered twice: that is not known, with the code and its words", async () => {
    const { exchange, verdict } = await deliveredTwice();
    expect(exchange.applied()).toHaveLength(1);
    expect(verdict).toMatchObject({ kind: "unknown", refused: { why: "balance", position: "differs" } });
    const { text } = english.verdict(verdict);
    expect(text).toMatch(/^Not known yet: Bitget refused it, but the position is not as it was before sending/);
    expect(text).toMatch(/\nBitget answered 40798: "\w/);
  });

  it("is settled by evidence where it hid a move, and is Done then", async () => {
    const { deps, proposal } = await deliveredTwice();
    const settled = await reconcile(deps, proposal.adjustment.id, { wasQuiet: false, likelyNot: false });
    expect(settled).toMatchObject({ kind: "settled", event: { step: "applied" } });
  });

  it("hides a move that shows only two seconds later", async () => {
    const { deps, confirmed, exchange } = await openDeps();
    const proposal = await confirmed();
    exchange.fail({ path: SET_MARGIN, how: REFUSED });
    const slow = { ...deps, pause: async () => exchange.setMarginOutside("BTCUSDT", "long", "50") };
    expect(await sendForVerdict(slow, proposal)).toMatchObject({ kind: "unknown", refused: { position: "differs" } });
  });

  it("is believed after two looks at a position that did not move", async () => {
    const { deps, confirmed, exchange } = await openDeps();
    const proposal = await confirmed();
    const reads = () => exchange.calls.filter(({ path }) => path === SINGLE).length;
    exchange.fail({ path: SET_MARGIN, how: REFUSED });
    const before = reads();
    expect((await sendForVerdict(deps, proposal)).kind).toBe("rejected");
    expect(reads() - before).toBe(3);
  });

  it("is not known where the position was closed under it", async () => {
    const verdict = await refusedLater(REFUSED, ({ exchange }) => exchange.closePosition("BTCUSDT", "long"));
    expect(verdict).toMatchObject({ kind: "unknown", refused: { position: "gone" } });
  });

  it.each([
    ["fails", { kind: "status", status: 502 }],
    ["shows no position", { kind: "edit", edit: (envelope: object) => ({ ...envelope, data: [] }) }],
  ] as const)("is believed where one look %s and the later ones show the position unmoved", async (_, how) => {
    const verdict = await refusedLater(REFUSED, ({ exchange }) => exchange.fail({ path: SINGLE, how }));
    expect(verdict.kind).toBe("rejected");
  });

  it("that looked like a second delivery is Done with a word on whose it may be", async () => {
    const { deps, proposal } = await deliveredTwice();
    const settled = await reconcile(deps, proposal.adjustment.id, { wasQuiet: false, likelyNot: false });
    if (settled.kind !== "settled") throw new Error(settled.kind);
    const verdict = await verdictOf(deps, proposal.adjustment.id, settled.event.seq);
    expect(verdict && english.verdict(verdict).text).toMatch(/^Done: .*\n.*delivered twice\.\nOr somebody made/);
  });

  it.each([
    ["is not known where the position cannot be read, and names the code", REFUSED, "unknown"],
    ["is believed unread where it came before anything could be carried out", WRONG_KEY, "rejected"],
  ] as const)("%s", async (_, how, kind) => {
    const verdict = await refusedLater(how, ({ exchange }) => exchange.fail(UNREADABLE));
    expect(verdict).toMatchObject({ kind, event: { code: how.code } });
    expect(english.verdict(verdict).text).toMatch(new RegExp(`${how.code}: "?${how.msg}`));
  });

  it("that came before anything could be carried out is not believed where a look shows a move", async () => {
    const verdict = await refusedLater(WRONG_KEY, ({ exchange }) => exchange.setMarginOutside("BTCUSDT", "long", "50"));
    expect(verdict.kind).toBe("unknown");
  });
});

describe("while one send is open", () => {
  /** Two confirmed cards on one symbol, of which the first has ended in an unknown outcome. */
  async function afterUnknown(key: PositionKey) {
    const all = await openDeps();
    const first = await all.confirmed({ position: position("SOLUSDT", "long"), amount: "5" });
    const second = await all.confirmed({ position: key, amount: "6" });
    all.exchange.fail({ path: SET_MARGIN, how: { kind: "reset" }, when: "after" });
    await sendForVerdict(all.deps, first);
    return { ...all, first, second };
  }

  it("a second one on its symbol is refused although it was confirmed, and names the open adjustment", async () => {
    const { deps, first, second, sent, steps } = await afterUnknown(position("SOLUSDT", "short"));
    const verdict = await sendForVerdict(deps, second);
    expect(verdict).toMatchObject({ kind: "refused", refusal: { code: "locked", open: first.adjustment.id } });
    expect(steps().at(-1)).toBe("refused");
    expect(sent()).toHaveLength(1);
  });

  it("the refusal says at which step the open adjustment stands", async () => {
    const { deps, second } = await afterUnknown(position("SOLUSDT", "short"));
    expect(await sendForVerdict(deps, second)).toMatchObject({ refusal: { code: "locked", step: "unknown" } });
  });

  it("another symbol is not concerned", async () => {
    const { deps, second, sent } = await afterUnknown(position("BTCUSDT"));
    expect((await sendForVerdict(deps, second)).kind).toBe("done");
    expect(sent()).toHaveLength(2);
  });

  it("a second one on its symbol is refused while the first is still under way", async () => {
    const { deps, confirmed, exchange, sent } = await openDeps();
    const first = await confirmed({ position: position("SOLUSDT", "long"), amount: "5" });
    const second = await confirmed({ position: position("SOLUSDT", "short"), amount: "6" });
    const hold = exchange.hold(SET_MARGIN);
    const sending = sendForVerdict(deps, first);
    await hold.reached;
    expect(await sendForVerdict(deps, second)).toMatchObject({
      refusal: { code: "locked", open: first.adjustment.id, step: "sending" },
    });
    hold.release();
    expect((await sending).kind).toBe("done");
    expect(sent()).toHaveLength(1);
  });

  it("a send that has ended leaves the symbol free again", async () => {
    const { deps, confirmed } = await openDeps();
    const [first, second] = [await confirmed(), await confirmed({ direction: "remove", amount: "1" })];
    expect((await sendForVerdict(deps, first)).kind).toBe("done");
    const verdict = await sendForVerdict(deps, second);
    expect(verdict).toMatchObject({ kind: "refused", refusal: { code: "changed", what: "margin" } });
    const { account, symbol, marginCoin } = termsOf(first.adjustment);
    expect(await deps.projections.inFlight(account, symbol, marginCoin)).toBeUndefined();
  });
});
