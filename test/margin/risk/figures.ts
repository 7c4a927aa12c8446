/** A position and an adjustment as tests write them down: what is not said is ordinary. */
import type { MarginAdjustment } from "../../../src/margin/model/adjustment.ts";
import { type Amount, decimal } from "../../../src/margin/model/decimal.ts";
import type { Position } from "../../../src/margin/model/position.ts";
import { type PositionSnapshot, seen } from "../../../src/margin/model/snapshot.ts";
import { position } from "../../support/people.ts";

/** One of which every figure could be read. */
export type Whole = Position &
  Required<Pick<Position, "leverage" | "entryPrice" | "markPrice" | "unrealizedPnl" | "maintenanceRate">>;

export function held(changes: Partial<Whole> = {}): Whole {
  return {
    ...position(),
    baseCoin: "BTC",
    marginMode: "isolated",
    margin: decimal("612.5"),
    total: decimal("0.05"),
    leverage: decimal("10"),
    entryPrice: decimal("98500"),
    markPrice: decimal("100000"),
    liquidationPrice: decimal("90000"),
    unrealizedPnl: decimal("75"),
    maintenanceRate: decimal("0.004"),
    autoMargin: false,
    ...changes,
  };
}

export function seenOf(changes: Partial<Position> = {}, free = "500"): PositionSnapshot {
  const whole = held(changes);
  return seen(whole, { marginCoin: whole.marginCoin, free: decimal<"margin coin">(free) }, 0);
}

export function adjustment(
  direction: MarginAdjustment["direction"],
  amount: string,
  changes: Partial<MarginAdjustment["position"]> = {},
): MarginAdjustment {
  return { id: "a1", position: { ...position(), ...changes }, direction, amount: decimal<"margin coin">(amount) };
}

export const amountOf = (text: string): Amount => decimal<"margin coin">(text);
