/** One look at the exchange: position and free balance, read side by side. */
import type { PositionKey } from "../model/position.ts";
import { type PositionReading, seen } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";
import { unreadable } from "./unread.ts";

/**
 * The position and the balance now, or why no margin can be adjusted there. A balance that cannot be read is absent: it
 * bounds an addition, and Bitget knows that bound better. `withTiers`: for estimates; the look before
 * an addition is sent needs none.
 */
export async function readPosition(
  { exchange, now }: Deps,
  key: PositionKey,
  withTiers: boolean,
): Promise<PositionReading> {
  const { account, productType, symbol, marginCoin, holdSide } = key;
  if (!exchange.serves(key)) return { ok: false, refusal: { code: "other_account" } };
  const [position, balance, tiers] = await Promise.all([
    exchange.position(key),
    exchange.balance(key),
    withTiers ? exchange.tiers(account, productType, symbol) : undefined,
  ]);
  if (!position.ok) return { ok: false, refusal: unreadable(position) };
  if (position.value === undefined) return { ok: false, refusal: { code: "no_position", symbol, holdSide } };
  const found = {
    position: position.value,
    seen: seen(position.value, balance.ok ? balance.value : { marginCoin }, now()),
  };
  return { ok: true, ...found, tiers: tiers?.ok ? tiers.value : undefined };
}
