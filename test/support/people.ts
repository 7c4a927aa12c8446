/** Who is at the desk, where they talk, and what they hold: plain values that need no world. Eve is no member. */

import type { Actor, ChatLocation } from "../../src/margin/model/audit-event.ts";
import type { PositionKey } from "../../src/margin/model/position.ts";

export const ACCOUNT = "bitget:paper:main";
export const OTHER_ACCOUNT = "bitget:paper:second";
export const ANN: Actor = { id: "501", name: "Ann" };
export const BOB: Actor = { id: "502", name: "Bob" };
export const EVE: Actor = { id: "666", name: "Eve" };
export const GROUP: ChatLocation = { chat: "-100200300", topic: "7", message: "11" };

export function position(symbol = "BTCUSDT", holdSide: "long" | "short" = "long"): PositionKey {
  return { account: ACCOUNT, productType: "USDT-FUTURES", symbol, marginCoin: "USDT", holdSide };
}
