/** What proves what of a lost call: a bill by its type and not its sign, and neither another one's bill nor another position. */
import { describe, expect, it } from "vitest";
import { decimal } from "../../../src/margin/model/decimal.ts";
import type { Bill } from "../../../src/margin/ports/exchange.ts";
import { isBillOf, type Neighbour } from "../../../src/margin/reconciliation/bill-match.ts";
import { judge } from "../../../src/margin/reconciliation/evidence.ts";
import { adjustment, held, seenOf } from "../risk/figures.ts";

const FIFTY = { direction: "add", amount: decimal<"margin coin">("50") } as const;

const billOf = (billId: string, cTime: number, amount = "50", businessType = "append_margin"): Bill => ({
  billId,
  symbol: "BTCUSDT",
  coin: "USDT",
  amount: decimal(amount),
  businessType,
  cTime,
});

it.each(["50", "-50"])("an append of %s is an addition, whatever its sign", (amount) => {
  expect(isBillOf(billOf("1", 5, amount), FIFTY)).toBe(true);
  expect(isBillOf(billOf("1", 5, amount), { ...FIFTY, direction: "remove" })).toBe(false);
  expect(isBillOf(billOf("1", 5, amount, "reduce_margin"), { ...FIFTY, direction: "remove" })).toBe(true);
  expect(isBillOf(billOf("1", 5, amount, "reduce_margin"), FIFTY)).toBe(false);
});

it.each(["auto_append_margin", "adjust_down_lever_append_margin", "trans_to_cross"])(
  "%s is nobody's request",
  (businessType) => {
    expect(isBillOf(billOf("1", 5, "50", businessType), FIFTY)).toBe(false);
  },
);

describe("with a neighbour's adjustment of the same amount just before", () => {
  const sent = {
    adjustment: adjustment("add", "50"),
    before: seenOf(),
    signedAt: 1000,
    endedAt: 2000,
    clockErrorMs: 400,
    refused: false,
  };
  const neighbour: Neighbour = { ...FIFTY, from: 0, until: 1200 };

  function find(bills: readonly Bill[], margin: string, neighbours: readonly Neighbour[] = [neighbour]) {
    const position = held({ margin: decimal(margin) });
    const seen = { bills, unread: [], claimed: new Set<string>(), neighbours, position };
    return judge(sent, { ...seen, wasQuiet: false, windowOver: true });
  }
  const before = seenOf().margin;
  const after = "662.5";

  it("its bill settles nothing of ours, though the look was a stale one and the margin grew by our amount", () => {
    expect(find([billOf("1", 900)], after)).toEqual({ kind: "review", review: "margin_without_bill" });
  });

  it("its bill disturbs nothing: ours was not applied", () => {
    expect(find([billOf("1", 900)], before)).toEqual({ kind: "not_applied" });
  });

  it("our own bill behind it settles ours", () => {
    expect(find([billOf("1", 900), billOf("2", 1500)], after)).toEqual({ kind: "applied", bill: "2" });
  });

  it("a bill that comes late for it may be its own, and is for a person", () => {
    expect(find([billOf("1", 1500)], after)).toEqual({ kind: "review", review: "contested_bill" });
  });

  it("two bills of which either may be its own are for a person", () => {
    expect(find([billOf("1", 700), billOf("2", 1100)], after)).toMatchObject({ kind: "review" });
  });

  it("two neighbours with one bill between them leave none for us", () => {
    const another = { ...neighbour, from: 500 };
    expect(find([billOf("1", 900)], after, [neighbour, another])).toMatchObject({ kind: "review" });
  });

  it("a neighbour of another amount or direction takes nothing from us", () => {
    const others: Neighbour[] = [
      { ...neighbour, amount: decimal("20") },
      { ...neighbour, direction: "remove" },
    ];
    expect(find([billOf("2", 1500)], after, others)).toEqual({ kind: "applied", bill: "2" });
  });
});

describe("another position in place of the one that was looked at", () => {
  const then = { openedAt: 100, entryPrice: decimal<"price">("98500") };
  const adjusted = { adjustment: adjustment("add", "50"), before: seenOf(then), signedAt: 1000, endedAt: 2000 };
  const judgedOn = (now: Parameters<typeof held>[0]) =>
    judge(
      { ...adjusted, clockErrorMs: 0, refused: false },
      {
        ...{ bills: [], unread: [], claimed: new Set<string>(), neighbours: [], position: held({ ...then, ...now }) },
        ...{ wasQuiet: false, windowOver: true },
      },
    );

  it("says nothing of it, however alike its figures are", () => {
    expect(judgedOn({})).toEqual({ kind: "not_applied" });
    const review = { kind: "review", review: "position_changed" };
    expect(judgedOn({ openedAt: 101 })).toEqual(review);
    expect(judgedOn({ entryPrice: decimal("98501") })).toEqual(review);
  });
});
