/** The contracts that can be traded, read at most once an hour per product type. */
import type { Contract, Position, ProductType } from "../../margin/model/position.ts";
import type { Reading } from "../../margin/ports/exchange.ts";
import type { Endpoint, Read } from "../http/read-call.ts";
import { together } from "../http/result.ts";
import { contractsData } from "./schemas.ts";

const AGE_MAX_MS = 3_600_000;

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
  const kept = new Map<ProductType, { readAt: number; contracts: readonly Contract[] }>();
  const reading = new Map<ProductType, Promise<Reading<readonly Contract[]>>>();

  async function fetchContracts(productType: ProductType): Promise<Reading<readonly Contract[]>> {
    const readAt = now();
    const rows = await read(CONTRACTS, { productType });
    if (!rows.ok) return rows;
    const contracts = rows.value.map(
      ({ symbol, baseCoin, quoteCoin, supportMarginCoins, pricePlace, symbolStatus }) => ({
        productType,
        symbol,
        baseCoin,
        quoteCoin,
        marginCoins: supportMarginCoins,
        pricePlaces: pricePlace,
        status: symbolStatus,
      }),
    );
    kept.set(productType, { readAt, contracts });
    return { ok: true, value: contracts };
  }

  async function of(productType: ProductType): Promise<Reading<readonly Contract[]>> {
    const last = kept.get(productType);
    if (last !== undefined && now() - last.readAt < AGE_MAX_MS) return { ok: true, value: last.contracts };
    const shared = reading.get(productType) ?? fetchContracts(productType).finally(() => reading.delete(productType));
    reading.set(productType, shared);
    return shared;
  }

  async function all(): Promise<Reading<readonly Contract[]>> {
    const parts = together(await Promise.all(productTypes.map(of)));
    return parts.ok ? { ok: true, value: parts.value.flat() } : parts;
  }

  async function listing(productType: ProductType, symbol: string): Promise<Reading<Listing>> {
    const inList = (list: readonly Contract[] | undefined) => list?.find((each) => each.symbol === symbol);
    const known = inList(kept.get(productType)?.contracts);
    if (known !== undefined) return { ok: true, value: known };
    const contracts = await of(productType);
    return contracts.ok ? { ok: true, value: inList(contracts.value) ?? { baseCoin: symbol } } : contracts;
  }

  return { all, listing };
}
