/** A card: what a person was shown and may confirm, as it stands in the row `proposed`. */

import type { Direction, MarginAdjustment, Step } from "./adjustment.ts";
import type { How } from "./amount-origin.ts";
import {
  type Actor,
  type AuditEvent,
  BOT,
  type ChatLocation,
  type Detail,
  type Entry,
  type Terms,
} from "./audit-event.ts";
import type { Change } from "./change.ts";
import { type Amount, decimal } from "./decimal.ts";
import { present } from "./present.ts";
import type { Drift } from "./refusal.ts";
import type { PositionSnapshot } from "./snapshot.ts";

/** How the amount of a card came about; `again`: this has changed since it was computed, or since it was confirmed. */
export type Origin =
  | How
  | { readonly kind: "again"; readonly what: Drift; readonly before: string; readonly now: string };

/** An adjustment as its card shows it: terms, asker, place, expiry (ms), and the figures it was judged by. */
export interface Proposal {
  readonly adjustment: MarginAdjustment;
  readonly askedBy: Actor;
  readonly location: ChatLocation;
  /** From this moment (ms) on it can no longer be confirmed. */
  readonly expiresAt: number;
  readonly nonceHash: string;
  readonly seen: PositionSnapshot;
  /** The newest row of the symbol when the look behind `seen` began; rows of 0.1.0 have none. */
  readonly newestAtLook?: number;
  /** What it would do to the position, estimated when the card was made; rows of version 0.1.0's first days have none. */
  readonly change?: Change;
  /** How the amount came about, where it was not typed as it stands. */
  readonly how?: Origin;
  /** The amount before its further decimals were cut off. */
  readonly cutFrom?: Amount;
  /** The adjustment that this one takes back. */
  readonly undoes?: string;
}

/** What stands in every row of the adjustment. */
export function termsOf({ position, direction, amount }: MarginAdjustment): Terms {
  return { ...position, direction, amount };
}

/** The row of its next step. What is not named: by the bot, where the card was asked for, without a code or a detail. */
export function entryOf(
  { adjustment, location }: Pick<Proposal, "adjustment" | "location">,
  step: Step,
  named: Partial<Pick<Entry, "actor" | "location" | "code" | "detail">> = {},
): Entry {
  const terms = termsOf(adjustment);
  return { adjustment: adjustment.id, step, actor: BOT, location, terms, code: "", detail: {}, ...named };
}

/** The `detail` of a row `proposed`: everything of the proposal that has no column, and the text that was shown. */
export function proposalDetail(proposal: Omit<Proposal, "adjustment" | "askedBy" | "location">, shown: string): Detail {
  const { expiresAt, nonceHash, seen, newestAtLook, change, how, cutFrom, undoes } = proposal;
  return { shown, expiresAt, nonceHash, seen: { ...seen }, ...asJson({ newestAtLook, change, how, cutFrom, undoes }) };
}

/** The parts that are there, as the plain data that they are. */
function asJson(parts: object): Detail {
  return JSON.parse(JSON.stringify(parts)) as Detail;
}

/** The proposal that a row `proposed` holds; undefined for any other row. */
export function proposalOf(event: AuditEvent | undefined): Proposal | undefined {
  if (event?.step !== "proposed") return undefined;
  const { account, productType, symbol, marginCoin, holdSide, direction, amount } = event.terms;
  if (productType === "" || holdSide === "" || direction === "") return undefined;
  const detail = event.detail as unknown as Pick<
    Proposal,
    "expiresAt" | "nonceHash" | "seen" | "newestAtLook" | "change" | "how" | "cutFrom" | "undoes"
  >;
  const { newestAtLook, change, how, cutFrom, undoes } = detail;
  const position = { account, productType, symbol, marginCoin, holdSide };
  return {
    adjustment: { id: event.adjustment, position, direction, amount: decimal(amount) },
    askedBy: event.actor,
    location: event.location,
    expiresAt: detail.expiresAt,
    nonceHash: detail.nonceHash,
    seen: detail.seen,
    ...present({ newestAtLook, change, how, cutFrom, undoes }),
  };
}

/** What an adjustment was about, from its first row, whether it got a card or not; undefined where terms are missing. */
export function adjustmentOf(event: AuditEvent | undefined): MarginAdjustment | undefined {
  if (event === undefined) return undefined;
  const { account, productType, symbol, marginCoin, holdSide, direction, amount } = event.terms;
  if (productType === "" || holdSide === "" || direction === "" || amount === "") return undefined;
  const position = { account, productType, symbol, marginCoin, holdSide };
  return { id: event.adjustment, position, direction, amount: decimal(amount) };
}

/** The other direction. */
export function reverse(direction: Direction): Direction {
  return direction === "add" ? "remove" : "add";
}
