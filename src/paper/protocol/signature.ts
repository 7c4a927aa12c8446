/** Who is calling: the headers of a private call, checked as strictly as Bitget checks them. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Call } from "./request.ts";
import { type Outcome, refusal } from "./response.ts";

/** The key that the exchange knows, in its three parts. */
export interface Credentials {
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
}

/** A key belongs to the live or to the demo environment; one of `paper` is at home in both. */
export type Environment = "paper" | "live" | "demo";

/** A timestamp may be this far from the server's clock, on either side. Source: Bitget's page on REST requests. */
const TIMESTAMP_TOLERANCE_MS = 30_000;

/** Base64 of HMAC-SHA256. Source: Bitget's page on signatures. */
export function sign(secret: string, ...parts: readonly (string | Buffer)[]): string {
  const hmac = createHmac("sha256", secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest("base64");
}

/** Why Bitget would turn the caller away; undefined when it would not. */
export function refuseCaller(
  call: Call,
  credentials: Credentials,
  environment: Environment,
  clock: number,
): Outcome | undefined {
  return (
    refuseMissingHeader(call) ??
    refuseContentType(call) ??
    refuseTimestamp(header(call, "access-timestamp"), clock) ??
    refuseIdentity(call, credentials) ??
    refuseEnvironment(call, environment) ??
    refuseSignature(call, credentials.secret)
  );
}

function refuseMissingHeader(call: Call): Outcome | undefined {
  if (header(call, "access-key") === "") return refusal("40001", "ACCESS_KEY cannot be empty");
  if (header(call, "access-sign") === "") return refusal("40002", "ACCESS_SIGN cannot be empty");
  if (header(call, "access-timestamp") === "") return refusal("40003", "ACCESS_TIMESTAMP cannot be empty");
  if (header(call, "access-passphrase") === "") return refusal("40011", "ACCESS_PASSPHRASE cannot be empty");
  return undefined;
}

function refuseContentType(call: Call): Outcome | undefined {
  if (call.method !== "POST" || /^application\/json\s*(?:;|$)/i.test(header(call, "content-type"))) return undefined;
  return refusal("40007", "Invalid Content_Type, please use 'application/json' format");
}

function refuseTimestamp(timestamp: string, clock: number): Outcome | undefined {
  if (!/^\d{13}$/.test(timestamp)) return refusal("40005", "Invalid ACCESS_TIMESTAMP");
  if (Math.abs(Number(timestamp) - clock) > TIMESTAMP_TOLERANCE_MS)
    return refusal("40008", "Request timestamp expired");
  return undefined;
}

/** An unknown key and a wrong passphrase were both seen to give 40012 on the wire, whatever the table of codes says. */
function refuseIdentity(call: Call, { key, passphrase }: Credentials): Outcome | undefined {
  const isKnown = equal(header(call, "access-key"), key) && equal(header(call, "access-passphrase"), passphrase);
  return isKnown ? undefined : refusal("40012", "apikey/password is incorrect");
}

function refuseEnvironment(call: Call, environment: Environment): Outcome | undefined {
  const isDemoCall = header(call, "paptrading") === "1";
  if (environment === "paper" || isDemoCall === (environment === "demo")) return undefined;
  return refusal("40099", "exchange environment is incorrect");
}

/** Over the bytes as they came, letters outside ASCII alone decoded: not sorted, not parsed and printed again. */
function refuseSignature(call: Call, secret: string): Outcome | undefined {
  const target = call.query === "" ? call.path : `${call.path}?${plain(call.query)}`;
  const expected = sign(secret, header(call, "access-timestamp"), call.method, target, call.body);
  return equal(header(call, "access-sign"), expected) ? undefined : refusal("40009", "sign signature error");
}

function plain(query: string): string {
  try {
    return query.replace(/(?:%[89A-F][0-9A-F])+/gi, decodeURIComponent);
  } catch {
    return query;
  }
}

function header(call: Call, name: string): string {
  const value = call.headers[name];
  return typeof value === "string" ? value : "";
}

function equal(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
