import { describe, expect, it, onTestFinished } from "vitest";
import { decode } from "../../src/audit/event-schema.ts";
import { eventOf, nextRow } from "../../src/audit/row.ts";
import { createTrail } from "../../src/audit/trail.ts";
import { verifyFile } from "../../src/audit/verify.ts";
import { cancel, confirm } from "../../src/margin/lifecycle/confirm.ts";
import { expireCards } from "../../src/margin/lifecycle/expire.ts";
import { recover } from "../../src/margin/lifecycle/recover.ts";
import { NEXT_STEPS, NOTES } from "../../src/margin/model/adjustment.ts";
import type { Entry } from "../../src/margin/model/audit-event.ts";
import { decimal } from "../../src/margin/model/decimal.ts";
import type { Refusal } from "../../src/margin/model/refusal.ts";
import { judge } from "../../src/margin/reconciliation/evidence.ts";
import { reconcile } from "../../src/margin/reconciliation/reconcile.ts";
import { settleByHand } from "../../src/margin/reconciliation/settle-manually.ts";
import { verdictOf } from "../../src/margin/reports/verdict.ts";
import { openStore } from "../../src/store/database.ts";
import type { Row } from "../../src/store/event-columns.ts";
import { openReader } from "../../src/store/reader.ts";
import { openDeps, pressOf, SET_MARGIN, sendForVerdict } from "../support/open-deps.ts";
import { ANN, BOB, GROUP, position } from "../support/people.ts";
import { entry, START, termsOn, writeBook } from "./book.ts";

const STEPS = [...Object.keys(NEXT_STEPS), ...NOTES];
const SETTLE_WINDOW_MS = 90_000;

function rowsIn(file: string): Row[] {
  const opened = openReader(file);
  if (!opened.ok) throw new Error(opened.reason);
  const rows = [...opened.reader.events()];
  opened.reader.close();
  return rows;
}

/** Whatever is in the file is read in full, and written again gives the same bytes. */
function expectReadInFull(rows: readonly Row[]): void {
  for (const row of rows) {
    const event = eventOf(row);
    expect(event).toMatchObject({ seq: row.seq, step: row.step });
    expect(event.detail).toEqual(JSON.parse(row.detail));
    expect(nextRow(event as Entry, row.stepNumber, event.at, { seq: 0, hash: "" }).detail).toBe(row.detail);
  }
}

