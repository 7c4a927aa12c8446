import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, compare, decimal, min, multiply, round, sign, subtract } from "../../../src/margin/model/decimal.ts";
import {
  liquidationOf,
  maintenanceLines,
  maintenanceMargin,
  marginForLiquidation,
  marginRatio,
  type Stake,
  shownLiquidation,
  unroundedLiquidation,
} from "../../../src/margin/risk/liquidation.ts";
import { amount, linesOf, price, scaled, stakes, TIERS, TWO_TIERS, tierOf } from "./liquidation-world.ts";

const FLAT = linesOf([tierOf("0", "0.004")]);
/** The sample of https://www.bitget.com/api-doc/contract/position/get-single-position */
const SAMPLE: Stake = { holdSide: "long", total: decimal("0.01"), entryPrice: decimal("25000") };
const SAMPLE_MARGIN = amount("9.6695050093373343");
/** The example of Bitget's help page on adding margin. */
const HELP: Stake = { holdSide: "long", total: decimal("0.1"), entryPrice: decimal("27249.5") };
/** The example of https://www.bitget.com/support/articles/12560603841952 */
const TIERED: Stake = { holdSide: "long", total: decimal("3"), entryPrice: decimal("110000") };

describe("a liquidation price", () => {
  it("is the one that Bitget prints for its own sample, to the last digit", () => {
    expect(round(unroundedLiquidation(SAMPLE, SAMPLE_MARGIN, FLAT), 16)).toBe("24144.1124161806977798");
  });

  it.each([
    ["a short of the sample", { ...SAMPLE, holdSide: "short" as const }, SAMPLE_MARGIN, FLAT, "25848.05"],
    ["the sample with 20 USDT more", SAMPLE, add(SAMPLE_MARGIN, amount("20")), FLAT, "22134.87"],
    ["a long of the second tier", TIERED, amount("16500"), linesOf(TWO_TIERS), "105021.45"],
    [
      "a short of the second tier",
      { ...TIERED, holdSide: "short" as const },
      amount("16500"),
      linesOf(TWO_TIERS),
      "114923.1",
    ],
    ["a long without an offset", TIERED, amount("16500"), linesOf([tierOf("0", "0.005")]), "105088.5"],
    [
      "a short without an offset",
      { ...TIERED, holdSide: "short" as const },
      amount("16500"),
      linesOf([tierOf("0", "0.005")]),
      "114856.8",
    ],
  ])("follows the published formula for %s", (_, stake, margin, lines, expected) => {
    expect(round(unroundedLiquidation(stake, margin, lines), 2)).toBe(expected);
  });

  it.each([
    ["272.495", "24637.9"],
    ["544.99", "21900.4"],
  ])("is shown as on Bitget's help page with a margin of %s", (margin, expected) => {
    expect(shownLiquidation("long", unroundedLiquidation(HELP, amount(margin), FLAT), 1)).toBe(expected);
  });

  it.each([
    ["long", "100.01", 1, "100.1"],
    ["long", "100.1", 1, "100.1"],
    ["long", "100.01", 0, "101"],
    ["short", "100.09", 1, "100"],
    ["short", "100.1", 1, "100.1"],
    ["short", "100.99", 0, "100"],
  ] as const)("of a %s at %s is shown with %i decimals towards the mark", (side, exact, decimals, expected) => {
    expect(shownLiquidation(side, price(exact), decimals)).toBe(expected);
  });

  it("is none at zero and below", () => {
    expect(liquidationOf(price("0"))).toEqual({ kind: "none" });
    expect(liquidationOf(unroundedLiquidation(SAMPLE, amount("250"), FLAT))).toEqual({ kind: "none" });
    expect(liquidationOf(unroundedLiquidation(SAMPLE, amount("251"), FLAT))).toEqual({ kind: "none" });
    expect(liquidationOf(unroundedLiquidation(SAMPLE, amount("249.99"), FLAT)).kind).toBe("price");
  });
});

