/** The futures accounts, one per margin coin, and the key. Source: Bitget's pages on the account. */
import { CONTRACTS, contractOf, type ProductType } from "../ledger/contracts.ts";
import { add, compare, multiply, subtract } from "../ledger/decimal.ts";
import { availableOf, findPosition } from "../ledger/ledger.ts";
import type { HoldSide, MarginMode, Position } from "../ledger/ledger-state.ts";
import { initialMargin, unrealizedProfit } from "../ledger/liquidation.ts";
import type { World } from "../ledger/state.ts";
import { refuseMarginCoin, refuseProductType, refuseSymbol, text } from "../protocol/parameters.ts";
import { type Call, queryValues } from "../protocol/request.ts";
import { type Outcome, success } from "../protocol/response.ts";
import { figuresOf } from "./positions.ts";

/** What the settings of a contract without a position say. */
const DEFAULT_LEVERAGE = "10";
/** How far the figures of one balance lie apart, by coin. */
const APART: Readonly<Record<string, string>> = { BTC: "0.004", SBTC: "0.004" };
const APART_ELSE = "12.5";

/** One coin's account, as `GET /api/v2/mix/account/account` gives it. */
export function account(call: Call, world: World): Outcome {
  const values = queryValues(call);
  const refused = refuseProductType(values) ?? refuseSymbol(values) ?? refuseMarginCoin(values);
  if (refused !== undefined) return refused;
  const symbol = text(values, "symbol");
  const { productType, marginCoin } = contractOf(symbol);
  const isCrossed = world.ledger
    .state()
    .positions.some((position) => position.symbol === symbol && position.marginMode === "crossed");
  return success({
    ...accountRow(world, productType, marginCoin),
    // The page says text, the wire said numbers.
    crossedMarginLeverage: leverageOf(world, symbol, "crossed", "long"),
    isolatedLongLever: leverageOf(world, symbol, "isolated", "long"),
    isolatedShortLever: leverageOf(world, symbol, "isolated", "short"),
    marginMode: isCrossed ? "crossed" : "isolated",
    posMode: world.posMode,
  });
}

/** The accounts of a product type, as `GET /api/v2/mix/account/accounts` gives them. */
export function accounts(call: Call, world: World): Outcome {
  const values = queryValues(call);
  const refused = refuseProductType(values);
  if (refused !== undefined) return refused;
  const listed = CONTRACTS.filter((contract) => contract.productType === values["productType"]);
  const coins = [...new Set(listed.map((contract) => contract.marginCoin))];
  return success(
    coins.map((coin) => ({
      ...accountRow(world, values["productType"] as ProductType, coin),
      // Spelt as Bitget's sample spells it.
      unionTotalMagin: "0",
      unionAvailable: "0",
      unionMm: "0",
      assetList: [],
    })),
  );
}

/** The owner and the rights of the key. */
export function keyRights(_call: Call, world: World): Outcome {
  return success({
    userId: "1234567890",
    inviterId: "",
    ips: "",
    authorities: world.authorities,
    parentId: 1234567890,
    traderType: "not_trader",
    channelCode: "",
    channel: "",
    regisTime: world.ledger.state().startedAt.toString(),
  });
}

function accountRow(world: World, productType: ProductType, marginCoin: string) {
  const state = world.ledger.state();
  const positions = state.positions.filter(({ symbol }) => {
    const contract = contractOf(symbol);
    return contract.productType === productType && contract.marginCoin === marginCoin;
  });
  const isolated = positions.filter((position) => position.marginMode === "isolated");
  const crossed = positions.filter((position) => position.marginMode === "crossed");
  const balances = balancesOf(availableOf(state, marginCoin), marginCoin);
  const profit = profitOf(world, positions);
  const equity = add(balances.available, ...positions.map((position) => position.marginSize), profit);
  return {
    marginCoin,
    locked: "0",
    ...balances,
    accountEquity: equity,
    usdtEquity: inDollars(world, marginCoin, equity),
    btcEquity: isBitcoin(marginCoin) ? equity : "",
    crossedRiskRate: "0",
    // Seen empty on the wire where nothing is open.
    unrealizedPL: positions.length === 0 ? "" : profit,
    crossedUnrealizedPL: profitOf(world, crossed),
    isolatedUnrealizedPL: profitOf(world, isolated),
    isolatedMargin: add("0", ...isolated.map((position) => position.marginSize)),
    crossedMargin: add("0", ...crossed.map((position) => initialMargin(figuresOf(world, position)))),
    coupon: "0",
    grant: "0",
    assetMode: "single",
  };
}

/**
 * The four figures of a free balance. Bitget does not say how they differ. The books have one, which bounds what is added
 * to an isolated position; the others lie off it, so that whoever reads a wrong one is found out.
 */
function balancesOf(free: string, marginCoin: string) {
  const apart = APART[marginCoin] ?? APART_ELSE;
  return {
    available: add(free, apart, apart),
    crossedMaxAvailable: add(free, apart),
    isolatedMaxAvailable: free,
    maxTransferOut: compare(free, apart) < 0 ? "0" : subtract(free, apart),
  };
}

function profitOf(world: World, positions: readonly Position[]): string {
  return add("0", ...positions.map((position) => unrealizedProfit(figuresOf(world, position))));
}

function inDollars(world: World, marginCoin: string, amount: string): string {
  return isBitcoin(marginCoin) ? multiply(amount, world.market.index("BTCUSD")) : amount;
}

function isBitcoin(marginCoin: string): boolean {
  return marginCoin === "BTC" || marginCoin === "SBTC";
}

function leverageOf(world: World, symbol: string, marginMode: MarginMode, holdSide: HoldSide): number {
  const position = findPosition(world.ledger.state(), symbol, holdSide);
  return Number(position?.marginMode === marginMode ? position.leverage : DEFAULT_LEVERAGE);
}
