/** The figures of one adjustment: what the card shows before it is confirmed. */

import type { MarginAdjustment } from "./adjustment.ts";
import { type Amount, add, type Price, type Ratio, type Size, subtract } from "./decimal.ts";
import type { Balance, Position, Tier } from "./position.ts";
import { present } from "./present.ts";
import type { Refusal } from "./refusal.ts";

/** What was read from the exchange and shown to a person, or looked at again before sending: figures may be absent. */
export interface PositionSnapshot {
  /** When it was read, in ms. */
  readonly at: number;
  readonly baseCoin: string;
  readonly marginMode: Position["marginMode"];
  readonly margin: Amount;
  readonly total: Size;
  readonly leverage?: Ratio;
  /** When the position was opened, in ms: one that was closed and opened again is another one, whatever its figures. */
  readonly openedAt?: number;
  readonly entryPrice?: Price;
  readonly markPrice?: Price;
  readonly liquidationPrice?: Price;
  readonly liquidationUnread?: true;
  readonly pricePlaces?: number;
  readonly free?: Amount;
}

/** What one look at the exchange gives: the position and its figures, or why no margin can be adjusted there. */
export type PositionReading =
  | {
      readonly ok: true;
      readonly position: Position;
      readonly seen: PositionSnapshot;
      /** Undefined where they were not asked for or could not be read: estimates go without. */
      readonly tiers: readonly Tier[] | undefined;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** What one look at a position and its balance showed; `at` is when, in ms. */
export function seen(position: Position, balance: Balance, at: number): PositionSnapshot {
  const { baseCoin, marginMode, margin, total, leverage, openedAt, entryPrice, markPrice, pricePlaces } = position;
  const { liquidationPrice, liquidationUnread } = position;
  const figures = { markPrice, free: balance.free, liquidationPrice, liquidationUnread, pricePlaces };
  return { at, baseCoin, marginMode, margin, total, ...present({ leverage, openedAt, entryPrice, ...figures }) };
}

/** The margin of the position after the adjustment. May be below zero: refusing that is not decided here. */
export function marginAfter(before: Amount, { direction, amount }: MarginAdjustment): Amount {
  return direction === "add" ? add(before, amount) : subtract(before, amount);
}

/** The free balance after the adjustment. */
export function freeAfter(free: Amount, { direction, amount }: MarginAdjustment): Amount {
  return direction === "add" ? subtract(free, amount) : add(free, amount);
}
