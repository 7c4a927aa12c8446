/** Whether the exchange knows of margin changes that the table does not: it may be an old copy put back in place. */

import { type AuditEvent, BOT, NO_TERMS, NOWHERE } from "../model/audit-event.ts";
import { abs, compare, decimal } from "../model/decimal.ts";
import type { ProductType } from "../model/position.ts";
import { present } from "../model/present.ts";
import type { Deps } from "../ports/deps.ts";
import type { Bill, UnreadBill } from "../ports/exchange.ts";
import { readBills } from "../reads/read-bills.ts";

/** Bitget gives at most 30 days at a time. */
const BACK_MS_MAX = 29 * 86_400_000;
/** A bill may be written this long after the row that tells of its adjustment, in ms. */
const LATE_MS = 2000;
/** Most pages of bills of a product type: five thousand movements since the newest row. */
const PAGES_MAX = 50;
/** Most bills that the row names. */
const SHOWN_MAX = 20;

function isMargin({ businessType }: Pick<Bill, "businessType">): boolean {
  return businessType === "append_margin" || businessType === "reduce_margin";
}

/** An adjustment accounts for a bill of its own symbol, coin and amount. */
function isAccountedFor(bill: Bill, known: readonly AuditEvent[]): boolean {
  return known.some(
    ({ terms }) =>
      terms.symbol === bill.symbol &&
      terms.marginCoin === bill.coin &&
      compare(abs(bill.amount), decimal(terms.amount)) === 0,
  );
}

/** What tells the bills of others from those of the table, as it was when the process began. */
interface Start {
  readonly account: string;
  readonly productTypes: readonly ProductType[];
  readonly head: AuditEvent;
  /** Adjustments whose money was under way. */
  readonly open: readonly AuditEvent[];
  /** When the newest row was written, and when the process began; in ms of the exchange's clock. */
  readonly headAt: number;
  readonly beganAt: number;
  /** What moved margin until then is known to be somebody else's; by the exchange's clock, zero where nobody knows. */
  readonly quietAt: number;
}

/** Whether the database is an old copy; `unread` where the bills that would tell could not be read. */
export type Noticed =
  | { readonly kind: "sound" }
  | { readonly kind: "restored" }
  /** Not all bills could be read: `again` looks once more, for those of before this start. */
  | { readonly kind: "unread"; again(): Promise<Noticed> };

/** Bills about margin that are newer than the newest row and belong to nothing in the table. */
function isStrange(bill: Bill, { head, headAt, open, quietAt }: Start, clockErrorMs: number): boolean {
  if (bill.cTime <= quietAt) return false;
  const known = bill.cTime <= headAt + LATE_MS && head.terms.amount !== "" ? [...open, head] : open;
  return bill.cTime > headAt + clockErrorMs && isMargin(bill) && !isAccountedFor(bill, known);
}

/** Whether a bill that was read in part may be one of those. */
function mayBeStrange({ businessType, cTime }: UnreadBill, { headAt, quietAt }: Start, clockErrorMs: number): boolean {
  if (businessType !== undefined && !isMargin({ businessType })) return false;
  return cTime === undefined || (cTime > quietAt && cTime > headAt + clockErrorMs);
}

async function readPosition(deps: Deps, start: Start, endTime?: number): Promise<Noticed> {
  const { account, productTypes, headAt, beganAt } = start;
  const clockErrorMs = deps.exchange.clockErrorMs();
  const after = Math.max(Math.min(headAt + clockErrorMs, beganAt - 1), beganAt - BACK_MS_MAX);
  const query = { startTime: Math.round(after), ...present({ endTime: endTime && Math.round(endTime) }) };
  const read = await Promise.all(
    productTypes.map((productType) => readBills(deps.exchange, account, { productType, ...query }, PAGES_MAX)),
  );
  const strange = read.flatMap(({ bills }) => bills.filter((bill) => isStrange(bill, start, clockErrorMs)));
  if (strange.length > 0) return recordSignal(deps, strange);
  const isUnread = (bill: UnreadBill) => mayBeStrange(bill, start, clockErrorMs);
  if (read.every(({ complete, unread }) => complete && !unread.some(isUnread))) return { kind: "sound" };
  // By then there may be bills of this process, which the table did not hold when it began.
  return { kind: "unread", again: () => readPosition(deps, start, beganAt) };
}

async function recordSignal(deps: Deps, bills: readonly Bill[], missingRow?: number): Promise<Noticed> {
  const detail = {
    ...present({ missingRow }),
    bills: bills.slice(0, SHOWN_MAX).map(({ billId, symbol, businessType, amount, cTime }) => ({
      billId,
      symbol,
      businessType,
      amount,
      cTime,
    })),
  };
  const base = { adjustment: "", actor: BOT, location: NOWHERE, terms: NO_TERMS, code: "" };
  await deps.events.append({ ...base, step: "restored", detail });
  return { kind: "restored" };
}

/**
 * Looks at a start whether the table is older than the world: by an anchor that it lacks (`anchored` is its number), or
 * by bills. If so, a row `restored` says why: an admin must look before money moves.
 */
export async function noticeRestore(
  deps: Deps,
  known: {
    readonly account: string;
    readonly productTypes: readonly ProductType[];
    readonly anchored?: number | undefined;
    readonly quietAt?: number | undefined;
  },
): Promise<Noticed> {
  const { account, productTypes, anchored, quietAt = 0 } = known;
  if (anchored !== undefined) return recordSignal(deps, [], anchored);
  const head = await deps.projections.head();
  if (head === undefined) return { kind: "sound" };
  const open = await deps.projections.currentlyAt(["sending", "unknown"]);
  const beganAt = deps.exchange.serverNow();
  const headAt = head.at + (beganAt - deps.now());
  return readPosition(deps, { account, productTypes, head, open, headAt, beganAt, quietAt });
}
