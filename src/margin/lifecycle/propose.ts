/** Propose: from a request to a card, or to the reason why there is none. Reads only; no money moves here. */
import type { Direction, MarginAdjustment } from "../model/adjustment.ts";
import type { Basis } from "../model/amount-origin.ts";
import { type Actor, type AuditEvent, type ChatLocation, NO_TERMS, type Terms } from "../model/audit-event.ts";
import type { Change } from "../model/change.ts";
import { type Amount, compare } from "../model/decimal.ts";
import type { PositionKey } from "../model/position.ts";
import { entryOf, type Origin, type Proposal, proposalDetail, termsOf } from "../model/proposal.ts";
import type { Drift, Refusal } from "../model/refusal.ts";
import { marginAfter, type PositionSnapshot } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";
import { readPosition } from "../reads/read-position.ts";
import { changeOf } from "../risk/change-of.ts";
import { frozenRefusal } from "../rules/frozen.ts";
import { amountRefusalOf, judgePosition } from "../rules/rule-book.ts";

export interface AdjustmentRequest {
  readonly position: PositionKey;
  readonly direction: Direction;
  readonly amount: Amount;
  /** How the amount came about, and what it was before its decimals were cut: for the card. */
  readonly how?: Origin;
  readonly cutFrom?: Amount;
  /** The position that the amount was computed for: where it has changed since, `how` is no longer true. */
  readonly basis?: Basis;
  /** The adjustment that this one takes back: it is taken back once. */
  readonly undoes?: string | undefined;
  readonly askedBy: Actor;
  readonly location: ChatLocation;
  /** Whether its person has stopped it since: looking at the position takes time. */
  readonly isCalledOff?: () => boolean;
}

/** How the chat words what the person is shown: it goes into the row, so that the row can prove it. */
export interface Wording {
  card(proposal: Proposal): string;
  refusal(refusal: Refusal): string;
}

export type Proposed =
  | {
      readonly kind: "proposed";
      readonly proposal: Proposal;
      readonly nonce: string;
      /** Earlier cards of the same person for the same position: this one took their place. */
      readonly cancelled: readonly AuditEvent[];
    }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly event: AuditEvent };

/** What is undone, where that is named: so that whatever leads on from there still knows it. */
function named({ undoes }: { readonly undoes?: string | undefined }): { readonly undoes?: string } {
  return undoes === undefined ? {} : { undoes };
}

/** Writes down an attempt that gets no card, and why. */
export async function refuse(
  deps: Deps,
  attempt: { askedBy: Actor; location: ChatLocation; terms?: Partial<Terms>; undoes?: string | undefined },
  refusal: Refusal,
  shown: string,
): Promise<AuditEvent> {
  const appended = await deps.trail.append({
    adjustment: deps.ids.id(),
    step: "refused",
    actor: attempt.askedBy,
    location: attempt.location,
    terms: { ...NO_TERMS, ...attempt.terms },
    code: refusal.code,
    detail: { shown, refusal: { ...refusal }, ...named(attempt) },
  });
  if (!appended.ok) throw new Error("a new adjustment id was already taken");
  return appended.event;
}

/** Cancels the same person's cards for the same position that stood in the table before the row `newer`. */
async function cancelEarlier(
  deps: Deps,
  { position, askedBy, location }: AdjustmentRequest,
  newer: AuditEvent,
): Promise<AuditEvent[]> {
  const cancelled: AuditEvent[] = [];
  for (const { adjustment, terms, seq } of await deps.trail.openCards(askedBy.id)) {
    if (seq >= newer.seq) continue;
    if (terms.account !== position.account || terms.symbol !== position.symbol) continue;
    if (terms.marginCoin !== position.marginCoin || terms.holdSide !== position.holdSide) continue;
    const entry = {
      adjustment,
      step: "cancelled",
      actor: askedBy,
      location,
      terms,
      code: "replaced",
      detail: {},
    } as const;
    const appended = await deps.trail.append(entry);
    if (appended.ok) cancelled.push(appended.event);
  }
  return cancelled;
}

const CALLED_OFF: Refusal = { code: "called_off" };

/** What was stopped since it was asked for gets no card. */
function stopped(deps: Deps, { isCalledOff }: AdjustmentRequest): Refusal | undefined {
  return isCalledOff?.() ? CALLED_OFF : frozenRefusal(deps);
}

