import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare, decimal, multiply, type Price, round, sign, subtract } from "../../../src/margin/model/decimal.ts";
import type { HoldSide, Position } from "../../../src/margin/model/position.ts";
import { distanceTo } from "../../../src/margin/risk/distance.ts";
import { estimateAfter } from "../../../src/margin/risk/estimate.ts";
import type { Stake } from "../../../src/margin/risk/liquidation.ts";
import { floorRefusal, largestRemovable } from "../../../src/margin/risk/removal-floor.ts";
import { largestAddable } from "../../../src/margin/sizing/bounds.ts";
import type { Whole } from "./figures.ts";
import { amount, positionOf, positions, price, scaled, TIERS } from "./liquidation-world.ts";

const FLOOR = decimal<"ratio">("0.03");
const TERMS = { tiers: TIERS, floor: FLOOR };
const MOST = { ...TERMS, decimalsMax: 4 };

/** 0.01 at 25 000 with 20x, as in the sample of Bitget's page on single-position. */
function sampleAt(mark: string, pnl: string, figures: Partial<Whole> = {}): Whole {
  const stake: Stake = { holdSide: "long", total: decimal("0.01"), entryPrice: decimal("25000") };
  return positionOf(stake, {
    margin: amount("30"),
    leverage: decimal("20"),
    markPrice: price(mark),
    unrealizedPnl: amount(pnl),
    liquidationPrice: price("22101.67"),
    ...figures,
  });
}

describe("the largest addition", () => {
  it.each([
    ["412.80009", 4, "412.8"],
    ["0.00009", 4, "0"],
    ["-3", 4, "0"],
    ["0.123456789", 8, "0.12345678"],
  ])("of a free balance of %s with %i decimals is %s", (free, decimalsMax, expected) => {
    expect(largestAddable(amount(free), decimalsMax)).toBe(expected);
  });
});

describe("the largest removal", () => {
  it.each([
    ["with a profit, which stays inside", "25100", "1", "17.199"],
    ["with a loss, which stays covered", "24800", "-2", "15.25"],
  ])("keeps the initial margin and 2 %% of it more: %s", (_, mark, pnl, expected) => {
    expect(largestRemovable(sampleAt(mark, pnl), MOST)).toBe(expected);
  });

  it("keeps the floor where that is more", () => {
    const position = sampleAt("25100", "1");
    const most = largestRemovable(position, { ...MOST, floor: decimal("0.06") });
    if (most === undefined) throw new Error("no estimate");
    expect(compare(most, amount("17.199"))).toBe(-1);
    const after = estimateAfter(position, TIERS, subtract(position.margin, most));
    const distance = after.kind === "price" ? distanceTo("long", position.markPrice, after.price) : undefined;
    expect(distance && round(distance, 6)).toBe("0.06");
  });

  it.each<[string, Partial<Position>, string | undefined]>([
    [
      "nothing where the margin is at its initial amount",
      { margin: amount("12.6"), liquidationPrice: price("23849.71") },
      "0",
    ],
    ["not known where our figure and Bitget's disagree", { liquidationPrice: price("22500") }, undefined],
    ["not known where the leverage is zero", { leverage: decimal("0") }, undefined],
    ["not known where it is crossed", { marginMode: "crossed" }, undefined],
  ])("is %s", (_, figures, expected) => {
    expect(largestRemovable(sampleAt("25100", "1", figures), MOST)).toBe(expected);
  });

  it("is never refused by the floor, leaves the initial margin, and leaves nothing more to remove", () => {
    let removed = 0;
    fc.assert(
      fc.property(positions(), (position) => {
        const most = largestRemovable(position, MOST);
        if (most === undefined) throw new Error("no estimate");
        expect(sign(most)).toBeGreaterThanOrEqual(0);
        if (sign(most) === 0) return;
        removed += 1;
        const margin = subtract(position.margin, most);
        expect(floorRefusal(position, margin, TERMS)).toBeUndefined();
        const after = afterwards(position, estimateAfter(position, TIERS, margin), margin);
        expect(compare(multiply<"margin coin">(margin, position.leverage), dearestValue(position))).toBe(1);
        expect(largestRemovable(after, { ...MOST, decimalsMax: 3 })).toBe("0");
      }),
    );
    expect(removed).toBeGreaterThan(10);
  });
});

