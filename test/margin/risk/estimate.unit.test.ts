import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Estimate } from "../../../src/margin/model/change.ts";
import {
  type Amount,
  compare,
  decimal,
  multiply,
  type Ratio,
  round,
  subtract,
} from "../../../src/margin/model/decimal.ts";
import type { Position } from "../../../src/margin/model/position.ts";
import { changeOf } from "../../../src/margin/risk/change-of.ts";
import { distanceTo } from "../../../src/margin/risk/distance.ts";
import { calibrate, calibratedMargin, estimateAfter } from "../../../src/margin/risk/estimate.ts";
import { type Stake, shownLiquidation } from "../../../src/margin/risk/liquidation.ts";
import { amount, positionOf, positions, price, scaled, TIERS, tierOf } from "./liquidation-world.ts";

/** The example of Bitget's help page on adding margin, with the figure that it shows. */
const HELP = positionOf(
  { holdSide: "long", total: decimal("0.1"), entryPrice: decimal("27249.5") },
  { margin: amount("272.495"), markPrice: price("25684"), liquidationPrice: price("24637.9"), leverage: decimal("10") },
);
const TWICE = amount("544.99");

const priceOf = (estimate: Estimate) => (estimate.kind === "price" ? estimate.price : estimate);

describe("the estimate of a liquidation price", () => {
  it.each([
    ["with tiers", TIERS],
    ["without", undefined],
  ])("of the help page's example is the page's, %s", (_, tiers) => {
    const estimate = estimateAfter(HELP, tiers, TWICE);
    expect(estimate.kind === "price" && shownLiquidation("long", estimate.price, 1)).toBe("21900.4");
  });

  it("is exactly Bitget's figure where nothing changes", () => {
    fc.assert(
      fc.property(positions(), (position) => {
        const { liquidationPrice, margin } = position;
        const expected = liquidationPrice === undefined ? { kind: "none" } : { kind: "price", price: liquidationPrice };
        expect(estimateAfter(position, TIERS, margin)).toEqual(expected);
      }),
    );
  });

  it("moves away with every addition and nearer with every removal, and none is farthest", () => {
    fc.assert(
      fc.property(positions(), changes(), changes(), (position, a, b) => {
        const [less, more] = compare(a, b) < 0 ? [a, b] : [b, a];
        fc.pre(compare(less, more) !== 0);
        const near = estimateAfter(position, TIERS, share(position, less));
        const far = estimateAfter(position, TIERS, share(position, more));
        if (near.kind === "none") expect(far).toEqual({ kind: "none" });
        else if (far.kind === "price") {
          expect(near.kind === "price" && compare(far.price, near.price)).toBe(position.holdSide === "long" ? -1 : 1);
        } else expect([position.holdSide, far.kind]).toEqual(["long", "none"]);
      }),
    );
  });

  it("is undone by the margin for a price, up to the last decimal", () => {
    fc.assert(
      fc.property(positions(), changes(), (position, factor) => {
        const margin = share(position, factor);
        const [estimate, calibration] = [estimateAfter(position, TIERS, margin), calibrate(position, TIERS)];
        if (estimate.kind !== "price" || calibration.kind !== "calibrated") return;
        expect(round(calibratedMargin(calibration, estimate.price), 20)).toBe(round(margin, 20));
      }),
    );
  });

  it.each([
    ["just within half a percent of the mark, away", "24509.47", "price"],
    ["just beyond it, away", "24509.45", "not_estimated"],
    ["just within half a percent of the mark, near", "24766.29", "price"],
    ["just beyond it, near", "24766.31", "not_estimated"],
  ])("needs Bitget's figure to agree: %s", (_, liquidationPrice, kind) => {
    expect(estimateAfter({ ...HELP, liquidationPrice: price(liquidationPrice) }, TIERS, TWICE).kind).toBe(kind);
  });

  it("is not made where Bitget shows none and we do not agree", () => {
    const { liquidationPrice: _, ...position } = HELP;
    expect(estimateAfter(position, TIERS, TWICE)).toEqual({ kind: "not_estimated", why: "off" });
  });

  it.each<[string, Partial<Position>, string]>([
    ["coin-margined contracts", { productType: "COIN-FUTURES" }, "coin_margined"],
    ["crossed positions", { marginMode: "crossed" }, "crossed"],
    ["a size of zero", { total: decimal("0") }, "figures"],
    ["a mark of zero", { markPrice: price("0") }, "figures"],
  ])("is not made for %s", (_, figures, why) => {
    expect(estimateAfter({ ...HELP, ...figures }, TIERS, TWICE)).toEqual({ kind: "not_estimated", why });
  });

  it("is not made with tiers that cannot be meant", () => {
    expect(estimateAfter(HELP, [], TWICE)).toEqual({ kind: "not_estimated", why: "figures" });
  });

  it("drops what Bitget counts otherwise: an old position without an offset moves by the same step", () => {
    const stake: Stake = { holdSide: "short", total: decimal("3"), entryPrice: decimal("110000") };
    const margin = amount("16500");
    const tiers = [tierOf("0", "0.004", "200000"), tierOf("200000", "0.005")];
    const old = positionOf(stake, { margin, liquidationPrice: price("114856.8") });
    const young = positionOf(stake, { margin, liquidationPrice: price("114923.1") });
    const step = (position: Position) => {
      const after = estimateAfter(position, tiers, amount("20000"));
      return after.kind === "price" && position.liquidationPrice && subtract(after.price, position.liquidationPrice);
    };
    expect(step(old)).toBe(step(young));
  });
});

