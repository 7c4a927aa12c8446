/** One look at the exchange: position and free balance, read side by side. */
import type { Desk } from "./desk.ts";
import type { Position, PositionKey } from "./position.ts";
import { type Seen, seen } from "./preview.ts";
import type { Refusal } from "./refusal.ts";

export type Look =
  | { readonly ok: true; readonly position: Position; readonly seen: Seen }
  | { readonly ok: false; readonly refusal: Refusal };

/** The position and the balance now, or why no margin can be adjusted there. */
export async function look({ exchange, now }: Desk, key: PositionKey): Promise<Look> {
  const [position, balance] = await Promise.all([exchange.position(key), exchange.balance(key)]);
  const failed = [position, balance].find((reading) => !reading.ok);
  if (failed?.ok === false) return { ok: false, refusal: { code: "unreadable", why: failed.why } };
  if (!position.ok || !balance.ok) throw new Error("unreachable: both readings are good");
  const { symbol, holdSide } = key;
  if (position.value === undefined) return { ok: false, refusal: { code: "no_position", symbol, holdSide } };
  return { ok: true, position: position.value, seen: seen(position.value, balance.value, now()) };
}
