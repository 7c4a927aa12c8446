/** From words to an expression: the forms that an expression may have, each written as the letters of its words. */
import type { Direction } from "../model/adjustment.ts";
import { compare, type Decimal, decimal, multiply, type Price, type Ratio, sign } from "../model/decimal.ts";
import { present } from "../model/present.ts";
import { type AmountExpression, type Fault, fault, type ParsedExpression } from "./expression.ts";
import { readNumber } from "./number.ts";
import { coinOf, type Word } from "./tokens.ts";

/** What every form can use: the direction that was typed, and the coin. */
interface Typed {
  readonly direction?: Direction;
  readonly coin?: string;
}

interface Form {
  readonly pattern: RegExp;
  /** Whether a verb may stand with it: `add =500` and `add x2` could mean two things. */
  readonly takesVerb: boolean;
  /** Whether it can be taken out of somewhere: `15% away from btc` could mean two things. */
  readonly takesFrom: boolean;
  readonly expression: (value: Decimal, typed: Typed) => AmountExpression | Fault;
}

const ONE = decimal<"ratio">("1");
const HUNDREDTH = decimal<"ratio">("0.01");

function percent(value: Decimal): Ratio {
  return multiply<"ratio">(value, HUNDREDTH);
}

function share(ratio: Ratio, typed: Typed): AmountExpression | Fault {
  if (compare(ratio, ONE) > 0) return fault("percent", "");
  if (compare(ratio, ONE) === 0) return { kind: "max", ...directed(typed) };
  return { kind: "share", share: ratio, ...directed(typed) };
}

function directed({ direction }: Typed): { direction?: Direction } {
  return present({ direction });
}

function coined({ coin }: Typed): { coin?: string } {
  return present({ coin });
}

const FORMS: readonly Form[] = [
  // 20 · +20 · - 20 · $20 · -$20 · 20u · 20 usdt · usdt 20
  {
    pattern: /^(?:s?[$c]?n|[$]sn|s?n[$cw])$/,
    takesVerb: true,
    takesFrom: true,
    expression: (digits, typed) => ({ kind: "amount", digits, ...directed(typed), ...coined(typed) }),
  },
  // 25% · -25 %
  { pattern: /^s?n%$/, takesVerb: true, takesFrom: true, expression: (value, typed) => share(percent(value), typed) },
  // half · ½
  { pattern: /^s?h$/, takesVerb: true, takesFrom: true, expression: (value, typed) => share(value as Ratio, typed) },
  // max · all · -max
  {
    pattern: /^s?m$/,
    takesVerb: true,
    takesFrom: true,
    expression: (_, typed) => ({ kind: "max", ...directed(typed) }),
  },
  // =500 · = $500
  {
    pattern: /^=(?:[$]?n|n[$cw])$/,
    takesVerb: false,
    takesFrom: false,
    expression: (margin, typed) => ({ kind: "target", margin, ...coined(typed) }),
  },
  // margin to 500 · to 500 margin · margin to btc 500
  {
    pattern: /^g\|?(?:[$]?n|n[$cw])$/,
    takesVerb: true,
    takesFrom: false,
    expression: (margin, typed) => ({ kind: "target", margin, ...directed(typed), ...coined(typed) }),
  },
  // to 500 · to 54000 · to btc 54000
  {
    pattern: /^t\|?(?:[$]?n|n[$cw])$/,
    takesVerb: true,
    takesFrom: false,
    expression: (figure, typed) => ({ kind: "to", figure, ...directed(typed), ...coined(typed) }),
  },
  // liq 54000 · liq to 54000 · liq btc 54000 · liq to btc 54000
  {
    pattern: /^l\|?(?:t\|?|=)?(?:[$]?n|n[$])$/,
    takesVerb: true,
    takesFrom: false,
    expression: (price, typed) => ({ kind: "liquidation", price: price as Price, ...directed(typed) }),
  },
  // 15% away · to 15% · away 15% · liq 15% · to btc 15%
  {
    pattern: /^(?:(?:[tl]\|?)?n%a|(?:t\|?)?an%|[tl]\|?n%)$/,
    takesVerb: true,
    takesFrom: false,
    expression: (value, typed) => ({ kind: "distance", ratio: percent(value), ...directed(typed) }),
  },
  // x2 · times 2 · double
  {
    pattern: /^(?:xn|d)$/,
    takesVerb: false,
    takesFrom: false,
    expression: (value) => ({ kind: "times", factor: value as Ratio }),
  },
];

