/** Confirm and cancel: what a press of a card's button does. The database lets exactly one of many presses win. */
import type { Step } from "../model/adjustment.ts";
import type { Actor, AuditEvent, ChatLocation, Entry } from "../model/audit-event.ts";
import type { PressSource } from "../model/event-detail.ts";
import { entryOf, type Proposal, proposalOf, subjectOf } from "../model/proposal.ts";
import type { Deps } from "../ports/deps.ts";

/** A press of a card's button, as the chat passes it on. */
export interface Press {
  readonly adjustment: string;
  readonly nonce: string;
  readonly by: Actor;
  readonly location: ChatLocation;
  /** What identifies the press at the chat's side: for the row. */
  readonly source: PressSource;
}

/** What a press came to. Only `won` changes anything. */
export type Pressed =
  | { readonly kind: "won"; readonly proposal: Proposal; readonly event: AuditEvent }
  /** The card was confirmed, cancelled or expired before; `by` is who did it. */
  | { readonly kind: "over"; readonly step: Step; readonly by: Actor }
  | { readonly kind: "expired"; readonly proposal: Proposal }
  | { readonly kind: "not_yours"; readonly asker: Actor }
  /** No such card, or not this one: forged, or from another chat. */
  | { readonly kind: "no_card" }
  /** Of an account, a mode or a kind of contract that the bot does not work with now: it may be cancelled, and it expires. */
  | { readonly kind: "other_account" }
  | { readonly kind: "closing" }
  | { readonly kind: "frozen" };

/** How long a press waits for the table at most, in ms. */
const PATIENCE_MS = 30_000;

type FoundCard =
  | { readonly ok: true; readonly proposal: Proposal; readonly last: AuditEvent }
  | { readonly ok: false; readonly pressed: Pressed };

async function find(deps: Deps, press: Press): Promise<FoundCard> {
  const events = await deps.events.of(press.adjustment);
  const [proposal, last] = [proposalOf(events[0]), events.at(-1)];
  const genuine =
    proposal !== undefined &&
    last !== undefined &&
    deps.ids.hash(press.nonce) === proposal.nonceHash &&
    press.location.chat === proposal.location.chat &&
    press.location.topic === proposal.location.topic &&
    deps.roleOf(press.by.id) !== undefined;
  return genuine ? { ok: true, proposal, last } : { ok: false, pressed: { kind: "no_card" } };
}

/** Writes the row that ends the waiting of a card; `over` where another one was first. */
async function end(deps: Deps, proposal: Proposal, entry: Entry, patienceMs = PATIENCE_MS): Promise<Pressed> {
  const appended = await deps.events.append(entry, patienceMs);
  if (appended.ok) return { kind: "won", proposal, event: appended.event };
  const events = await deps.events.of(entry.adjustment);
  return over(events.find((event) => !isWaiting(event)) ?? events[0]);
}

function over(event: AuditEvent | undefined): Pressed {
  return event === undefined ? { kind: "no_card" } : { kind: "over", step: event.step as Step, by: event.actor };
}

function isWaiting({ step }: AuditEvent): boolean {
  return step === "proposed" || step === "approved";
}

async function press(deps: Deps, given: Press, step: "confirmed" | "cancelled", admin: boolean): Promise<Pressed> {
  const found = await find(deps, given);
  if (!found.ok) return found.pressed;
  const { proposal } = found;
  const { by, location, source } = given;
  const permitted = by.id === proposal.askedBy.id || (admin && deps.roleOf(by.id) === "admin");
  if (!permitted) return { kind: "not_yours", asker: proposal.askedBy };
  if (isWaiting(found.last) && (await deps.sureNow()) >= proposal.expiresAt) {
    await end(deps, proposal, entryOf(proposal, "expired", {}, { location }));
    return { kind: "expired", proposal };
  }
  const isOurs = deps.exchange.serves(proposal.adjustment.position);
  if (step === "confirmed" && isWaiting(found.last) && !isOurs) return { kind: "other_account" };
  // A press in time whose row would come too late, as the table was held meanwhile, confirms nothing.
  const isInTime = step === "confirmed" && isWaiting(found.last);
  const patienceMs = isInTime ? Math.min(proposal.expiresAt - deps.now(), PATIENCE_MS) : PATIENCE_MS;
  return end(deps, proposal, entryOf(proposal, step, source, { actor: by, location }), patienceMs);
}

/** Confirms a card: by who asked for it, where it was shown, before it expires, and once. Nothing is sent here. */
export function confirm(deps: Deps, given: Press): Promise<Pressed> {
  if (deps.closing()) return Promise.resolve({ kind: "closing" });
  if (deps.killSwitch.frozen() !== undefined) return Promise.resolve({ kind: "frozen" });
  return press(deps, given, "confirmed", false);
}

/** Cancels a card: by who asked for it or by an admin. */
export function cancel(deps: Deps, given: Press): Promise<Pressed> {
  return press(deps, given, "cancelled", true);
}

/** Cancels whatever cards this person can still confirm, as `/cancel` does. Gives the rows written. */
export async function cancelAll(deps: Deps, by: Actor, location: ChatLocation): Promise<readonly AuditEvent[]> {
  const cancelled: AuditEvent[] = [];
  for (const { adjustment } of await deps.projections.openCards(by.id)) {
    const card = subjectOf((await deps.events.of(adjustment))[0]);
    if (card?.location.chat !== location.chat || card.location.topic !== location.topic) continue;
    const appended = await deps.events.append(entryOf(card, "cancelled", {}, { actor: by, location }));
    if (appended.ok) cancelled.push(appended.event);
  }
  return cancelled;
}