describe("a row that was written", () => {
  it.each(["0001.db", "0002.db", "0003.db"])(
    "by the version of %s is read in full, and its bytes are as they were",
    (name) => {
      const file = new URL(`../fixtures/${name}`, import.meta.url).pathname;
      const rows = rowsIn(file);
      expect(verifyFile(file, [])).toMatchObject({ kind: "ok", seq: rows.length });
      expectReadInFull(rows);
    },
  );

  it("by this version is read in full, at every step", async () => {
    const { deps, exchange, file, card, confirmed, clock } = await openDeps();
    await sendForVerdict(deps, await confirmed());
    exchange.fail({ path: SET_MARGIN, how: { kind: "code", code: "40798", msg: "no" } });
    await sendForVerdict(deps, await confirmed());
    await cancel(deps, pressOf(await card()));
    await card({ expression: { kind: "share", share: decimal<"ratio">("0.5") } });
    clock.advance(SETTLE_WINDOW_MS);
    await expireCards(deps);
    await expect(card({ amount: "5000" })).rejects.toThrow("over_limit");
    await confirm(deps, pressOf(await card()));
    await recover(deps);
    for (const outcome of ["applied", "not_applied"] as const) {
      const lost = await confirmed();
      exchange.fail({ path: SET_MARGIN, how: { kind: "reset" }, when: "before" });
      await sendForVerdict(deps, lost);
      clock.advance(SETTLE_WINDOW_MS);
      const { id } = lost.adjustment;
      await settleByHand(deps, { id, outcome, reason: "seen", by: BOB, location: GROUP });
    }
    await deps.killSwitch.freeze(BOB, GROUP, "asked");
    await deps.killSwitch.unfreeze(BOB, GROUP);
    const rows = rowsIn(file);
    const unwritten = ["approved", "role", "restored", "note"];
    expect([...new Set(rows.map(({ step }) => step))].toSorted()).toEqual(
      STEPS.filter((step) => !unwritten.includes(step)).toSorted(),
    );
    expectReadInFull(rows);
  });

  const coin = { marginCoin: "USDT" };
  const one = decimal<"margin coin">("1");
  const refusals: { readonly [Code in Refusal["code"]]: Refusal & { readonly code: Code } } = {
    unknown_symbol: { code: "unknown_symbol", symbol: "XBT" },
    no_position: { code: "no_position", symbol: "BTCUSDT", holdSide: "" },
    cross_margin: { code: "cross_margin", symbol: "BTCUSDT", holdSide: "short" },
    zero: { code: "zero" },
    decimals: { code: "decimals", ...coin, decimalsMax: 4 },
    over_limit: { code: "over_limit", limit: decimal("1000"), value: decimal("1000.5") },
    balance: { code: "balance", free: one, ...coin },
    whole_margin: { code: "whole_margin", margin: one, ...coin },
    remove_floor: { code: "remove_floor", floor: decimal("0.03"), distance: decimal("-0.01") },
    no_bound: { code: "no_bound", why: "figures", missing: ["markPrice", "liquidationPrice"] },
    locked: { code: "locked", open: "a1", step: "sending" },
    unreadable: {
      code: "unreadable",
      why: "no_answer",
      name: "SOLUSDT short",
      exchanged: { httpStatus: 400, code: "45117", message: "no" },
    },
    changed: { code: "changed", what: "margin", before: "1", now: "2" },
    overtaken: { code: "overtaken" },
    other_account: { code: "other_account" },
    nothing_to_undo: { code: "nothing_to_undo" },
    undone: { code: "undone" },
    broken: { code: "broken" },
    no_mark: { code: "no_mark" },
    frozen: { code: "frozen" },
    waited: { code: "waited" },
    table_busy: { code: "table_busy" },
    closing: { code: "closing" },
    restart: { code: "restart" },
    not_member: { code: "not_member" },
    called_off: { code: "called_off" },
  };

  it.each(Object.values(refusals))("gives back the refusal $code as it was", (refusal) => {
    const detail = JSON.stringify({ shown: "no", refusal, undoes: "a0" });
    expect(decode("refused", detail).detail).toEqual({ shown: "no", refusal, undoes: "a0" });
  });
});

it("where no row says when the call ended, a bill that fits settles nothing by itself", async () => {
  const { card } = await openDeps();
  const { proposal } = await card();
  const { adjustment, seen: before } = proposal;
  const bill = {
    billId: "1",
    symbol: "BTCUSDT",
    coin: "USDT",
    amount: adjustment.amount,
    businessType: "append_margin",
  };
  const sent = { adjustment, before, signedAt: 1, clockErrorMs: 0, refused: false };
  const evidence = { bills: [{ ...bill, cTime: 5 }], unread: [], claimed: new Set<string>(), position: undefined };
  const found = (endedAt: number | undefined) =>
    judge({ ...sent, endedAt }, { ...evidence, neighbours: [], wasQuiet: false, windowOver: true });
  expect(found(9)).toEqual({ kind: "applied", bill: "1" });
  expect(found(undefined)).toEqual({ kind: "review", review: "late_bill" });
});

