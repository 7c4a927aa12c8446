/** A paper exchange for a test, and a plain client that signs as Bitget's page says. */
import { onTestFinished } from "vitest";
import { createPaperExchange, type PaperExchange, type PaperExchangeOptions } from "../../src/paper/exchange.ts";
import { sign } from "../../src/paper/protocol/signature.ts";

export const CREDENTIALS = { key: "paper-key", secret: "test-secret-0123456789abcdef", passphrase: "paper-pass" };
export const START = 1_790_000_000_000;
export const SET_MARGIN = "/api/v2/mix/account/set-margin";
export const SINGLE_POSITION = "/api/v2/mix/position/single-position";
export const BILLS = "/api/v2/mix/account/bill";

export interface Clock {
  time: number;
}

/** An exchange whose clock and prices stand still. It closes when the test ends. */
export async function startExchange(
  options: Partial<PaperExchangeOptions> = {},
  clock: Clock = { time: START },
): Promise<PaperExchange> {
  const exchange = await createPaperExchange({
    credentials: CREDENTIALS,
    moving: false,
    budgets: false,
    now: () => clock.time,
    ...options,
  });
  onTestFinished(() => exchange.close());
  return exchange;
}

export interface Reply<Data = unknown> {
  readonly status: number;
  readonly code: string;
  readonly msg: string;
  readonly requestTime: number;
  readonly data: Data;
}

/** The headers of a private call, for a client whose clock says `time`. */
export function headersFor(method: string, target: string, body: string, time: number): Record<string, string> {
  return {
    "ACCESS-KEY": CREDENTIALS.key,
    "ACCESS-SIGN": sign(CREDENTIALS.secret, `${time}${method}${target}${body}`),
    "ACCESS-TIMESTAMP": `${time}`,
    "ACCESS-PASSPHRASE": CREDENTIALS.passphrase,
    "Content-Type": "application/json",
  };
}

export function send(exchange: PaperExchange, method: string, target: string, body = ""): Promise<Response> {
  const init = { method, headers: headersFor(method, target, body, START), redirect: "manual" as const };
  return fetch(exchange.url + target, body === "" ? init : { ...init, body });
}

export async function reply<Data>(response: Response): Promise<Reply<Data>> {
  return { status: response.status, ...((await response.json()) as Omit<Reply<Data>, "status">) };
}

/** A signed read; `Data` is what the caller expects of the endpoint. */
export async function get<Data = unknown>(
  exchange: PaperExchange,
  path: string,
  parameters: Record<string, string> = {},
): Promise<Reply<Data>> {
  const query = new URLSearchParams(parameters).toString();
  return reply(await send(exchange, "GET", query === "" ? path : `${path}?${query}`));
}

const ADJUSTMENT = {
  symbol: "BTCUSDT",
  productType: "USDT-FUTURES",
  marginCoin: "USDT",
  holdSide: "long",
  amount: "20",
};

/** The body of an adjustment of 20 USDT on the long side of BTCUSDT, but for what is said otherwise. */
export function adjustment(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({ ...ADJUSTMENT, ...changes });
}

export async function adjust(exchange: PaperExchange, changes: Record<string, unknown> = {}): Promise<Reply> {
  return reply(await send(exchange, "POST", SET_MARGIN, adjustment(changes)));
}
