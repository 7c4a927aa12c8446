/** A card: what a person was shown and may confirm, as it stands in the row `proposed`. */
import type { MarginAdjustment } from "./adjustment.ts";
import { decimal } from "./decimal.ts";
import type { Change } from "./estimate.ts";
import type { Seen } from "./preview.ts";
import type { Actor, AuditEvent, Detail, Json, Place, Terms } from "./trail.ts";

export interface Proposal {
  readonly adjustment: MarginAdjustment;
  readonly askedBy: Actor;
  readonly place: Place;
  /** From this moment (ms) on it can no longer be confirmed. */
  readonly expiresAt: number;
  readonly nonceHash: string;
  readonly seen: Seen;
  /** What it would do to the position, estimated when the card was made; rows of version 0.1.0's first days have none. */
  readonly change?: Change;
}

/** What stands in every row of the adjustment. */
export function termsOf({ position, direction, amount }: MarginAdjustment): Terms {
  return { ...position, direction, amount };
}

export function proposalDetail(proposal: Omit<Proposal, "adjustment" | "askedBy" | "place">, shown: string): Detail {
  const { expiresAt, nonceHash, seen, change } = proposal;
  return {
    shown,
    expiresAt,
    nonceHash,
    seen: { ...seen },
    ...(change === undefined ? {} : { change: asJson(change) }),
  };
}

/** Nested interfaces as the plain data that they are. */
function asJson(change: Change): Json {
  return JSON.parse(JSON.stringify(change)) as Json;
}

/** The proposal that a row `proposed` holds; undefined for any other row. */
export function proposalOf(event: AuditEvent | undefined): Proposal | undefined {
  if (event?.step !== "proposed") return undefined;
  const { account, productType, symbol, marginCoin, holdSide, direction, amount } = event.terms;
  if (productType === "" || holdSide === "" || direction === "") return undefined;
  const detail = event.detail as unknown as Pick<Proposal, "expiresAt" | "nonceHash" | "seen" | "change">;
  const position = { account, productType, symbol, marginCoin, holdSide };
  return {
    adjustment: { id: event.adjustment, position, direction, amount: decimal(amount) },
    askedBy: event.actor,
    place: event.place,
    expiresAt: detail.expiresAt,
    nonceHash: detail.nonceHash,
    seen: detail.seen,
    ...(detail.change === undefined ? {} : { change: detail.change }),
  };
}
