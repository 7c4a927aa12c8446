/** Why nothing was changed, in English: each refusal of ours and each of Bitget's, one sentence and what to do next. */
import { type Amount, compare, roundUp, sign, truncate, type Usd } from "../../margin/model/decimal.ts";
import type { Drift, Figure, Refusal, UnreadableRefusal } from "../../margin/model/refusal.ts";
import type { Rejection } from "../../margin/model/rejection.ts";
import type { ResponseFacts } from "../../margin/model/response-facts.ts";
import { beforeAndAfter, coins, percent, percentCut, shownAmount } from "./figures.ts";

const USD_PLACES = 2;
/** HTTP. */
const TOO_MANY = 429;
const ODD_NEXT = "Try again, or look at it in Bitget's app.";

/** What of a position changed, in a word or two; that it is another one takes a sentence. */
export const DRIFT: Readonly<Record<Exclude<Drift, "opening">, string>> = {
  size: "size",
  leverage: "leverage",
  mode: "margin mode",
  margin: "margin",
  entry: "entry price",
};

/** One sentence for each reason that Bitget can have; the code and Bitget's own words follow it. */
const REJECTIONS: Readonly<Record<Rejection, string>> = {
  not_sent:
    "Nothing left this machine: Bitget could not be reached in time, or the bot was stopped. Try again in a moment.",
  symbol: "Bitget does not know this symbol. Choose the position from /margin.",
  cross_margin: "This position is in cross margin; only isolated margin can be adjusted.",
  no_position: "Bitget has no such position any more. Look at /positions.",
  hold_side: "Bitget did not accept the side of the position. Look at /positions.",
  decimals: "The amount has more decimals than Bitget accepts. Type it with fewer.",
  amount: "Bitget did not accept the amount. Type another one.",
  balance: "The free futures balance is too small. Add less, or move funds in first.",
  removing_too_much: "That is more than can be taken out of this position now. Remove less.",
  leverage: "Bitget did not accept the amount at the present leverage. Look at the position in Bitget's app.",
  parameter: "Bitget did not accept the request. Please tell the bot's admin.",
  clock: "The bot's clock differs too much from Bitget's. Please tell the bot's admin.",
  key: "Bitget does not accept the API key. Please tell the bot's admin.",
  signature: "Bitget does not accept the signature. Please tell the bot's admin.",
  passphrase: "Bitget does not accept the passphrase. Please tell the bot's admin.",
  ip: "The API key may not be used from this machine's address. Please tell the bot's admin.",
  permission: "The API key lacks the right to do this. Please tell the bot's admin.",
  restricted: "Bitget restricts this account. Look at the messages in Bitget's app.",
  account_mode: "This kind of account cannot be adjusted through this interface. Please tell the bot's admin.",
  environment: "The API key and the mode (demo or live) do not fit. Please tell the bot's admin.",
  request: "Bitget did not understand the request. Please tell the bot's admin.",
  risk_engine: "Bitget's risk engine is handling the position right now. Look at it in Bitget's app.",
  halted: "This contract is suspended or in maintenance. Try again when it trades.",
};

/** `40798: Insufficient balance`: Bitget's code and its words, as far as there are any; empty text where there are none. */
function codeAndWords(code: string | undefined, message: string | undefined): string {
  return [code, message].filter((part) => part !== undefined && part !== "").join(": ");
}

/** Bitget's no, as a sentence for people with Bitget's code and words behind it. */
export function rejection(why: Rejection | undefined, { code, message }: ResponseFacts): string {
  const words = codeAndWords(code, message);
  const sentence = why === undefined ? "Bitget refused it." : REJECTIONS[why];
  return words === "" ? sentence : `${sentence} (Bitget ${words})`;
}

/** `Bitget answered 45117: "Position exists"`: its code, and its words where it has any. */
export function bitgetAnswered(code: string, message: string | undefined): string {
  return `Bitget answered ${code}${message ? `: "${message}"` : ""}`;
}

/** What could not be read, what came in its place, and what to do next. */
function unreadable({ why, exchanged = {}, name = "The position" }: UnreadableRefusal): string {
  const { code, message, httpStatus, fault } = exchanged;
  const what = `${name} could not be read`;
  if (why !== "no_answer") return `${what}. ${rejection(why, exchanged)}`;
  const isPassing = httpStatus === undefined || httpStatus >= 500 || httpStatus === TOO_MANY;
  const next = isPassing ? "Try again in a moment." : "Please tell the bot's admin.";
  if (fault === "other shape") return `${what}: a figure in Bitget's answer is missing or odd. ${ODD_NEXT}`;
  if (code !== undefined) return `${what}: ${bitgetAnswered(code, message)}. ${next}`;
  if (httpStatus !== undefined && httpStatus >= 300) return `${what}: HTTP ${httpStatus}. ${next}`;
  return `${what}: there was no usable answer from Bitget. Try again in a moment.`;
}

