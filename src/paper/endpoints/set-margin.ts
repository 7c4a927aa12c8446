/**
 * Moving margin into an isolated position or out of it.
 *
 * Source: https://www.bitget.com/api-doc/contract/account/Change-Margin; the codes from Bitget's table of error codes
 * and from answers that others recorded.
 */

import { amountPlaces, contractOf } from "../ledger/contracts.ts";
import { canonical, compare, isDecimal, negate, placesOf } from "../ledger/decimal.ts";
import { availableOf, findPosition, moveMargin } from "../ledger/ledger.ts";
import type { HoldSide, Position } from "../ledger/ledger-state.ts";
import { removableMargin } from "../ledger/liquidation.ts";
import type { World } from "../ledger/state.ts";
import { refuseMarginCoin, refuseProductType, refuseSymbol, text } from "../protocol/parameters.ts";
import { bodyValues, type Call, type Values } from "../protocol/request.ts";
import { type Outcome, refusal, success } from "../protocol/response.ts";
import { figuresOf } from "./positions.ts";

/**
 * Moves margin of one isolated position; the sign of the amount is the direction. Refuses with Bitget's codes, and
 * then moves nothing.
 */
export function setMargin(call: Call, world: World): Outcome {
  const values = bodyValues(call);
  if (values === undefined) return refusal("400172", "Parameter verification failed");
  const refused = refuseValues(values) ?? refuseMove(values, world);
  if (refused !== undefined) return refused;
  const amount = canonical(text(values, "amount"));
  world.ledger.change((draft) =>
    moveMargin(draft, {
      symbol: text(values, "symbol"),
      holdSide: text(values, "holdSide") as HoldSide,
      amount,
      businessType: compare(amount, "0") > 0 ? "append_margin" : "reduce_margin",
      source: "api",
      at: world.clock(),
    }),
  );
  return success("");
}

function refuseValues(values: Values): Outcome | undefined {
  return (
    refuseProductType(values) ??
    refuseSymbol(values) ??
    refuseMarginCoin(values) ??
    refuseHoldSide(text(values, "holdSide")) ??
    refuseAmount(values["amount"], text(values, "marginCoin"))
  );
}

function refuseHoldSide(holdSide: string): Outcome | undefined {
  if (holdSide === "long" || holdSide === "short") return undefined;
  if (holdSide === "") return refusal("40808", "Parameter verification exception double fixed, hold side is null");
  return refusal("40020", "Parameter holdSide error");
}

function refuseAmount(amount: unknown, marginCoin: string): Outcome | undefined {
  if (amount === undefined || amount === "") return refusal("40019", "Parameter amount cannot be empty");
  if (typeof amount !== "string" || !isDecimal(amount) || compare(amount, "0") === 0) {
    return refusal("40017", "Parameter verification failed amount");
  }
  const places = amountPlaces(marginCoin);
  if (placesOf(amount) <= places) return undefined;
  const msg = `Parameter verification exception amount checkBDScale error value=${amount} checkScale=${places}`;
  return refusal("40808", msg);
}

function refuseMove(values: Values, world: World): Outcome | undefined {
  const symbol = text(values, "symbol");
  const state = world.ledger.state();
  const isCrossed = state.positions.some((other) => other.symbol === symbol && other.marginMode === "crossed");
  if (isCrossed) return refusal("40808", "Parameter verification exception margin mode == FIXED");
  const position = findPosition(state, symbol, text(values, "holdSide"));
  if (position === undefined) return refusal("40802", "The position is 0 and no direct margin call can be made");
  return refuseExcess(position, text(values, "amount"), world);
}

function refuseExcess(position: Position, amount: string, world: World): Outcome | undefined {
  const available = availableOf(world.ledger.state(), contractOf(position.symbol).marginCoin);
  if (compare(amount, available) > 0) return refusal("40798", "Insufficient contract account balance");
  const removable = removableMargin(figuresOf(world, position));
  if (compare(negate(amount), removable) <= 0) return undefined;
  return refusal("40801", "Exceeded the maximum transferable margin amount");
}
