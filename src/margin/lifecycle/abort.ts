/** What becomes of a confirmed adjustment whose sending broke for a reason that nobody foresaw. */
import type { Step } from "../model/adjustment.ts";
import type { AuditEvent, Detail } from "../model/audit-event.ts";
import { entryOf, type Proposal } from "../model/proposal.ts";
import type { Deps } from "../ports/deps.ts";

/** The step that says what is known, and no more: before `sending` nothing left, after it anything may have. */
function endOf(step: string | undefined): { readonly step: Step; readonly detail: Detail } | undefined {
  if (step === "confirmed") return { step: "refused", detail: { refusal: { code: "broken" } } };
  return step === "sending" ? { step: "unknown", detail: {} } : undefined;
}

/**
 * Ends what would hang until the next start. Gives the row written; undefined when the adjustment stands elsewhere, or
 * somebody else was first. Throws `UnwrittenError` when the table cannot be written.
 */
export async function giveUp(deps: Deps, proposal: Proposal): Promise<AuditEvent | undefined> {
  const end = endOf((await deps.trail.events(proposal.adjustment.id)).at(-1)?.step);
  if (end === undefined) return undefined;
  const appended = await deps.trail.append(entryOf(proposal, end.step, { code: "broken", detail: end.detail }));
  return appended.ok ? appended.event : undefined;
}
