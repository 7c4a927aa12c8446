/** Bills: what moved in an account, which settles what is unknown. */
import type * as z from "zod";
import type { Bill, BillsPage, BillsQuery, Reading } from "../../margin/ports/exchange.ts";
import { type Endpoint, mapReading, type Read } from "../http/read-call.ts";
import { type AnswerRow, oddOf } from "../http/rows.ts";
import { billsData } from "./schemas.ts";

const BILLS = {
  path: "/api/v2/mix/account/bill",
  access: "private",
  perSecond: 10,
  data: billsData,
  odd: ({ bills }: z.output<typeof billsData>) => oddOf(bills ?? []),
} as const satisfies Endpoint<unknown>;

/**
 * Reads one page of bills through `read`. Bitget keeps them for 90 days and gives at most 30 days at a time.
 * https://www.bitget.com/api-doc/contract/account/Get-Account-Bill
 */
export function createBills(read: Read): (query: BillsQuery) => Promise<Reading<BillsPage>> {
  return async (query) =>
    mapReading(await read(BILLS, billsValues(query)), ({ bills, endId }) => ({ ...billsOf(bills ?? []), endId }));
}

/** Whole bills, and those of which something could not be read. */
function billsOf(rows: readonly AnswerRow<Bill>[]): Pick<BillsPage, "bills" | "unread"> {
  const [whole, part] = [rows.filter(({ odd }) => odd.length === 0), rows.filter(({ odd }) => odd.length > 0)];
  // Where nothing is odd, every field was read.
  return { bills: whole.map(({ fields }) => fields as Bill), unread: part.map(({ fields }) => fields) };
}

function billsValues({ productType, startTime, endTime, idLessThan, limit }: BillsQuery): Record<string, string> {
  const values: Record<string, string> = {
    productType,
    startTime: `${startTime}`,
    limit: `${limit}`,
    // "yes" would leave out the very bills that tell of margin added and removed.
    onlyFunding: "no",
  };
  if (endTime !== undefined) values["endTime"] = `${endTime}`;
  if (idLessThan !== undefined) values["idLessThan"] = idLessThan;
  return values;
}
