/** What different amounts would do to a position: reads only, and nothing is proposed. */
import type { Direction, MarginAdjustment } from "../model/adjustment.ts";
import type { Change } from "../model/change.ts";
import { type Amount, compare, sign } from "../model/decimal.ts";
import type { Position, PositionKey } from "../model/position.ts";
import type { Refusal } from "../model/refusal.ts";
import { marginAfter } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";
import { readPosition } from "../reads/read-position.ts";
import { changeOf } from "../risk/change-of.ts";
import { boundsOf } from "../sizing/bounds.ts";
import { presets } from "../sizing/presets.ts";

interface WhatIfRow {
  readonly direction: Direction;
  readonly amount: Amount;
  readonly after: Change["after"];
}

/** What amounts would do to a position, on the figures of one look. Nothing is proposed. */
export interface WhatIf {
  readonly position: Position;
  /** In ms. */
  readonly readAt: number;
  readonly free: Amount;
  /** What was asked about, then additions, smallest first, then removals; may be empty. */
  readonly rows: readonly WhatIfRow[];
}

/** What somebody asks about besides the amounts that a thumb could choose. */
export type Asked = Pick<MarginAdjustment, "direction" | "amount">;

/** The amount that was asked about and those that a thumb could choose, and where each would leave the position. */
export async function whatIf(
  deps: Deps,
  key: PositionKey,
  asked?: Asked,
): Promise<WhatIf | { readonly refusal: Refusal }> {
  const found = await readPosition(deps, key, true);
  if (!found.ok) return { refusal: found.refusal };
  const { position, seen, tiers } = found;
  if (position.marginMode === "crossed") {
    return { refusal: { code: "cross_margin", symbol: key.symbol, holdSide: key.holdSide } };
  }
  const { addable, removable, most, decimalsMax } = boundsOf(deps, found);
  const figures = { margin: seen.margin, free: addable, removable, most, decimalsMax };
  const after = (change: Asked) => marginAfter(seen.margin, { id: "", position, ...change });
  if (asked !== undefined && sign(after(asked)) <= 0) {
    return { refusal: { code: "whole_margin", margin: seen.margin, marginCoin: position.marginCoin } };
  }
  const others = (["add", "remove"] as const)
    .flatMap((direction) => presets(direction, figures).map((amount) => ({ direction, amount })))
    .filter(({ direction, amount }) => direction !== asked?.direction || compare(amount, asked.amount) !== 0);
  const rows = [...(asked === undefined ? [] : [asked]), ...others].map((change) => ({
    ...change,
    after: changeOf(position, { tiers, newMargin: after(change), free: seen.free }).after,
  }));
  return { position, readAt: seen.at, free: seen.free, rows };
}
