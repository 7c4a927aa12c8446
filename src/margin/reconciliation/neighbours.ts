/** Adjustments of one symbol and coin that were answered shortly before another was sent: they have bills, too. */
import type { AuditEvent } from "../model/audit-event.ts";
import type { HoldSide } from "../model/position.ts";
import { subjectOf } from "../model/proposal.ts";
import type { ResponseFacts } from "../model/response-facts.ts";
import type { Deps } from "../ports/deps.ts";
import type { Neighbour } from "./bill-match.ts";
import type { Sent } from "./evidence.ts";

/** How long after an answer its bill may still be taken for that of the next call, in ms: more than any bill was seen late. */
const LATE_MS = 60_000;
/** More than go out on one side of a symbol within that time, at five a second. */
const NEIGHBOURS_MAX = 300;

/** When a call was under way, in ms of the exchange's clock, and how far that may be off. */
export type CallTimes = Pick<Sent, "endedAt" | "clockErrorMs"> & { readonly signedAt: number | undefined };

/** When the request of these rows was under way. */
export function callTimesOf(deps: Deps, events: readonly AuditEvent[]): CallTimes {
  const sending = events.find((event) => event.step === "sending");
  const { serverAt, clockErrorMs: errorThen = 0 } = sending?.detail ?? {};
  const { signedAt = serverAt, endedAt } = exchangedOf(events);
  return {
    signedAt,
    // Where the process died, nobody saw the call end. It would have given up by then; what comes later may be somebody
    // who saw the bot die and did it by hand.
    endedAt: endedAt ?? (serverAt === undefined ? undefined : serverAt + deps.exchange.timeoutMs),
    // The process that sent may have been less sure of the clock than the one that looks now.
    clockErrorMs: Math.max(errorThen, deps.exchange.clockErrorMs()),
  };
}

function exchangedOf(events: readonly AuditEvent[]): ResponseFacts {
  const answer = events.find((event) => event.step === "accepted" || event.step === "unknown");
  return answer?.detail.exchanged ?? {};
}

function neighbourOf(deps: Deps, events: readonly AuditEvent[]): Neighbour | undefined {
  const last = events.at(-1);
  // One that a bill settled has claimed it.
  if (last?.step === "applied" && last.detail.bill !== undefined) return undefined;
  const adjustment = subjectOf(events[0])?.adjustment;
  const { signedAt, endedAt, clockErrorMs } = callTimesOf(deps, events);
  if (adjustment === undefined || signedAt === undefined || endedAt === undefined) return undefined;
  const { amount, direction } = adjustment;
  return { amount, direction, from: signedAt - clockErrorMs, until: endedAt + clockErrorMs };
}

/**
 * The others of this symbol and coin, of either side, that money moved for within a minute before `sent` was signed. Told
 * by the exchange's clock alone: the machine's, which dates rows, may be wrong.
 */
export async function findAnsweredNeighbours(deps: Deps, sent: Sent): Promise<readonly Neighbour[]> {
  const sides = await Promise.all([onSide(deps, sent, "long"), onSide(deps, sent, "short")]);
  return sides.flat();
}

async function onSide(deps: Deps, { adjustment, signedAt }: Sent, holdSide: HoldSide): Promise<readonly Neighbour[]> {
  const found: Neighbour[] = [];
  for (const done of await deps.projections.done({ ...adjustment.position, holdSide }, { limit: NEIGHBOURS_MAX })) {
    const neighbour = neighbourOf(deps, await deps.events.of(done.adjustment));
    if (neighbour === undefined) continue;
    // One at a time is in flight on a symbol: the others were answered before this one.
    if (neighbour.until < signedAt - LATE_MS) break;
    found.push(neighbour);
  }
  return found;
}
