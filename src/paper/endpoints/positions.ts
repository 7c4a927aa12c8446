/** The positions as Bitget reports them. Source: Bitget's pages on single-position and all-position. */
import { contractOf, isCoinMargined, TAKER_FEE_RATE } from "../ledger/contracts.ts";
import { add, multiply } from "../ledger/decimal.ts";
import { availableOf } from "../ledger/ledger.ts";
import type { Position } from "../ledger/ledger-state.ts";
import {
  breakEvenPrice,
  type Figures,
  initialMargin,
  keepMarginRate,
  liquidationPrice,
  marginRatio,
  unrealizedProfit,
} from "../ledger/liquidation.ts";
import type { World } from "../ledger/state.ts";
import { refuseMarginCoin, refuseProductType, refuseSymbol, text } from "../protocol/parameters.ts";
import { type Call, queryValues } from "../protocol/request.ts";
import { type Outcome, success } from "../protocol/response.ts";

/** The positions of one symbol, one for each side that is open. */
export function singlePosition(call: Call, world: World): Outcome {
  const values = queryValues(call);
  const refused = refuseProductType(values) ?? refuseSymbol(values) ?? refuseMarginCoin(values);
  if (refused !== undefined) return refused;
  return success(rows(world, (position) => position.symbol === values["symbol"]));
}

/** All open positions of a product type. */
export function allPositions(call: Call, world: World): Outcome {
  const values = queryValues(call);
  const isOfCoin = text(values, "marginCoin") !== "";
  const refused = refuseProductType(values) ?? (isOfCoin ? refuseMarginCoin(values) : undefined);
  if (refused !== undefined) return refused;
  return success(
    rows(world, ({ symbol }) => {
      const { productType, marginCoin } = contractOf(symbol);
      return productType === values["productType"] && (!isOfCoin || marginCoin === values["marginCoin"]);
    }),
  );
}

/** What a position's risk depends on. A crossed one leans on the whole free balance. */
export function figuresOf(world: World, position: Position): Figures {
  const { productType, marginCoin, tiers } = contractOf(position.symbol);
  const available = availableOf(world.ledger.state(), marginCoin);
  return {
    side: position.holdSide,
    margin: position.marginMode === "crossed" ? add(position.marginSize, available) : position.marginSize,
    size: position.total,
    entryPrice: position.openPriceAvg,
    markPrice: world.market.mark(position.symbol),
    leverage: position.leverage,
    takerFeeRate: TAKER_FEE_RATE,
    coinPrice: isCoinMargined(productType) ? world.market.index(position.symbol) : "1",
    tiers,
  };
}

/** One position, field for field as it goes over the wire. */
export function positionRow(world: World, position: Position) {
  const figures = figuresOf(world, position);
  return {
    symbol: position.symbol,
    marginCoin: contractOf(position.symbol).marginCoin,
    holdSide: position.holdSide,
    openDelegateSize: "0",
    // The margin of a crossed position floats with the mark price; that of an isolated one is a matter of record.
    marginSize: position.marginMode === "crossed" ? initialMargin(figures) : position.marginSize,
    available: position.total,
    locked: "0",
    total: position.total,
    leverage: position.leverage,
    achievedProfits: "0",
    openPriceAvg: position.openPriceAvg,
    marginMode: position.marginMode,
    posMode: world.posMode,
    unrealizedPL: unrealizedProfit(figures),
    liquidationPrice: liquidationPrice(figures),
    keepMarginRate: keepMarginRate(figures),
    markPrice: figures.markPrice,
    marginRatio: marginRatio(figures),
    breakEvenPrice: breakEvenPrice(figures),
    totalFee: "",
    deductedFee: multiply(position.total, position.openPriceAvg, figures.takerFeeRate),
    grant: "",
    cashDividend: "",
    takeProfit: "",
    stopLoss: "",
    takeProfitId: "",
    stopLossId: "",
    assetMode: "single",
    autoMargin: position.autoMargin,
    cTime: position.openedAt.toString(),
    uTime: position.changedAt.toString(),
  };
}

function rows(world: World, isWanted: (position: Position) => boolean) {
  return world.ledger
    .state()
    .positions.filter(isWanted)
    .map((position) => positionRow(world, position));
}
