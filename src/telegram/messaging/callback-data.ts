/**
 * What buttons carry. A card's button: version, deed, adjustment id and nonce; a question's: dialogue and choice; that of
 * a position: which one it is, so that it works as long as it is seen.
 */
import { type Amount, readDecimal } from "../../margin/model/decimal.ts";
import type { PositionKey, ProductType } from "../../margin/model/position.ts";
import { HISTORY_FILTERS, type HistoryFilter } from "../../margin/reports/history.ts";

/** Telegram's limit, in bytes (Bot API, InlineKeyboardButton.callback_data). */
const BYTES_MAX = 64;

export type CardAction = "confirm" | "cancel";

const CARD = /^m1:([cx]):([a-z0-9]{8,20}):([A-Za-z0-9_-]{16,32})$/;
const QUESTION = /^q1:([a-z0-9]{6,12}):([a-z0-9]{1,8})$/;
// Bitget lists contracts whose names are not in Latin letters.
const POSITION = /^p1:([ucb]):([\p{Lu}\p{Lo}\d]{1,30}):([\p{Lu}\p{Lo}\d]{1,12}):([ls])$/u;
const PRODUCT_LETTERS: Readonly<Record<ProductType, string>> = {
  "USDT-FUTURES": "u",
  "USDC-FUTURES": "c",
  "COIN-FUTURES": "b",
};
const NEXT = /^v1:([uampc]):([a-z0-9]{8,20})(?::(\d{1,15}(?:\.\d{1,8})?))?$/;
const NEXT_LETTERS = { undo: "u", use: "a", more: "m", position: "p", change: "c" } as const;
const HISTORY = /^h1:([adnk]):(\d{1,4}):(\d{1,16})(?::([a-z0-9]{8,20}))?$/;
const FILTER_LETTERS: Readonly<Record<HistoryFilter, string>> = { all: "a", done: "d", not_done: "n", not_known: "k" };
const LETTERS = { confirm: "c", cancel: "x" } as const;

function checked(data: string): string {
  if (Buffer.byteLength(data) > BYTES_MAX) throw new Error("callback data is too long");
  return data;
}

export function cardData(action: CardAction, adjustment: string, nonce: string): string {
  return checked(`m1:${LETTERS[action]}:${adjustment}:${nonce}`);
}

export interface CardPress {
  readonly action: CardAction;
  readonly adjustment: string;
  readonly nonce: string;
}

export function readCardData(data: string): CardPress | undefined {
  const [, letter, adjustment, nonce] = CARD.exec(data) ?? [];
  if (adjustment === undefined || nonce === undefined) return undefined;
  return { action: letter === "c" ? "confirm" : "cancel", adjustment, nonce };
}

/** What a verdict, or a refusal, offers to do next. */
export type NextAction = keyof typeof NEXT_LETTERS;

export function nextData(action: NextAction, adjustment: string, amount?: Amount): string {
  return checked(`v1:${NEXT_LETTERS[action]}:${adjustment}${amount === undefined ? "" : `:${amount}`}`);
}

export interface NextPress {
  readonly action: NextAction;
  readonly adjustment: string;
  readonly amount: Amount | undefined;
}

export function readNextData(data: string): NextPress | undefined {
  const [, letter, adjustment, amount] = NEXT.exec(data) ?? [];
  const actions = Object.keys(NEXT_LETTERS) as NextAction[];
  const action = actions.find((one) => NEXT_LETTERS[one] === letter);
  if (action === undefined || adjustment === undefined) return undefined;
  return { action, adjustment, amount: amount === undefined ? undefined : readDecimal(amount) };
}

/** What a list of adjustments shows: whose, which, the page, and the one that is open. */
export interface HistoryPlace {
  readonly owner: string;
  readonly filter: HistoryFilter;
  readonly page: number;
  readonly adjustment?: string;
}

export function historyData({ owner, filter, page, adjustment }: HistoryPlace): string {
  return checked(`h1:${FILTER_LETTERS[filter]}:${page}:${owner}${adjustment === undefined ? "" : `:${adjustment}`}`);
}

export function readHistoryData(data: string): HistoryPlace | undefined {
  const [, letter, page, owner, adjustment] = HISTORY.exec(data) ?? [];
  const filter = HISTORY_FILTERS.find((one) => FILTER_LETTERS[one] === letter);
  if (filter === undefined || owner === undefined) return undefined;
  return { owner, filter, page: Number(page), ...(adjustment === undefined ? {} : { adjustment }) };
}

export function questionData(dialogue: string, choice: string): string {
  return checked(`q1:${dialogue}:${choice}`);
}

/** The choice that the data names in this dialogue; undefined for anything else. */
export function readChoice(data: string | undefined, dialogue: string): string | undefined {
  const [, found, choice] = QUESTION.exec(data ?? "") ?? [];
  return found === dialogue ? choice : undefined;
}

/** Reads the list of positions again. */
export const POSITIONS_AGAIN = "p1:again";

export function positionData({ productType, symbol, marginCoin, holdSide }: Omit<PositionKey, "account">): string {
  return checked(`p1:${PRODUCT_LETTERS[productType]}:${symbol}:${marginCoin}:${holdSide[0]}`);
}

/** The position that the data names, in whatever account is worked with; undefined for anything else. */
export function readPositionData(data: string): Omit<PositionKey, "account"> | undefined {
  const [, letter, symbol, marginCoin, side] = POSITION.exec(data) ?? [];
  const types = Object.keys(PRODUCT_LETTERS) as ProductType[];
  const productType = types.find((type) => PRODUCT_LETTERS[type] === letter);
  if (productType === undefined || symbol === undefined || marginCoin === undefined) return undefined;
  return { productType, symbol, marginCoin, holdSide: side === "l" ? "long" : "short" };
}
