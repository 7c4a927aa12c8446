import { describe, expect, it } from "vitest";
import type { Position } from "../../src/margin/position.ts";
import { isListed, namedPositions, readSymbol } from "../../src/margin/symbols.ts";
import { held } from "./figures.ts";

const BTC_LONG = held({ symbol: "BTCUSDT", baseCoin: "BTC" });
const SOL_LONG = held({ symbol: "SOLUSDT", baseCoin: "SOL" });
const SOL_SHORT = held({ symbol: "SOLUSDT", baseCoin: "SOL", holdSide: "short" });
const ALL: readonly Position[] = [BTC_LONG, SOL_LONG, SOL_SHORT];

describe("a typed symbol", () => {
  it.each(["btc", "BTC", "Btc", "btcusdt", "1000pepe"])("%s is read in capitals", (text) => {
    expect(readSymbol(text)).toBe(text.toUpperCase());
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
  ])("with %s names nothing", (_, text) => {
    expect(readSymbol(text)).toBeUndefined();
  });
});

describe("the positions that are named", () => {
  it("are those of the base coin, of the symbol, and of the side where one is given", () => {
    expect(namedPositions(ALL, "BTC", undefined)).toEqual([BTC_LONG]);
    expect(namedPositions(ALL, "SOLUSDT", undefined)).toEqual([SOL_LONG, SOL_SHORT]);
    expect(namedPositions(ALL, "SOL", "short")).toEqual([SOL_SHORT]);
    expect(namedPositions(ALL, undefined, "short")).toEqual([SOL_SHORT]);
    expect(namedPositions(ALL, undefined, undefined)).toEqual(ALL);
  });

  it("are none for a part of a name, for another coin and for another side", () => {
    expect(namedPositions(ALL, "SO", undefined)).toEqual([]);
    expect(namedPositions(ALL, "USDT", undefined)).toEqual([]);
    expect(namedPositions(ALL, "BTC", "short")).toEqual([]);
  });
});

it("tells a listed contract from one that does not exist", () => {
  const contract = { symbol: "BTCUSDT", baseCoin: "BTC", quoteCoin: "USDT", pricePlaces: 1, status: "normal" };
  const contracts = [{ ...contract, productType: "USDT-FUTURES", marginCoins: ["USDT"] }] as const;
  expect(isListed(contracts, "BTC")).toBe(true);
  expect(isListed(contracts, "BTCUSDT")).toBe(true);
  expect(isListed(contracts, "BT")).toBe(false);
  expect(isListed(contracts, "USDT")).toBe(false);
});