describe("the figures of a change", () => {
  const change = changeOf(HELP, { tiers: TIERS, newMargin: amount("322.495"), free: amount("412.1") });

  it("say margin, liquidation, distance, leverage and free balance before and after", () => {
    const shown = [change.before, change.after].map(({ margin, liquidation, distance, leverage }) => [
      margin,
      liquidation.kind === "price" && shownLiquidation("long", liquidation.price, 1),
      distance && round(distance, 4),
      leverage && round(leverage, 1),
    ]);
    expect(shown).toEqual([
      ["272.495", "24637.9", "0.0407", "9.4"],
      ["322.495", "24135.6", "0.0603", "8"],
    ]);
    expect(change.freeAfter).toBe("362.1");
  });

  it("count the profit into the leverage, and have none where nothing is left", () => {
    const losing = { ...HELP, unrealizedPnl: amount("-272.495") };
    const { before, after } = changeOf(losing, { tiers: TIERS, newMargin: TWICE, free: amount("300") });
    expect(before.leverage).toBeUndefined();
    expect(after.leverage && round(after.leverage, 1)).toBe("9.4");
  });

  it("give the removed margin back to the free balance", () => {
    expect(changeOf(HELP, { tiers: TIERS, newMargin: amount("200"), free: amount("10") }).freeAfter).toBe("82.495");
  });

  it("show Bitget's own figure for coin-margined contracts, and none of ours after", () => {
    const coin: Position = { ...HELP, productType: "COIN-FUTURES", margin: amount("0.01"), unrealizedPnl: amount("0") };
    const { before, after } = changeOf(coin, { tiers: undefined, newMargin: amount("0.02"), free: amount("1") });
    expect([priceOf(before.liquidation), before.leverage]).toEqual(["24637.9", "10"]);
    expect([after.liquidation, after.distance, after.leverage]).toEqual([
      { kind: "not_estimated", why: "coin_margined" },
      undefined,
      "5",
    ]);
  });

  it.each([
    ["long", "100", "95", "0.05"],
    ["long", "100", "105", "-0.05"],
    ["short", "100", "105", "0.05"],
    ["short", "100", "95", "-0.05"],
    ["short", "100", "350", "2.5"],
  ] as const)("measure the distance of a %s from %s to %s as %s", (side, mark, to, expected) => {
    expect(distanceTo(side, price(mark), price(to))).toBe(expected);
  });
});

/** A factor from 0.001 to 3. */
function changes(): fc.Arbitrary<Ratio> {
  return fc.bigInt({ min: 1_000n, max: 3_000_000n }).map((units) => scaled<"ratio">(units, 6));
}

function share(position: Position, factor: Ratio): Amount {
  return multiply<"margin coin">(position.margin, factor);
}
