/** A private call: signed at the last moment, with Bitget's time, and sent once. */
import type { Clock } from "../../margin/ports/clock.ts";
import { type Clean, createClean, type Redact } from "./clean.ts";
import type { Client, HttpResult } from "./client.ts";
import { type Credentials, type Request, signedHeaders } from "./sign.ts";

/** What came of a signed request, and from when to when it was under way, in ms of Bitget's clock. */
export interface SignedResult {
  readonly result: HttpResult;
  /** For the text of this answer: Bitget may repeat the signature that it was sent. */
  readonly clean: Clean;
  /** The timestamp that was signed, in ms of Bitget's clock. */
  readonly signedAt: number;
  /** When the call ended, answered or not, in ms of Bitget's clock. */
  readonly endedAt: number;
}

/**
 * Signs a request with Bitget's time and sends it once. `answerMax` in bytes. `signedAt`: the timestamp, where a row has
 * promised it; otherwise the time of now.
 */
export type SignedCall = (request: Request, answerMax: number, signedAt?: number) => Promise<SignedResult>;

export interface SignedCallParts {
  readonly client: Client;
  readonly clock: Clock;
  readonly credentials: Credentials;
  /** Adds the header of demo trading. Public calls go without it: some answer 404 when they see it. */
  readonly demo: boolean;
  readonly redact: Redact;
}

/** To be called after every wait: a signature is void 30 s after it was made. It leaves this room in the headers alone. */
export function createSignedCall({ client, clock, credentials, demo, redact }: SignedCallParts): SignedCall {
  return async (request, answerMax, signedAt = clock.exchangeNow()) => {
    const headers = signedHeaders(credentials, demo, signedAt, request);
    const result = await client.call({ ...request, headers, answerMax });
    const clean = createClean(redact, headers["ACCESS-SIGN"]);
    return { result, clean, signedAt, endedAt: clock.exchangeNow() };
  };
}
