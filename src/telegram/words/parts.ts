/** What several of the bot's texts are made of. Entities, never markup. */
import { FormattedString } from "@grammyjs/parse-mode";
import type { MarginAdjustment, Step } from "../../margin/model/adjustment.ts";
import type { AuditEvent, ChatLocation } from "../../margin/model/audit-event.ts";
import { type Price, sign } from "../../margin/model/decimal.ts";
import type { HoldSide } from "../../margin/model/position.ts";
import { distanceOf, isDistanceUnknown, type Risked } from "../../margin/risk/distance.ts";
import { shownLiquidation } from "../../margin/risk/liquidation.ts";
import { NOT_KNOWN, percent, price } from "./figures.ts";

/** Joins lines, some of them with entities. */
export function lines(...parts: readonly (FormattedString | string)[]): FormattedString {
  return FormattedString.join([...parts], "\n");
}

/** The text in bold, by an entity: nothing in it is taken for markup. */
export const bold = (plain: string): FormattedString => FormattedString.bold(plain);

/** `BTC long` */
export function positionName(baseCoin: string, holdSide: HoldSide | ""): string {
  return `${baseCoin} ${holdSide}`.trim();
}

/** The whole adjustment, as the button says it: `Add 50 USDT · BTC long`. */
export function adjustmentTitle(
  { direction, amount, position: key }: Omit<MarginAdjustment, "id">,
  baseCoin: string,
): string {
  const verb = direction === "add" ? "Add" : "Remove";
  return `${verb} ${amount} ${key.marginCoin} · ${positionName(baseCoin, key.holdSide)}`;
}

function awayOr(past: string, at: Risked): string {
  const ratio = distanceOf(at);
  if (ratio === undefined) return isDistanceUnknown(at) ? "distance not known" : "no liquidation";
  return sign(ratio) <= 0 ? past : `${percent(ratio)} away`;
}

/** A chat as far as the bot knows it: `chat -1001, topic 7`. */
export function placeName({ chat, topic }: ChatLocation): string {
  return topic === "" ? `chat ${chat}` : `chat ${chat}, topic ${topic}`;
}

/** How far liquidation is: `4.1 % away`. */
export const away = (at: Risked): string => awayOr("past its liquidation price", at);

/** The same where the liquidation price was just named: `85423.1, 4.1 % away`. */
export const awayFromIt = (at: Risked): string => awayOr("the mark is past it", at);

/** The end of a verdict, by which its row is found again: `#412 9f2c…`, sixteen digits of its hash. */
export function anchor(event: AuditEvent): string {
  return `#${event.seq} ${event.hash.slice(0, 16)}`;
}

/** A liquidation price as the exchange would print it: on the tick, towards the mark. */
export function liquidationPrice(
  holdSide: HoldSide,
  value: Price | undefined,
  pricePlaces: number | undefined,
  isUnread = false,
): string {
  if (value === undefined) return isUnread ? NOT_KNOWN : "none";
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
