/** One request as it arrived. */
import type { IncomingHttpHeaders } from "node:http";

/** A request as it arrived. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** Exactly as received, without the question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The values a call carries: those of its query, or those of its JSON body. */
export type Values = Readonly<Record<string, unknown>>;

/** The parameters of the query. */
export function queryValues(call: Call): Values {
  return Object.fromEntries(new URLSearchParams(call.query));
}

/** Undefined when the body is not a JSON object. */
export function bodyValues(call: Call): Values | undefined {
  try {
    const body: unknown = JSON.parse(call.body.toString("utf8"));
    return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Values) : undefined;
  } catch {
    return undefined;
  }
}
