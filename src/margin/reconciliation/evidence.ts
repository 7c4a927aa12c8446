/**
 * What bills and position prove about a request whose answer was lost. Pure: the same evidence gives the same finding.
 *
 * A bill names no side, no client id and nobody who asked for it. So a bill is taken for ours only when it is the only
 * one that fits, was written while our call was under way, and the position does not speak against it. Whatever could
 * also be somebody else's adjustment is for a person to decide.
 */
import type { MarginAdjustment } from "../model/adjustment.ts";
import { compare } from "../model/decimal.ts";
import type { NeedsReview } from "../model/needs-review.ts";
import type { Position } from "../model/position.ts";
import { marginAfter, type PositionSnapshot } from "../model/snapshot.ts";
import type { Bill, UnreadBill } from "../ports/exchange.ts";
import { driftRefusal } from "../rules/drift.ts";
import { isBillOf, mayBeBillOf, type Neighbour, ownersOf } from "./bill-match.ts";

/** What is known of a request whose answer was lost. Times in ms of the exchange's clock. */
export interface Sent {
  readonly adjustment: MarginAdjustment;
  /** The fresh look before it was sent. */
  readonly before: PositionSnapshot;
  /** When it was signed, and when the call ended or the process was gone; in ms of the exchange's clock. */
  readonly signedAt: number;
  /** Undefined: no row says it, so that no bill is known to have come in time. */
  readonly endedAt: number | undefined;
  /** How far the times above may be off from those in bills, in ms. */
  readonly clockErrorMs: number;
  /** The exchange refused it with a code that says that nothing was done, and that may have been a second delivery. */
  readonly refused: boolean;
}

/** What bills and position say now. */
export interface Evidence {
  /** All bills of the product type since the request was signed; a page that failed is no evidence at all. */
  readonly bills: readonly Bill[];
  /** Bills of which something could not be read: each may be any bill that has what could be. */
  readonly unread: readonly UnreadBill[];
  /** Bills that settled another adjustment. */
  readonly claimed: ReadonlySet<string>;
  /** Adjustments of the same symbol and coin that were answered shortly before: they have bills, too. */
  readonly neighbours: readonly Neighbour[];
  /** Undefined: the exchange says that there is none. */
  readonly position: Position | undefined;
  /** A look that was made after the call had ended showed no bill and an unchanged position. */
  readonly wasQuiet: boolean;
  /** The request can no longer arrive, and its bill would be visible. */
  readonly windowOver: boolean;
}

/** What the evidence decides: settled one way, too early to say, or for a person. */
export type Finding =
  | { readonly kind: "applied"; readonly bill: string }
  | { readonly kind: "not_applied" }
  /** `quiet`: no bill fits and the position is as it was. */
  | { readonly kind: "wait"; readonly quiet: boolean }
  | { readonly kind: "review"; readonly review: NeedsReview };

function isScope({ adjustment }: Sent, bill: Bill): boolean {
  return bill.symbol === adjustment.position.symbol && bill.coin === adjustment.position.marginCoin;
}

/** Whether a bill that was read in part may be one of our position, from our time, and not that of another adjustment. */
function mayBeScope(sent: Sent, { symbol, coin, cTime, billId }: UnreadBill, claimed: ReadonlySet<string>): boolean {
  const { position } = sent.adjustment;
  if (symbol !== undefined && symbol !== position.symbol) return false;
  if (coin !== undefined && coin !== position.marginCoin) return false;
  if (cTime !== undefined && cTime < sent.signedAt - sent.clockErrorMs) return false;
  return billId === undefined || !claimed.has(billId);
}

/** What the position says: `moved` by just this amount, `unchanged`, `other`, or `void` when it cannot testify. */
function testimony(
  sent: Sent,
  position: Position | undefined,
  disturbed: boolean,
): "moved" | "unchanged" | "other" | "void" {
  const { before, adjustment } = sent;
  if (position === undefined || disturbed) return "void";
  // One of the two that could not be read may have been another one.
  if ((position.leverage === undefined) !== (before.leverage === undefined)) return "void";
  const drift = driftRefusal(before, position);
  if (drift === undefined) return "unchanged";
  if (drift.what !== "margin") return "void";
  return compare(position.margin, marginAfter(before.margin, adjustment)) === 0 ? "moved" : "other";
}

