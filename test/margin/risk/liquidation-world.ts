/** Tiers, and positions made up by fast-check, for the tests of the arithmetic. */
import fc from "fast-check";
import {
  type Amount,
  add,
  type Decimal,
  decimal,
  multiply,
  type Price,
  round,
  sign,
  subtract,
} from "../../../src/margin/model/decimal.ts";
import type { Position, Tier } from "../../../src/margin/model/position.ts";
import {
  type MaintenanceLine,
  maintenanceLines,
  type Stake,
  unroundedLiquidation,
} from "../../../src/margin/risk/liquidation.ts";
import type { Whole } from "./figures.ts";

export const amount = (text: string): Amount => decimal<"margin coin">(text);
export const price = (text: string): Price => decimal<"price">(text);

export function tierOf(from: string, rate: string, to = "1000000000"): Tier {
  return {
    from: decimal(from),
    to: decimal(to),
    maintenanceRate: decimal(rate),
  };
}

export const TWO_TIERS = [tierOf("0", "0.004", "200000"), tierOf("200000", "0.005")];
export const TIERS = [
  tierOf("0", "0.004", "150000"),
  tierOf("150000", "0.005", "900000"),
  tierOf("900000", "0.01", "6000000"),
  tierOf("6000000", "0.025"),
];

export function linesOf(tiers: readonly Tier[]): readonly MaintenanceLine[] {
  const lines = maintenanceLines(tiers);
  if (lines === undefined) throw new Error("tiers that cannot be meant");
  return lines;
}

/** `digits` whole units with `places` of them behind the point, exactly. */
export function scaled<U extends string>(units: bigint, places: number): Decimal<U> {
  const text = `${units < 0n ? -units : units}`.padStart(places + 1, "0");
  const cut = text.length - places;
  return decimal<U>(`${units < 0n ? "-" : ""}${text.slice(0, cut)}${places === 0 ? "" : `.${text.slice(cut)}`}`);
}

const units = (least: bigint, most: bigint) => fc.bigInt({ min: least, max: most });

/** Sides, sizes from 0.001 to 1000, entries from 0.01 to 100 000, margins from nothing to twice the value. */
export function stakes(): fc.Arbitrary<{ stake: Stake; margin: Amount; leverage: bigint }> {
  return fc
    .record({
      holdSide: fc.constantFrom("long" as const, "short" as const),
      size: units(1n, 1_000_000n),
      entry: units(1n, 10_000_000n),
      share: units(1n, 2_000_000n),
      leverage: units(1n, 125n),
    })
    .map(({ holdSide, size, entry, share, leverage }) => {
      const stake = { holdSide, total: scaled<"base coin">(size, 3), entryPrice: scaled<"price">(entry, 2) };
      const value = multiply<"margin coin">(stake.total, stake.entryPrice);
      return { stake, margin: multiply<"margin coin">(value, scaled<"ratio">(share, 6)), leverage };
    });
}

const PLACE = { account: "bitget:paper:main", symbol: "BTCUSDT", marginCoin: "USDT", baseCoin: "BTC" } as const;

export function positionOf(stake: Stake, figures: Partial<Whole> & Pick<Position, "margin">): Whole {
  return {
    ...PLACE,
    ...stake,
    productType: "USDT-FUTURES",
    marginMode: "isolated",
    leverage: decimal("10"),
    markPrice: stake.entryPrice,
    unrealizedPnl: amount("0"),
    maintenanceRate: decimal("0.004"),
    autoMargin: false,
    ...figures,
  };
}

/** The profit of a stake at a mark, in the quote coin. */
function profitOf({ holdSide, total, entryPrice }: Stake, mark: Price): Amount {
  const [to, from] = holdSide === "long" ? [mark, entryPrice] : [entryPrice, mark];
  return multiply<"margin coin">(total, subtract(to, from));
}

/** Positions as Bitget would show them: the mark within 30 % of the entry, its figure up to 0.4 % of the mark off ours. */
export function positions(): fc.Arbitrary<Whole> {
  return (
    fc
      .record({ made: stakes(), drift: units(-300_000n, 300_000n), off: units(-4_000n, 4_000n) })
      .map(({ made: { stake, margin, leverage }, drift, off }) => {
        const markPrice = multiply<"price">(stake.entryPrice, scaled<"ratio">(1_000_000n + drift, 6));
        const ours = unroundedLiquidation(stake, margin, linesOf(TIERS));
        const shown = round(add(ours, multiply<"price">(markPrice, scaled<"ratio">(off, 6))), 16);
        const liquidation = sign(ours) > 0 && sign(shown) > 0 ? { liquidationPrice: shown } : {};
        return positionOf(stake, {
          margin,
          markPrice,
          leverage: decimal(`${leverage}`),
          unrealizedPnl: profitOf(stake, markPrice),
          ...liquidation,
        });
      })
      // Where Bitget shows none and ours is just above zero, there is no estimate: that has its own test.
      .filter(
        (position) =>
          position.liquidationPrice !== undefined ||
          sign(unroundedLiquidation(position, position.margin, linesOf(TIERS))) <= 0,
      )
  );
}
