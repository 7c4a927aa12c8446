/** JSON in which no number is changed: a float would lose digits of an id or of an amount. */

/** Since ECMAScript 2025 a reviver is told how a number is written; TypeScript's library does not know it yet. */
interface Written {
  readonly source?: string;
}

/** Where a number stands that a float may print otherwise; text that looks alike only costs time. */
const INEXACT = /(?:^|[:,[])\s*(?:-0|-?\d+[.eE]|-?\d{16,})/;

/** The value of a JSON text; numbers that a float does not print as they are written come as text. Throws where it is no JSON. */
export function parseExactly(text: string): unknown {
  if (!INEXACT.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_name, value: unknown, written?: Written) =>
    typeof value === "number" && String(value) !== written?.source ? (written?.source ?? String(value)) : value,
  );
}
