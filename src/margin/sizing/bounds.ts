/** How much margin one adjustment may move each way, as the position stands. */
import { type Amount, decimal, divide, max, truncate } from "../model/decimal.ts";
import type { PositionReading, PositionSnapshot } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";
import { NOTHING } from "../risk/coin-margined.ts";
import { largestRemovable } from "../risk/removal-floor.ts";

/** All in the margin coin, zero or above, and with no more decimals than the coin has, except `most`. */
export interface Bounds {
  readonly decimalsMax: number;
  readonly addable: Amount;
  /** An estimate: Bitget's answer is the verdict. Undefined where no bound can be had. */
  readonly removable: Amount | undefined;
  /** The limit of one adjustment, in all its digits. */
  readonly most: Amount;
}

/** The bounds of a position that was just looked at, tiers included. */
export function boundsOf(
  { exchange, rules }: Deps,
  {
    position,
    seen,
    tiers,
  }: Pick<PositionReading & { ok: true }, "position" | "tiers"> & { readonly seen: Pick<PositionSnapshot, "free"> },
): Bounds {
  const decimalsMax = exchange.decimals(position.marginCoin);
  const { removeFloor: floor, perAdjustment } = rules;
  const { productType, markPrice } = position;
  const inCoin = productType === "COIN-FUTURES" ? markPrice && divide(perAdjustment, markPrice) : perAdjustment;
  const most = decimal<"margin coin">(inCoin ?? "0");
  return {
    decimalsMax,
    // Where nobody knows what is free, Bitget's answer is the verdict.
    addable: largestAddable(seen.free ?? most, decimalsMax),
    removable: largestRemovable(position, { tiers, floor, decimalsMax }),
    most,
  };
}

/** The most that can be added: the free balance, cut to the coin's decimals. */
export function largestAddable(free: Amount, decimalsMax: number): Amount {
  return truncate(max(free, NOTHING), decimalsMax);
}
