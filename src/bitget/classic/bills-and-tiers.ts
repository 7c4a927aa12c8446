/** Bills, which settle what is unknown, and maintenance tiers, which estimates need. */
import type * as z from "zod";
import type { ProductType, Tier } from "../../margin/model/position.ts";
import { present } from "../../margin/model/present.ts";
import type { Bill, BillsPage, BillsQuery, Reading } from "../../margin/ports/exchange.ts";
import type { Endpoint, Read } from "../http/read-call.ts";
import { createReadingCache } from "../http/reading-cache.ts";
import { type AnswerRow, oddOf } from "../http/rows.ts";
import { billsData, tiersData } from "./schemas.ts";

const BILLS = {
  path: "/api/v2/mix/account/bill",
  access: "private",
  perSecond: 10,
  data: billsData,
  odd: ({ bills }: z.output<typeof billsData>) => oddOf(bills ?? []),
} as const satisfies Endpoint<unknown>;

const TIERS = {
  path: "/api/v2/mix/market/query-position-lever",
  access: "public",
  perSecond: 10,
  data: tiersData,
} as const satisfies Endpoint<unknown>;

export interface Reports {
  /** One page of bills. Bitget keeps them for 90 days and gives at most 30 days at a time. */
  bills(query: BillsQuery): Promise<Reading<BillsPage>>;
  tiers(productType: ProductType, symbol: string): Promise<Reading<readonly Tier[]>>;
}

/** Bitget changes tiers by announcement: what was read is used for an hour. */
const TIERS_AGE_MAX_MS = 3_600_000;
/** More contracts than anybody holds positions in. */
const TIERS_MAX = 200;

function createTiers(read: Read, now: () => number): Reports["tiers"] {
  const kept = createReadingCache<readonly Tier[]>({ ageMaxMs: TIERS_AGE_MAX_MS, entriesMax: TIERS_MAX, now });
  return (productType, symbol) =>
    kept.get(`${productType} ${symbol}`, async () => mapped(await read(TIERS, { productType, symbol }), tiersOf));
}

function tiersOf(rows: z.output<typeof tiersData>): readonly Tier[] {
  return rows.map(({ startUnit, endUnit, keepMarginRate }) => ({
    from: startUnit,
    ...present({ to: endUnit }),
    maintenanceRate: keepMarginRate,
  }));
}

/** Reads of bills, tiers, prices, time and rights through `read`; `now` in ms decides how old kept tiers are. */
export function createReports(read: Read, now: () => number): Reports {
  return {
    bills: async (query) =>
      mapped(await read(BILLS, billsValues(query)), ({ bills, endId }) => ({
        ...billsOf(bills ?? []),
        endId,
      })),
    tiers: createTiers(read, now),
  };
}

/** Whole bills, and those of which something could not be read. */
function billsOf(rows: readonly AnswerRow<Bill>[]): Pick<BillsPage, "bills" | "unread"> {
  const [whole, part] = [rows.filter(({ odd }) => odd.length === 0), rows.filter(({ odd }) => odd.length > 0)];
  // Where nothing is odd, every field was read.
  return { bills: whole.map(({ fields }) => fields as Bill), unread: part.map(({ fields }) => fields) };
}

function mapped<T, U>(reading: Reading<T>, change: (value: T) => U): Reading<U> {
  return reading.ok ? { ok: true, value: change(reading.value) } : reading;
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
