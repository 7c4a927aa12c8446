/** What the words of a line mean by what stands beside them: quotes behind names, coins behind numbers, fillers. */
import { compare, decimal } from "./decimal.ts";
import { readNumber } from "./reading-number.ts";
import { lower } from "./reading-text.ts";
import { type Fault, fault } from "./reading-wish.ts";
import type { Word } from "./reading-words.ts";
import { isBareCoin, mayBeNumbered } from "./symbols-names.ts";

const ONE = decimal("1");

// `btc usdt`, `BTC / USDT`, `btc perp`: a quote behind a name belongs to it. A point may belong to a number.
function withQuotes(typed: readonly Word[]): readonly Word[] {
  const parts: Word[] = [];
  for (const word of typed.filter(
    ({ kind, text }, at) => !/^[/:_]$/.test(text) || kind !== "?" || typed[at - 1]?.kind !== "N",
  )) {
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
  return isBelowOne(number) && typed.every(({ kind }) => /^[nsv=NSf]$/.test(kind));
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
  // Signs, coins and words such as `to` or `liq` say that the number is none of the name.
  if (!typed.every(({ kind }) => /^[nvNSf]$/.test(kind))) return undefined;
  const [numbers, at] = [typed.filter(({ kind }) => kind === "n"), typed.findIndex(({ kind }) => kind === "N")];
  const [number, name] = [typed[at - 1], typed[at]];
  if (numbers.length !== 1 || number?.kind !== "n" || name === undefined) return undefined;
  if (!mayBeNumbered(number.text + (number.scale ?? ""), name.text)) return undefined;
  return fault("name_or_amount", `${number.text}${number.scale ?? ""} ${name.text}`);
}

function isValue(word: Word | undefined): boolean {
  return word !== undefined && /^[nhm]$/.test(word.kind);
}

/**
 * Whether a `to` only leads to the name: `add 50 to btc`, `add to btc 50`, `add to btc`. Without a word for adding, or
 * with the number elsewhere, it says what the number is, wherever it stands: `to btc long 500` is `btc long to 500`.
 * One removes from, never to: `reduce to btc 500` can only mean a margin or price of 500.
 */
function isLeading(typed: readonly Word[], at: number): boolean {
  if (typed[at]?.kind !== "t" || !/[NS]/.test(typed[at + 1]?.kind ?? "")) return false;
  const [before, after] = [typed.slice(0, at), typed.slice(at + 1).filter(({ kind }) => !/[NSf]/.test(kind))];
  if (!before.some(({ direction }) => direction === "add")) return false;
  const isBehind = isValue(after.find(({ kind }) => !/[s$c]/.test(kind)));
  return before.some(isValue) || isBehind || after.length === 0;
}

function withoutFillers(typed: readonly Word[]): readonly Word[] {
  return typed.filter(({ kind }, at) => kind !== "f" && !isLeading(typed, at));
}

/** The words of a line, with those joined that belong together, and without fillers. */
export function joined(typed: readonly Word[]): readonly Word[] | Fault {
  // Fillers go last: `0.01 on btc` is no amount of that coin, and `1000 to pepe` no name.
  const quoted = withQuotes(typed);
  return unclearName(quoted) ?? withoutFillers(withCoin(quoted));
}
