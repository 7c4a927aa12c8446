/** What becomes of a confirmed adjustment whose sending broke for a reason that nobody foresaw. */
import type { AuditEvent, Entry } from "../model/audit-event.ts";
import { entryOf, type Proposal } from "../model/proposal.ts";
import type { Deps } from "../ports/deps.ts";
import { type Held, MONEY_PATIENCE_MS, recordAtLast } from "./record-at-last.ts";

/** The step that says what is known, and no more: before `sending` nothing left, after it anything may have. */
function endOf(proposal: Proposal, step: string | undefined): Entry | undefined {
  const code = "broken";
  if (step === "confirmed") return entryOf(proposal, "refused", { refusal: { code } }, { code });
  return step === "sending" ? entryOf(proposal, "unknown", {}, { code }) : undefined;
}

/**
 * Ends what would hang until the next start, as soon as the table takes a row; `held` hears where it does not at once. Gives
 * the row written; undefined when the adjustment stands elsewhere, or somebody else was first. Throws `UnwrittenError` when
 * the table takes none until the process goes down.
 */
export function giveUp(deps: Deps, proposal: Proposal, held: Held = () => undefined): Promise<AuditEvent | undefined> {
  const write = async () => {
    const end = endOf(proposal, (await deps.events.of(proposal.adjustment.id)).at(-1)?.step);
    if (end === undefined) return undefined;
    const appended = await deps.events.append(end, MONEY_PATIENCE_MS);
    return appended.ok ? appended.event : undefined;
  };
  return recordAtLast(deps, write, held);
}
