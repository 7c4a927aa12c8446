/** Whether the exchange knows of margin changes that the table does not: it may be an old copy put back in place. */
import { abs, compare, decimal } from "./decimal.ts";
import type { Desk } from "./desk.ts";
import type { Bill } from "./exchange.ts";
import type { ProductType } from "./position.ts";
import { type AuditEvent, BOT, NO_TERMS, NOWHERE } from "./trail.ts";

/** Bitget gives at most 30 days at a time. */
const BACK_MS_MAX = 29 * 86_400_000;
/** A bill may be written this long after the row that tells of its adjustment, in ms. */
const LATE_MS = 2000;
const PAGE = 100;

function isMargin({ businessType }: Bill): boolean {
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

/** Bills about margin that are newer than the newest row and belong to nothing in the table. */
async function strangeBills(desk: Desk, account: string, productTypes: readonly ProductType[]): Promise<Bill[]> {
  const head = await desk.trail.head();
  if (head === undefined) return [];
  const { exchange, trail, now } = desk;
  const serverNow = exchange.serverNow();
  const headAt = head.at + (serverNow - now());
  const after = headAt + exchange.clockErrorMs();
  const startTime = Math.round(Math.max(Math.min(after, serverNow - 1), serverNow - BACK_MS_MAX));
  const open = await trail.standing(["sending", "unknown"]);
  const pages = await Promise.all(
    productTypes.map((productType) => desk.exchange.bills(account, { productType, startTime, limit: PAGE })),
  );
  const bills = pages.flatMap((page) => (page.ok ? page.value.bills : []));
  const knownOf = (bill: Bill) => (bill.cTime <= headAt + LATE_MS && head.terms.amount !== "" ? [...open, head] : open);
  return bills.filter((bill) => bill.cTime > after && isMargin(bill) && !isAccountedFor(bill, knownOf(bill)));
}

/**
 * Looks at a start whether the table is older than the world: by an anchor that it lacks (`anchored` is its number), or
 * by bills. If so, a row `restored` says why, and true is given: an admin must look before money moves.
 */
export async function noticeRestore(
  desk: Desk,
  account: string,
  productTypes: readonly ProductType[],
  anchored?: number,
): Promise<boolean> {
  const bills = anchored === undefined ? await strangeBills(desk, account, productTypes) : [];
  if (anchored === undefined && bills.length === 0) return false;
  const detail = {
    ...(anchored === undefined ? {} : { missingRow: anchored }),
    bills: bills.slice(0, 20).map(({ billId, symbol, businessType, amount, cTime }) => ({
      billId,
      symbol,
      businessType,
      amount,
      cTime,
    })),
  };
  const entry = {
    adjustment: "",
    step: "restored",
    actor: BOT,
    place: NOWHERE,
    terms: NO_TERMS,
    code: "",
    detail,
  } as const;
  await desk.trail.append(entry);
  return true;
}
