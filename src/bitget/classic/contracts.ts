/** The contracts that can be traded, read at most once an hour per product type. */
import type { Contract, ContractList, Position, ProductType } from "../../margin/model/position.ts";
import { present } from "../../margin/model/present.ts";
import type { Reading } from "../../margin/ports/exchange.ts";
import type { Endpoint, Read } from "../http/read-call.ts";
import { createReadingCache } from "../http/reading-cache.ts";
import { oddOf } from "../http/rows.ts";
import { contractsData } from "./schemas.ts";

const AGE_MAX_MS = 3_600_000;
/** One for each product type; there are three. */
const LISTS_MAX = 10;

const CONTRACTS = {
  path: "/api/v2/mix/market/contracts",
  access: "public",
  perSecond: 20,
  data: contractsData,
  odd: oddOf,
} as const satisfies Endpoint<unknown>;

/** What is listed at Bitget. */
export interface Contracts {
  /** Of all product types that could be read; the first failure where none could. */
  all(): Promise<Reading<ContractList>>;
  /**
   * What a contract is called and counted in. That never changes, so an old list will do; a contract in no list, or in one
   * that cannot be read, gives its symbol.
   */
  listing(productType: ProductType, symbol: string): Promise<Listing>;
}

type Listing = Pick<Position, "baseCoin" | "pricePlaces">;

export interface ContractsParts {
  readonly read: Read;
  readonly productTypes: readonly ProductType[];
  readonly now: () => number;
}

/** Contracts of these product types, none of them read yet. */
export function createContracts({ read, productTypes, now }: ContractsParts): Contracts {
  const kept = createReadingCache<ContractList>({ ageMaxMs: AGE_MAX_MS, entriesMax: LISTS_MAX, now });

  async function fetchContracts(productType: ProductType): Promise<Reading<ContractList>> {
    const rows = await read(CONTRACTS, { productType });
    if (!rows.ok) return rows;
    const contracts = rows.value.flatMap(({ fields }): Contract[] => {
      const { symbol, baseCoin = symbol, pricePlace: pricePlaces } = fields;
      if (symbol === undefined || baseCoin === undefined) return [];
      return [{ productType, symbol, baseCoin, ...present({ pricePlaces }) }];
    });
    return { ok: true, value: { contracts, isComplete: contracts.length === rows.value.length } };
  }

  function of(productType: ProductType): Promise<Reading<ContractList>> {
    return kept.get(productType, () => fetchContracts(productType));
  }

  async function all(): Promise<Reading<ContractList>> {
    const parts = await Promise.all(productTypes.map(of));
    const lists = parts.flatMap((part) => (part.ok ? [part.value] : []));
    const failed = parts.find((part) => !part.ok);
    if (failed !== undefined && lists.length === 0) return failed;
    const isComplete = failed === undefined && lists.every((list) => list.isComplete);
    return { ok: true, value: { contracts: lists.flatMap(({ contracts }) => contracts), isComplete } };
  }

  async function listing(productType: ProductType, symbol: string): Promise<Listing> {
    const inList = (list: ContractList | undefined) => list?.contracts.find((each) => each.symbol === symbol);
    const known = inList(kept.last(productType));
    if (known !== undefined) return known;
    const contracts = await of(productType);
    return (contracts.ok ? inList(contracts.value) : undefined) ?? { baseCoin: symbol };
  }

  return { all, listing };
}
