import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { abs, add, compare, decimal, multiply, places, round, sign, subtract } from "../../src/margin/decimal.ts";
import { distanceTo, estimateAfter } from "../../src/margin/estimate.ts";
import { type Goal, seekGoal } from "../../src/margin/goal.ts";
import type { Position } from "../../src/margin/position.ts";
import { amount, positionOf, positions, price, scaled, TIERS } from "./liquidation-world.ts";

/** The example of Bitget's help page on adding margin. */
const LONG = positionOf(
  { holdSide: "long", total: decimal("0.1"), entryPrice: decimal("27249.5") },
  { margin: amount("272.495"), markPrice: price("25684"), liquidationPrice: price("24637.9") },
);
const SHORT = positionOf(
  { holdSide: "short", total: decimal("0.1"), entryPrice: decimal("27249.5") },
  { margin: amount("272.495"), markPrice: price("27249.5"), liquidationPrice: price("29837.1") },
);
const TERMS = { tiers: TIERS, free: amount("1000"), decimalsMax: 4 };
const toPrice = (text: string): Goal => ({ kind: "liquidation", price: price(text) });
const toDistance = (text: string): Goal => ({ kind: "distance", distance: decimal(text) });
const toMargin = (text: string): Goal => ({ kind: "margin", margin: amount(text) });
const times = (text: string): Goal => ({ kind: "times", factor: decimal(text) });

/** `+50` or `-50`, or why not. */
const said = (position: Position, goal: Goal, terms = TERMS) => {
  const sought = seekGoal(position, goal, terms);
  return sought.kind === "found" ? `${sought.direction} ${sought.amount}` : sought.kind;
};

describe("a goal", () => {
  it.each([
    ["a liquidation price farther off", LONG, toPrice("24135.6"), "add 49.9989"],
    ["a liquidation price nearer", LONG, toPrice("25140.2"), "remove 49.9989"],
    ["a distance farther off", LONG, toDistance("0.15"), "add 279.359"],
    ["a distance nearer", LONG, toDistance("0.03"), "remove 27.4312"],
    ["a liquidation price farther off", SHORT, toPrice("30000"), "add 16.3649"],
    ["a liquidation price nearer", SHORT, toPrice("29000"), "remove 84.095"],
    ["a distance farther off", SHORT, toDistance("0.1"), "add 13.7981"],
    ["a margin above the present", LONG, toMargin("500"), "add 227.505"],
    ["a margin below the present", LONG, toMargin("200"), "remove 72.495"],
    ["twice the margin", LONG, times("2"), "add 272.495"],
    ["half the margin", LONG, times("0.5"), "remove 136.2475"],
  ])("of %s becomes an amount", (_, position, goal, expected) => {
    expect(said(position, goal)).toBe(expected);
  });

  it.each([
    ["the mark itself", LONG, toPrice("25684"), "wrong_side"],
    ["a price past the mark of a long", LONG, toPrice("25684.1"), "wrong_side"],
    ["the mark itself", SHORT, toPrice("27249.5"), "wrong_side"],
    ["a price past the mark of a short", SHORT, toPrice("27249.4"), "wrong_side"],
    ["a price of zero", LONG, toPrice("0"), "no_such_goal"],
    ["a long 100 % away", LONG, toDistance("1"), "no_such_goal"],
    ["a distance of zero", SHORT, toDistance("0"), "no_such_goal"],
    ["a margin of zero", LONG, toMargin("0"), "no_such_goal"],
    ["a factor below zero", LONG, times("-2"), "no_such_goal"],
    ["more than is free", LONG, toMargin("1272.4951"), "over_free"],
    ["all that is free", LONG, toMargin("1272.495"), "add 1000"],
    ["the present margin", LONG, toMargin("272.495"), "reached"],
    ["less than a last decimal more", LONG, toMargin("272.49509"), "reached"],
    ["less than a last decimal less", LONG, toMargin("272.49491"), "reached"],
    ["Bitget's own figure", LONG, toPrice("24637.9"), "reached"],
  ])("of %s says so", (_, position, goal, expected) => {
    expect(said(position, goal)).toBe(expected);
  });

  it("says what it would take where that is more than is free", () => {
    expect(seekGoal(LONG, toPrice("10000"), TERMS)).toEqual({
      kind: "over_free",
      needed: expect.stringMatching(/^1457\.05/),
      free: "1000",
    });
  });

  it("is not reached by taking the whole margin out", () => {
    const rich = { ...LONG, markPrice: price("40000") };
    expect(seekGoal(rich, toPrice("39000"), TERMS)).toEqual({ kind: "whole_margin", margin: "272.495" });
  });

  it("of a margin needs no estimate, one of a price does", () => {
    const coin: Position = { ...LONG, productType: "COIN-FUTURES" };
    expect(said(coin, times("2"))).toBe("add 272.495");
    expect(seekGoal(coin, toDistance("0.2"), TERMS)).toEqual({ kind: "not_estimated", why: "coin_margined" });
  });
});

describe("the amount for a goal", () => {
  const terms = { tiers: TIERS, free: amount("1000000000000"), decimalsMax: 4 };
  const unit = decimal<"margin coin">("0.0001");
  const shares = fc.bigInt({ min: 1_000n, max: 950_000n });

  it("reaches the distance, up to one last decimal of margin, and never by more margin than it takes", () => {
    let found = 0;
    fc.assert(
      fc.property(positions(), shares, (position, units) => {
        const goal = { kind: "distance", distance: scaled<"ratio">(units, 6) } as const;
        const sought = seekGoal(position, goal, terms);
        if (sought.kind !== "found") return;
        found += 1;
        const exact = subtract(sought.needed, sought.amount);
        expect([sign(exact) >= 0, compare(exact, unit), places(sought.amount) <= 4]).toEqual([true, -1, true]);
        const signed = sought.direction === "add" ? sought.needed : subtract(amount("0"), sought.needed);
        const after = estimateAfter(position, TIERS, add(position.margin, signed));
        const distance = after.kind === "price" && distanceTo(position.holdSide, position.markPrice, after.price);
        expect(distance && round(distance, 20)).toBe(goal.distance);
      }),
    );
    expect(found).toBeGreaterThan(10);
  });

  it("of a removal never brings liquidation nearer than the goal", () => {
    fc.assert(
      fc.property(positions(), shares, (position, units) => {
        const distance = scaled<"ratio">(units, 6);
        const sought = seekGoal(position, { kind: "distance", distance }, terms);
        if (sought.kind !== "found" || sought.direction !== "remove") return;
        const after = estimateAfter(position, TIERS, sought.newMargin);
        if (after.kind !== "price") return;
        const left = distanceTo(position.holdSide, position.markPrice, after.price) ?? decimal("0");
        expect(compare(round(subtract(left, distance), 30), decimal("0"))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("of a margin is the difference", () => {
    fc.assert(
      fc.property(positions(), fc.bigInt({ min: 1n, max: 5_000n }), (position, units) => {
        const factor = scaled<"ratio">(units, 3);
        const sought = seekGoal(position, { kind: "times", factor }, terms);
        if (sought.kind !== "found") return;
        const off = abs(subtract(multiply<"margin coin">(position.margin, factor), sought.newMargin));
        expect(compare(off, unit)).toBe(-1);
      }),
    );
  });
});