/** The direction that the words say; `bare` is the one chosen already, and completes what is only half said. */
export function directionOf(words: readonly Word[], bare?: Direction): { direction?: Direction } | Fault {
  const [verbs, signs, froms] = (["v", "s", "f"] as const).map((wanted) => words.filter(({ kind }) => kind === wanted));
  // A verb without a direction, `take`, is about taking out, wherever it leads.
  const said = [...(verbs ?? []), ...(signs ?? [])].map(({ direction }) => direction ?? "remove");
  const [first] = said;
  // `remove -20` may be meant as minus minus: two words for a direction are one only where both say add.
  const agree = said.length < 2 || (verbs?.length === 1 && signs?.length === 1 && !said.includes("remove"));
  const isTakenOut = froms !== undefined && froms.length > 0;
  if (!agree || (isTakenOut && first === "add")) return fault("two_directions", "");
  // `take 50` may be meant to come out of the balance, and so may `50 from`. Together they are plain.
  const isOpen = isTakenOut
    ? first === undefined && froms.every(({ direction }) => direction === undefined)
    : verbs?.some(({ direction }) => direction === undefined);
  if (isOpen && bare !== "remove") return fault("unclear_direction", "");
  const direction = isTakenOut ? "remove" : first;
  return present({ direction });
}

/** The values that stand in the words: one, or two where a number is ambiguous, or none where none is needed. */
function valuesOf(words: readonly Word[]): readonly Decimal[] | Fault {
  const word = words.find(({ kind }) => kind === "n" || kind === "h" || kind === "d");
  if (word === undefined) return [ONE];
  if (word.kind !== "n") return [decimal(word.text)];
  const read = readNumber(word.text, word.scale ?? "");
  if (!read.ok) return fault(read.fault, word.text);
  return read.values.some((value) => sign(value) === 0) ? fault("zero", word.text) : read.values;
}

function noForm(words: readonly Word[], plain: string): Fault {
  const has = (wanted: Word["kind"]) => words.find(({ kind }) => kind === wanted);
  if (words.length === 0) return fault("empty", plain);
  if (has("L") !== undefined) return fault("leverage", plain);
  if (has("U") !== undefined) return fault("unclear_side", has("U")?.text ?? "");
  const unknown = has("?");
  const numbers = words.filter(({ kind }) => kind === "n").length;
  if (numbers > 1) return fault("two_amounts", plain);
  return fault("not_understood", unknown?.text ?? plain);
}

// Over a cap it is asked whether the `m` was meant: only then does a million differ from what stands in front of it.
function beforeM(expression: AmountExpression, words: readonly Word[], index: number): AmountExpression {
  const word = words.find(({ kind, scale }) => kind === "n" && scale === "m");
  if (expression.kind !== "amount" || word === undefined) return expression;
  const read = readNumber(word.text, "");
  const before = read.ok ? read.values[index] : undefined;
  return before === undefined ? expression : { ...expression, beforeM: before };
}

/** The expression that the words say; `plain` is their text, `bare` the direction chosen already. */
export function readForm(words: readonly Word[], plain: string, bare?: Direction): ParsedExpression {
  const letters = words
    .filter(({ kind }) => kind !== "v" && kind !== "f")
    .map(({ kind }) => kind)
    .join("")
    .replace(/^\|+|\|+$/g, "");
  const form = FORMS.find(({ pattern }) => pattern.test(letters));
  const [hasVerb, hasFrom] = [words.some(({ kind }) => kind === "v"), words.some(({ kind }) => kind === "f")];
  if (form === undefined || (hasVerb && !form.takesVerb)) return noForm(words, plain);
  if (hasFrom && !form.takesFrom) return fault("unclear_direction", plain);
  const [direction, values] = [directionOf(words, bare), valuesOf(words)];
  if ("fault" in direction) return fault(direction.fault, plain);
  if ("fault" in values) return values;
  const coinWord = words.find(({ kind }) => /^[cw$]$/.test(kind));
  const typed = { ...direction, ...present({ coin: coinWord && coinOf(coinWord) }) };
  const expressions = values.map((value, index) => {
    const expression = form.expression(value, typed);
    return expression.kind === "fault" ? fault(expression.fault, plain) : beforeM(expression, words, index);
  });
  const [first, second] = expressions;
  if (first === undefined || first.kind === "fault") return first ?? noForm(words, plain);
  // 12.345 % cannot be 12345 %: where the second is impossible there is no question.
  if (second === undefined || second.kind === "fault") return { kind: "expression", expression: first };
  return { kind: "ask", choices: [first, second] };
}
