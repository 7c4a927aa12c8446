/** From plain text to words: each gets the one letter by which the forms in reading-forms.ts know it. */
import type { Direction } from "../model/adjustment.ts";
import { ANY_DOLLAR } from "../model/coin.ts";
import type { HoldSide } from "../model/position.ts";
import { isLink, isNumberedName } from "./contract-name.ts";
import { type Fault, type FaultKey, fault, GAP } from "./expression.ts";
import { lower, THIN } from "./normalize.ts";
import { NUMBER_CLASS, type Scale } from "./number.ts";

/**
 * `n` number · `s` sign · `v` verb · `%` · `$` dollars of any kind · `c` usdt, usdc · `w` a word that may be a coin · `=` ·
 * `t` to · `l` liquidation · `a` away · `x` times · `d` double · `h` half · `m` max · `S` side · `N` name of a contract ·
 * `f` from, out, off · `b` by · `o` of · `i` on · `g` margin · `L` leverage · `U` up or down · `R` refused wherever it
 * stands · `|` where name or side stood between others · `?` anything else
 */
type WordKind =
  | ("n" | "s" | "v" | "%" | "$" | "c" | "w" | "=" | "t" | "l" | "a" | "x" | "d" | "h" | "m")
  | ("S" | "N" | "f" | "b" | "o" | "i" | "g" | "L" | "U" | "R" | "|" | "?");

/** One word of a text, by what it means. */
export interface Word {
  readonly kind: WordKind;
  /** As typed, or the figure that the word stands for. */
  readonly text: string;
  readonly scale?: Scale;
  readonly direction?: Direction;
  readonly holdSide?: HoldSide;
  /** Why a text with this word is refused. */
  readonly refusal?: FaultKey;
}

function each(words: string, meaning: Omit<Word, "text">): [string, Omit<Word, "text"> & { text?: string }][] {
  return words.split(" ").map((word) => [word, meaning]);
}

const DICTIONARY: ReadonlyMap<string, Omit<Word, "text"> & { readonly text?: string }> = new Map([
  ...each("add put", { kind: "v", direction: "add" }),
  ...each("remove reduce withdraw", { kind: "v", direction: "remove" }),
  // Out of the position, or out of the balance: what stands with them says which.
  ...each("take pull get", { kind: "v" }),
  ...each("from out off", { kind: "f", direction: "remove" }),
  ...each("plus", { kind: "s", direction: "add" }),
  ...each("minus", { kind: "s", direction: "remove" }),
  ...each("percent pct", { kind: "%" }),
  ...each("u usd", { kind: "$" }),
  ...each("usdt usdc", { kind: "c" }),
  ...each("to", { kind: "t" }),
  ...each("liq liquidation", { kind: "l" }),
  ...each("away distance", { kind: "a" }),
  ...each("x times", { kind: "x" }),
  ["double", { kind: "d", text: "2" }],
  ["triple", { kind: "d", text: "3" }],
  ["half", { kind: "h", text: "0.5" }],
  ["quarter", { kind: "h", text: "0.25" }],
  ...each("max all", { kind: "m" }),
  ...each("long l buy лонг 多 做多", { kind: "S", holdSide: "long" }),
  ...each("short s sell шорт 空 做空", { kind: "S", holdSide: "short" }),
  ...each("up down", { kind: "U" }),
  ...each("by", { kind: "b" }),
  ...each("of", { kind: "o" }),
  ...each("on", { kind: "i" }),
  ...each("margin", { kind: "g" }),
  // Words that turn an amount around, or name what it is of. A contract of that name is typed `#less` or `lessusdt`.
  ...each("cut lower less decrease subtract deduct without back", { kind: "R", refusal: "unclear_direction" }),
  ...each("balance free available total equity wallet funds collateral", { kind: "R", refusal: "unclear_whole" }),
  ...each("position size notional pnl profit removable", { kind: "R", refusal: "unclear_whole" }),
  ...each("no don't dont never cancel undo stop", { kind: "R", refusal: "negation" }),
  ...each("price mark entry", { kind: "R", refusal: "not_understood" }),
  ...each("leverage", { kind: "R", refusal: "leverage" }),
]);

const MARKS: Readonly<Record<string, Omit<Word, "text"> & { readonly text?: string }>> = {
  "+": { kind: "s", direction: "add" },
  "-": { kind: "s", direction: "remove" },
  "=": { kind: "=" },
  $: { kind: "$" },
  "%": { kind: "%" },
  "*": { kind: "x" },
  x: { kind: "x" },
  "½": { kind: "h", text: "0.5" },
  "¼": { kind: "h", text: "0.25" },
  "¾": { kind: "h", text: "0.75" },
};

// Every part is made of other characters than its neighbours, so that there is one way only to match.
const AMOUNT = new RegExp(`^([-+=$*x]*)([${NUMBER_CLASS}]+)([a-z]*)([$%]?)$`);
const PIECES = new RegExp(`[${NUMBER_CLASS}]+|.`, "gu");
const NOTATION = /^[-+]?\d[\d.,]*(?:e[-+]?\d+|x[\da-f]+|b[01]+)$/;
const TAIL = /^([km]?)((?:usdt|usdc|usd|u)?)$/;
const COIN = /^[a-z]{2,10}$/;
/** What is ignored inside a name, or could belong to an amount behind it. */
const SEPARATORS = /[-+=:/_.,*$]+/;
// A name may end in a digit: then a space behind it parts it from its amount, and groups nothing. `x2 500` is a factor.
const NAME_THEN_GAP = new RegExp(`([a-wyz][a-z]*\\d+)[${GAP}${THIN}]`, "gi");
const TWO_WORDS: ReadonlyMap<string, string> = new Map([
  ["take out", "remove"],
  ["pull out", "remove"],
  ["top up", "add"],
  ["put in", "add"],
]);