/** Whether the bill was written while our call was under way: what came later may be somebody else's adjustment. */
function isInTime(bill: Bill, { endedAt, clockErrorMs }: Sent, wasQuiet: boolean): boolean {
  if (endedAt === undefined) return false;
  return bill.cTime <= (wasQuiet ? endedAt - clockErrorMs : endedAt + clockErrorMs);
}

/** Whether it was written after the signature for certain: at the edge it may be that of an earlier adjustment. */
function isAfterSigning(bill: Bill, { signedAt, clockErrorMs }: Sent): boolean {
  return bill.cTime >= signedAt + clockErrorMs;
}

function withBill(bill: Bill, sent: Sent, said: ReturnType<typeof testimony>, windowOver: boolean): Finding {
  if (said === "moved") return { kind: "applied", bill: bill.billId };
  // The position cannot testify: the bill must speak for itself.
  if (said === "void" && isAfterSigning(bill, sent)) return { kind: "applied", bill: bill.billId };
  if (said === "void") return { kind: "review", review: "edge_bill" };
  return windowOver ? { kind: "review", review: "bill_without_margin" } : { kind: "wait", quiet: false };
}

function withoutBill(
  said: ReturnType<typeof testimony>,
  { refused, before }: Sent,
  { position, windowOver }: Pick<Evidence, "position" | "windowOver">,
): Finding {
  if (!windowOver) return { kind: "wait", quiet: said === "unchanged" };
  if (said === "unchanged") return { kind: "not_applied" };
  // There is nothing left that could be adjusted twice; the exchange itself said no, and no bill says otherwise.
  const isOver = position === undefined || position.marginMode !== before.marginMode;
  if (refused && isOver) return { kind: "not_applied" };
  return { kind: "review", review: said === "void" ? "position_changed" : "margin_without_bill" };
}

/** The bills of our position since the request was signed that are not those of other adjustments. */
function billsSince(sent: Sent, { bills, claimed, neighbours }: Evidence) {
  const here = bills.filter((bill) => isScope(sent, bill) && !claimed.has(bill.billId));
  const { owned, contested } = ownersOf(here, neighbours);
  const ours = here.filter(({ billId, cTime }) => cTime >= sent.signedAt - sent.clockErrorMs && !owned.has(billId));
  return { ours, contested };
}

/**
 * What became of a request, as far as the evidence goes. Settles only where one reading is left; a doubt is a `review`
 * or a `wait`.
 */
export function judge(sent: Sent, given: Evidence): Finding {
  const { unread, claimed, position, wasQuiet, windowOver } = given;
  const later = (review: NeedsReview): Finding =>
    windowOver ? { kind: "review", review } : { kind: "wait", quiet: false };
  const { ours, contested } = billsSince(sent, given);
  const unreadHere = unread.filter((item) => mayBeScope(sent, item, claimed));
  // It may be read the next time.
  if (unreadHere.some((item) => mayBeBillOf(item, sent.adjustment))) return later("unread_bill");
  const [bill, second] = ours.filter((item) => isBillOf(item, sent.adjustment));
  if (second !== undefined) return { kind: "review", review: "two_bills" };
  // The other one's own bill may still show.
  if (bill !== undefined && contested.has(bill.billId)) return later("contested_bill");
  const disturbed = unreadHere.length > 0 || ours.some((item) => item !== bill);
  const said = testimony(sent, position, disturbed);
  if (bill === undefined) return withoutBill(said, sent, { position, windowOver });
  if (!isInTime(bill, sent, wasQuiet)) return { kind: "review", review: "late_bill" };
  return withBill(bill, sent, said, windowOver);
}
