/** Propose: from what somebody asks for to a card, or to why there is none. One look at the exchange; no money moves here. */
import type { AmountExpression } from "../input/expression.ts";
import type { Direction, MarginAdjustment } from "../model/adjustment.ts";
import { type Actor, type AuditEvent, type ChatLocation, NO_TERMS, type Terms } from "../model/audit-event.ts";
import { type Amount, sign, truncate } from "../model/decimal.ts";
import type { CardFacts } from "../model/event-detail.ts";
import type { PositionKey } from "../model/position.ts";
import { entryOf, type Proposal, proposalDetail, termsOf } from "../model/proposal.ts";
import type { Refusal } from "../model/refusal.ts";
import { marginAfter, type PositionReading, type PositionSnapshot } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";
import { readPosition } from "../reads/read-position.ts";
import { changeOf } from "../risk/change-of.ts";
import { driftRefusal, type Shown } from "../rules/drift.ts";
import { frozenRefusal } from "../rules/frozen.ts";
import { amountRefusalOf, judgePosition } from "../rules/rule-book.ts";
import { coinFault, isAll, type Resolved, type Unresolved } from "../sizing/resolve-amount.ts";
import { resolveOn } from "../sizing/resolve-on-look.ts";

/** What somebody asks for: of which position, how much, and where and by whom it was said. */
export interface AdjustmentRequest {
  readonly position: PositionKey;
  /** What is asked for: the amount follows from the position as it is found now. */
  readonly expression: AmountExpression;
  /** The direction of an amount, a part or max that says none; to add, where this is missing, too. */
  readonly bare?: Direction;
  /** What its person was shown of the position before: where that has changed since, the card says so. */
  readonly shown?: Shown;
  /** Whether its person has said once more that all that can go is meant. */
  readonly isAllMeant?: boolean;
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

/** A removal of all that can go, or nearly: its card comes when its person has said so once more. */
export interface SecondStep {
  readonly kind: "needs_second_step";
  readonly direction: Direction;
  /** What it comes to as the position was when it was looked at. */
  readonly amount: Amount;
  readonly seen: PositionSnapshot;
}

/** What came of a request. A row was written where it is `proposed` or `refused`, and nowhere else. */
export type Proposed =
  | {
      readonly kind: "proposed";
      readonly proposal: Proposal;
      readonly nonce: string;
      /** Earlier cards of the same person for the same position: this one took their place. */
      readonly cancelled: readonly AuditEvent[];
    }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly event: AuditEvent }
  /** On this position it has two readings. */
  | { readonly kind: "asked"; readonly choices: readonly [AmountExpression, AmountExpression] }
  | SecondStep
  /** It comes to no amount on this position. */
  | Unresolved;

