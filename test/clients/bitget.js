/** Clients of Bitget that others wrote, against the paper exchange: what they read, and what they take its refusals for. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { RestClientV2, RestClientV3 } from "bitget-api";
import ccxt from "ccxt";
import { createPaperExchange } from "../../src/paper/exchange.ts";

const credentials = { key: "paper-key", secret: "test-secret-0123456789abcdef", passphrase: "paper-pass" };
const BTC = "BTC/USDT:USDT";
const PLACE = { symbol: "BTCUSDT", productType: "USDT-FUTURES", marginCoin: "USDT" };

/** One for each client, as they would use up each other's budgets. */
const [exchange, other] = await Promise.all(
  [credentials, credentials].map((known) => createPaperExchange({ credentials: known, moving: false })),
);
after(() => Promise.all([exchange.close(), other.close()]));

function ccxtWith(secret) {
  const client = new ccxt.bitget({ apiKey: credentials.key, secret, password: credentials.passphrase });
  for (const name of Object.keys(client.urls.api)) client.urls.api[name] = exchange.url;
  // There is no spot market here.
  client.options.fetchMarkets = { types: ["swap"] };
  client.has.fetchCurrencies = false;
  return client;
}

const stock = ccxtWith(credentials.secret);
const options = {
  apiKey: credentials.key,
  apiSecret: credentials.secret,
  apiPass: credentials.passphrase,
  baseUrl: other.url,
};
const classic = new RestClientV2(options);
const unified = new RestClientV3(options);

test("ccxt takes the account for a classic one, and lists the markets", async () => {
  assert.equal(await stock.isUTAEnabled(), false);
  const markets = Object.keys(await stock.loadMarkets());
  for (const symbol of [BTC, "BTC/USDC:USDC", "BTC/USD:BTC", "SBTC/SUSDT:SUSDT"]) assert.ok(markets.includes(symbol));
});

test("ccxt reads positions, balance, prices and tiers", async () => {
  const positions = await stock.fetchPositions();
  assert.deepEqual(
    positions.map(({ symbol, side, marginMode, hedged }) => [symbol, side, marginMode, hedged]),
    [
      [BTC, "long", "isolated", true],
      ["ETH/USDT:USDT", "long", "isolated", true],
      ["SOL/USDT:USDT", "long", "isolated", true],
      ["SOL/USDT:USDT", "short", "isolated", true],
      ["XRP/USDT:USDT", "long", "cross", true],
    ],
  );
  const [{ entryPrice, contracts, leverage, liquidationPrice, maintenanceMarginPercentage }] = positions;
  assert.deepEqual([entryPrice, contracts, leverage, maintenanceMarginPercentage], [98500, 0.05, 10, 0.004]);
  assert.equal(liquidationPrice.toFixed(1), "86648.6");
  const { free, used, total } = (await stock.fetchBalance({ type: "swap" })).USDT;
  assert.ok(free > 0 && used > 0 && total > free, `${free} + ${used} = ${total}`);
  const { last, markPrice, indexPrice } = await stock.fetchTicker(BTC);
  assert.deepEqual([last, markPrice, indexPrice], [100000.1, 100000, 99999.9]);
  const [tier] = await stock.fetchMarketLeverageTiers(BTC);
  assert.deepEqual([tier.maxLeverage, tier.maxNotional], [125, 150000]);
});

test("ccxt moves margin both ways, and finds both in the bills", async () => {
  const since = exchange.bills().length;
  await stock.addMargin(BTC, 12.5, { holdSide: "long" });
  await stock.reduceMargin(BTC, -5, { holdSide: "long" });
  assert.deepEqual(
    exchange
      .applied()
      .slice(since)
      .map(({ amount }) => amount),
    ["12.5", "-5"],
  );
  const ledger = await stock.fetchLedger("USDT", undefined, undefined, { type: "swap" });
  assert.deepEqual(
    ledger.slice(-2).map(({ amount, direction }) => [amount, direction]),
    [
      [12.5, "in"],
      [5, "out"],
    ],
  );
});

test("ccxt knows the refusals that it has names for", async () => {
  const add = (symbol, amount) => stock.addMargin(symbol, amount, { holdSide: "long" });
  await assert.rejects(add("XRP/USDT:USDT", 5), ccxt.InvalidOrder);
  await assert.rejects(add(BTC, 90_000), /"40798"/);
  await assert.rejects(stock.reduceMargin(BTC, -600, { holdSide: "long" }), /"40801"/);
  await assert.rejects(
    ccxtWith("wrong").privateMixGetV2MixAccountAccounts({ productType: "USDT-FUTURES" }),
    ccxt.AuthenticationError,
  );
});

test("bitget-api reads and moves margin with the classic protocol", async () => {
  const { data: rows } = await classic.getFuturesPosition(PLACE);
  assert.deepEqual([rows[0].holdSide, rows[0].marginMode], ["long", "isolated"]);
  const { data: account } = await classic.getFuturesAccountAsset(PLACE);
  const { available, crossedMaxAvailable, isolatedMaxAvailable, maxTransferOut } = account;
  assert.equal(new Set([available, crossedMaxAvailable, isolatedMaxAvailable, maxTransferOut]).size, 4);
  const set = await classic.setFuturesPositionMargin({ ...PLACE, holdSide: "long", amount: "20" });
  assert.deepEqual([set.code, set.data], ["00000", ""]);
  const { data } = await classic.getFuturesAccountBills({ productType: "USDT-FUTURES" });
  assert.deepEqual([data.bills[0].amount, data.bills[0].businessType], ["20", "append_margin"]);
});

test("bitget-api is told with 40084 that the unified protocol is not for this account", async () => {
  const move = { category: "USDT-FUTURES", symbol: "BTCUSDT", posSide: "long", operation: "add", amount: "10" };
  const isRefused = (refusal) => refusal.body.code === "40084" && refusal.code === 400;
  await assert.rejects(unified.getAccountSettings(), isRefused);
  await assert.rejects(unified.setMargin(move), isRefused);
});
