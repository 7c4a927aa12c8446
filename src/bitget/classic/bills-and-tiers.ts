/** Reads beyond the port: what settling, estimates and the checks at start need. */
import type * as z from "zod";
import type { Price } from "../../margin/model/decimal.ts";
import type { ProductType, Tier } from "../../margin/model/position.ts";
import type { BillsPage, BillsQuery, Reading } from "../../margin/ports/exchange.ts";
import { SERVER_TIME_PATH } from "../http/clock.ts";
import { serverTimeData } from "../http/envelope.ts";
import type { Endpoint, Read } from "../http/read-call.ts";
import { createReadingCache } from "../http/reading-cache.ts";
import { billsData, keyData, tickerData, tiersData } from "./schemas.ts";

export interface Ticker {
  readonly symbol: string;
  readonly lastPrice: Price;
  readonly markPrice: Price;
  readonly indexPrice: Price;
  /** In ms of Bitget's clock. */
  readonly at: number;
}

/** Whose the key is and what it may do. */
export interface KeyRights {
  readonly userId: string;
  /** Addresses that the key works from; empty: any. */
  readonly ips: readonly string[];
  /** Bitget's own short codes; seen live 2026-08: `coow` futures orders, `cpow` futures positions. */
  readonly authorities: readonly string[];
}

const BILLS = {
  path: "/api/v2/mix/account/bill",
  access: "private",
  perSecond: 10,
  data: billsData,
} as const satisfies Endpoint<unknown>;

const TIERS = {
  path: "/api/v2/mix/market/query-position-lever",
  access: "public",
  perSecond: 10,
  data: tiersData,
} as const satisfies Endpoint<unknown>;

const TICKER = {
  path: "/api/v2/mix/market/ticker",
  access: "public",
  perSecond: 20,
  data: tickerData,
} as const satisfies Endpoint<unknown>;

// No page names its limit: once a second is ours.
const KEY = {
  path: "/api/v2/spot/account/info",
  access: "private",
  perSecond: 1,
  data: keyData,
} as const satisfies Endpoint<unknown>;

const SERVER_TIME = {
  path: SERVER_TIME_PATH,
  access: "public",
  perSecond: 20,
  data: serverTimeData,
} as const satisfies Endpoint<unknown>;

export interface Reports {
  /** One page of bills. Bitget keeps them for 90 days and gives at most 30 days at a time. */
  bills(query: BillsQuery): Promise<Reading<BillsPage>>;
  tiers(productType: ProductType, symbol: string): Promise<Reading<readonly Tier[]>>;
  ticker(productType: ProductType, symbol: string): Promise<Reading<Ticker>>;
  /** Bitget's time, in ms. */
  serverTime(): Promise<Reading<number>>;
  keyRights(): Promise<Reading<KeyRights>>;
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
  return rows.map(({ level, startUnit, endUnit, leverage, keepMarginRate }) => ({
    level,
    from: startUnit,
    to: endUnit,
    leverageMax: leverage,
    maintenanceRate: keepMarginRate,
  }));
}

export function createReports(read: Read, now: () => number): Reports {
  return {
    bills: async (query) =>
      mapped(await read(BILLS, billsValues(query)), ({ bills, endId }) => ({ bills: bills ?? [], endId })),
    tiers: createTiers(read, now),
    ticker: async (productType, symbol) => {
      const rows = await read(TICKER, { productType, symbol });
      if (!rows.ok) return rows;
      const row = rows.value.find((each) => each.symbol === symbol);
      if (row === undefined) return { ok: false, why: "no_answer", exchanged: { fault: "another symbol" } };
      const { lastPr, markPrice, indexPrice, ts } = row;
      return { ok: true, value: { symbol, lastPrice: lastPr, markPrice, indexPrice, at: ts } };
    },
    serverTime: async () => mapped(await read(SERVER_TIME, {}), ({ serverTime }) => serverTime),
    keyRights: async () =>
      mapped(await read(KEY, {}), ({ userId, ips, authorities }) => ({ userId, ips: listOf(ips), authorities })),
  };
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

function listOf(commaText: string): string[] {
  return commaText
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
