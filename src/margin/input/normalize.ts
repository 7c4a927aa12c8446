/** Typed text made plain: other scripts' digits, dashes, spaces and full-width signs become the few that are read. */
import { type Fault, fault, GAP } from "./expression.ts";

/** A narrow or no-break space between digits: people and programs put it there only to group them. */
export const THIN = "\u00a0";
/** The decimal sign of Arabic script. */
export const ARABIC_POINT = "\u066b";
/** The mark that groups thousands in Arabic script. */
export const ARABIC_COMMA = "\u066c";

// Of the dashes, those that stand for a range or for "about" are no minus.
const NO_MINUS = new Set("\u301c\u3030\u30a0\u2e17\u2e1a\u2e40\u2e5d");
const DASH = /^[\p{Pd}\u2212\u2796]$/u;
const DIGIT = /^\p{Nd}$/u;
const SPACE = /^\s$/u;
const THIN_SPACES = new Set("\u00a0\u202f\u2007\u2008\u2009\u200a");
// Format and control characters, private ones and line separators; tab and line feed are seen, as space.
const HIDDEN = /[\p{Cf}\p{Co}\u2028\u2029]|(?![\t\n\r])\p{Cc}/u;
const ALIKE: ReadonlyMap<string, string> = new Map([
  ["\u2795", "+"],
  ["\ufe62", "+"],
  ["\u00d7", "*"],
  ["\u2715", "*"],
  ["\u2019", "'"],
  ["\u2018", "'"],
  ["\u02bc", "'"],
  ["\u066a", "%"],
]);
const FULL_WIDTH_OFFSET = 0xfee0;

/** The first code point of the row of ten that a digit is in: Unicode keeps every script's digits in such a row. */
function zeroOf(digit: string): number {
  const point = digit.codePointAt(0) ?? 0;
  let start = point;
  // The longest unbroken run of digits are the mathematical ones: five rows.
  for (let back = 1; back <= 50 && DIGIT.test(String.fromCodePoint(point - back)); back++) start = point - back;
  return point - ((point - start) % 10);
}

function plainCharacter(character: string): string {
  if (character >= " " && character <= "~") return character;
  if (DIGIT.test(character)) return String((character.codePointAt(0) ?? 0) - zeroOf(character));
  if (DASH.test(character)) return NO_MINUS.has(character) ? character : "-";
  if (THIN_SPACES.has(character)) return THIN;
  if (SPACE.test(character)) return "\t";
  // Full-width signs, not letters: a letter stays what it is, and is refused as a look-alike.
  if (/^[\uff01-\uff0f\uff1a-\uff20]$/.test(character)) {
    return String.fromCodePoint((character.codePointAt(0) ?? 0) - FULL_WIDTH_OFFSET);
  }
  return ALIKE.get(character) ?? character;
}

/** Whether one word has digits of two scripts: some look like other digits of another script. */
function mixesDigits(word: string): boolean {
  return new Set([...word].filter((character) => DIGIT.test(character)).map(zeroOf)).size > 1;
}

/** The text in plain characters, words parted by single spaces; a fault where it cannot be trusted to look as it is. */
export function plainText(text: string, lengthMax: number): string | Fault {
  if (text.length > lengthMax) return fault("too_long", text);
  const hidden = HIDDEN.exec(text)?.[0];
  if (hidden !== undefined) return fault("hidden", `U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase()}`);
  if (!text.isWellFormed()) return fault("not_understood", text);
  const mixed = text.split(/\s/u).find(mixesDigits);
  if (mixed !== undefined) return fault("mixed_digits", mixed);
  return [...text]
    .map(plainCharacter)
    .join("")
    .replace(/(?<!\d)\u00a0|\u00a0(?!\d)/g, "\t")
    .replace(/(?<=\d) (?=\d{3}(?!\d))/g, GAP)
    .replace(/[ \t]+/g, " ")
    .trim();
}

/** Lower case for the letters of our words, Latin and Russian; Unicode's own rules would make `k` of the Kelvin sign. */
export function lower(text: string): string {
  return text.replace(/[A-Z\u0410-\u042f]/g, (letter) => letter.toLowerCase());
}
