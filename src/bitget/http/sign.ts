/** Bitget's signature: pure functions from a request to the text that is signed and the headers that carry it. */
import { createHmac } from "node:crypto";

/** The three parts of an API key. */
export interface Credentials {
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
}

/** One request, in the very bytes that are signed and sent. */
export interface Request {
  readonly method: "GET" | "POST";
  /** From `/api/` on, without the host and without the query. */
  readonly path: string;
  /** From `queryText`, not yet encoded; empty when there is none. */
  readonly query: string;
  /** Empty for GET. */
  readonly body: string;
}

/** Letters and digits of any script: some contracts have Chinese names. */
const QUERY_VALUE = /^[\p{L}\p{M}\p{N}_.-]+$/u;

/**
 * The query of a request, sorted by name, as it is signed: plain text. Throws where a value has a sign that could be taken
 * for a part of the query itself.
 */
export function queryText(values: Readonly<Record<string, string>>): string {
  return Object.keys(values)
    .sort()
    .map((name) => {
      const value = values[name] ?? "";
      if (!QUERY_VALUE.test(value)) throw new Error(`the query value of ${name} cannot be signed`);
      return `${name}=${value}`;
    })
    .join("&");
}

/** Path and query as they are signed. */
function target(request: Request): string {
  return request.query === "" ? request.path : `${request.path}?${request.query}`;
}

/** The same as it stands in the request line: letters outside ASCII in percent encoding, which is not signed. */
export function sentTarget(request: Request): string {
  return encodeURI(target(request));
}

/** The text that is signed. Source: https://www.bitget.com/api-doc/common/signature */
export function prehash(timestampMs: number, request: Request): string {
  return `${timestampMs}${request.method}${target(request)}${request.body}`;
}

/** Base64 of HMAC-SHA256 over `text`; the secret is used as it stands, not decoded. */
export function signature(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("base64");
}

/** The headers of a private call. `demo` asks for Bitget's demo trading, which wants a demo key. */
export function signedHeaders(
  credentials: Credentials,
  demo: boolean,
  timestampMs: number,
  request: Request,
): Record<string, string> {
  const headers: Record<string, string> = {
    "ACCESS-KEY": credentials.key,
    "ACCESS-SIGN": signature(credentials.secret, prehash(timestampMs, request)),
    "ACCESS-TIMESTAMP": `${timestampMs}`,
    "ACCESS-PASSPHRASE": credentials.passphrase,
  };
  if (demo) headers["paptrading"] = "1";
  return headers;
}
