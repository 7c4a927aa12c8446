/** Takes secrets out of text, in whatever spelling they stand there: the one place that knows the spellings. */

/** A secret shorter than this would blot out ordinary words. */
const SECRET_LENGTH_MIN = 4;
/** No encoder in use touches these. */
const PLAIN = /^[A-Za-z0-9_-]$/;
/** What up to four rounds of JSON make of a backslash, and what they put before a quote; the longest first. */
const DOUBLINGS = [16, 8, 4, 2, 1];
const BEFORE_QUOTE = String.raw`(?:\\{15}|\\{7}|\\{3}|\\)?`;
/** Some encoders of JSON put one before a slash, too. */
const BEFORE_SLASH = String.raw`\\{0,16}`;
/** A percent sign, itself encoded up to three times. */
const PERCENT = "%(?:25){0,3}";
/** A sign of base64 that holds bits of the secret and of its neighbour, and the filling at the end. */
const MIXED = "[A-Za-z0-9+/_-]?";
const FILLING = `(?:=|${PERCENT}3[dD]){0,2}`;

/** Hexadecimal digits in either case. */
function hexPattern(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** So many backslashes in a row. They are taken together: tried one by one, a long row would take for ever. */
function backslashes(count: number): string {
  return `(?:${DOUBLINGS.map((times) => `\\\\{${times * count}}`).join("|")})`;
}

function rawPattern(char: string): string {
  if (char.startsWith("\\")) return backslashes(char.length);
  if (char === '"') return `${BEFORE_QUOTE}"`;
  if (char === "/") return `${BEFORE_SLASH}/`;
  return char === " " ? "[ +]" : char.replace(/[\^$.*+?()[\]{}|]/g, "\\$&");
}

/** One character (or a row of backslashes) as it is, in a URL, and in JSON at any depth. */
function charPattern(char: string): string {
  if (PLAIN.test(char)) return char;
  const percent = Array.from(Buffer.from(char), (byte) => PERCENT + hexPattern(byte.toString(16).padStart(2, "0")));
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at).toString(16).padStart(4, "0"));
  const unicode = units.map((unit) => `${backslashes(1)}u${hexPattern(unit)}`);
  return `(?:${unicode.join("")}|${rawPattern(char)}|${percent.join("")})`;
}

/** In base64 and base64url, alone or behind `shift` bytes of something else: what is encoded together shares signs. */
function base64Pattern(secret: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), secret]).toString("base64");
  const [first, behind] = [Math.ceil((shift * 8) / 6), Math.floor(((shift + secret.length) * 8) / 6)];
  const own = Array.from(text.slice(first, behind), (sign) => {
    if (sign === "+") return `(?:${charPattern("+")}|-)`;
    return sign === "/" ? `(?:${charPattern("/")}|_)` : sign;
  });
  const tail = (shift + secret.length) % 3 === 0 ? "" : MIXED + FILLING;
  return (shift === 0 ? "" : MIXED) + own.join("") + tail;
}

function secretPattern(secret: string): string {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((shift) => base64Pattern(bytes, shift));
  const spelled = (secret.match(/\\+|[^\\]/gsu) ?? []).map(charPattern).join("");
  return [spelled, hexPattern(bytes.toString("hex")), ...base64].join("|");
}

/** Undefined when there is nothing to look for. Longer secrets come first, as one can hold another. */
function expressionOf(secrets: readonly string[]): RegExp | undefined {
  const sought = secrets.filter((secret) => secret.length >= SECRET_LENGTH_MIN).sort((a, b) => b.length - a.length);
  return sought.length === 0 ? undefined : new RegExp(sought.map(secretPattern).join("|"), "g");
}

/**
 * Puts `[redacted]` in place of each of the secrets, and of `more` that only the caller of that moment knows. Found are
 * the secret as it is, escaped in JSON (in JSON, four times), URL-encoded (three times), form-encoded, in base64 and
 * base64url (within a longer text, too) and hexadecimal. Secrets of under four characters are left alone.
 */
export function createRedact(secrets: readonly string[]): (text: string, more?: readonly string[]) => string {
  const known = expressionOf(secrets);
  return (text, more = []) =>
    // No spelling is shorter than the secret: what cannot be there is not looked for, as its expression is made anew here.
    [known, expressionOf(more.filter((secret) => secret.length <= text.length))].reduce(
      (clean, expression) => (expression === undefined ? clean : clean.replace(expression, "[redacted]")),
      text,
    );
}
