/** What every endpoint demands of its parameters, in the order in which Bitget was seen to look at them. */
import { findContract, PRODUCT_TYPES } from "../ledger/contracts.ts";
import type { Values } from "./request.ts";
import { type Outcome, refusal } from "./response.ts";

/** The parameter as text; empty where it is absent or no text. */
export function text(values: Values, name: string): string {
  const value = values[name];
  return typeof value === "string" ? value : "";
}

/** A missing productType was seen to give 400172 where other parameters give 40019. */
export function refuseProductType(values: Values): Outcome | undefined {
  const isKnown = PRODUCT_TYPES.some((productType) => productType === values["productType"]);
  return isKnown ? undefined : refusal("400172", "Parameter verification failed productType");
}

/** Upper case and bare: `btcusdt` and the old `BTCUSDT_UMCBL` do not exist here. */
export function refuseSymbol(values: Values): Outcome | undefined {
  if (text(values, "symbol") === "") return refusal("40019", "Parameter symbol cannot be empty");
  if (findContract(text(values, "symbol"))?.productType === values["productType"]) return undefined;
  return refusal("40034", `Parameter ${text(values, "symbol")} does not exist`);
}

/**
 * The table of Bitget's page on set-margin asks for a capitalised margin coin, its own example breaks that: be strict.
 */
export function refuseMarginCoin(values: Values): Outcome | undefined {
  const coin = text(values, "marginCoin");
  if (coin === "") return refusal("40019", "Parameter marginCoin cannot be empty");
  if (coin !== coin.toUpperCase()) return refusal("400172", "Parameter verification failed marginCoin");
  const contract = findContract(text(values, "symbol"));
  if (contract === undefined || contract.marginCoin === coin) return undefined;
  return refusal("40778", `Coin pair ${contract.symbol} does not support ${coin} currency as margin`);
}
