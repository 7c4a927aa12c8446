/** The contracts that can be traded, read at most once an hour per product type. */
import type { Contract, Position, ProductType } from "../../margin/model/position.ts";
import type { Reading } from "../../margin/ports/exchange.ts";
import type { Endpoint, Read } from "../http/read-call.ts";
import { createReadingCache } from "../http/reading-cache.ts";
import { together } from "../http/result.ts";
import { contractsData } from "./schemas.ts";

const AGE_MAX_MS = 3_600_000;
/** One for each product type; there are three. */
const LISTS_MAX = 10;

const CONTRACTS = {
  path: "/api/v2/mix/market/contracts",
  access: "public",
  perSecond: 20,
  data: contractsData,
} as const satisfies Endpoint<unknown>;

/** What is listed at Bitget. */
export interface Contracts {
  /** Of all product types, or the first failure. */
  all(): Promise<Reading<readonly Contract[]>>;
  /** What a contract is called and counted in. That never changes, so an old list will do; a contract in no list gives its symbol. */
  listing(productType: ProductType, symbol: string): Promise<Reading<Listing>>;
}

type Listing = Pick<Position, "baseCoin" | "pricePlaces">;

export interface ContractsParts {
  readonly read: Read;
  readonly productTypes: readonly ProductType[];
  readonly now: () => number;
}

/** Contracts of these product types, none of them read yet. */
export function createContracts({ read, productTypes, now }: ContractsParts): Contracts {
  const kept = createReadingCache<readonly Contract[]>({ ageMaxMs: AGE_MAX_MS, entriesMax: LISTS_MAX, now });

  async function fetchContracts(productType: ProductType): Promise<Reading<readonly Contract[]>> {
    const rows = await read(CONTRACTS, { productType });
    if (!rows.ok) return rows;
    const contracts = rows.value.map(({ symbol, baseCoin, pricePlace }) => ({
      productType,
      symbol,
      baseCoin,
      pricePlaces: pricePlace,
    }));
    return { ok: true, value: contracts };
  }

  function of(productType: ProductType): Promise<Reading<readonly Contract[]>> {
    return kept.get(productType, () => fetchContracts(productType));
  }

  async function all(): Promise<Reading<readonly Contract[]>> {
    const parts = together(await Promise.all(productTypes.map(of)));
    return parts.ok ? { ok: true, value: parts.value.flat() } : parts;
  }

  async function listing(productType: ProductType, symbol: string): Promise<Reading<Listing>> {
    const inList = (list: readonly Contract[] | undefined) => list?.find((each) => each.symbol === symbol);
    const known = inList(kept.last(productType));
    if (known !== undefined) return { ok: true, value: known };
    const contracts = await of(productType);
    return contracts.ok ? { ok: true, value: inList(contracts.value) ?? { baseCoin: symbol } } : contracts;
  }

  return { all, listing };
}
