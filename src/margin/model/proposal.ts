/** A card: what a person was shown and may confirm, as it stands in the row `proposed`. */

import type { Direction, MarginAdjustment, Step } from "./adjustment.ts";
import { type Actor, type AuditEvent, BOT, type ChatLocation, type EntryOf, type Terms } from "./audit-event.ts";
import { readDecimal } from "./decimal.ts";
import type { CardFacts, Details } from "./event-detail.ts";

/** An adjustment and where it was asked for: enough to write its next row. */
export interface Subject {
  readonly adjustment: MarginAdjustment;
  readonly location: ChatLocation;
}

/** A card as its row tells it; rows of 0.1.0 do not say how old their look was. */
export interface Proposal extends Subject, Omit<CardFacts, "newestAtLook"> {
  readonly askedBy: Actor;
  readonly newestAtLook?: CardFacts["newestAtLook"] | undefined;
}

/** What stands in every row of the adjustment. */
export function termsOf({ position, direction, amount }: MarginAdjustment): Terms {
  return { ...position, direction, amount };
}

/** The row of its next step. What is not named: by the bot, where the card was asked for, without a code. */
export function entryOf<S extends Step>(
  { adjustment, location }: Subject,
  step: S,
  detail: Details[S],
  named: { readonly actor?: Actor; readonly location?: ChatLocation; readonly code?: string } = {},
): EntryOf<S> {
  const terms = termsOf(adjustment);
  return { adjustment: adjustment.id, step, actor: BOT, location, terms, code: "", detail, ...named };
}

/** The `detail` of a row `proposed`: everything of the proposal that has no column, and the text that was shown. */
export function proposalDetail(facts: CardFacts, shown: string): Details["proposed"] {
  const { expiresAt, nonceHash, seen, newestAtLook, change, how, cutFrom, undoes } = facts;
  return { shown, expiresAt, nonceHash, seen, newestAtLook, change, how, cutFrom, undoes };
}

/** What an adjustment was about, from its first row, whether it got a card or not; undefined where terms are missing. */
export function adjustmentOf(event: AuditEvent | undefined): MarginAdjustment | undefined {
  if (event === undefined) return undefined;
  const { account, productType, symbol, marginCoin, holdSide, direction } = event.terms;
  const amount = readDecimal<"margin coin">(event.terms.amount);
  if (productType === "" || holdSide === "" || direction === "" || amount === undefined) return undefined;
  const position = { account, productType, symbol, marginCoin, holdSide };
  return { id: event.adjustment, position, direction, amount };
}

/** What got a card, from the row `proposed`, whatever else can be read of that; undefined for any other row. */
export function subjectOf(event: AuditEvent | undefined): Subject | undefined {
  const adjustment = event?.step === "proposed" ? adjustmentOf(event) : undefined;
  return event && adjustment && { adjustment, location: event.location };
}

/** The proposal that a row `proposed` holds; undefined for any other row, and where the row lacks what makes a card. */
export function proposalOf(event: AuditEvent | undefined): Proposal | undefined {
  const subject = subjectOf(event);
  if (event?.step !== "proposed" || subject === undefined) return undefined;
  const { expiresAt, nonceHash, seen, newestAtLook, change, how, cutFrom, undoes } = event.detail;
  if (expiresAt === undefined || nonceHash === undefined || seen === undefined) return undefined;
  return {
    ...subject,
    askedBy: event.actor,
    expiresAt,
    nonceHash,
    seen,
    newestAtLook,
    change,
    how,
    cutFrom,
    undoes,
  };
}

/** The other direction. */
export function reverse(direction: Direction): Direction {
  return direction === "add" ? "remove" : "add";
}
