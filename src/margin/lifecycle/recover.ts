/** Recovery: what a new process writes of the adjustments that the last one left unfinished. */
import { entryOf, subjectOf } from "../model/proposal.ts";
import type { Deps } from "../ports/deps.ts";

/**
 * Before the first update of a new process: what was confirmed but not sent is refused (nothing left), and what was
 * being sent is unknown.
 */
export async function recover(deps: Deps): Promise<void> {
  for (const currentlyAt of await deps.projections.currentlyAt(["confirmed", "sending"])) {
    const card = subjectOf((await deps.events.of(currentlyAt.adjustment))[0]);
    if (card === undefined) continue;
    const named = { code: "restart" };
    await deps.events.append(
      currentlyAt.step === "confirmed" ? entryOf(card, "refused", {}, named) : entryOf(card, "unknown", {}, named),
    );
  }
}
