/** The figures of one adjustment: what the card shows before it is confirmed. */

import type { MarginAdjustment } from "./adjustment.ts";
import { type Amount, add, type Price, type Ratio, type Size, subtract } from "./decimal.ts";
import type { Balance, Position } from "./position.ts";
import { present } from "./present.ts";

/** What was read from the exchange and shown to a person, or looked at again before sending. */
export interface PositionSnapshot {
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

/** What one look at a position and its balance showed; `at` is when, in ms. */
export function seen(position: Position, balance: Balance, at: number): PositionSnapshot {
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
    ...present({ liquidationPrice, pricePlaces }),
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
