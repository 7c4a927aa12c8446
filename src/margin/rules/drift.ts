/** Whether a position is still what was shown. */
import { compare, type Decimal } from "../model/decimal.ts";
import type { Drift, Refusal } from "../model/refusal.ts";
import type { PositionSnapshot } from "../model/snapshot.ts";

/** What of a position is compared. */
export type Shown = Pick<PositionSnapshot, "marginMode" | "total" | "leverage" | "margin">;

/**
 * Why the fresh look stops what was confirmed; undefined when it does not.
 * Prices are not compared: a falling mark must not block a rescue. A leverage that could not be read blocks none either; a
 * removal is refused for it elsewhere.
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
  if (differ(shown.total, now.total)) return changed("size", shown.total, now.total);
  if (shown.leverage && now.leverage && differ(shown.leverage, now.leverage))
    return changed("leverage", shown.leverage, now.leverage);
  if (differ(shown.margin, now.margin)) return changed("margin", shown.margin, now.margin);
  return undefined;
}
