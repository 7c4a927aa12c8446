/** Open positions and the balance that feeds them, of a classic account. */

import type * as z from "zod";
import { min, sign } from "../../margin/model/decimal.ts";
import type {
  Balance,
  OpenPositions,
  Position,
  PositionKey,
  ProductType,
  Unread,
} from "../../margin/model/position.ts";
import { present } from "../../margin/model/present.ts";
import type { Reading } from "../../margin/ports/exchange.ts";
import type { Endpoint, Read } from "../http/read-call.ts";
import { createReadingCache } from "../http/reading-cache.ts";
import { oddOf } from "../http/rows.ts";
import type { Contracts } from "./contracts.ts";
import { accountData, isEmpty, type PositionRow, positionsData } from "./schemas.ts";

const ALL_POSITIONS = {
  path: "/api/v2/mix/position/all-position",
  access: "private",
  perSecond: 5,
  data: positionsData,
  odd: oddOf,
} as const satisfies Endpoint<unknown>;

const SINGLE_POSITION = {
  path: "/api/v2/mix/position/single-position",
  access: "private",
  perSecond: 10,
  data: positionsData,
  odd: oddOf,
} as const satisfies Endpoint<unknown>;

const ACCOUNT = {
  path: "/api/v2/mix/account/account",
  access: "private",
  perSecond: 10,
  data: accountData,
  odd: (account: z.output<typeof accountData>) => account.odd,
} as const satisfies Endpoint<unknown>;

export interface PositionsParts {
  readonly account: string;
  readonly productTypes: readonly ProductType[];
  readonly read: Read;
  readonly contracts: Contracts;
}

export interface Positions {
  /**
   * Of all product types, or the first failure where none could be read. Read once for all who ask at the same moment: for
   * lists and for finding, not for deciding.
   */
  positions(): Promise<Reading<OpenPositions>>;
  /** A read of its own for each who asks: on it hangs whether money is sent, and what became of it. */
  position(key: PositionKey): Promise<Reading<Position | undefined>>;
  balance(key: PositionKey): Promise<Reading<Balance>>;
}

/** Positions and balance of one account, read anew each time. */
export function createPositions({ account, productTypes, read, contracts }: PositionsParts): Positions {
  async function toPosition(productType: ProductType, row: PositionRow): Promise<Position | Unread> {
    const { symbol, holdSide } = row.fields;
    const unread: Unread = { productType, ...present({ symbol, holdSide }) };
    if (symbol === undefined) return unread;
    const { baseCoin, pricePlaces } = await contracts.listing(productType, symbol);
    return positionOf({ account, productType, baseCoin, ...present({ pricePlaces }) }, row) ?? unread;
  }

  async function ofProductType(productType: ProductType): Promise<Line> {
    const rows = await read(ALL_POSITIONS, { productType });
    if (!rows.ok) return rows;
    const open = rows.value.filter((row) => !isEmpty(row));
    return { ok: true, value: await Promise.all(open.map((row) => toPosition(productType, row))) };
  }

  // Nothing is kept: whoever asks when the answer is there reads anew.
  const shared = createReadingCache<OpenPositions>({ ageMaxMs: 0, entriesMax: 0, now: () => 0 });

  async function readAll(): Promise<Reading<OpenPositions>> {
    return inAll(await Promise.all(productTypes.map(async (name) => [name, await ofProductType(name)] as const)));
  }

  async function position(key: PositionKey): Promise<Reading<Position | undefined>> {
    const rows = await read(SINGLE_POSITION, queryOf(key));
    if (!rows.ok) return rows;
    const open = rows.value.filter((row) => !isEmpty(row));
    const own = open.find(({ fields }) => fields.holdSide === key.holdSide && isOf(key, fields));
    if (own === undefined) return mayHide(key, rows.value) ? ANOTHER : { ok: true, value: undefined };
    const found = await toPosition(key.productType, own);
    return isRead(found) ? { ok: true, value: found } : UNREADABLE;
  }

  async function balance(key: PositionKey): Promise<Reading<Balance>> {
    const reading = await read(ACCOUNT, queryOf(key));
    if (!reading.ok) return reading;
    // Bitget does not say which of the two bounds an addition; where one is odd, the other does.
    const { available, isolatedMaxAvailable } = reading.value.fields;
    const free = available && isolatedMaxAvailable ? min(available, isolatedMaxAvailable) : undefined;
    const known = present({ free: free ?? available ?? isolatedMaxAvailable });
    return { ok: true, value: { marginCoin: key.marginCoin, ...known } };
  }

  return { positions: () => shared.get("all", readAll), position, balance };
}

type Line = Reading<readonly (Position | Unread)[]>;

/** What all lines gave; a line that failed is named and hides no other. */
function inAll(lines: readonly (readonly [ProductType, Line])[]): Reading<OpenPositions> {
  const failed = lines.find(([, line]) => !line.ok)?.[1];
  if (failed?.ok === false && lines.every(([, line]) => !line.ok)) return failed;
  const found = lines.flatMap(([productType, line]): readonly (Position | Unread)[] => {
    if (line.ok) return line.value;
    const { why, exchanged } = line;
    return [{ productType, failure: { why, exchanged } }];
  });
  return { ok: true, value: { positions: found.filter(isRead), unread: found.filter((each) => !isRead(each)) } };
}

const ANOTHER = { ok: false, why: "no_answer", exchanged: { fault: "another position" } } as const;
const UNREADABLE = { ok: false, why: "no_answer", exchanged: { fault: "other shape" } } as const;

function isRead(found: Position | Unread): found is Position {
  return "margin" in found;
}

function isOf(key: PositionKey, { symbol, marginCoin }: PositionRow["fields"]): boolean {
  return symbol === key.symbol && marginCoin === key.marginCoin;
}

/**
 * Whether rows without an open one of this position still do not say that there is none: rows of something else say
 * nothing about it, and an open one with an odd name or side may be its own.
 */
function mayHide(key: PositionKey, rows: readonly PositionRow[]): boolean {
  return rows.some((row) => {
    const { symbol = key.symbol, marginCoin = key.marginCoin, holdSide } = row.fields;
    if (symbol !== key.symbol || marginCoin !== key.marginCoin) return true;
    return !isEmpty(row) && (holdSide === undefined || holdSide === key.holdSide);
  });
}

function queryOf({ productType, symbol, marginCoin }: PositionKey): Record<string, string> {
  return { productType, symbol, marginCoin };
}

/** Undefined where something is missing without which nothing can be adjusted. */
function positionOf(
  place: Pick<Position, "account" | "productType" | "baseCoin" | "pricePlaces">,
  { fields }: PositionRow,
): Position | undefined {
  const { symbol, marginCoin, holdSide, marginMode, marginSize: margin, total, liquidationPrice, autoMargin } = fields;
  if (symbol === undefined || marginCoin === undefined || holdSide === undefined) return undefined;
  if (marginMode === undefined || margin === undefined || total === undefined) return undefined;
  const { leverage, openPriceAvg: entryPrice, markPrice, unrealizedPL, keepMarginRate, cTime } = fields;
  const figures = {
    leverage,
    entryPrice,
    markPrice,
    unrealizedPnl: unrealizedPL,
    maintenanceRate: keepMarginRate,
    autoMargin: autoMargin && autoMargin === "on",
    openedAt: cTime,
    liquidationPrice: liquidationPrice && sign(liquidationPrice) > 0 ? liquidationPrice : undefined,
    liquidationUnread: liquidationPrice === undefined ? (true as const) : undefined,
  };
  return { ...place, symbol, marginCoin, holdSide, marginMode, margin, total, ...present(figures) };
}
