/** How much margin one adjustment may move each way, as the position stands. */
import { type Amount, decimal, divide } from "./decimal.ts";
import type { Desk } from "./desk.ts";
import type { Look } from "./look.ts";
import type { Seen } from "./preview.ts";
import { largestAddable, largestRemovable } from "./removable.ts";

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
  { exchange, rules }: Desk,
  { position, seen, tiers }: Pick<Look & { ok: true }, "position" | "tiers"> & { readonly seen: Pick<Seen, "free"> },
): Bounds {
  const decimalsMax = exchange.decimals(position.marginCoin);
  const { removeFloor: floor, perAdjustment } = rules;
  const inCoin = position.productType === "COIN-FUTURES" ? divide(perAdjustment, position.markPrice) : perAdjustment;
  return {
    decimalsMax,
    addable: largestAddable(seen.free, decimalsMax),
    removable: largestRemovable(position, { tiers, floor, decimalsMax }),
    most: decimal(inCoin ?? "0"),
  };
}
