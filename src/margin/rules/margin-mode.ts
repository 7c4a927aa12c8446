/** Whether a position has margin of its own: in cross margin there is none to adjust. */
import type { Position } from "../model/position.ts";
import type { Refusal } from "../model/refusal.ts";

/** A position in cross margin has no margin of its own to adjust; undefined where the position is isolated. */
export function marginModeRefusal({ marginMode, symbol, holdSide }: Position): Refusal | undefined {
  return marginMode === "crossed" ? { code: "cross_margin", symbol, holdSide } : undefined;
}