function mark(character: string): Word {
  return { text: character, ...(MARKS[character] ?? { kind: "?" }) };
}

/** What letters right behind a number say: a scale, dollars, a coin, leverage; undefined: they make it a name. */
function tail(letters: string, mayBeName: boolean): { scale: Scale; words: readonly Word[] } | undefined {
  const [, scale, coin] = TAIL.exec(letters) ?? [];
  if (coin !== undefined) {
    const kind = coin === "u" || coin === "usd" ? "$" : "c";
    return { scale: scale as Scale, words: coin === "" ? [] : [{ kind, text: coin }] };
  }
  // `2kk` is two million to some and a slip to others.
  if (/^[km]+$/.test(letters)) return undefined;
  if (letters === "x") return { scale: "", words: [{ kind: "L", text: letters }] };
  // `50long` lacks a space; it is no coin called long.
  const isCoin = COIN.test(letters) && !mayBeName && !DICTIONARY.has(letters);
  return isCoin ? { scale: "", words: [{ kind: "w", text: letters }] } : undefined;
}

/** The words of a piece such as `-$20`, `1.2kusdt`, `25%`; undefined where the piece is no amount. */
function amountWords(piece: string, takesNames: boolean): readonly Word[] | undefined {
  const [, lead, digits = "", letters = "", end = ""] = AMOUNT.exec(piece) ?? [];
  if (lead === undefined || !/\d/.test(digits)) return undefined;
  const mayBeName = takesNames && (lead === "" || lead === "$") && /^\d+$/.test(digits);
  const behind = tail(letters, mayBeName && isNumberedName(digits + letters));
  if (behind === undefined) return undefined;
  const number: Word = { kind: "n", text: digits, scale: behind.scale };
  return [...[...lead].map(mark), number, ...behind.words, ...[...end].map(mark)];
}

function known(piece: string): readonly Word[] | undefined {
  const meaning = DICTIONARY.get(piece);
  if (meaning !== undefined) return [{ text: piece, ...meaning }];
  // `-max`, `+half`
  const [sign = "", part] = [piece[0], DICTIONARY.get(piece.slice(1))];
  const isSigned = /[-+]/.test(sign) && (part?.kind === "m" || part?.kind === "h");
  return isSigned ? [mark(sign), { text: piece.slice(1), ...part }] : undefined;
}

/**
 * Whether an amount hangs on a name by a mark: `btc-50` may be a removal of 50 as well as a contract BTC50, and a mark
 * that is ignored in names would swallow the amount.
 */
function holdsAmount(small: string): boolean {
  const parts = small.split(SEPARATORS);
  const isAmount = (part = "") => {
    const [, letters] = /^\d+([a-z]*)%?$/.exec(part) ?? [];
    if (letters === undefined) return part === "max" || part === "all" || part === "half";
    return TAIL.test(letters) || !isNumberedName(part);
  };
  return parts.length > 1 && !isLink(small) && (isAmount(parts[0]) || isAmount(parts.at(-1)));
}

function wordsOf(piece: string, takesNames: boolean): readonly Word[] | Fault {
  const small = lower(piece);
  const word = known(small);
  if (word !== undefined) return word;
  if (NOTATION.test(small)) return fault("notation", piece);
  const amount = amountWords(small, takesNames);
  if (amount !== undefined) return amount;
  // Without a letter it is no name: numbers, signs and marks, whatever they come to.
  if (!/\p{L}/u.test(piece)) {
    return (piece.match(PIECES) ?? []).map((part) => (/\d/.test(part) ? { kind: "n", text: part } : mark(part)));
  }
  if (takesNames && holdsAmount(small)) return fault("name_or_amount", piece);
  if (takesNames) return [{ kind: "N", text: piece }];
  return [{ kind: COIN.test(small) ? "w" : "?", text: piece }];
}

// `20 k` and `20 m`: a phone puts the space there by itself.
function withScales(words: readonly Word[]): readonly Word[] {
  const joined: Word[] = [];
  for (const word of words) {
    const [last, letter] = [joined.at(-1), lower(word.text)];
    const isScale = (word.kind === "N" || word.kind === "?") && (letter === "k" || letter === "m");
    if (isScale && last?.kind === "n" && !last.scale) joined[joined.length - 1] = { ...last, scale: letter };
    else joined.push(word);
  }
  return joined;
}

// Chinese sides are written without spaces, and some words are two.
function pieces(plain: string): readonly string[] {
  const apart = plain.replace(/做?[多空]/g, " $& ");
  const parted = apart.replace(NAME_THEN_GAP, "$1 ");
  // First: `take out of btc` takes out, and `of` is no word of its own there.
  const led = parted.replace(/\b(?:out|off) of\b/gi, "from");
  const verbs = /\b(?:take out|pull out|top up|put in)\b/gi;
  const phrased = led.replace(verbs, (words) => TWO_WORDS.get(lower(words)) ?? words);
  return phrased.split(" ").filter((piece) => piece !== "");
}

/** The words of a plain text, in order; with `takesNames` an unknown word is the name of a contract. */
export function words(plain: string, takesNames: boolean): readonly Word[] | Fault {
  const read: Word[] = [];
  for (const piece of pieces(plain)) {
    const found = wordsOf(piece, takesNames);
    if ("fault" in found) return found;
    read.push(...found);
  }
  return withScales(read);
}

/** The coin that a word names, as expressions have it. */
export function coinOf(word: Word): string {
  return word.kind === "$" ? ANY_DOLLAR : word.text.toUpperCase();
}
