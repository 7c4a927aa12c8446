/** The call for a person: a row of its own, once for each unknown outcome, which the outbox tells until it was heard. */
import { type AuditEvent, BOT } from "../model/audit-event.ts";
import type { NeedsReview } from "../model/needs-review.ts";
import type { Deps } from "../ports/deps.ts";

/** The code of such a row `note`. A trigger of the database puts rows with this code among what is untold. */
const NEEDS_REVIEW_CODE = "needs_review";
/** Most calls behind one unknown outcome among which its own is looked for: as many as there are symbols in doubt at a time. */
const CALLS_MAX = 500;

/** Writes the call for `unknown`, the row that the outcome stands at, unless it was written before: by an earlier process, too. */
export async function callForPerson(
  { events, projections }: Pick<Deps, "events" | "projections">,
  unknown: AuditEvent,
  review: NeedsReview,
): Promise<void> {
  const { adjustment, location, terms } = unknown;
  const calls = await projections.notes({ code: NEEDS_REVIEW_CODE, after: unknown.seq, limit: CALLS_MAX });
  if (calls.some((call) => calledFor(call)?.adjustment === adjustment)) return;
  const row = { adjustment: "", actor: BOT, location, terms, code: NEEDS_REVIEW_CODE };
  await events.append({ ...row, step: "note", detail: { adjustment, review } });
}

/** What a row calls a person for; undefined where it does not, or cannot be read. */
export function calledFor(event: AuditEvent): { adjustment: string; review: NeedsReview | undefined } | undefined {
  if (event.step !== "note" || event.code !== NEEDS_REVIEW_CODE) return undefined;
  const { adjustment, review } = event.detail;
  return adjustment === undefined ? undefined : { adjustment, review };
}
