/** The most of an adjustment that would be allowed now. */
import type { MarginAdjustment } from "../model/adjustment.ts";
import { type Amount, min, sign, truncate } from "../model/decimal.ts";
import type { Deps } from "../ports/deps.ts";
import { readPosition } from "../reads/read-position.ts";
import { boundsOf } from "./bounds.ts";
import { lessReserve } from "./resolve-amount.ts";

/** The most of the same adjustment that would be allowed now; undefined where that is nothing, or not known. */
export async function mostOf(deps: Deps, { position, direction }: MarginAdjustment): Promise<Amount | undefined> {
  const found = await readPosition(deps, position, true);
  if (!found.ok || found.position.marginMode !== "isolated") return undefined;
  const { addable, removable, most: limit, decimalsMax } = boundsOf(deps, found);
  // What can be removed is an estimate: the last of it is not offered.
  const rest = removable && lessReserve(removable);
  const bound = direction === "add" ? addable : rest;
  if (bound === undefined) return undefined;
  const most = truncate(min(bound, limit), decimalsMax);
  return sign(most) > 0 ? most : undefined;
}
