/** What several of the bot's texts are made of. Entities, never markup. */
import { FormattedString } from "@grammyjs/parse-mode";
import type { Step } from "../../margin/adjustment.ts";
import type { Price } from "../../margin/decimal.ts";
import { shownLiquidation } from "../../margin/liquidation.ts";
import type { HoldSide } from "../../margin/position.ts";
import { price } from "./figures.ts";

/** Joins lines, some of them with entities. */
export function lines(...parts: readonly (FormattedString | string)[]): FormattedString {
  return FormattedString.join([...parts], "\n");
}

/** `BTC long` */
export function positionName(baseCoin: string, holdSide: HoldSide | ""): string {
  return `${baseCoin} ${holdSide}`.trim();
}

/** A liquidation price as the exchange would print it: on the tick, towards the mark. */
export function liquidationPrice(
  holdSide: HoldSide,
  value: Price | undefined,
  pricePlaces: number | undefined,
): string {
  if (value === undefined) return "none";
  return pricePlaces === undefined ? price(value) : shownLiquidation(holdSide, value, pricePlaces);
}

/** Where an adjustment stands, in a word or three. */
export const STEPS: Readonly<Record<Step, string>> = {
  proposed: "waiting",
  approved: "waiting",
  confirmed: "under way",
  sending: "under way",
  cancelled: "cancelled",
  expired: "expired",
  refused: "not done",
  rejected: "not done",
  accepted: "done",
  unknown: "not known yet",
  applied: "done",
  not_applied: "not done",
};
