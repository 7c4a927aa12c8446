import { describe, expect, it } from "vitest";
import { createPaperExchange, type PaperPosition } from "../../../src/paper/exchange.ts";
import type { Tier } from "../../../src/paper/ledger/contracts.ts";
import { adjust, CREDENTIALS, get, reply, SINGLE_POSITION, START, startExchange } from "../world.ts";

const ALL_POSITIONS = "/api/v2/mix/position/all-position";
const ACCOUNT = "/api/v2/mix/account/account";
const SOL = { symbol: "SOLUSDT", productType: "USDT-FUTURES", marginCoin: "USDT" };

describe("positions", () => {
  it("are told by side in hedge mode, every figure as text", async () => {
    const exchange = await startExchange();
    const { data } = await get<PaperPosition[]>(exchange, SINGLE_POSITION, SOL);
    expect(data.map((row) => row.holdSide)).toEqual(["long", "short"]);
    expect(data[0]).toMatchObject({ marginMode: "isolated", posMode: "hedge_mode", marginSize: "110", total: "10" });
    expect(data[1]?.liquidationPrice).toMatch(/^192\.30/);
    for (const row of data) expect(Object.values(row).every((value) => typeof value === "string")).toBe(true);
    expect(data[0]).toEqual(exchange.position("SOLUSDT", "long"));
  });

  it("are an empty list when there are none", async () => {
    const exchange = await startExchange();
    expect((await get(exchange, SINGLE_POSITION, { ...SOL, symbol: "DOGEUSDT" })).data).toEqual([]);
    expect((await get(exchange, ALL_POSITIONS, { productType: "USDC-FUTURES" })).data).toEqual([]);
  });

  it("are all told for a product, with or without its margin coin", async () => {
    const exchange = await startExchange();
    expect((await get(exchange, ALL_POSITIONS, { productType: "USDT-FUTURES" })).data).toHaveLength(5);
    const parameters = { productType: "USDT-FUTURES", marginCoin: "USDT" };
    expect((await get(exchange, ALL_POSITIONS, parameters)).data).toHaveLength(5);
  });

  it("change as the test says: price, leverage, size, mode, end and beginning", async () => {
    const exchange = await startExchange();
    exchange.setPrice("BTCUSDT", "101000.5");
    exchange.change("BTCUSDT", "long", { leverage: "20", total: "0.04", marginMode: "crossed" });
    exchange.closePosition("ETHUSDT", "long");
    const doge = { symbol: "DOGEUSDT", marginSize: "10", total: "1000", openPriceAvg: "0.2", leverage: "20" };
    exchange.open({ ...doge, holdSide: "short" });
    const { data } = await get<PaperPosition[]>(exchange, ALL_POSITIONS, { productType: "USDT-FUTURES" });
    expect(data[0]).toMatchObject({ leverage: "20", total: "0.04", marginMode: "crossed", markPrice: "101000.5" });
    expect(data.map((row) => row.symbol)).not.toContain("ETHUSDT");
    expect(data.at(-1)).toMatchObject({ symbol: "DOGEUSDT", holdSide: "short", marginSize: "10" });
  });

  it("return margin and profit to the free balance when they end, and a loss no more than the margin", async () => {
    const exchange = await startExchange();
    exchange.closePosition("BTCUSDT", "long");
    expect(exchange.balance("USDT")).toBe("2187.5");
    exchange.setPrice("ETHUSDT", "1000");
    exchange.closePosition("ETHUSDT", "long");
    expect(exchange.balance("USDT")).toBe("2187.5");
    expect(exchange.bills().map((bill) => bill.amount)).toEqual(["-687.5", "0"]);
  });
});

describe("the account", () => {
  it("gives amounts as text and leverages as numbers, as was seen on the wire", async () => {
    const exchange = await startExchange();
    expect((await get(exchange, ACCOUNT, SOL)).data).toMatchObject({
      marginCoin: "USDT",
      available: "1525",
      crossedMaxAvailable: "1512.5",
      isolatedMaxAvailable: "1500",
      maxTransferOut: "1487.5",
      isolatedMargin: "963.38",
      isolatedLongLever: 20,
      isolatedShortLever: 20,
      crossedMarginLeverage: 10,
      marginMode: "isolated",
      posMode: "hedge_mode",
    });
  });

  it("is told per margin coin for a whole product", async () => {
    const exchange = await startExchange();
    exchange.setAvailable("USDC", "12.5");
    const { data } = await get(exchange, "/api/v2/mix/account/accounts", { productType: "USDC-FUTURES" });
    expect(data).toMatchObject([
      { marginCoin: "USDC", isolatedMaxAvailable: "12.5", unrealizedPL: "", unionTotalMagin: "0", assetList: [] },
    ]);
  });

  it("keeps its sum while margin moves", async () => {
    const exchange = await startExchange();
    const equity = async () => (await get<{ accountEquity: string }>(exchange, ACCOUNT, SOL)).data.accountEquity;
    const before = await equity();
    await adjust(exchange, { amount: "333.3333" });
    expect(await equity()).toBe(before);
  });

  it("tells the rights of the key", async () => {
    const exchange = await startExchange({ authorities: ["coow", "cpow", "wwow"] });
    const { data } = await get(exchange, "/api/v2/spot/account/info");
    expect(data).toMatchObject({ ips: "", authorities: ["coow", "cpow", "wwow"] });
  });
});

