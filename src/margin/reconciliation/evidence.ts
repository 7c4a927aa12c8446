/**
 * What bills and position prove about a request whose answer was lost. Pure: the same evidence gives the same finding.
 *
 * A bill names no side, no client id and nobody who asked for it. So a bill is taken for ours only when it is the only
 * one that fits, was written while our call was under way, and the position does not speak against it. Whatever could
 * also be somebody else's adjustment is for a person to decide.
 */
import type { MarginAdjustment } from "../model/adjustment.ts";
import { abs, compare, sign } from "../model/decimal.ts";
import type { Position } from "../model/position.ts";
import { marginAfter, type PositionSnapshot } from "../model/snapshot.ts";
import type { Bill, UnreadBill } from "../ports/exchange.ts";

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
  /** Undefined: the exchange says that there is none. */
  readonly position: Position | undefined;
  /** A look that was made after the call had ended showed no bill and an unchanged position. */
  readonly wasQuiet: boolean;
  /** The request can no longer arrive, and its bill would be visible. */
  readonly windowOver: boolean;
}

/** What a person has to decide about. */
export type NeedsReview =
  | "two_bills"
  | "late_bill"
  | "edge_bill"
  | "bill_without_margin"
  | "unread_bill"
  | "margin_without_bill"
  | "position_changed";

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

/** Whether it may be the very bill that we look for. */
function mayFit(sent: Sent, { amount, businessType }: UnreadBill): boolean {
  const { amount: ours, direction } = sent.adjustment;
  if (amount !== undefined && compare(abs(amount), ours) !== 0) return false;
  if (businessType === undefined) return true;
  if (businessType === "reduce_margin") return direction === "remove";
  // A negative one removes, and one whose amount could not be read may be that.
  if (businessType !== "append_margin") return false;
  return amount === undefined || sign(amount) < 0 === (direction === "remove");
}

// Whether a removal is written as `reduce_margin` or as a negative `append_margin` is nowhere documented: both count.
function fits(sent: Sent, bill: Bill): boolean {
  const removes = bill.businessType === "reduce_margin" || sign(bill.amount) < 0;
  const isMargin = bill.businessType === "append_margin" || bill.businessType === "reduce_margin";
  const sameWay = removes === (sent.adjustment.direction === "remove");
  return isMargin && sameWay && compare(abs(bill.amount), sent.adjustment.amount) === 0;
}

/** What the position says: `moved` by just this amount, `unchanged`, `other`, or `void` when it cannot testify. */
function testimony(
  sent: Sent,
  position: Position | undefined,
  disturbed: boolean,
): "moved" | "unchanged" | "other" | "void" {
  const { before, adjustment } = sent;
  if (position === undefined || disturbed || position.marginMode !== before.marginMode) return "void";
  // One of the two that could not be read may have been another one.
  if (compare(position.total, before.total) !== 0 || position.leverage !== before.leverage) return "void";
  if (compare(position.margin, before.margin) === 0) return "unchanged";
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

/**
 * What became of a request, as far as the evidence goes. Settles only where one reading is left; a doubt is a `review`
 * or a `wait`.
 */
export function judge(sent: Sent, { bills, unread, claimed, position, wasQuiet, windowOver }: Evidence): Finding {
  const ours = bills.filter(
    (bill) => isScope(sent, bill) && bill.cTime >= sent.signedAt - sent.clockErrorMs && !claimed.has(bill.billId),
  );
  const unreadHere = unread.filter((item) => mayBeScope(sent, item, claimed));
  // It may be read the next time.
  if (unreadHere.some((item) => mayFit(sent, item))) {
    return windowOver ? { kind: "review", review: "unread_bill" } : { kind: "wait", quiet: false };
  }
  const [bill, second] = ours.filter((item) => fits(sent, item));
  if (second !== undefined) return { kind: "review", review: "two_bills" };
  const disturbed = unreadHere.length > 0 || ours.some((item) => item !== bill);
  const said = testimony(sent, position, disturbed);
  if (bill === undefined) return withoutBill(said, sent, { position, windowOver });
  if (!isInTime(bill, sent, wasQuiet)) return { kind: "review", review: "late_bill" };
  return withBill(bill, sent, said, windowOver);
}
