/** The figures of one adjustment: what the card shows before it is confirmed. */
import type { MarginAdjustment } from "./adjustment.ts";
import {
  type Amount,
  add,
  compare,
  type Decimal,
  decimal,
  multiply,
  type Price,
  places,
  type Ratio,
  type Size,
  sign,
  subtract,
  type Usd,
} from "./decimal.ts";
import type { Balance, Position } from "./position.ts";
import type { Drift, Refusal } from "./refusal.ts";

/** What was read from the exchange and shown to a person, or looked at again before sending. */
export interface Seen {
  /** When it was read, in ms. */
  readonly at: number;
  readonly baseCoin: string;
  readonly marginMode: Position["marginMode"];
  readonly margin: Amount;
  readonly total: Size;
  readonly leverage: Ratio;
  readonly markPrice: Price;
  readonly liquidationPrice?: Price;
  readonly pricePlaces?: number;
  readonly free: Amount;
}

export function seen(position: Position, balance: Balance, at: number): Seen {
  const { baseCoin, marginMode, margin, total, leverage, markPrice, liquidationPrice, pricePlaces } = position;
  return {
    at,
    baseCoin,
    marginMode,
    margin,
    total,
    leverage,
    markPrice,
    free: balance.free,
    ...(liquidationPrice === undefined ? {} : { liquidationPrice }),
    ...(pricePlaces === undefined ? {} : { pricePlaces }),
  };
}

/** The margin of the position after the adjustment. May be below zero: refusing that is not decided here. */
export function marginAfter(before: Amount, { direction, amount }: MarginAdjustment): Amount {
  return direction === "add" ? add(before, amount) : subtract(before, amount);
}

/** The free balance after the adjustment. */
export function freeAfter(free: Amount, { direction, amount }: MarginAdjustment): Amount {
  return direction === "add" ? subtract(free, amount) : add(free, amount);
}

/** What an amount is worth for the limits: USDT and USDC count as USD, coins at the mark price. */
export function usdValue({ position, amount }: MarginAdjustment, markPrice: Price): Usd {
  return position.productType === "COIN-FUTURES" ? multiply<"USD">(amount, markPrice) : decimal<"USD">(amount);
}

/** Why an adjustment with this amount gets no card; undefined when it may have one. */
export function amountRefusal(
  adjustment: MarginAdjustment,
  figures: Pick<Seen, "margin" | "markPrice" | "free">,
  bounds: { readonly decimalsMax: number; readonly perAdjustment: Usd },
): Refusal | undefined {
  const { amount, direction, position } = adjustment;
  const { marginCoin } = position;
  if (sign(amount) <= 0) return { code: "zero" };
  if (places(amount) > bounds.decimalsMax) return { code: "decimals", marginCoin, decimalsMax: bounds.decimalsMax };
  const value = usdValue(adjustment, figures.markPrice);
  if (compare(value, bounds.perAdjustment) > 0) return { code: "over_limit", limit: bounds.perAdjustment, value };
  if (direction === "add" && compare(amount, figures.free) > 0)
    return { code: "balance", free: figures.free, marginCoin };
  if (direction === "remove" && compare(amount, figures.margin) >= 0) {
    return { code: "whole_margin", margin: figures.margin, marginCoin };
  }
  return undefined;
}

/**
 * Why the fresh look stops what was confirmed; undefined when it does not.
 * Prices are not compared: a falling mark must not block a rescue.
 */
export function driftRefusal(shown: Seen, now: Seen): Refusal | undefined {
  const changed = (what: Drift, before: string, after: string): Refusal => ({
    code: "changed",
    what,
    before,
    now: after,
  });
  const differ = <U extends string>(a: Decimal<U>, b: Decimal<NoInfer<U>>) => compare(a, b) !== 0;
  if (now.marginMode !== shown.marginMode) return changed("mode", shown.marginMode, now.marginMode);
  if (differ(shown.total, now.total)) return changed("size", shown.total, now.total);
  if (differ(shown.leverage, now.leverage)) return changed("leverage", shown.leverage, now.leverage);
  if (differ(shown.margin, now.margin)) return changed("margin", shown.margin, now.margin);
  return undefined;
}
