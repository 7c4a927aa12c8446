/**
 * What buttons carry: one table of codecs, each a prefix with its version and its parts in the order in which they are
 * written. Cards stay in chats: a part that changes gets a new prefix, and the old one stays readable.
 */
import { type Amount, readDecimal } from "../../margin/model/decimal.ts";
import type { HoldSide, PositionKey, ProductType } from "../../margin/model/position.ts";
import type { HistoryFilter } from "../../margin/reports/history.ts";

/** Telegram's limit, in bytes (Bot API, InlineKeyboardButton.callback_data). */
const BYTES_MAX = 64;
/** Between parts, and in none of them. */
const BREAK = ":";

/** One part: how its value is written, and the value that a text stands for; undefined where it stands for none. */
interface Part<T> {
  write(value: T): string;
  read(text: string): T | undefined;
}

interface Codec<T> {
  /** Which kind of button, and the version of how it is written. */
  readonly prefix: string;
  /** Throws where it would not fit into a button: a bug, as no part that we make is that long. */
  encode(value: T): string;
  /** Whether it fits: a name of a contract may be longer than any that we make. */
  fits(value: T): boolean;
  /** Undefined for the data of other buttons, and for anything that was not written here. */
  decode(data: string): T | undefined;
}

function text(pattern: RegExp): Part<string> {
  return { write: (value) => value, read: (given) => (pattern.test(given) ? given : undefined) };
}

/** A letter for each of a few values. */
function letters<T extends string>(table: Readonly<Record<T, string>>): Part<T> {
  const values = Object.keys(table) as T[];
  return { write: (value) => table[value], read: (given) => values.find((value) => table[value] === given) };
}

const amount: Part<Amount> = {
  write: (value) => value,
  read: (given) => (/^\d{1,15}(?:\.\d{1,8})?$/.test(given) ? readDecimal(given) : undefined),
};

const page: Part<number> = {
  write: String,
  read: (given) => (/^\d{1,4}$/.test(given) ? Number(given) : undefined),
};

/** The parts of `T` in the order of writing; the one called `last` stands at the end, or not at all. */
function codec<T extends object>(
  prefix: string,
  parts: { readonly [Name in keyof T]-?: Part<Exclude<T[Name], undefined>> },
  last?: keyof T,
): Codec<T> {
  const all = Object.entries<Part<unknown>>(parts);
  const written = (value: T) => {
    const given = value as Readonly<Record<string, unknown>>;
    const texts = all.flatMap(([name, part]) => (given[name] === undefined ? [] : [part.write(given[name])]));
    return [prefix, ...texts].join(BREAK);
  };
  return {
    prefix,
    fits: (value) => Buffer.byteLength(written(value)) <= BYTES_MAX,
    encode(value) {
      const data = written(value);
      if (Buffer.byteLength(data) > BYTES_MAX) throw new Error("callback data is too long");
      return data;
    },
    decode(data) {
      const [found, ...texts] = data.split(BREAK);
      if (found !== prefix) return undefined;
      const expected = texts.length < all.length ? all.filter(([name]) => name !== last) : all;
      if (expected.length !== texts.length) return undefined;
      const read = expected.map(([name, part], index) => [name, part.read(texts[index] ?? "")] as const);
      return read.some(([, value]) => value === undefined) ? undefined : (Object.fromEntries(read) as T);
    },
  };
}

/**
 * What a button of a card carries: what to do, of which adjustment, and the secret that proves it came from that card.
 */
export interface CardPress {
  readonly action: "confirm" | "cancel";
  readonly adjustment: string;
  readonly nonce: string;
}

/** An answer to a question: which dialogue asked it, and the choice. */
interface QuestionPress {
  readonly dialogue: string;
  readonly choice: string;
}

/** What a verdict, or a refusal, offers to do next; `amount` where it is another one than was asked for. */
export interface NextPress {
  readonly action: "undo" | "use" | "more" | "position" | "change";
  readonly adjustment: string;
  readonly amount?: Amount;
}

/** What a list of adjustments shows: whose, which, the page, and the one that is open. */
export interface HistoryPlace {
  readonly filter: HistoryFilter;
  readonly page: number;
  readonly owner: string;
  readonly adjustment?: string;
}

/** A position in whatever account is worked with: such a button works as long as it is seen. */
type PositionTap = Omit<PositionKey, "account">;

const adjustment = text(/^[a-z0-9]{8,20}$/);

/**
 * One codec for each kind of button. Encoded data has at most 64 bytes (Bot API, InlineKeyboardButton); what does not fit its
 * kind decodes to undefined.
 */
export const callbackData = {
  card: codec<CardPress>("m1", {
    action: letters({ confirm: "c", cancel: "x" }),
    adjustment,
    nonce: text(/^[A-Za-z0-9_-]{16,32}$/),
  }),
  question: codec<QuestionPress>("q1", {
    dialogue: text(/^[a-z0-9]{6,12}$/),
    choice: text(/^[a-z0-9]{1,8}$/),
  }),
  position: codec<PositionTap>("p1", {
    productType: letters<ProductType>({ "USDT-FUTURES": "u", "USDC-FUTURES": "c", "COIN-FUTURES": "b" }),
    // Bitget lists contracts whose names are not in Latin letters.
    symbol: text(/^[\p{Lu}\p{Lo}\p{M}\d_.-]{1,30}$/u),
    marginCoin: text(/^[\p{Lu}\p{Lo}\d]{1,12}$/u),
    holdSide: letters<HoldSide>({ long: "l", short: "s" }),
  }),
  positionsAgain: codec<{ readonly what: "again" }>("p1", { what: letters({ again: "again" }) }),
  next: codec<NextPress>(
    "v1",
    { action: letters({ undo: "u", use: "a", more: "m", position: "p", change: "c" }), adjustment, amount },
    "amount",
  ),
  history: codec<HistoryPlace>(
    "h1",
    {
      filter: letters<HistoryFilter>({ all: "a", done: "d", not_done: "n", not_known: "k" }),
      page,
      owner: text(/^\d{1,16}$/),
      adjustment,
    },
    "adjustment",
  ),
} as const;

/** The data of a button that answers a question of the conversation `dialogue`; at most 64 bytes. */
export function questionData(dialogue: string, choice: string): string {
  return callbackData.question.encode({ dialogue, choice });
}

/** The choice that the data names in this dialogue; undefined for anything else. */
export function readChoice(data: string | undefined, dialogue: string): string | undefined {
  const press = callbackData.question.decode(data ?? "");
  return press?.dialogue === dialogue ? press.choice : undefined;
}

/** Reads the list of positions again. */
export const POSITIONS_AGAIN = callbackData.positionsAgain.encode({ what: "again" });
