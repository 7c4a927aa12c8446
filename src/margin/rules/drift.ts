/** Whether a position is still what was shown. */
import { compare, type Decimal } from "../model/decimal.ts";
import type { Drift, Refusal } from "../model/refusal.ts";
import type { PositionSnapshot } from "../model/snapshot.ts";

/** What of a position is compared. */
export type Shown = Pick<PositionSnapshot, "marginMode" | "total" | "leverage" | "margin" | "openedAt" | "entryPrice">;

/**
 * Why the fresh look stops what was confirmed; undefined when it does not.
 * Mark and liquidation price are not compared: a falling mark must not block a rescue. What could not be read blocks none
 * either; a removal is refused for it elsewhere. When it was opened tells a position from one that was opened in its place
 * with the same figures; so does its entry price, which moves with nothing but trades.
 */
export function driftRefusal(shown: Shown, now: Shown): (Refusal & { readonly code: "changed" }) | undefined {
  const changed = (what: Drift, before: string, after: string): Refusal & { readonly code: "changed" } => ({
    code: "changed",
    what,
    before,
    now: after,
  });
  const differ = <U extends string>(a: Decimal<U>, b: Decimal<NoInfer<U>>) => compare(a, b) !== 0;
  if (now.marginMode !== shown.marginMode) return changed("mode", shown.marginMode, now.marginMode);
  if (shown.openedAt !== undefined && now.openedAt !== undefined && shown.openedAt !== now.openedAt)
    return changed("opening", timeText(shown.openedAt), timeText(now.openedAt));
  if (differ(shown.total, now.total)) return changed("size", shown.total, now.total);
  if (shown.leverage && now.leverage && differ(shown.leverage, now.leverage))
    return changed("leverage", shown.leverage, now.leverage);
  if (shown.entryPrice && now.entryPrice && differ(shown.entryPrice, now.entryPrice))
    return changed("entry", shown.entryPrice, now.entryPrice);
  if (differ(shown.margin, now.margin)) return changed("margin", shown.margin, now.margin);
  return undefined;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