/** Writes down an attempt that gets no card, and why. */
export async function refuse(
  deps: Deps,
  attempt: { askedBy: Actor; location: ChatLocation; terms?: Partial<Terms>; undoes?: string | undefined },
  refusal: Refusal,
  shown: string,
): Promise<AuditEvent> {
  const appended = await deps.events.append({
    adjustment: deps.ids.id(),
    step: "refused",
    actor: attempt.askedBy,
    location: attempt.location,
    terms: { ...NO_TERMS, ...attempt.terms },
    code: refusal.code,
    detail: { shown, refusal, undoes: attempt.undoes },
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
  for (const { adjustment, terms, seq } of await deps.projections.openCards(askedBy.id)) {
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
    const appended = await deps.events.append(entry);
    if (appended.ok) cancelled.push(appended.event);
  }
  return cancelled;
}

const CALLED_OFF: Refusal = { code: "called_off" };
const NOT_MEMBER: Refusal = { code: "not_member" };

/** What was stopped since it was asked for gets no card. */
function stopped(deps: Deps, { isCalledOff }: AdjustmentRequest): Refusal | undefined {
  return isCalledOff?.() ? CALLED_OFF : frozenRefusal(deps);
}

/** Looks for one card that others may overtake. */
const LOOKS_MAX = 3;

type Look = PositionReading & { readonly ok: true };

/** The position, looked at once; or why nothing can be adjusted there. */
async function lookFor(
  deps: Deps,
  request: AdjustmentRequest,
): Promise<{ readonly refusal: Refusal } | { readonly look: Look; readonly newestAtLook: number }> {
  const { position: key } = request;
  for (let looks = 1; ; looks++) {
    const newestAtLook = await deps.projections.newestOf(key.account, key.symbol, key.marginCoin);
    const read = await readPosition(deps, key, true);
    const meanwhile = stopped(deps, request);
    if (meanwhile !== undefined) return { refusal: meanwhile };
    const look = await judgePosition(deps, key, read);
    if ("refusal" in look) return look;
    // A card off a look that was overtaken could not be confirmed: the next look shows what changed.
    if (looks >= LOOKS_MAX || !(await deps.projections.movedSince(key, newestAtLook))) return { look, newestAtLook };
  }
}

/**
 * What is known of the adjustment before the position was looked at: an amount that was typed as it stands, where that is
 * surely what is meant. A button may lead on from the row, so it holds no amount that the position could still question.
 */
function termsAsked(deps: Deps, { position, expression, bare = "add" }: AdjustmentRequest): Partial<Terms> {
  if (expression.kind !== "amount" || expression.beforeM !== undefined) return position;
  if (coinFault(expression, position.marginCoin) !== undefined) return position;
  const amount = truncate(expression.digits as Amount, deps.exchange.decimals(position.marginCoin));
  return sign(amount) > 0 ? { ...position, direction: expression.direction ?? bare, amount } : position;
}

/** How the amount came about; where the position is no longer what its person was shown, what has changed. */
function origin(
  { shown }: AdjustmentRequest,
  { how, cutFrom }: Resolved & { kind: "resolved" },
  seen: PositionSnapshot,
): Pick<Proposal, "how" | "cutFrom"> {
  const changed = shown && driftRefusal(shown, seen);
  if (changed !== undefined) {
    const { what, before, now } = changed;
    return { how: { kind: "again", what, before, now } };
  }
  return { how: how.kind === "typed" ? undefined : how, cutFrom };
}

async function recordProposal(deps: Deps, proposal: Proposal & CardFacts, shown: string): Promise<AuditEvent> {
  const row = entryOf(proposal, "proposed", proposalDetail(proposal, shown), { actor: proposal.askedBy });
  const appended = await deps.events.append(row);
  if (!appended.ok) throw new Error("a new adjustment id was already taken");
  return appended.event;
}

/** There is a row, and no card yet: nobody could confirm it, and nobody will. */
async function callOff(deps: Deps, proposal: Proposal, proposed: AuditEvent): Promise<Proposed> {
  const { askedBy: actor } = proposal;
  const appended = await deps.events.append(entryOf(proposal, "cancelled", {}, { actor, code: CALLED_OFF.code }));
  return { kind: "refused", refusal: CALLED_OFF, event: appended.ok ? appended.event : proposed };
}

/** Writes the row of an attempt that gets no card, with what is known of it. */
async function refuseRequest(
  deps: Deps,
  { askedBy, location, undoes }: AdjustmentRequest,
  terms: Partial<Terms>,
  refusal: Refusal,
  wording: Wording,
): Promise<Proposed> {
  const event = await refuse(deps, { askedBy, location, terms, undoes }, refusal, wording.refusal(refusal));
  return { kind: "refused", refusal, event };
}

/** Writes the row `proposed`, and cancels the cards whose place it takes. */
async function propound(
  deps: Deps,
  request: AdjustmentRequest,
  unsigned: Omit<Proposal & CardFacts, "askedBy" | "location" | "expiresAt" | "nonceHash">,
  wording: Wording,
): Promise<Proposed> {
  const { askedBy, location } = request;
  const nonce = deps.ids.nonce();
  const expiresAt = (await deps.sureNow()) + deps.rules.confirmTtlMs;
  const proposal = {
    ...unsigned,
    askedBy,
    location,
    expiresAt,
    nonceHash: deps.ids.hash(nonce),
    undoes: request.undoes,
  };
  const event = await recordProposal(deps, proposal, wording.card(proposal));
  // Asked again once the row is there: whoever cancels later finds it.
  if (request.isCalledOff?.()) return callOff(deps, proposal, event);
  // Only now: of two that are asked for at the same moment, the one with the later row sees and cancels the other.
  const cancelled = await cancelEarlier(deps, request, event);
  return { kind: "proposed", proposal, nonce, cancelled };
}

/**
 * Looks at the position once, reads the expression on it, checks what comes of that, and writes the row `proposed` (or
 * `refused`). Where its person has to say more first, nothing is written.
 */
export async function propose(deps: Deps, request: AdjustmentRequest, wording: Wording): Promise<Proposed> {
  const { position: key, expression, bare = "add" } = request;
  const refuseUnread = (refusal: Refusal) => refuseRequest(deps, request, termsAsked(deps, request), refusal, wording);
  const barred = deps.roleOf(request.askedBy.id) === undefined ? NOT_MEMBER : stopped(deps, request);
  if (barred !== undefined) return refuseUnread(barred);
  // No look could mend it, and no failed look may hide it.
  const foreign = coinFault(expression, key.marginCoin);
  if (foreign !== undefined) return foreign;
  const found = await lookFor(deps, request);
  if ("refusal" in found) return refuseUnread(found.refusal);
  const { look, newestAtLook } = found;
  const { position, seen, tiers } = look;
  const resolved = resolveOn(deps, look, expression, bare);
  if (resolved.kind === "fault") return resolved;
  if (resolved.kind === "ask") return { kind: "asked", choices: resolved.choices };
  const { direction, amount } = resolved;
  if (isAll(resolved) && request.isAllMeant !== true) return { kind: "needs_second_step", direction, amount, seen };
  const adjustment: MarginAdjustment = { id: deps.ids.id(), position: key, direction, amount };
  const refusal = await amountRefusalOf(deps, { adjustment, undoes: request.undoes }, look);
  if (refusal !== undefined) return refuseRequest(deps, request, termsOf(adjustment), refusal, wording);
  const newMargin = marginAfter(seen.margin, adjustment);
  const change = changeOf(position, { tiers, newMargin, free: seen.free });
  return propound(
    deps,
    request,
    { adjustment, seen, newestAtLook, change, ...origin(request, resolved, seen) },
    wording,
  );
}
