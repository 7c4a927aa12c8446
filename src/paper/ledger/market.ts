/** The prices of the day: each a function of the seed and of the whole seconds since the start, never of chance. */
import { type Contract, contractOf } from "./contracts.ts";
import { add, divide, multiply, padDecimals, subtract } from "./decimal.ts";

/** Prices of every contract, as decimal text. */
export interface Market {
  /** Liquidation follows this one. */
  mark(symbol: string): string;
  /** One tick below the mark, so that a reader who mixes the prices up is found out. */
  index(symbol: string): string;
  /** One tick above the mark. */
  last(symbol: string): string;
}

export interface MarketOptions {
  readonly seed: number;
  readonly moving: boolean;
  readonly now: () => number;
  readonly startedAt: () => number;
  /** Prices that somebody set: they stand where they were put. */
  readonly pinned: () => Readonly<Record<string, string>>;
}

const STEP_MS = 1000;
/** A price stays within twice this share of where it started, far from the liquidation of any seeded position. */
const SWING = 0.004;
/** Slow waves carry the weight, quick ones the flicker. The weights add up to one. */
const WAVES = [
  { steps: 900, weight: 0.6 },
  { steps: 90, weight: 0.3 },
  { steps: 6, weight: 0.1 },
] as const;

/** Prices that follow from seed and time alone, where they are not pinned and do not stand still. */
export function createMarket(options: MarketOptions): Market {
  function mark(symbol: string): string {
    const contract = contractOf(symbol);
    const pinned = options.pinned()[symbol];
    if (pinned !== undefined) return pinned;
    if (!options.moving) return padDecimals(contract.startPrice, contract.pricePlace);
    const step = Math.max(0, Math.floor((options.now() - options.startedAt()) / STEP_MS));
    return moved(contract, options.seed, step);
  }
  return {
    mark,
    index: (symbol) => besides(symbol, subtract(mark(symbol), tick(contractOf(symbol)))),
    last: (symbol) => besides(symbol, add(mark(symbol), tick(contractOf(symbol)))),
  };
}

/** The smallest move of a price. */
function tick(contract: Contract): string {
  return divide("1", (10n ** BigInt(contract.pricePlace)).toString(), contract.pricePlace);
}

function besides(symbol: string, price: string): string {
  return padDecimals(price, contractOf(symbol).pricePlace);
}

function moved(contract: Contract, seed: number, step: number): string {
  const startTicks = Number(divide(contract.startPrice, tick(contract), 0));
  const swing = wander(seed, contract.symbol, step) - wander(seed, contract.symbol, 0);
  const ticks = Math.round(startTicks * (1 + SWING * swing));
  return padDecimals(multiply(ticks.toString(), tick(contract)), contract.pricePlace);
}

/** Between -1 and 1: random points in time, joined by smooth curves, at several speeds. */
function wander(seed: number, symbol: string, step: number): number {
  let sum = 0;
  for (const { steps, weight } of WAVES) {
    const cell = Math.floor(step / steps);
    const along = step / steps - cell;
    const from = randomAt(`${seed}/${symbol}/${steps}/${cell}`);
    const to = randomAt(`${seed}/${symbol}/${steps}/${cell + 1}`);
    sum += weight * (from + (to - from) * along * along * (3 - 2 * along));
  }
  return sum;
}

/** Between -1 and 1, the same for the same key: FNV-1a with a last stir, because neighbouring keys differ by little. */
function randomAt(key: string): number {
  let hash = 0x811c9dc5;
  for (const letter of key) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x7fffffff - 1;
}
