/** What anybody may read: the time, the contracts, their prices and their tiers. Source: Bitget's market pages. */
import { CONTRACTS, type Contract, contractOf, MAKER_FEE_RATE, TAKER_FEE_RATE } from "../ledger/contracts.ts";
import type { World } from "../ledger/state.ts";
import { refuseProductType, refuseSymbol, text } from "../protocol/parameters.ts";
import { type Call, queryValues } from "../protocol/request.ts";
import { type Outcome, success } from "../protocol/response.ts";

/** The exchange's clock, in ms as text. */
export function publicTime(_call: Call, world: World): Outcome {
  return success({ serverTime: world.clock().toString() });
}

/** The contracts of a product type. */
export function contracts(call: Call, _world: World): Outcome {
  const values = queryValues(call);
  const isOfSymbol = text(values, "symbol") !== "";
  const refused = refuseProductType(values) ?? (isOfSymbol ? refuseSymbol(values) : undefined);
  if (refused !== undefined) return refused;
  return success(
    CONTRACTS.filter(({ symbol, productType }) =>
      isOfSymbol ? symbol === values["symbol"] : productType === values["productType"],
    ).map(contractRow),
  );
}

/** Last, mark and index price of a symbol. */
export function ticker(call: Call, world: World): Outcome {
  return ofSymbol(call, (contract) => [tickerRow(contract, world)]);
}

/** The prices of a symbol, in the short form. */
export function symbolPrice(call: Call, world: World): Outcome {
  return ofSymbol(call, ({ symbol }) => [
    {
      symbol,
      price: world.market.last(symbol),
      indexPrice: world.market.index(symbol),
      markPrice: world.market.mark(symbol),
      ts: world.clock().toString(),
    },
  ]);
}

/** The tiers of a symbol. */
export function positionTiers(call: Call, _world: World): Outcome {
  return ofSymbol(call, ({ symbol, tiers }) =>
    tiers.map((tier, index) => ({ symbol, level: (index + 1).toString(), ...tier })),
  );
}

function ofSymbol(call: Call, answer: (contract: Contract) => unknown): Outcome {
  const values = queryValues(call);
  const refused = refuseProductType(values) ?? refuseSymbol(values);
  return refused ?? success(answer(contractOf(text(values, "symbol"))));
}

function contractRow(contract: Contract) {
  return {
    symbol: contract.symbol,
    baseCoin: contract.baseCoin,
    quoteCoin: contract.quoteCoin,
    buyLimitPriceRatio: "0.05",
    sellLimitPriceRatio: "0.05",
    feeRateUpRatio: "0.005",
    makerFeeRate: MAKER_FEE_RATE,
    takerFeeRate: TAKER_FEE_RATE,
    openCostUpRatio: "0.01",
    supportMarginCoins: [contract.marginCoin],
    minTradeNum: contract.minTradeNum,
    priceEndStep: "1",
    volumePlace: contract.volumePlace.toString(),
    pricePlace: contract.pricePlace.toString(),
    sizeMultiplier: contract.minTradeNum,
    symbolType: "perpetual",
    minTradeUSDT: "5",
    maxSymbolOrderNum: "200",
    maxProductOrderNum: "1000",
    maxPositionNum: "150",
    maxOrderQty: "",
    maxMarketOrderQty: "",
    symbolStatus: "normal",
    offTime: "-1",
    limitOpenTime: "-1",
    deliveryTime: "",
    deliveryStartTime: "",
    deliveryPeriod: "",
    launchTime: "",
    fundInterval: "8",
    minLever: "1",
    maxLever: contract.tiers[0]?.leverage ?? "1",
    posLimit: "0.05",
    maintainTime: "",
    openTime: "",
    isRwa: "NO",
  };
}

function tickerRow({ symbol }: Contract, world: World) {
  const last = world.market.last(symbol);
  return {
    symbol,
    lastPr: last,
    askPr: last,
    bidPr: world.market.mark(symbol),
    bidSz: "10",
    askSz: "10",
    high24h: last,
    low24h: last,
    ts: world.clock().toString(),
    change24h: "0",
    baseVolume: "0",
    quoteVolume: "0",
    usdtVolume: "0",
    openUtc: last,
    changeUtc24h: "0",
    indexPrice: world.market.index(symbol),
    fundingRate: "0.0001",
    holdingAmount: "0",
    deliveryStartTime: "",
    deliveryTime: "",
    deliveryStatus: "",
    open24h: last,
    markPrice: world.market.mark(symbol),
  };
}
