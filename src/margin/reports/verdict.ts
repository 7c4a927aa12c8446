/** The verdict of an adjustment: what a person is told, read from its rows, and no more than they say. */
import type { AuditEvent, EventOf } from "../model/audit-event.ts";
import { type Amount, compare } from "../model/decimal.ts";
import type { Position } from "../model/position.ts";
import { type Proposal, proposalOf } from "../model/proposal.ts";
import type { Refusal } from "../model/refusal.ts";
import type { DoubtfulRefusal, Rejection } from "../model/rejection.ts";
import type { ResponseFacts } from "../model/response-facts.ts";
import { marginAfter } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";

/** Most looks at the position after the exchange accepted: it may lag behind its own answer. */
const LOOKS_AFTER_MAX = 3;

/** What a chat is told of an adjustment in the end; `event` is the row that says so, and the anchor below it. */
export type Verdict = { readonly proposal: Proposal; readonly event: AuditEvent } & (
  | {
      readonly kind: "done";
      readonly after: After;
      /** What the margin should be, where it is something else and nothing explains it: a person must look. */
      readonly expected: Amount | undefined;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "rejected"; readonly why: Rejection | undefined; readonly exchanged: ResponseFacts }
  /** `restart`: the process ended before the answer came. `exchanged`: what did come back, where something did. */
  | {
      readonly kind: "unknown";
      readonly restart: boolean;
      readonly refused: DoubtfulRefusal | undefined;
      readonly exchanged: ResponseFacts;
    }
  /** An unknown outcome that was settled; `reason` where a person did it. */
  | {
      readonly kind: "settled";
      readonly applied: boolean;
      readonly reason: string | undefined;
      /** The position could testify: not only the bills said so. */
      readonly seen: boolean;
      /** The exchange had refused it, and that refusal was doubted. */
      readonly refused: boolean;
      readonly after: After;
    }
);

/** The position as it is now that the adjustment was applied; undefined when that could not be read yet. */
export type After = Position | "gone" | undefined;

async function after(deps: Deps, { adjustment, seen }: Proposal): Promise<After> {
  // Told by a bot that looks after another account now: nothing can be read of this one.
  if (!deps.exchange.accounts.includes(adjustment.position.account)) return undefined;
  for (let looks = 1; looks <= LOOKS_AFTER_MAX; looks++) {
    const reading = await deps.exchange.position(adjustment.position);
    if (reading.ok && reading.value === undefined) return "gone";
    if (reading.ok && reading.value !== undefined && reading.value.margin !== seen.margin) return reading.value;
  }
  return undefined;
}

/** The position after an accepted call, and whether its margin is what the call makes of the one before. */
async function outcome(
  deps: Deps,
  proposal: Proposal,
  events: readonly AuditEvent[],
): Promise<{ after: After; expected: Amount | undefined }> {
  const found = await after(deps, proposal);
  const before = events.find((event) => event.step === "sending")?.detail.before;
  if (found === undefined || found === "gone" || before === undefined) return { after: found, expected: undefined };
  const expected = marginAfter(before.margin, proposal.adjustment);
  const [newest] = await deps.projections.done(proposal.adjustment.position, { limit: 1 });
  const explained =
    newest?.adjustment !== proposal.adjustment.id ||
    compare(found.margin, expected) === 0 ||
    compare(found.total, before.total) !== 0 ||
    found.leverage !== before.leverage;
  return { after: found, expected: explained ? undefined : expected };
}

/** Why the bot did not send, from a row `refused`. After a restart the row says no more than that. */
export function refusalOf({ code, detail }: EventOf<"refused">): Refusal {
  return detail.refusal ?? { code: code === "restart" ? "restart" : "broken" };
}

/** Why the exchange refused, where its row says it, and what it said, from a row `rejected`. */
export function rejectionOf({ detail: { why, exchanged = {} } }: EventOf<"rejected">): {
  readonly why: Rejection | undefined;
  readonly exchanged: ResponseFacts;
} {
  return { why, exchanged };
}

/** What came back of a call whose outcome is not known, from its row: a refusal that is doubted, a code, or nothing. */
function answerOf({ detail: { refused, exchanged = {} } }: EventOf<"unknown">): {
  readonly refused: DoubtfulRefusal | undefined;
  readonly exchanged: ResponseFacts;
} {
  return { refused, exchanged };
}

/** The verdict that the row with this number gives; undefined when it gives none. */
export async function verdictOf(deps: Deps, adjustment: string, seq: number): Promise<Verdict | undefined> {
  const events = await deps.events.of(adjustment);
  const [proposal, event] = [proposalOf(events[0]), events.find((item) => item.seq === seq)];
  if (proposal === undefined || event === undefined) return undefined;
  const base = { proposal, event };
  switch (event.step) {
    case "accepted":
      return { ...base, kind: "done", ...(await outcome(deps, proposal, events)) };
    case "refused":
      return { ...base, kind: "refused", refusal: refusalOf(event) };
    case "rejected":
      return { ...base, kind: "rejected", ...rejectionOf(event) };
    case "unknown":
      return { ...base, kind: "unknown", restart: event.code === "restart", ...answerOf(event) };
    case "applied":
    case "not_applied": {
      const applied = event.step === "applied";
      const { reason, evidence } = event.detail;
      const found = applied ? await after(deps, proposal) : undefined;
      const refused = events.some((one) => one.step === "unknown" && one.detail.refused !== undefined);
      const seen = (evidence?.marginNow ?? null) !== null;
      return { ...base, kind: "settled", applied, reason, seen, refused, after: found };
    }
    default:
      return undefined;
  }
}
