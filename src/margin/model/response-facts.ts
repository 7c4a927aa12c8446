/** What is known of one exchange of bytes with the exchange. */
import type { Rejection } from "./rejection.ts";

/** What is known about the exchange of bytes, for the audit row. Never headers, key, signature or passphrase. */
export interface ResponseFacts {
  readonly httpStatus?: number;
  readonly code?: string;
  /** Bitget's own text, cleaned, at most 200 characters. */
  readonly message?: string;
  /** Bitget's `requestTime`, in ms. */
  readonly requestTime?: number;
  /** The `ACCESS-TIMESTAMP` that was signed, in ms of the exchange's clock: the request is void 30 s after it. */
  readonly signedAt?: number;
  /** When the call ended, answered or not, in ms of the exchange's clock. */
  readonly endedAt?: number;
  /** What broke, where something did: `ECONNRESET`, `timeout`, `not JSON`, `redirect`. */
  readonly fault?: string;
}

/** Why something could not be read, and what came back. */
export interface ReadFailure {
  readonly why: Rejection | "no_answer";
  readonly exchanged: ResponseFacts;
}