describe("a row that is odd", () => {
  it.each(STEPS)("never throws, whatever the detail of `%s` is", (step) => {
    for (const detail of ["x", "", "null", "[]", "7", '{"seen":7,"exchanged":[],"refusal":{"code":"?"},"bills":{}}']) {
      const read = decode(step, detail);
      expect(read.step).toBe(step);
      expect(Object.values(read.detail).filter((part) => part !== undefined)).toEqual([]);
    }
  });

  it("of a step that nobody knows is not taken for another", () => {
    expect(decode("vetoed", '{"shown":"x"}')).toEqual({ step: "undecoded", detail: {} });
  });

  it("keeps the parts that fit", () => {
    const { detail } = decode("rejected", '{"why":"solar wind","exchanged":{"code":"40798","httpStatus":400}}');
    expect(detail).toEqual({ why: undefined, exchanged: { code: "40798", httpStatus: 400 } });
    const amount = decode("proposed", '{"expiresAt":5,"cutFrom":"1e5"}').detail;
    expect(amount).toEqual({ expiresAt: 5, cutFrom: undefined });
  });

  it.each(["undoes", "newestAtLook"])("is no card where its %s is there and cannot be read", (name) => {
    const fits = { shown: "card", expiresAt: 1, nonceHash: "n" };
    expect(decode("proposed", JSON.stringify(fits)).detail).toEqual(fits);
    expect(decode("proposed", JSON.stringify({ ...fits, [name]: [] })).detail).toEqual({});
    expect(decode("refused", JSON.stringify({ shown: "no", [name]: [] })).detail).toMatchObject({ shown: "no" });
  });

  it("keeps its doubt where a version that was never released said `moved` for a position that differs", () => {
    const stored = { refused: { why: "balance", position: "moved" } };
    expect(decode("unknown", JSON.stringify(stored)).detail).toMatchObject({
      refused: { why: "balance", position: "differs" },
    });
  });

  it("hides no other row of a list", async () => {
    const btc = termsOn("BTCUSDT");
    const odd = entry("a1", "proposed", ANN, btc, { expiresAt: "soon", seen: [] });
    const file = await writeBook([odd, entry("a2", "proposed", ANN, btc, { shown: "Add 50" })]);
    const store = await openStore(file);
    onTestFinished(store.close);
    const trail = createTrail(store, () => START);
    expect((await trail.projections.openCards(ANN.id)).map(({ adjustment }) => adjustment)).toEqual(["a1", "a2"]);
    expect(await trail.projections.recent({ limit: 5 })).toMatchObject([
      { detail: { shown: "Add 50" } },
      { adjustment: "a1" },
    ]);
  });

  it("is a card that ends all the same, and that nobody can confirm", async () => {
    const { deps, steps } = await openDeps();
    const terms = { ...position(), direction: "add", amount: "50" } as const;
    await deps.events.append(entry("odd", "proposed", ANN, terms, { nonceHash: deps.ids.hash("n") }));
    const press = { adjustment: "odd", nonce: "n", by: ANN, location: GROUP, source: {} };
    expect(await confirm(deps, press)).toEqual({ kind: "no_card" });
    await expireCards(deps);
    expect(steps()).toEqual(["proposed", "expired"]);
  });

  it("leaves an adjustment that is in flight to be recovered, and to be settled by a named admin", async () => {
    const { deps, clock, steps } = await openDeps();
    const terms = { ...position(), direction: "add", amount: "50" } as const;
    for (const step of ["proposed", "confirmed", "sending"] as const) {
      await deps.events.append(entry("odd", step, ANN, terms));
    }
    await recover(deps);
    expect(await reconcile(deps, "odd", { wasQuiet: false, likelyNot: false })).toEqual({ kind: "wait" });
    clock.advance(SETTLE_WINDOW_MS);
    const deed = { id: "odd", outcome: "applied", reason: "seen", by: BOB, location: GROUP } as const;
    expect(await settleByHand(deps, deed)).toMatchObject({ kind: "settled" });
    expect(steps()).toEqual(["proposed", "confirmed", "sending", "unknown", "applied"]);
    expect(await verdictOf(deps, "odd", 5)).toBeUndefined();
  });
});
