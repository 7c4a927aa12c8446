/** How a secret may be spelled where it comes out: one table for the log, for Bitget's text and for the torture. */

const bytes = (secret: string) => Buffer.from(secret);
const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
const unicode = (text: string) =>
  text.replace(/[^\w-]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Each gives the secret in one spelling. */
export const SPELLINGS: Readonly<Record<string, (secret: string) => string>> = {
  raw: (secret) => secret,
  "URL-encoded": encodeURIComponent,
  "URL-encoded in lower case": (secret) =>
    encodeURIComponent(secret).replace(/%../g, (percent) => percent.toLowerCase()),
  "URL-encoded twice": (secret) => encodeURIComponent(encodeURIComponent(secret)),
  "URL-encoded but for reserved characters": (secret) => encodeURI(secret),
  "form-encoded": (secret) => new URLSearchParams({ s: secret }).toString().slice(2),
  base64: (secret) => bytes(secret).toString("base64"),
  "base64 without filling": (secret) => bytes(secret).toString("base64").replace(/=+$/, ""),
  "base64, URL-encoded": (secret) => encodeURIComponent(bytes(secret).toString("base64")),
  base64url: (secret) => bytes(secret).toString("base64url"),
  "JSON-escaped": escaped,
  "JSON-escaped twice": (secret) => escaped(escaped(secret)),
  "JSON-escaped three times": (secret) => escaped(escaped(escaped(secret))),
  "JSON-escaped with escaped slashes": (secret) => escaped(secret).replaceAll("/", "\\/"),
  "JSON-escaped by numbers": unicode,
  "JSON-escaped by numbers in capitals": (secret) =>
    unicode(secret).replace(/\\u(....)/g, (_, hex: string) => `\\u${hex.toUpperCase()}`),
  hex: (secret) => bytes(secret).toString("hex"),
  HEX: (secret) => bytes(secret).toString("hex").toUpperCase(),
};