describe("the floor", () => {
  it("refuses no addition, not even below it", () => {
    const near = sampleAt("22200", "-28");
    expect(floorRefusal(near, amount("30.0001"), TERMS)).toBeUndefined();
    expect(floorRefusal(near, near.margin, TERMS)).toBeUndefined();
    expect(floorRefusal(near, amount("29.9999"), TERMS)?.code).toBe("remove_floor");
  });

  it("refuses what leaves less than it at the mark, and says how much it leaves", () => {
    expect(floorRefusal(sampleAt("25100", "1"), amount("5"), TERMS)).toEqual({
      code: "remove_floor",
      floor: "0.03",
      distance: expect.stringMatching(/^0\.019/),
    });
  });

  it("goes by the fresh mark: the same removal is refused when the mark has come nearer", () => {
    expect(floorRefusal(sampleAt("25100", "1"), amount("12"), TERMS)).toBeUndefined();
    expect(floorRefusal(sampleAt("24000", "-10"), amount("12"), TERMS)?.code).toBe("remove_floor");
  });

  it("refuses a removal that would liquidate at once, with a distance below zero", () => {
    const refusal = floorRefusal(sampleAt("25100", "1"), amount("0.01"), { ...TERMS, floor: decimal("0") });
    expect(refusal?.code === "remove_floor" && refusal.distance && sign(refusal.distance)).toBe(-1);
  });

  it.each<[string, Partial<Position>, string]>([
    ["disagree", { liquidationPrice: price("22500") }, "off"],
    ["are of a crossed position", { marginMode: "crossed" }, "crossed"],
    ["make no sense", { total: decimal("0") }, "figures"],
  ])("refuses every removal where the figures %s", (_, figures, why) => {
    const refusal = floorRefusal(sampleAt("25100", "1", figures), amount("29"), TERMS);
    expect(refusal).toEqual({ code: "no_bound", why });
  });

  it("agrees with the estimate that is shown", () => {
    fc.assert(
      fc.property(positions(), fc.bigInt({ min: 1n, max: 999_999n }), (position, units) => {
        const margin = multiply<"margin coin">(position.margin, scaled<"ratio">(units, 6));
        const after = estimateAfter(position, TIERS, margin);
        if (after.kind === "not_estimated") return;
        const distance = after.kind === "price" && distanceTo(position.holdSide, position.markPrice, after.price);
        const keeps = distance === false || (distance !== undefined && compare(distance, FLOOR) >= 0);
        expect(floorRefusal(position, margin, TERMS) === undefined).toBe(keeps);
      }),
    );
  });
});

describe("the floor of coin-margined positions", () => {
  /** 0.5 at 60 000 with 0.03 in the coin. The two readings: long 56 660.64 and 56 850.48, short 63 308.78 and 63 518.95. */
  const coin = (holdSide: HoldSide, figures: Partial<Position> = {}) =>
    positionOf(
      { holdSide, total: decimal("0.5"), entryPrice: decimal("60000") },
      { productType: "COIN-FUTURES", marginCoin: "BTC", margin: amount("0.03"), leverage: decimal("20"), ...figures },
    );
  const nearly = amount("0.02999999");
  /** The distance that is left after next to nothing was removed, as far as the floor of 50 % makes it say so. */
  const left = (position: Position) => {
    const refusal = floorRefusal(position, nearly, { tiers: undefined, floor: decimal("0.5") });
    return refusal?.code === "remove_floor" && refusal.distance ? round(refusal.distance, 5) : refusal;
  };

  it.each([
    ["long", "0.05249"],
    ["short", "0.05515"],
  ] as const)("go by the worse of the two readings: %s", (side, expected) => {
    expect(left(coin(side))).toBe(expected);
  });

  it.each([
    ["long", "56900", "0.05167"],
    ["long", "56000", "0.05249"],
    ["short", "63200", "0.05333"],
    ["short", "64000", "0.05515"],
  ] as const)("of a %s whose figure is %s never put more than Bitget's own distance", (side, shown, expected) => {
    expect(left(coin(side, { liquidationPrice: price(shown) }))).toBe(expected);
  });

  it.each([
    ["long", "57151"],
    ["short", "63008"],
  ] as const)("of a %s refuse every removal where Bitget's figure %s is nearer than both by more", (side, shown) => {
    const position = coin(side, { liquidationPrice: price(shown) });
    expect(left(position)).toEqual({ code: "no_bound", why: "off" });
    expect(largestRemovable(position, { ...MOST, decimalsMax: 8 })).toBeUndefined();
  });

  it("let the largest removal pass, and not one last decimal more where the floor decides", () => {
    const side = fc.constantFrom("long" as const, "short" as const);
    const figure = fc.bigInt({ min: 3_000_000n, max: 60_000_000n });
    fc.assert(
      fc.property(side, figure, fc.bigInt({ min: 100n, max: 400n }), (holdSide, units, floorUnits) => {
        const position = coin(holdSide, { margin: scaled(units, 8), leverage: decimal("125") });
        const terms = { tiers: undefined, floor: scaled<"ratio">(floorUnits, 3), decimalsMax: 8 };
        const most = largestRemovable(position, terms);
        if (most === undefined || sign(most) === 0) return;
        expect(floorRefusal(position, subtract(position.margin, most), terms)).toBeUndefined();
        const more = subtract(position.margin, scaled<"margin coin">(1n, 8));
        const beyond = floorRefusal(position, subtract(more, most), terms);
        expect(beyond?.code).toBe("remove_floor");
      }),
    );
  });
});

function dearestValue({ total, markPrice, entryPrice }: Whole) {
  const dearer: Price = compare(markPrice, entryPrice) > 0 ? markPrice : entryPrice;
  return multiply<"margin coin">(total, dearer);
}

/** The position as Bitget would show it after the change, if the estimate is right. */
function afterwards(position: Whole, estimate: ReturnType<typeof estimateAfter>, margin: Position["margin"]) {
  const { liquidationPrice: _, ...rest } = position;
  return { ...rest, margin, ...(estimate.kind === "price" ? { liquidationPrice: estimate.price } : {}) };
}
