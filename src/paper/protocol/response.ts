/** What an endpoint makes of a call, and the envelope it travels in. */

/** What an endpoint came to: the HTTP status, and Bitget's code, words and data. */
export interface Outcome {
  readonly status: number;
  readonly code: string;
  readonly msg: string;
  readonly data: unknown;
}

/** Bitget's envelope; `requestTime` is the server's clock in milliseconds. */
export interface Envelope {
  readonly code: string;
  readonly msg: string;
  readonly requestTime: number;
  readonly data: unknown;
}

/** HTTP 200 with code 00000 and these data. */
export function success(data: unknown): Outcome {
  return { status: 200, code: "00000", msg: "success", data };
}

/** Bitget's table of codes gives HTTP 400 for every refusal by the business, and it was seen so on the wire. */
export function refusal(code: string, msg: string, status = 400): Outcome {
  return { status, code, msg, data: null };
}

/** The JSON around every answer; `requestTime` in ms of the exchange's clock. */
export function envelopeOf({ code, msg, data }: Outcome, requestTime: number): Envelope {
  return { code, msg, requestTime, data };
}