async function checked(
  deps: Deps,
  adjustment: MarginAdjustment,
  request: AdjustmentRequest,
): Promise<{ refusal: Refusal } | { seen: PositionSnapshot; newestAtLook: number; change: Change }> {
  const { position: key } = adjustment;
  const before = stopped(deps, request);
  if (before !== undefined) return { refusal: before };
  const newestAtLook = await deps.trail.newestOf(key.account, key.symbol, key.marginCoin);
  const read = await readPosition(deps, key, true);
  const meanwhile = stopped(deps, request);
  if (meanwhile !== undefined) return { refusal: meanwhile };
  const look = await judgePosition(deps, key, read);
  if ("refusal" in look) return look;
  const refusal = await amountRefusalOf(deps, { adjustment, ...named(request) }, look);
  if (refusal !== undefined) return { refusal };
  const { position, seen, tiers } = look;
  const newMargin = marginAfter(seen.margin, adjustment);
  return { seen, newestAtLook, change: changeOf(position, { tiers, newMargin, free: seen.free }) };
}

/** How the amount came about, or what has changed since it was computed. */
function origin(
  { how, cutFrom, basis }: AdjustmentRequest,
  { margin, total }: PositionSnapshot,
): Pick<Proposal, "how" | "cutFrom"> {
  const again = (what: Drift, before: string, now: string) => ({ how: { kind: "again", what, before, now } }) as const;
  if (basis !== undefined && compare(basis.margin, margin) !== 0) return again("margin", basis.margin, margin);
  if (basis !== undefined && compare(basis.total, total) !== 0) return again("size", basis.total, total);
  return { ...(how === undefined ? {} : { how }), ...(cutFrom === undefined ? {} : { cutFrom }) };
}

async function record(deps: Deps, proposal: Proposal, shown: string): Promise<AuditEvent> {
  const row = { actor: proposal.askedBy, detail: proposalDetail(proposal, shown) };
  const appended = await deps.trail.append(entryOf(proposal, "proposed", row));
  if (!appended.ok) throw new Error("a new adjustment id was already taken");
  return appended.event;
}

/** There is a row, and no card yet: nobody could confirm it, and nobody will. */
async function callOff(deps: Deps, proposal: Proposal, proposed: AuditEvent): Promise<Proposed> {
  const { askedBy: actor } = proposal;
  const appended = await deps.trail.append(entryOf(proposal, "cancelled", { actor, code: CALLED_OFF.code }));
  return { kind: "refused", refusal: CALLED_OFF, event: appended.ok ? appended.event : proposed };
}

/** Looks at the position, checks the request, and writes the row `proposed` (or `refused`). */
export async function propose(deps: Deps, request: AdjustmentRequest, wording: Wording): Promise<Proposed> {
  const { position, direction, amount, askedBy, location } = request;
  const adjustment = { id: deps.ids.id(), position, direction, amount };
  const outcome =
    deps.roleOf(askedBy.id) === undefined
      ? ({ refusal: { code: "not_member" } } as const)
      : await checked(deps, adjustment, request);
  if ("refusal" in outcome) {
    const event = await refuse(
      deps,
      { askedBy, location, terms: termsOf(adjustment), undoes: request.undoes },
      outcome.refusal,
      wording.refusal(outcome.refusal),
    );
    return { kind: "refused", refusal: outcome.refusal, event };
  }
  const nonce = deps.ids.nonce();
  const proposal = {
    adjustment,
    askedBy,
    location,
    expiresAt: deps.now() + deps.rules.confirmTtlMs,
    nonceHash: deps.ids.hash(nonce),
    seen: outcome.seen,
    newestAtLook: outcome.newestAtLook,
    change: outcome.change,
    ...origin(request, outcome.seen),
    ...named(request),
  };
  const event = await record(deps, proposal, wording.card(proposal));
  // Asked again once the row is there: whoever cancels later finds it.
  if (request.isCalledOff?.()) return callOff(deps, proposal, event);
  // Only now: of two that are asked for at the same moment, the one with the later row sees and cancels the other.
  const cancelled = await cancelEarlier(deps, request, event);
  return { kind: "proposed", proposal, nonce, cancelled };
}
