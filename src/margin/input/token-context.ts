/** What the words of a line mean by what stands beside them: quotes behind names, coins behind numbers, small words. */
import { compare, decimal } from "../model/decimal.ts";
import { isBareCoin, mayBeNumbered } from "./contract-name.ts";
import { type Fault, fault } from "./expression.ts";
import { lower } from "./normalize.ts";
import { readNumber } from "./number.ts";
import { addsBefore, linkWords } from "./small-words.ts";
import type { Word } from "./tokens.ts";

const ONE = decimal("1");

/**
 * Whether a mark behind a name only parts it from what follows: `BTC / USDT`, `btc : 50`. In front of an amount a stroke
 * may divide, and `_` is the key of the minus.
 */
function isParting(typed: readonly Word[], at: number): boolean {
  const [before, mark, next] = [typed[at - 1], typed[at], typed[at + 1]];
  if (before?.kind !== "N" || mark?.kind !== "?" || !/^[/:_]$/.test(mark.text)) return false;
  return mark.text === ":" || !startsAmount(next);
}

function startsAmount(word: Word | undefined): boolean {
  return word !== undefined && (/^[nshm=]$/.test(word.kind) || word.text === "$");
}

// `btc usdt`, `BTC / USDT`, `btc perp`: a quote behind a name belongs to it. A point may belong to a number.
function withQuotes(typed: readonly Word[]): readonly Word[] {
  const parts: Word[] = [];
  for (const word of typed.filter((_, at) => !isParting(typed, at))) {
    const last = parts.at(-1);
    const isQuote = word.kind === "c" || (word.kind === "$" && /^usd$/i.test(word.text)) || /^perp$/i.test(word.text);
    if (isQuote && last?.kind === "N") parts[parts.length - 1] = { kind: "N", text: last.text + word.text };
    else parts.push(word);
  }
  return parts;
}

// `0.01 btc on btcusdt`: a name that stands right behind the number, and once more without it, is the coin there.
function withNamedCoin(typed: readonly Word[]): readonly Word[] {
  const names = typed.filter(({ kind }) => kind === "N");
  const coin = typed.findIndex(({ kind }, at) => kind === "N" && typed[at - 1]?.kind === "n");
  const [word, other] = [typed[coin], names.find((name) => name !== typed[coin])];
  if (word === undefined || other === undefined || names.length !== 2) return typed;
  if (!lower(other.text).startsWith(lower(word.text))) return typed;
  return typed.map((item, at) => (at === coin ? { kind: "w", text: word.text } : item));
}

function isBelowOne({ text, scale }: Word): boolean {
  const read = readNumber(text, scale ?? "");
  return read.ok && read.values.every((value) => compare(value, ONE) < 0);
}

// `0.01 btc`, where nothing says what the number is in: no coin, no dollars, no price.
function isCoinAmount(typed: readonly Word[], at: number): boolean {
  const [number, name] = [typed[at - 1], typed[at]];
  if (name?.kind !== "N" || number?.kind !== "n" || !isBareCoin(name.text)) return false;
  // A `to` behind it leads to the side: `add 0.01 btc to long`.
  const isPlain = ({ kind }: Word, place: number) => /^[nsv=NSbfgio]$/.test(kind) || (kind === "t" && place > at);
  return isBelowOne(number) && typed.every(isPlain);
}

/**
 * A coin that is the only name in the line says both what the amount is in and which contract is meant. `0.01btc long`
 * always does. `0.01 btc long` does where the number is below one, as people count coins so, and margin hardly ever.
 * Nothing is guessed: on margin in that coin both readings are the same amount, and on any other it is refused.
 */
function withCoin(typed: readonly Word[]): readonly Word[] {
  const named = withNamedCoin(typed);
  const names = named.filter(({ kind }) => kind === "N").length;
  return named.flatMap((word, at): readonly Word[] => {
    const { kind, text } = word;
    if (kind === "w" && names === 0) return [word, { kind: "N", text }];
    return names === 1 && isCoinAmount(named, at) ? [{ kind: "w", text }, word] : [word];
  });
}

// A number right in front of a name may be the amount as well as the beginning of the name: nobody could tell.
function unclearName(typed: readonly Word[]): Fault | undefined {
  // Signs, coins and words such as `liq` say that the number is none of the name; `add to 1000 pepe` does not.
  const isOpen = ({ kind }: Word, at: number) => /^[nvNSbfgio]$/.test(kind) || (kind === "t" && addsBefore(typed, at));
  if (!typed.every(isOpen)) return undefined;
  const [numbers, at] = [typed.filter(({ kind }) => kind === "n"), typed.findIndex(({ kind }) => kind === "N")];
  const [number, name] = [typed[at - 1], typed[at]];
  if (numbers.length !== 1 || number?.kind !== "n" || name === undefined) return undefined;
  const digits = `${number.text}${number.scale ?? ""}`;
  return mayBeNumbered(digits, name.text) ? fault("name_or_amount", `${digits} ${name.text}`) : undefined;
}

// `btc. 5`: a thumb may have missed the place of the space in `btc .5`, and in `btc_ 50` the minus.
function unclearEnd(typed: readonly Word[]): Fault | undefined {
  for (const [at, { kind, text }] of typed.entries()) {
    const next = typed[at + 1];
    if (kind !== "N" || next === undefined) continue;
    if (/\.[/_:]*$/.test(text) && next.kind === "n") return fault("grouping", `${text} ${next.text}`);
    if (/[/_]:*$/.test(text) && startsAmount(next)) return fault("not_understood", `${text} ${next.text}`);
  }
  return undefined;
}

/**
 * The words of a line, with those joined that belong together, and without the small ones that have done their part.
 * `plain` is the line's text.
 */
export function joinWords(typed: readonly Word[], plain: string): readonly Word[] | Fault {
  // Small words go last: `0.01 on btc` is no amount of that coin, and `1000 to pepe` no name.
  const quoted = withQuotes(typed);
  return unclearEnd(typed) ?? unclearName(quoted) ?? linkWords(withCoin(quoted), plain);
}
