/** Whether our own rows say that a position was moved since its card. */
import type { Proposal } from "../model/proposal.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Deps } from "../ports/deps.ts";

/**
 * Asked as a look begins, and told last of all. Where the position reads as it was shown although it was moved, the
 * exchange shows old figures (nothing documents how long its reads may lag), or it was moved back: the card is outdated.
 */
export async function movedSinceCardRefusal(
  { projections }: Pick<Deps, "projections">,
  { adjustment, newestAtLook }: Pick<Proposal, "adjustment" | "newestAtLook">,
): Promise<Refusal | undefined> {
  if (newestAtLook === undefined) return undefined;
  return (await projections.movedSince(adjustment.position, newestAtLook)) ? { code: "overtaken" } : undefined;
}
