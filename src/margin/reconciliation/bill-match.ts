/** Which adjustment a bill can be of: by type, amount, contract and time. */
import type { MarginAdjustment } from "../model/adjustment.ts";
import { abs, compare } from "../model/decimal.ts";
import type { Bill, UnreadBill } from "../ports/exchange.ts";

type Moved = Pick<MarginAdjustment, "amount" | "direction">;

/**
 * Which way a bill of this type moved margin; undefined where it is none that a request writes. The type decides, not the
 * sign of the amount: whether Bitget writes an addition as +50 or, as it leaves the balance, as -50 is documented nowhere.
 * https://www.bitget.com/api-doc/contract/account/Get-Account-Bill
 */
function directionOf(businessType: string): MarginAdjustment["direction"] | undefined {
  if (businessType === "append_margin") return "add";
  return businessType === "reduce_margin" ? "remove" : undefined;
}

/** Whether it moved this amount this way. */
export function isBillOf({ businessType, amount }: Bill, moved: Moved): boolean {
  return directionOf(businessType) === moved.direction && compare(abs(amount), moved.amount) === 0;
}

/** Whether a bill that was read in part may have moved this amount this way. */
export function mayBeBillOf({ businessType, amount }: UnreadBill, moved: Moved): boolean {
  if (amount !== undefined && compare(abs(amount), moved.amount) !== 0) return false;
  return businessType === undefined || directionOf(businessType) === moved.direction;
}

/** Another adjustment of the same symbol and coin that moved money, and when its call was under way. */
export interface Neighbour extends Moved {
  /** In ms of the exchange's clock, made wider by what that may be off. */
  readonly from: number;
  readonly until: number;
}

/** Whose the bills are, as far as other adjustments go. By their ids. */
export interface Ownership {
  /** Certainly those of others. */
  readonly owned: ReadonlySet<string>;
  /** Maybe those of others: nothing can be proved with them. */
  readonly contested: ReadonlySet<string>;
}

/**
 * Which of these bills, all of one symbol and coin, belong to adjustments that were answered. One that is alone in the time
 * of one call is that call's. Where it is not so plain (none there yet, or several, or two calls for one bill), every bill
 * since that call may be.
 */
export function ownersOf(bills: readonly Bill[], neighbours: readonly Neighbour[]): Ownership {
  const within = neighbours.map((neighbour) =>
    bills.filter((bill) => isBillOf(bill, neighbour) && isDuring(bill, neighbour)),
  );
  const claims = (bill: Bill) => within.filter((those) => those.includes(bill)).length;
  const isPlain = (those: readonly Bill[]) => those.length === 1 && those.every((bill) => claims(bill) === 1);
  const owned = new Set(within.filter(isPlain).flatMap((those) => those.map(({ billId }) => billId)));
  const unclear = neighbours.filter((_, at) => !isPlain(within[at] ?? []));
  const contested = bills.filter(
    (bill) => !owned.has(bill.billId) && unclear.some((one) => isBillOf(bill, one) && bill.cTime >= one.from),
  );
  return { owned, contested: new Set(contested.map(({ billId }) => billId)) };
}

function isDuring({ cTime }: Bill, { from, until }: Neighbour): boolean {
  return cTime >= from && cTime <= until;
}
