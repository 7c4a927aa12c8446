/** What different amounts would do to a position: reads only, and nothing is proposed. */
import type { Direction } from "./adjustment.ts";
import { boundsOf } from "./bounds.ts";
import type { Amount } from "./decimal.ts";
import type { Desk } from "./desk.ts";
import { type Change, changeOf } from "./estimate.ts";
import { look } from "./look.ts";
import type { Position, PositionKey } from "./position.ts";
import { presets } from "./presets.ts";
import { marginAfter } from "./preview.ts";
import type { Refusal } from "./refusal.ts";

interface WhatIfRow {
  readonly direction: Direction;
  readonly amount: Amount;
  readonly after: Change["after"];
}

export interface WhatIf {
  readonly position: Position;
  /** In ms. */
  readonly readAt: number;
  readonly free: Amount;
  /** Additions, smallest first, then removals; may be empty. */
  readonly rows: readonly WhatIfRow[];
}

/** The amounts that a thumb could choose, and where each would leave the position. */
export async function whatIf(desk: Desk, key: PositionKey): Promise<WhatIf | { readonly refusal: Refusal }> {
  const found = await look(desk, key, true);
  if (!found.ok) return { refusal: found.refusal };
  const { position, seen, tiers } = found;
  if (position.marginMode === "crossed") {
    return { refusal: { code: "cross_margin", symbol: key.symbol, holdSide: key.holdSide } };
  }
  const { addable, removable, most, decimalsMax } = boundsOf(desk, found);
  const figures = { margin: seen.margin, free: addable, removable, most, decimalsMax };
  const row = (direction: Direction, amount: Amount): WhatIfRow => {
    const newMargin = marginAfter(seen.margin, { id: "", position, direction, amount });
    return { direction, amount, after: changeOf(position, { tiers, newMargin, free: seen.free }).after };
  };
  const rows = (["add", "remove"] as const).flatMap((direction) =>
    presets(direction, figures).map((amount) => row(direction, amount)),
  );
  return { position, readAt: seen.at, free: seen.free, rows };
}
