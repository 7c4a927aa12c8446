import { describe, expect, it } from "vitest";
import { readName } from "../../../src/margin/input/contract-name.ts";
import { isListed, namedPositions, suggestSimilar } from "../../../src/margin/input/position-match.ts";
import type { Contract, Position } from "../../../src/margin/model/position.ts";

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
  const read = readName(typed);
  const found = namedPositions(POSITIONS, read.kind === "name" ? read.name : "", side);
  return found.map(({ symbol, holdSide }) => `${symbol} ${holdSide}`);
}

describe("a typed name", () => {
  it.each(["btc", "BTC", "Btc", "btcusdt", "1000pepe"])("%s is read in capitals", (text) => {
    expect(readName(text)).toEqual({ kind: "name", name: text.toUpperCase() });
  });

  it.each([
    ["Cyrillic В, Т and С", "\u0412\u0422\u0421"],
    ["Cyrillic с at the end", "BT\u0441"],
    ["Greek capital Beta", "\u0392TC"],
    ["dotless ı, which capitals turn into I", "l\u0131nk"],
    ["long ſ, which capitals turn into S", "\u017fol"],
    ["sharp ß, which capitals turn into SS", "a\u00df"],
    ["full-width letters", "\uff22\uff34\uff23"],
    ["Kelvin sign", "\u212a"],
    ["a zero-width space", "BT\u200bC"],
    ["a combining mark", "BTC\u0301"],
    ["nothing", ""],
    ["31 letters", "A".repeat(31)],
    ["a line feed at the end", "BTC\n"],
  ])("with %s is none", (_, text) => {
    expect(readName(text).kind).not.toBe("name");
  });
});

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
    ["usdt", []],
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

describe("what may have been meant", () => {
  it.each([
    ["BTCC", ["BTCUSDT", "BTCPERP", "BTCUSD"]],
    ["BCT", ["BTCUSDT", "BTCPERP", "BTCUSD"]],
    ["ETC", ["BTCUSDT", "ETHUSDT", "BTCPERP", "BTCUSD"]],
    ["ETHUSDTT", ["ETHUSDT"]],
    ["EHTUSDT", ["ETHUSDT"]],
    ["SLUSDT", ["SOLUSDT"]],
    ["ETHUSD", ["ETHUSDT"]],
    ["XRP", []],
    ["ET", []],
    ["DOGEUSDT", []],
  ])("for %s are %j", (name, offered) => {
    expect(suggestSimilar(CONTRACTS, name).map(({ symbol }) => symbol)).toEqual(offered);
  });
});
