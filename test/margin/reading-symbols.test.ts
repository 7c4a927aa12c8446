import { describe, expect, it } from "vitest";
import type { Contract, Position } from "../../src/margin/position.ts";
import { isListed, namedPositions, readSymbol, suggestions } from "../../src/margin/symbols.ts";

function listed(...names: readonly (readonly [symbol: string, baseCoin: string])[]): readonly Contract[] {
  return names.map(([symbol, baseCoin]) => ({ symbol, baseCoin }) as Contract);
}

const CONTRACTS = listed(
  ["BTCUSDT", "BTC"],
  ["ETHUSDT", "ETH"],
  ["SOLUSDT", "SOL"],
  ["ADAUSDT", "ADA"],
  ["1000PEPEUSDT", "1000PEPE"],
  ["BTCPERP", "BTC"],
  ["BTCUSD", "BTC"],
);

const POSITIONS = [
  { symbol: "BTCUSDT", baseCoin: "BTC", holdSide: "long" },
  { symbol: "BTCUSDT", baseCoin: "BTC", holdSide: "short" },
  { symbol: "BTCPERP", baseCoin: "BTC", holdSide: "long" },
  { symbol: "1000PEPEUSDT", baseCoin: "1000PEPE", holdSide: "long" },
] as Position[];

function symbolsOf(typed: string, side?: Position["holdSide"]): readonly string[] {
  return namedPositions(POSITIONS, readSymbol(typed) ?? "", side).map(
    ({ symbol, holdSide }) => `${symbol} ${holdSide}`,
  );
}

describe("the positions that a name means", () => {
  it.each([
    ["btc", ["BTCUSDT long", "BTCUSDT short", "BTCPERP long"]],
    ["BTC/USDT:USDT", ["BTCUSDT long", "BTCUSDT short"]],
    ["btcusdc", ["BTCPERP long"]],
    ["BTC/USDC", ["BTCPERP long"]],
    ["bitcoin", ["BTCUSDT long", "BTCUSDT short", "BTCPERP long"]],
    ["pepe", ["1000PEPEUSDT long"]],
    ["1000pepe", ["1000PEPEUSDT long"]],
    ["pepeusdt", ["1000PEPEUSDT long"]],
    ["btcusd", []],
    ["btcc", []],
    ["bt", []],
    ["ВТС", []],
  ])("finds for %s %j", (typed, found) => {
    expect(symbolsOf(typed)).toEqual(found);
  });

  it("are those on the side, where one is given, and all where nothing is named", () => {
    expect(symbolsOf("btc", "short")).toEqual(["BTCUSDT short"]);
    expect(namedPositions(POSITIONS, undefined, "long")).toHaveLength(3);
    expect(namedPositions(POSITIONS, undefined, undefined)).toHaveLength(4);
  });

  it("have the name itself before another form of it", () => {
    const both = [...POSITIONS, { symbol: "PEPEUSDT", baseCoin: "PEPE", holdSide: "long" } as Position];
    expect(namedPositions(both, "PEPE", undefined).map(({ symbol }) => symbol)).toEqual(["PEPEUSDT"]);
  });
});

describe("listed names", () => {
  it("are symbols and base coins, and other forms of them", () => {
    expect(["BTC", "BTCUSD", "BTCUSDC", "PEPE", "1000PEPE"].every((name) => isListed(CONTRACTS, name))).toBe(true);
    expect(["BT", "BTCC", "XBT", "USDT"].some((name) => isListed(CONTRACTS, name))).toBe(false);
  });
});

describe("suggestions", () => {
  it.each([
    ["BTCC", ["BTCUSDT", "BTCPERP", "BTCUSD"]],
    ["BCT", ["BTCUSDT", "BTCPERP", "BTCUSD"]],
    ["ETC", ["BTCUSDT", "ETHUSDT", "BTCPERP"]],
    ["ETHUSDTT", ["ETHUSDT"]],
    ["EHTUSDT", ["ETHUSDT"]],
    ["SLUSDT", ["SOLUSDT"]],
    ["ETHUSD", ["ETHUSDT"]],
    ["XRP", []],
    ["ET", []],
    ["DOGEUSDT", []],
  ])("for %s are %j", (name, offered) => {
    expect(suggestions(CONTRACTS, name)).toEqual(offered);
  });
});