describe("reads that lack something are refused", () => {
  it.each([
    [SINGLE_POSITION, { symbol: "BTCUSDT", marginCoin: "USDT" }, "400172"],
    [SINGLE_POSITION, { productType: "USDT-FUTURES", marginCoin: "USDT" }, "40019"],
    [SINGLE_POSITION, { symbol: "BTCUSDT", productType: "USDT-FUTURES" }, "40019"],
    [SINGLE_POSITION, { symbol: "NOSUCH", productType: "USDT-FUTURES", marginCoin: "USDT" }, "40034"],
    [ACCOUNT, { symbol: "BTCUSDT", productType: "USDT-FUTURES", marginCoin: "usdt" }, "400172"],
    [ALL_POSITIONS, {}, "400172"],
    ["/api/v2/mix/market/ticker", { symbol: "BTCUSDT" }, "400172"],
    ["/api/v2/mix/market/contracts", {}, "400172"],
  ])("%s with %j gives %s", async (path, parameters, code) => {
    const exchange = await startExchange();
    expect(await get(exchange, path, parameters)).toMatchObject({ status: 400, code });
  });
});

describe("a path that is not served is refused", () => {
  it.each([
    ["/api/v3/account/settings", 400, "40084"],
    ["/api/v3/account/set-margin", 400, "40084"],
    ["/api/v3/market/instruments", 404, "40404"],
    ["/api/mix/v1/account/account", 400, "30032"],
    ["/api/v2/mix/nothing", 404, "40404"],
  ])("%s: HTTP %i, code %s, signed or not", async (path, status, code) => {
    const exchange = await startExchange();
    expect(await get(exchange, path)).toMatchObject({ status, code, data: null });
    expect(await reply(await fetch(exchange.url + path))).toMatchObject({ status, code });
  });
});

it("a public path is unknown to a call for demo trading, which no public call is", async () => {
  const exchange = await startExchange({ environment: "demo" });
  const time = (headers: Record<string, string>) => fetch(`${exchange.url}/api/v2/public/time`, { headers });
  expect(await reply(await time({ paptrading: "1" }))).toMatchObject({ status: 404, code: "40404" });
  expect(await reply(await time({}))).toMatchObject({ status: 200, code: "00000" });
});

describe("market data", () => {
  const btc = { symbol: "BTCUSDT", productType: "USDT-FUTURES" };

  it("needs no signature", async () => {
    const exchange = await startExchange();
    const response = await fetch(`${exchange.url}/api/v2/public/time`);
    expect(await response.json()).toMatchObject({ code: "00000", data: { serverTime: `${START}` } });
  });

  it("lists the contracts of a product, or one of them", async () => {
    const exchange = await startExchange();
    const listed = await get<unknown[]>(exchange, "/api/v2/mix/market/contracts", { productType: "USDT-FUTURES" });
    expect(listed.data.length).toBeGreaterThanOrEqual(7);
    const one = await get(exchange, "/api/v2/mix/market/contracts", btc);
    const sized = { volumePlace: "4", minTradeNum: "0.0001" };
    expect(one.data).toMatchObject([{ symbol: "BTCUSDT", ...sized, pricePlace: "1" }]);
  });

  it.each([
    ["SUSDT-FUTURES", "SBTCSUSDT", "SUSDT"],
    ["SUSDC-FUTURES", "SBTCSPERP", "SUSDC"],
    ["SCOIN-FUTURES", "SBTCSUSD", "SBTC"],
  ])("lists the old demo trading: %s with %s, margined in %s", async (productType, symbol, marginCoin) => {
    const exchange = await startExchange();
    const listed = await get(exchange, "/api/v2/mix/market/contracts", { productType });
    expect(listed.data).toMatchObject([{ symbol, supportMarginCoins: [marginCoin] }]);
    expect((await get(exchange, ALL_POSITIONS, { productType })).data).toEqual([]);
  });

  it("tells mark, index and last price apart", async () => {
    const exchange = await startExchange();
    const prices = { markPrice: "100000.0", indexPrice: "99999.9" };
    const price = await get(exchange, "/api/v2/mix/market/symbol-price", btc);
    expect(price.data).toMatchObject([{ ...prices, price: "100000.1" }]);
    const ticker = await get(exchange, "/api/v2/mix/market/ticker", btc);
    expect(ticker.data).toMatchObject([{ ...prices, lastPr: "100000.1" }]);
  });

  it("tells the tiers, each beginning where the one below ends", async () => {
    const exchange = await startExchange();
    const { data } = await get<Tier[]>(exchange, "/api/v2/mix/market/query-position-lever", btc);
    expect(data[0]).toMatchObject({ level: "1", startUnit: "0", leverage: "125", keepMarginRate: "0.004" });
    expect(data.slice(1).map((tier) => tier.startUnit)).toEqual(data.slice(0, -1).map((tier) => tier.endUnit));
  });
});

it("every default position is far from liquidation but one, which is two per cent away", async () => {
  const exchange = await createPaperExchange({ credentials: CREDENTIALS, moving: false });
  const distances = (["BTCUSDT", "ETHUSDT", "SOLUSDT"] as const).map((symbol) => {
    const row = exchange.position(symbol, "long");
    return Number((100 - (100 * Number(row?.liquidationPrice)) / Number(row?.markPrice)).toFixed(1));
  });
  await exchange.close();
  expect(distances).toEqual([13.4, 1.9, 6.3]);
});
