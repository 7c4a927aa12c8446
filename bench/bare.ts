/** The floor of a signed call: Node's own fetch, with a signature written for this place. Knows nothing of src/bitget. */
import { createHmac } from "node:crypto";

export const CREDENTIALS = { key: "bench-key", secret: "bench-secret", passphrase: "bench-passphrase" };

export const ALL_POSITIONS = "/api/v2/mix/position/all-position?productType=USDT-FUTURES";
export const TIERS = "/api/v2/mix/market/query-position-lever?productType=USDT-FUTURES&symbol=BTCUSDT";
export const POSITION = "/api/v2/mix/position/single-position?marginCoin=USDT&productType=USDT-FUTURES&symbol=BTCUSDT";
export const BALANCE = "/api/v2/mix/account/account?marginCoin=USDT&productType=USDT-FUTURES&symbol=BTCUSDT";
export const SET_MARGIN = "/api/v2/mix/account/set-margin";
export const BODY = JSON.stringify({
  symbol: "BTCUSDT",
  productType: "USDT-FUTURES",
  marginCoin: "USDT",
  holdSide: "long",
  amount: "50",
});

type Method = "GET" | "POST";

/** The headers of a call, signed now. */
export function bareHeaders(method: Method, target: string, body = ""): Record<string, string> {
  const timestamp = `${Date.now()}`;
  const text = `${timestamp}${method}${target}${body}`;
  return {
    "ACCESS-KEY": CREDENTIALS.key,
    "ACCESS-SIGN": createHmac("sha256", CREDENTIALS.secret).update(text).digest("base64"),
    "ACCESS-TIMESTAMP": timestamp,
    "ACCESS-PASSPHRASE": CREDENTIALS.passphrase,
    "Content-Type": "application/json",
    locale: "en-US",
  };
}

/** The data of an answer. Throws when it is no success. */
export function bareData(answer: unknown): unknown {
  const { code, data } = answer as { code: string; data: unknown };
  if (code !== "00000") throw new Error(`the stub said ${code}`);
  return data;
}

/** Signs, sends, and reads the whole answer. Throws when it is no success. */
export async function bareCall(base: string, method: Method, target: string, body = ""): Promise<unknown> {
  const headers = bareHeaders(method, target, body);
  const response = await fetch(base + target, { method, headers, ...(method === "POST" ? { body } : {}) });
  return bareData(await response.json());
}
