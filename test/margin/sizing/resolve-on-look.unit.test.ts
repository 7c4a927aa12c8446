import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AmountExpression } from "../../../src/margin/input/expression.ts";
import {
  abs,
  add,
  compare,
  decimal,
  multiply,
  places,
  round,
  sign,
  subtract,
} from "../../../src/margin/model/decimal.ts";
import type { Position } from "../../../src/margin/model/position.ts";
import { distanceTo } from "../../../src/margin/risk/distance.ts";
import { estimateAfter } from "../../../src/margin/risk/estimate.ts";
import { type Resolved, resolveExpression } from "../../../src/margin/sizing/resolve-amount.ts";
import { expressionFigures } from "../../../src/margin/sizing/resolve-on-look.ts";
import { amount, positionOf, positions, price, scaled, TIERS } from "../risk/liquidation-world.ts";

/** The example of Bitget's help page on adding margin. */
const LONG = positionOf(
  { holdSide: "long", total: decimal("0.1"), entryPrice: decimal("27249.5") },
  { margin: amount("272.495"), markPrice: price("25684"), liquidationPrice: price("24637.9") },
);
const SHORT = positionOf(
  { holdSide: "short", total: decimal("0.1"), entryPrice: decimal("27249.5") },
  { margin: amount("272.495"), markPrice: price("27249.5"), liquidationPrice: price("29837.1") },
);
const free = amount("1000");
const bounds = { decimalsMax: 4, addable: free, removable: amount("100"), most: free };
const toPrice = (text: string): AmountExpression => ({ kind: "liquidation", price: price(text) });
const toDistance = (text: string): AmountExpression => ({ kind: "distance", ratio: decimal(text) });
const toMargin = (text: string): AmountExpression => ({ kind: "target", margin: decimal(text) });
const times = (text: string): AmountExpression => ({ kind: "times", factor: decimal(text) });

const resolved = (position: Position, expression: AmountExpression) =>
  resolveExpression(expression, expressionFigures(position, { tiers: TIERS, free, bounds }, "add"));

/** `add 50` or `remove 50`, or why not. */
function said(position: Position, expression: AmountExpression): string {
  const found = resolved(position, expression);
  if (found.kind === "resolved") return `${found.direction} ${found.amount}`;
  return found.kind === "fault" ? found.fault : found.kind;
}

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
  ])("of %s becomes an amount", (_, position, expression, expected) => {
    expect(said(position, expression)).toBe(expected);
  });

  it.each([
    ["the mark itself", LONG, toPrice("25684"), "beyond_mark"],
    ["a price past the mark of a long", LONG, toPrice("25684.1"), "beyond_mark"],
    ["the mark itself", SHORT, toPrice("27249.5"), "beyond_mark"],
    ["a price past the mark of a short", SHORT, toPrice("27249.4"), "beyond_mark"],
    ["a long 100 % away", LONG, toDistance("1"), "no_estimate"],
    ["the present margin", LONG, toMargin("272.495"), "already_there"],
    ["Bitget's own figure", LONG, toPrice("24637.9"), "already_there"],
    ["less than a last decimal more", LONG, toMargin("272.49509"), "already_there"],
    ["less than a last decimal less", LONG, toMargin("272.49491"), "already_there"],
    [
      "a price that would take the whole margin",
      { ...LONG, markPrice: price("40000") },
      toPrice("39000"),
      "no_estimate",
    ],
  ])("of %s says so", (_, position, expression, expected) => {
    expect(said(position, expression)).toBe(expected);
  });

  it("of a margin needs no estimate, one of a price does", () => {
    const coin: Position = { ...LONG, productType: "COIN-FUTURES" };
    expect(said(coin, times("2"))).toBe("add 272.495");
    expect(said(coin, toDistance("0.2"))).toBe("not_estimated");
  });
});

describe("the amount for a goal", () => {
  const unit = decimal<"margin coin">("0.0001");
  const shares = fc.bigInt({ min: 1_000n, max: 950_000n });
  type Found = Resolved & { kind: "resolved" };
  const exactly = ({ amount: cut, cutFrom = cut }: Found) => cutFrom;
  const changed = (position: Position, { direction }: Found, by: ReturnType<typeof exactly>) =>
    direction === "add" ? add(position.margin, by) : subtract(position.margin, by);

  it("reaches the distance, up to one last decimal of margin, and never by more margin than it takes", () => {
    let count = 0;
    fc.assert(
      fc.property(positions(), shares, (position, units) => {
        const expressed = scaled<"ratio">(units, 6);
        const found = resolved(position, { kind: "distance", ratio: expressed });
        if (found.kind !== "resolved") return;
        count += 1;
        const off = subtract(exactly(found), found.amount);
        expect([sign(off) >= 0, compare(off, unit), places(found.amount) <= 4]).toEqual([true, -1, true]);
        const after = estimateAfter(position, TIERS, changed(position, found, exactly(found)));
        const distance = after.kind === "price" && distanceTo(position.holdSide, position.markPrice, after.price);
        expect(distance && round(distance, 20)).toBe(expressed);
      }),
    );
    expect(count).toBeGreaterThan(10);
  });

  it("of a removal never brings liquidation nearer than the goal", () => {
    fc.assert(
      fc.property(positions(), shares, (position, units) => {
        const expressed = scaled<"ratio">(units, 6);
        const found = resolved(position, { kind: "distance", ratio: expressed });
        if (found.kind !== "resolved" || found.direction !== "remove") return;
        const after = estimateAfter(position, TIERS, changed(position, found, found.amount));
        if (after.kind !== "price") return;
        const left = distanceTo(position.holdSide, position.markPrice, after.price) ?? decimal("0");
        expect(compare(round(subtract(left, expressed), 30), decimal("0"))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("of a margin is the difference", () => {
    fc.assert(
      fc.property(positions(), fc.bigInt({ min: 1n, max: 5_000n }), (position, units) => {
        const factor = scaled<"ratio">(units, 3);
        const found = resolved(position, { kind: "times", factor });
        if (found.kind !== "resolved") return;
        const reached = changed(position, found, found.amount);
        expect(compare(abs(subtract(multiply<"margin coin">(position.margin, factor), reached)), unit)).toBe(-1);
      }),
    );
  });
});
