/** One look at the exchange: position and free balance, read side by side. */
import type { PositionKey } from "../model/position.ts";
import { type PositionReading, seen } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";

/**
 * The position and the balance now, or why no margin can be adjusted there. `withTiers`: for estimates; the look before
 * an addition is sent needs none.
 */
export async function readPosition(
  { exchange, now }: Deps,
  key: PositionKey,
  withTiers: boolean,
): Promise<PositionReading> {
  const { account, productType, symbol, holdSide } = key;
  if (!exchange.serves(key)) return { ok: false, refusal: { code: "other_account" } };
  const [position, balance, tiers] = await Promise.all([
    exchange.position(key),
    exchange.balance(key),
    withTiers ? exchange.tiers(account, productType, symbol) : undefined,
  ]);
  const failed = [position, balance].find((reading) => !reading.ok);
  if (failed?.ok === false) return { ok: false, refusal: { code: "unreadable", why: failed.why } };
  if (!position.ok || !balance.ok) throw new Error("unreachable: both readings are good");
  if (position.value === undefined) return { ok: false, refusal: { code: "no_position", symbol, holdSide } };
  const found = { position: position.value, seen: seen(position.value, balance.value, now()) };
  return { ok: true, ...found, tiers: tiers?.ok ? tiers.value : undefined };
}
