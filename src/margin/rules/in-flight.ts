/** Whether another adjustment of the symbol is in flight, its money perhaps under way. */
import type { Step } from "../model/adjustment.ts";
import type { PositionKey } from "../model/position.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Deps } from "../ports/deps.ts";

/**
 * Why the symbol of a position is locked: an adjustment of it whose money may be under way; undefined where there is
 * none.
 */
export async function lockRefusal(
  { projections }: Pick<Deps, "projections">,
  { account, symbol, marginCoin }: PositionKey,
): Promise<Refusal | undefined> {
  const open = await projections.inFlight(account, symbol, marginCoin);
  return open && { code: "locked", open: open.adjustment, step: open.step as Step };
}
