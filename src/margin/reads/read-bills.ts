/** Bills by pages: all that there are, or the news that they could not all be read. */
import type { Bill, BillsQuery, Exchange, UnreadBill } from "../ports/exchange.ts";

/** Bitget gives at most so many at a time. */
const PAGE = 100;

interface BillsRead {
  readonly bills: readonly Bill[];
  /** Those of which something could not be read. */
  readonly unread: readonly UnreadBill[];
  /** False: a page could not be read, or there were more than `pagesMax`. */
  readonly complete: boolean;
}

/** The bills of the query, newest first, each once. */
export async function readBills(
  { bills: readPage }: Pick<Exchange, "bills">,
  account: string,
  query: Omit<BillsQuery, "limit" | "idLessThan">,
  pagesMax: number,
): Promise<BillsRead> {
  const read = new Map<string, Bill>();
  const unread: UnreadBill[] = [];
  const said = (complete: boolean) => ({ bills: [...read.values()], unread, complete });
  let older: Pick<BillsQuery, "idLessThan"> = {};
  for (let page = 1; page <= pagesMax; page++) {
    const found = await readPage(account, { ...query, ...older, limit: PAGE });
    if (!found.ok) return said(false);
    for (const bill of found.value.bills) read.set(bill.billId, bill);
    unread.push(...found.value.unread);
    if (found.value.bills.length + found.value.unread.length < PAGE) return said(true);
    // A full page that does not say where it goes on hides what is older.
    if (found.value.endId === undefined) return said(false);
    older = { idLessThan: found.value.endId };
  }
  return said(false);
}
