/** Whether the exchange knows of margin changes that the table does not: it may be an old copy put back in place. */
import { abs, compare, decimal } from "./decimal.ts";
import type { Desk } from "./desk.ts";
import type { Bill } from "./exchange.ts";
import type { ProductType } from "./position.ts";
import { type AuditEvent, BOT, NO_TERMS, NOWHERE } from "./trail.ts";

/** Bitget gives at most 30 days at a time. */
const BACK_MS_MAX = 29 * 86_400_000;
/** A bill may be written this long after the row that tells of it, in ms. */
const SLACK_MS = 2000;
const PAGE = 100;

function isMargin({ businessType }: Bill): boolean {
  return businessType === "append_margin" || businessType === "reduce_margin";
}

/** An open outcome accounts for a bill of its own symbol, coin and amount. */
function isAccountedFor(bill: Bill, open: readonly AuditEvent[]): boolean {
  return open.some(
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
  const serverNow = desk.exchange.serverNow();
  const after = head.at + (serverNow - desk.now()) + SLACK_MS;
  const startTime = Math.round(Math.max(after, serverNow - BACK_MS_MAX));
  if (startTime >= serverNow) return [];
  const open = await desk.trail.standing(["sending", "unknown"]);
  const pages = await Promise.all(
    productTypes.map((productType) => desk.exchange.bills(account, { productType, startTime, limit: PAGE })),
  );
  const bills = pages.flatMap((page) => (page.ok ? page.value.bills : []));
  return bills.filter((bill) => bill.cTime > after && isMargin(bill) && !isAccountedFor(bill, open));
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
