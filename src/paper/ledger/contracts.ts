/** The contracts that are listed, with the figures Bitget publishes for contracts of their kind. */

/** The lines of contracts; those with an S are the old demo trading, with coins and contracts of its own. */
export const PRODUCT_TYPES = [
  "USDT-FUTURES",
  "USDC-FUTURES",
  "COIN-FUTURES",
  "SUSDT-FUTURES",
  "SUSDC-FUTURES",
  "SCOIN-FUTURES",
] as const;
/** A line of contracts, as Bitget names it. */
export type ProductType = (typeof PRODUCT_TYPES)[number];

/** A band of position value (in the quote coin) with its highest leverage and its maintenance rate. */
export interface Tier {
  readonly startUnit: string;
  readonly endUnit: string;
  readonly leverage: string;
  readonly keepMarginRate: string;
}

/** A contract as the exchange lists it; amounts and rates as decimal text. */
export interface Contract {
  readonly symbol: string;
  readonly productType: ProductType;
  readonly baseCoin: string;
  readonly quoteCoin: string;
  readonly marginCoin: string;
  /** The mark price at the start, a whole number of ticks. One tick is 10^-pricePlace. */
  readonly startPrice: string;
  readonly pricePlace: number;
  readonly volumePlace: number;
  readonly minTradeNum: string;
  readonly tiers: readonly Tier[];
}

/** Share of a trade's value that the fee is for who takes. */
export const TAKER_FEE_RATE = "0.0006";
/** Share of a trade's value that the fee is for who makes. */
export const MAKER_FEE_RATE = "0.0002";

const LARGE_TIERS: readonly Tier[] = [
  { startUnit: "0", endUnit: "150000", leverage: "125", keepMarginRate: "0.004" },
  { startUnit: "150000", endUnit: "900000", leverage: "100", keepMarginRate: "0.005" },
  { startUnit: "900000", endUnit: "6000000", leverage: "50", keepMarginRate: "0.01" },
  { startUnit: "6000000", endUnit: "30000000", leverage: "20", keepMarginRate: "0.025" },
];

const SMALL_TIERS: readonly Tier[] = [
  { startUnit: "0", endUnit: "20000", leverage: "75", keepMarginRate: "0.0065" },
  { startUnit: "20000", endUnit: "100000", leverage: "50", keepMarginRate: "0.01" },
  { startUnit: "100000", endUnit: "500000", leverage: "20", keepMarginRate: "0.025" },
  { startUnit: "500000", endUnit: "2000000", leverage: "10", keepMarginRate: "0.05" },
];

type Listing = readonly [symbol: string, baseCoin: string, startPrice: string, pricePlace: number, volumePlace: number];

const LARGE_USDT: readonly Listing[] = [
  ["BTCUSDT", "BTC", "100000", 1, 4],
  ["ETHUSDT", "ETH", "3500", 2, 2],
];
const SMALL_USDT: readonly Listing[] = [
  ["SOLUSDT", "SOL", "180", 3, 1],
  ["XRPUSDT", "XRP", "2.5", 4, 0],
  ["ADAUSDT", "ADA", "0.85", 4, 0],
  ["DOGEUSDT", "DOGE", "0.2", 5, 0],
  ["PEPEUSDT", "PEPE", "0.00001", 10, 0],
  // Names as Bitget has them, too: outside ASCII, and with an underscore.
  ["龙虾USDT", "龙虾", "0.05", 5, 0],
  ["ETHUSDT_CM", "ETH", "3520", 2, 2],
];
const LARGE_USDC: readonly Listing[] = [
  ["BTCPERP", "BTC", "100000", 1, 4],
  ["ETHPERP", "ETH", "3500", 2, 2],
];

/** Every contract there is. */
export const CONTRACTS: readonly Contract[] = [
  ...LARGE_USDT.map((listing) => linear(listing, "USDT-FUTURES", "USDT", LARGE_TIERS)),
  ...SMALL_USDT.map((listing) => linear(listing, "USDT-FUTURES", "USDT", SMALL_TIERS)),
  ...LARGE_USDC.map((listing) => linear(listing, "USDC-FUTURES", "USDC", LARGE_TIERS)),
  { ...linear(["BTCUSD", "BTC", "100000", 1, 3], "COIN-FUTURES", "USD", LARGE_TIERS), marginCoin: "BTC" },
  linear(["SBTCSUSDT", "SBTC", "100000", 1, 4], "SUSDT-FUTURES", "SUSDT", LARGE_TIERS),
  linear(["SBTCSPERP", "SBTC", "100000", 1, 4], "SUSDC-FUTURES", "SUSDC", LARGE_TIERS),
  { ...linear(["SBTCSUSD", "SBTC", "100000", 1, 3], "SCOIN-FUTURES", "SUSD", LARGE_TIERS), marginCoin: "SBTC" },
];

/** Whether margin is a coin whose price moves. */
export function isCoinMargined(productType: ProductType): boolean {
  return productType === "COIN-FUTURES" || productType === "SCOIN-FUTURES";
}

/** The contract of this symbol; undefined where there is none. */
export function findContract(symbol: string): Contract | undefined {
  return CONTRACTS.find((contract) => contract.symbol === symbol);
}

/** The contract of a symbol that is known to be listed. */
export function contractOf(symbol: string): Contract {
  const contract = findContract(symbol);
  if (contract === undefined) throw new Error(`The paper exchange lists no ${symbol}`);
  return contract;
}

/**
 * Digits after the point that an adjustment may have. Bitget's public pages name no figure: these are the strictest
 * that were seen.
 */
export function amountPlaces(marginCoin: string): number {
  return /USD[TC]$/.test(marginCoin) ? 4 : 8;
}

function linear(
  [symbol, baseCoin, startPrice, pricePlace, volumePlace]: Listing,
  productType: ProductType,
  quoteCoin: string,
  tiers: readonly Tier[],
): Contract {
  const minTradeNum = volumePlace === 0 ? "1" : `0.${"1".padStart(volumePlace, "0")}`;
  const listing = { symbol, productType, baseCoin, quoteCoin, marginCoin: quoteCoin };
  return { ...listing, startPrice, pricePlace, volumePlace, minTradeNum, tiers };
}