describe("the margin ratio", () => {
  const figures = { total: SAMPLE.total, markPrice: price("25100"), margin: SAMPLE_MARGIN, unrealizedPnl: amount("1") };

  it("is the one that Bitget prints for its own sample, to the last digit", () => {
    expect(round(marginRatio(figures, FLAT) ?? price("0"), 16)).toBe("0.1082149545822005");
  });

  it("is not defined where nothing is left", () => {
    expect(marginRatio({ ...figures, unrealizedPnl: amount("-9.6695050093373343") }, FLAT)).toBeUndefined();
  });
});

describe("maintenance margin", () => {
  it("spares what Bitget's article on tiers says: 1648 instead of 1848 USDT", () => {
    expect(linesOf(TWO_TIERS).map(({ offset }) => offset)).toEqual(["0", "200"]);
    expect(maintenanceMargin(amount("330000"), linesOf(TWO_TIERS))).toBe("1648");
  });

  it("is the sum over the tiers of the value inside each times its rate", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), (units) => {
        const value = amount(`${units}`);
        const slices = TIERS.map(({ from, to, maintenanceRate }, index) => {
          const upper = index === TIERS.length - 1 ? value : min(value, amount(to ?? ""));
          const inside = subtract(upper, amount(from));
          const rate = add(maintenanceRate, decimal("0.0006"));
          return sign(inside) > 0 ? multiply<"margin coin">(inside, rate) : amount("0");
        });
        const sum = slices.reduce((a, b) => add(a, b));
        expect(maintenanceMargin(value, linesOf(TIERS))).toBe(sum);
      }),
    );
  });

  it("does not depend on the order of the tiers", () => {
    expect(maintenanceLines([...TIERS].reverse())).toEqual(maintenanceLines(TIERS));
  });

  it.each([
    ["no tier", []],
    ["a rate that falls", [tierOf("0", "0.01"), tierOf("100", "0.005")]],
    ["two tiers at one value", [tierOf("0", "0.01"), tierOf("0", "0.02")]],
    ["a rate that leaves nothing", [tierOf("0", "0.9994")]],
    ["a rate below zero", [tierOf("0", "-0.001")]],
    ["endless tiers", Array.from({ length: 101 }, (_, index) => tierOf(`${index}`, "0.01"))],
  ])("is not counted with %s", (_, tiers) => {
    expect(maintenanceLines(tiers)).toBeUndefined();
  });
});

describe("the laws of the formula", () => {
  const lines = linesOf(TIERS);
  const step = fc.bigInt({ min: 1n, max: 10n ** 15n }).map((units) => scaled<"margin coin">(units, 8));

  it("adding moves it away and removing brings it nearer, across all tiers", () => {
    fc.assert(
      fc.property(stakes(), step, ({ stake, margin }, more) => {
        const before = unroundedLiquidation(stake, margin, lines);
        const after = unroundedLiquidation(stake, add(margin, more), lines);
        expect(compare(after, before)).toBe(stake.holdSide === "long" ? -1 : 1);
      }),
    );
  });

  it("the tier is that of the value at the price: there the margin is down to the maintenance margin", () => {
    fc.assert(
      fc.property(stakes(), ({ stake, margin }) => {
        const level = unroundedLiquidation(stake, margin, lines);
        const value = multiply<"margin coin">(stake.total, level);
        const cost = multiply<"margin coin">(stake.total, stake.entryPrice);
        const profit = stake.holdSide === "long" ? subtract(value, cost) : subtract(cost, value);
        expect(round(subtract(add(margin, profit), maintenanceMargin(value, lines)), 20)).toBe("0");
      }),
    );
  });

  it("the margin for a price and the price for a margin undo each other, up to the last decimal", () => {
    fc.assert(
      fc.property(stakes(), ({ stake, margin }) => {
        const level = unroundedLiquidation(stake, margin, lines);
        expect(round(marginForLiquidation(stake, level, lines), 20)).toBe(margin);
        const shown = round(level, 4);
        expect(round(unroundedLiquidation(stake, marginForLiquidation(stake, shown, lines), lines), 20)).toBe(shown);
      }),
    );
  });
});
