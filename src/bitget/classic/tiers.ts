/** Maintenance tiers: the rates at which positions of a size are kept, which estimates need. */
import type * as z from "zod";
import type { ProductType, Tier } from "../../margin/model/position.ts";
import { present } from "../../margin/model/present.ts";
import type { Reading } from "../../margin/ports/exchange.ts";
import { type Endpoint, mapReading, type Read } from "../http/read-call.ts";
import { createReadingCache } from "../http/reading-cache.ts";
import { tiersData } from "./schemas.ts";

const TIERS = {
  path: "/api/v2/mix/market/query-position-lever",
  access: "public",
  perSecond: 10,
  data: tiersData,
} as const satisfies Endpoint<unknown>;

/** Bitget changes tiers by announcement: what was read is used for an hour. */
const TIERS_AGE_MAX_MS = 3_600_000;
/** More contracts than anybody holds positions in. */
const TIERS_MAX = 200;

/** The tiers of a contract, read through `read` and kept for an hour; `now` in ms decides how old kept ones are. */
export function createTiers(
  read: Read,
  now: () => number,
): (productType: ProductType, symbol: string) => Promise<Reading<readonly Tier[]>> {
  const kept = createReadingCache<readonly Tier[]>({ ageMaxMs: TIERS_AGE_MAX_MS, entriesMax: TIERS_MAX, now });
  return (productType, symbol) =>
    kept.get(`${productType} ${symbol}`, async () => mapReading(await read(TIERS, { productType, symbol }), tiersOf));
}

function tiersOf(rows: z.output<typeof tiersData>): readonly Tier[] {
  return rows.map(({ startUnit, endUnit, keepMarginRate }) => ({
    from: startUnit,
    ...present({ to: endUnit }),
    maintenanceRate: keepMarginRate,
  }));
}
