/**
 * The small words between the others: to, from, out, off, by, of, on and margin. Each says something where it stands, or
 * the text is refused: none is passed over that could turn the direction around, or name what a part is of.
 */
import { type Fault, type FaultKey, fault } from "./expression.ts";
import type { Word } from "./tokens.ts";

/** A small word between its neighbours, and what the whole text says. */
interface Place {
  readonly word: Word;
  readonly before: Word | undefined;
  readonly next: Word | undefined;
  readonly at: number;
  readonly typed: readonly Word[];
}

function isValue(word: Word | undefined): boolean {
  return word !== undefined && /^[nhm]$/.test(word.kind);
}

/** Whether a word for adding stands in front of this place. */
export function addsBefore(typed: readonly Word[], at: number): boolean {
  return typed.slice(0, at).some(({ direction }) => direction === "add");
}

/**
 * Whether a `to` only leads to the name: `add 50 to btc`, `add to btc 50`, `add to btc`. Without a word for adding, or
 * with the number elsewhere, it says what the number is, wherever it stands: `to btc long 500` is `btc long to 500`.
 * One removes from, never to: `reduce to btc 500` can only mean a margin or price of 500.
 */
function isLeading(typed: readonly Word[], at: number): boolean {
  if (typed[at]?.kind !== "t" || !/[NS]/.test(typed[at + 1]?.kind ?? "")) return false;
  if (!addsBefore(typed, at)) return false;
  const after = typed.slice(at + 1).filter(({ kind }) => !/[NSbfgio]/.test(kind));
  const isBehind = isValue(after.find(({ kind }) => !/[s$c]/.test(kind)));
  return typed.slice(0, at).some(isValue) || isBehind || after.length === 0;
}

function has(typed: readonly Word[], kinds: RegExp): boolean {
  return typed.some(({ kind }) => kinds.test(kind));
}

/** Whether the text says what to remove or to add by a sign, a verb or a word that takes out. */
function says(typed: readonly Word[], wanted: "add" | "remove"): boolean {
  return typed.some(({ direction }) => direction === wanted);
}

// `50 from btc`, `take 50 out`. In front of a number it begins a range, or a sentence that is not finished.
function fromFault({ word, before, next }: Place): FaultKey | undefined {
  // `max out btc` may be all that can go in, or all that can go out.
  if (before?.kind === "m" && /^out$/i.test(word.text)) return "unclear_direction";
  if (next === undefined || /^[NSfg]$/.test(next.kind)) return undefined;
  return next.kind === "w" || next.kind === "?" ? "not_understood" : "unclear_direction";
}

// `reduce by 20`. By a quarter is by a quarter of the margin, and a goal is reached, not moved by.
function byFault({ next, typed }: Place): FaultKey | undefined {
  if (has(typed, /^[%hm]$/)) return "unclear_whole";
  const isGoal = has(typed, /^[alx=d]$/) || typed.some(({ kind }, at) => kind === "t" && !isLeading(typed, at));
  if (isGoal) return "not_understood";
  return /^[ns$c]$/.test(next?.kind ?? "") ? undefined : "not_understood";
}

function onFault({ next }: Place): FaultKey | undefined {
  return /^[NSg]$/.test(next?.kind ?? "") ? undefined : "not_understood";
}

// `remove half of btc`, `add 20 of margin`, `liq of btc 54000`. What is added is no part of what is there.
function ofFault({ before, next, typed }: Place): FaultKey | undefined {
  if (has(typed, /^[%hm]$/) && !(says(typed, "remove") && next !== undefined)) return "unclear_whole";
  const isOwner = before?.kind === "g" || before?.kind === "l";
  if (isOwner && /^[NSn$]$/.test(next?.kind ?? "")) return undefined;
  if (!/^[NSg]$/.test(next?.kind ?? "")) return "not_understood";
  const isSaid = next?.kind === "g" || says(typed, "add") || says(typed, "remove");
  return isSaid ? undefined : "unclear_direction";
}

// `margin to 500` and `margin of 500` are a margin to reach, `20 margin` is what is moved.
function marginFault({ before, next, at, typed }: Place): FaultKey | undefined {
  const isDirected = says(typed, "add") || says(typed, "remove");
  if (has(typed, /^[%h]$/) || (has(typed, /^m$/) && !isDirected)) return "unclear_whole";
  if (has(typed, /^[al]$/)) return "not_understood";
  if (before?.kind === "t") return says(typed, "add") ? "unclear_margin" : undefined;
  if (before?.kind === "f" && /^[nhms$]$/.test(next?.kind ?? "")) return "unclear_margin";
  if (has(typed, /^[t=xd]$/) || isDirected || isTarget(typed, at)) return undefined;
  return isValue(typed.slice(at).find(isValue)) ? "unclear_margin" : undefined;
}

/** `margin of 500` */
function isTarget(typed: readonly Word[], at: number): boolean {
  return typed[at]?.kind === "g" && typed[at + 1]?.kind === "o" && /^[n$]$/.test(typed[at + 2]?.kind ?? "");
}

const FAULTS: Readonly<Partial<Record<Word["kind"], (place: Place) => FaultKey | undefined>>> = {
  f: fromFault,
  b: byFault,
  i: onFault,
  o: ofFault,
  g: marginFault,
};

function firstFault(typed: readonly Word[], plain: string): Fault | undefined {
  const refused = typed.find(({ refusal }) => refusal !== undefined);
  if (refused?.refusal !== undefined) return fault(refused.refusal, refused.text);
  for (const [at, word] of typed.entries()) {
    const key = FAULTS[word.kind]?.({ word, before: typed[at - 1], next: typed[at + 1], at, typed });
    if (key !== undefined) return fault(key, plain);
  }
  return undefined;
}

/** What a small word comes to that has its right place: another word, itself, or nothing. */
function meaning(word: Word, at: number, typed: readonly Word[]): readonly Word[] {
  if (isLeading(typed, at) || /^[big]$/.test(word.kind)) return [];
  if (word.kind === "t") return [has(typed, /^g$/) ? { ...word, kind: "g" } : word];
  if (word.kind === "o") return isTarget(typed, at - 1) ? [{ ...word, kind: "=" }] : [];
  // `50 from`: whence is not said.
  if (word.kind === "f" && at === typed.length - 1 && /^from$/i.test(word.text))
    return [{ kind: "f", text: word.text }];
  return [word];
}

/** The words without the small ones that have done their part; a fault where one could mislead. `plain` is their text. */
export function linkWords(typed: readonly Word[], plain: string): readonly Word[] | Fault {
  return firstFault(typed, plain) ?? typed.flatMap((word, at) => meaning(word, at, typed));
}