const FIGURE_WORDS: Readonly<Record<Figure, string>> = {
  leverage: "leverage",
  entryPrice: "entry price",
  markPrice: "mark price",
  liquidationPrice: "liquidation price",
  maintenanceRate: "maintenance rate",
};

function noBound(missing: readonly Figure[] = []): string {
  if (missing.length === 0) {
    return "Nobody can say how near liquidation would come, so nothing can be removed here. Use Bitget's app.";
  }
  const named = missing.map((name) => FIGURE_WORDS[name]).join(", ");
  return `Not known: ${named}. Without that nothing can be removed here; margin can still be added.`;
}

/** `1193.1`: cut off, but never to a figure that the limit allows. */
function overLimit(value: Usd, limit: Usd): Usd {
  const cut = truncate(value, USD_PLACES);
  return compare(cut, limit) > 0 ? cut : roundUp(value, USD_PLACES);
}

function tooLittleFree(free: Amount, marginCoin: string): string {
  const next =
    sign(shownAmount(free, marginCoin)) > 0 ? "Type that or less" : "Move funds into the futures account first";
  return `The free balance is ${coins(free, marginCoin)}. ${next}.`;
}

function changed({ what, before, now }: Refusal & { code: "changed" }): string {
  if (what === "opening") {
    return "That position was closed, and another one opened in its place since you saw it. /margin shows it as it is.";
  }
  const [from, to] = beforeAndAfter(before, now);
  return `The position's ${DRIFT[what]} changed from ${from} to ${to} since you saw it. /margin shows it as it is.`;
}

/** Our own no, as a sentence. That nothing was changed is said by whoever uses it. */
export function refusal(why: Refusal): string {
  switch (why.code) {
    case "unknown_symbol":
      return `No contract is called ${why.symbol}. Type a coin or a symbol such as BTC or BTCUSDT.`;
    case "no_position":
      return `There is no open ${[why.symbol, why.holdSide].filter((word) => word !== "").join(" ")} position. See /positions.`;
    case "cross_margin":
      return `${why.symbol} ${why.holdSide} is in cross margin; only isolated margin can be adjusted.`;
    case "zero":
      return "The amount is zero. Type an amount such as 50.";
    case "decimals":
      return `${why.marginCoin} amounts have at most ${why.decimalsMax} decimals. Type fewer.`;
    case "over_limit":
      return `That is ${overLimit(why.value, why.limit)} USD, and one adjustment may move at most ${why.limit} USD. Type less.`;
    case "balance":
      return tooLittleFree(why.free, why.marginCoin);
    case "whole_margin":
      return `The position has ${coins(why.margin, why.marginCoin)} of margin, and not all of it can go. Type less.`;
    case "remove_floor": {
      const left = why.distance === undefined ? "" : ` and this would leave ${percentCut(why.distance)}`;
      return `A removal must leave ${percent(why.floor)} to liquidation${left}. Remove less.`;
    }
    case "no_bound":
      return noBound(why.missing);
    case "locked":
      return why.step === "sending"
        ? `Adjustment ${why.open} on this symbol is under way. Try again in a moment.`
        : `Adjustment ${why.open} on this symbol is still not known. Until it is settled nothing else is sent.`;
    case "unreadable":
      return unreadable(why);
    case "changed":
      return changed(why);
    default:
      return HOUSE[why.code];
  }
}

const HOUSE = {
  other_account: "The bot does not work with this account, or this kind of contract, now. Start again with /margin.",
  undone: "That was undone already. Look at /positions.",
  nothing_to_undo: "There is nothing to undo: it was not done, or is too long ago. Look at /positions.",
  broken: "Something went wrong here, before anything was sent. Start again with /margin, and tell the bot's admin.",
  no_mark: "The mark price could not be read, so nobody can say what the amount is worth. Use Bitget's app.",
  frozen: "The bot is frozen and sends nothing until an admin lets go with /unfreeze.",
  overtaken: "Another margin change came in between. Look at /positions, and start again with /margin.",
  waited: "It waited two minutes for a place in Bitget's budget and was given up. Start again with /margin.",
  table_busy:
    "Another program held the bot's database for half a minute: a backup or a snapshot? Start again with /margin, and tell the bot's admin.",
  closing: "The bot is restarting. Start again in a moment with /margin.",
  restart: "The bot restarted before anything was sent. Start again with /margin.",
  not_member: "You are not a member.",
  called_off: "You stopped this before there was a card for it.",
} as const;
