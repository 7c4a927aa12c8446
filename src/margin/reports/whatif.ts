/** What different amounts would do to a position: reads only, and nothing is proposed. */
import type { AmountExpression } from "../input/expression.ts";
import type { Direction, MarginAdjustment } from "../model/adjustment.ts";
import type { Change } from "../model/change.ts";
import { type Amount, compare, sign } from "../model/decimal.ts";
import type { Position, PositionKey } from "../model/position.ts";
import type { Refusal } from "../model/refusal.ts";
import { marginAfter } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";
import { readPosition } from "../reads/read-position.ts";
import { changeOf } from "../risk/change-of.ts";
import { marginModeRefusal } from "../rules/margin-mode.ts";
import { boundsOf } from "../sizing/bounds.ts";
import { presets } from "../sizing/presets.ts";
import type { Unresolved } from "../sizing/resolve-amount.ts";
import { resolveOn } from "../sizing/resolve-on-look.ts";

interface WhatIfRow {
  readonly direction: Direction;
  readonly amount: Amount;
  readonly after: Change["after"];
}

/** What amounts would do to a position, on the figures of one look. Nothing is proposed. */
export interface WhatIf {
  readonly kind: "table";
  readonly position: Position;
  /** In ms. */
  readonly readAt: number;
  /** Undefined where it could not be read. */
  readonly free: Amount | undefined;
  /** What was asked about, then additions, smallest first, then removals; may be empty. */
  readonly rows: readonly WhatIfRow[];
}

type Asked = Pick<MarginAdjustment, "direction" | "amount">;

/**
 * What was asked about and the amounts that a thumb could choose, and where each would leave the position. What has two
 * readings is not asked back here.
 */
export async function whatIf(
  deps: Deps,
  key: PositionKey,
  expression?: AmountExpression,
): Promise<WhatIf | Unresolved | { readonly kind: "refused"; readonly refusal: Refusal }> {
  const found = await readPosition(deps, key, true);
  if (!found.ok) return { kind: "refused", refusal: found.refusal };
  const { position, seen, tiers } = found;
  const crossed = marginModeRefusal(position);
  if (crossed !== undefined) return { kind: "refused", refusal: crossed };
  const resolved = expression && resolveOn(deps, found, expression, "add");
  if (resolved?.kind === "fault") return resolved;
  const asked = resolved?.kind === "resolved" ? { direction: resolved.direction, amount: resolved.amount } : undefined;
  const { addable, removable, most, decimalsMax } = boundsOf(deps, found);
  const figures = { margin: seen.margin, free: addable, removable, most, decimalsMax };
  const after = (change: Asked) => marginAfter(seen.margin, { id: "", position, ...change });
  if (asked !== undefined && sign(after(asked)) <= 0) {
    const refusal = { code: "whole_margin", margin: seen.margin, marginCoin: position.marginCoin } as const;
    return { kind: "refused", refusal };
  }
  const others = (["add", "remove"] as const)
    .flatMap((direction) => presets(direction, figures).map((amount) => ({ direction, amount })))
    .filter(({ direction, amount }) => direction !== asked?.direction || compare(amount, asked.amount) !== 0);
  const rows = [...(asked === undefined ? [] : [asked]), ...others].map((change) => ({
    ...change,
    after: changeOf(position, { tiers, newMargin: after(change), free: seen.free }).after,
  }));
  return { kind: "table", position, readAt: seen.at, free: seen.free, rows };
}
