/** The card, in English: the adjustment, and what it changes, in at most twelve lines that a phone does not break. */
import { FormattedString } from "@grammyjs/parse-mode";
import type { Direction, Step } from "../../margin/model/adjustment.ts";
import type { Actor } from "../../margin/model/audit-event.ts";
import { abs, type Decimal, subtract } from "../../margin/model/decimal.ts";
import type { Proposal } from "../../margin/model/proposal.ts";
import { freeAfter, marginAfter, type PositionSnapshot } from "../../margin/model/snapshot.ts";
import { clock, coins, figure, NOT_KNOWN, percent, price, priceGap, times } from "./figures.ts";
import { originWordings } from "./origin.ts";
import { adjustmentTitle, awayFromIt, bold, lines, liquidationPrice } from "./parts.ts";

/** Characters of a message that a phone shows on one line. */
const LINE_MAX = 34;

const MONEY: Readonly<Record<string, string>> = { paper: "play money", demo: "play money", live: "real money" };

/** The first wording that fits on a line; where none does, the last one, cut. */
function fitting(...wordings: readonly string[]): string {
  const fits = wordings.find((wording) => wording.length <= LINE_MAX);
  return fits ?? `${(wordings.at(-1) ?? "").slice(0, LINE_MAX - 1)}…`;
}

/** `Account main · LIVE (real money)` */
function account(name: string): string {
  const [, mode = "", label = ""] = name.split(":");
  const word = mode.toUpperCase();
  return fitting(`Account ${label} · ${word} (${MONEY[mode]})`, `Account ${label} · ${word}`, `${word} · ${label}`);
}

/** `Margin 612.5 → 662.5 USDT`: with fewer decimals where the line would break. */
function beforeAfter(name: string, before: Decimal, after: Decimal, coin: string): string {
  const exact = `${name} ${coins(before, coin).replace(` ${coin}`, "")} → ${coins(after, coin)}`;
  const shorter = [2, 0].map((places) => `${name} ${figure(before, places)} → ${figure(after, places)} ${coin}`);
  return fitting(exact, ...shorter);
}

function figures(proposal: Proposal): FormattedString {
  const { adjustment, askedBy, seen } = proposal;
  const { marginCoin, symbol, account: name } = adjustment.position;
  const { free } = seen;
  const [read, mark] = [clock(seen.at), seen.markPrice === undefined ? NOT_KNOWN : price(seen.markPrice)];
  return lines(
    bold(adjustmentTitle(adjustment, seen.baseCoin)),
    fitting(`${symbol} · asked by ${askedBy.name}`, `Asked by ${askedBy.name}`),
    account(name),
    ...originWordings(proposal, marginCoin).map((wordings) => fitting(...wordings)),
    beforeAfter("Margin", seen.margin, marginAfter(seen.margin, adjustment), marginCoin),
    ...risk(proposal),
    free === undefined ? `Free ${NOT_KNOWN}` : beforeAfter("Free", free, freeAfter(free, adjustment), marginCoin),
    fitting(`Mark ${mark}, read ${read}`, `Mark ${mark} · ${read}`),
  );
}

/** Liquidation, distance and leverage, before and after: the left side is Bitget's, the right side an estimate. */
function risk({ adjustment, seen, change }: Proposal): string[] {
  const { holdSide } = adjustment.position;
  const now = liquidationPrice(holdSide, seen.liquidationPrice, seen.pricePlaces, seen.liquidationUnread);
  const after = change?.after.liquidation;
  const leverage = change && [`Leverage ${times(change.before.leverage)} → ${times(change.after.leverage)}`];
  if (change === undefined || after === undefined || after.kind === "not_estimated") {
    const figure = seen.liquidationPrice === undefined ? now : `${now}, ${awayFromIt({ ...seen, holdSide })}`;
    return [fitting(`Liquidation ${figure}`, `Liq. ${figure}`), "Afterwards: not estimated", ...(leverage ?? [])];
  }
  const next = after.kind === "none" ? undefined : after.price;
  const then = liquidationPrice(holdSide, next, seen.pricePlaces);
  return [
    fitting(`Liquidation ${now} → ${then} est.`, `Liq. ${now} → ${then} est.`, `Liq. ${now} → ${then}`),
    ...closer(adjustment.direction, seen, next),
    `Distance ${percent(change.before.distance)} → ${percent(change.after.distance)}`,
    ...(leverage ?? []),
  ];
}

/** What a removal brings on: how much nearer liquidation comes. */
function closer(
  direction: Direction,
  { liquidationPrice: before, pricePlaces }: PositionSnapshot,
  after?: Decimal<"price">,
): string[] {
  if (direction === "add" || after === undefined) return [];
  if (before === undefined) return ["There will be a liquidation price"];
  return [`Comes closer by ${priceGap(abs(subtract(before, after)), pricePlaces)}`];
}

function card(proposal: Proposal): FormattedString {
  const expiry = FormattedString.time(clock(proposal.expiresAt), Math.floor(proposal.expiresAt / 1000), "r");
  return lines(figures(proposal), FormattedString.join(["Expires ", expiry]));
}

/** The card after it stopped being open: the same terms, and what became of it. */
function closedCard(proposal: Proposal, step: Step, by: Actor): FormattedString {
  const confirmed = `Confirmed by ${by.name}.`;
  const what: Readonly<Record<Step, string>> = {
    proposed: "",
    approved: "",
    confirmed: `${confirmed} Sending to Bitget, once.`,
    sending: `${confirmed} Sent to Bitget, once.`,
    cancelled: `Cancelled${by.id === proposal.askedBy.id ? "" : ` by ${by.name}`}. Nothing was changed.`,
    expired: "Expired. Nothing was changed. /margin starts again.",
    refused: `${confirmed} Not done, see the reply.`,
    rejected: `${confirmed} Not done, see the reply.`,
    accepted: `${confirmed} Done, see the reply.`,
    unknown: `${confirmed} Not known yet, see the reply.`,
    applied: `${confirmed} Done, see the reply.`,
    not_applied: `${confirmed} Not done, see the reply.`,
  };
  return lines(figures(proposal), "", bold(what[step]));
}

/** The card, in lines that a phone shows unbroken. */
export const cardWords = {
  card,
  cardTitle: ({ adjustment, seen }: Proposal): string => adjustmentTitle(adjustment, seen.baseCoin),
  closedCard,
  cancelButton: "Cancel",
  changeButton: "Change amount",
};
