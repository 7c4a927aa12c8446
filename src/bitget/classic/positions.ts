/** Open positions and the balance that feeds them, of a classic account. */

import { min, sign } from "../../margin/model/decimal.ts";
import type { Balance, Position, PositionKey, ProductType } from "../../margin/model/position.ts";
import { present } from "../../margin/model/present.ts";
import type { Reading } from "../../margin/ports/exchange.ts";
import type { Endpoint, Read } from "../http/read-call.ts";
import { createReadingCache } from "../http/reading-cache.ts";
import { together } from "../http/result.ts";
import type { Contracts } from "./contracts.ts";
import { accountData, type PositionRow, positionsData } from "./schemas.ts";

const ALL_POSITIONS = {
  path: "/api/v2/mix/position/all-position",
  access: "private",
  perSecond: 5,
  data: positionsData,
} as const satisfies Endpoint<unknown>;

const SINGLE_POSITION = {
  path: "/api/v2/mix/position/single-position",
  access: "private",
  perSecond: 10,
  data: positionsData,
} as const satisfies Endpoint<unknown>;

const ACCOUNT = {
  path: "/api/v2/mix/account/account",
  access: "private",
  perSecond: 10,
  data: accountData,
} as const satisfies Endpoint<unknown>;

export interface PositionsParts {
  readonly account: string;
  readonly productTypes: readonly ProductType[];
  readonly read: Read;
  readonly contracts: Contracts;
}

export interface Positions {
  /** Of all product types. Read once for all who ask at the same moment: for lists and for finding, not for deciding. */
  positions(): Promise<Reading<readonly Position[]>>;
  /** A read of its own for each who asks: on it hangs whether money is sent, and what became of it. */
  position(key: PositionKey): Promise<Reading<Position | undefined>>;
  balance(key: PositionKey): Promise<Reading<Balance>>;
}

/** Positions and balance of one account, read anew each time. */
export function createPositions({ account, productTypes, read, contracts }: PositionsParts): Positions {
  async function toPosition(productType: ProductType, row: PositionRow): Promise<Reading<Position>> {
    const listing = await contracts.listing(productType, row.symbol);
    if (!listing.ok) return listing;
    const { baseCoin, pricePlaces } = listing.value;
    const named = { account, productType, baseCoin, ...present({ pricePlaces }) };
    return { ok: true, value: positionOf(named, row) };
  }

  async function ofProductType(productType: ProductType): Promise<Reading<readonly Position[]>> {
    const rows = await read(ALL_POSITIONS, { productType });
    if (!rows.ok) return rows;
    return together(await Promise.all(rows.value.filter(isOpen).map((row) => toPosition(productType, row))));
  }

  // Nothing is kept: whoever asks when the answer is there reads anew.
  const shared = createReadingCache<readonly Position[]>({ ageMaxMs: 0, entriesMax: 0, now: () => 0 });

  async function readAll(): Promise<Reading<readonly Position[]>> {
    const parts = together(await Promise.all(productTypes.map(ofProductType)));
    return parts.ok ? { ok: true, value: parts.value.flat() } : parts;
  }

  async function position(key: PositionKey): Promise<Reading<Position | undefined>> {
    const rows = await read(SINGLE_POSITION, queryOf(key));
    if (!rows.ok) return rows;
    // Rows of something else say nothing about this position, least of all that there is none.
    const astray = rows.value.some((row) => row.symbol !== key.symbol || row.marginCoin !== key.marginCoin);
    if (astray) return { ok: false, why: "no_answer", exchanged: { fault: "another position" } };
    const row = rows.value.find((each) => each.holdSide === key.holdSide && isOpen(each));
    return row === undefined ? { ok: true, value: undefined } : toPosition(key.productType, row);
  }

  async function balance(key: PositionKey): Promise<Reading<Balance>> {
    const reading = await read(ACCOUNT, queryOf(key));
    if (!reading.ok) return reading;
    // Bitget does not say which of the two bounds an addition.
    const free = min(reading.value.available, reading.value.isolatedMaxAvailable);
    return { ok: true, value: { marginCoin: key.marginCoin, free } };
  }

  return { positions: () => shared.get("all", readAll), position, balance };
}

function queryOf({ productType, symbol, marginCoin }: PositionKey): Record<string, string> {
  return { productType, symbol, marginCoin };
}

function isOpen(row: PositionRow): boolean {
  return sign(row.total) !== 0;
}

function positionOf(
  place: Pick<Position, "account" | "productType" | "baseCoin" | "pricePlaces">,
  { symbol, marginCoin, holdSide, marginMode, total, leverage, markPrice, liquidationPrice, ...row }: PositionRow,
): Position {
  const liquidation = liquidationPrice === undefined || sign(liquidationPrice) <= 0 ? {} : { liquidationPrice };
  return {
    ...place,
    symbol,
    marginCoin,
    holdSide,
    marginMode,
    margin: row.marginSize,
    total,
    leverage,
    entryPrice: row.openPriceAvg,
    markPrice,
    ...liquidation,
    unrealizedPnl: row.unrealizedPL,
    maintenanceRate: row.keepMarginRate,
    autoMargin: row.autoMargin === "on",
    ...present({ openedAt: row.cTime }),
  };
}
