/** What the endpoints read and change. */
import type { BillShades } from "./bill-delay.ts";
import type { Ledger } from "./ledger.ts";
import type { Market } from "./market.ts";

/**
 * The sign of an amount in a bill, which is documented nowhere. `position`: as it moves the position's margin, an addition
 * is positive; `balance`: as it moves the free balance, an addition is negative.
 */
export type BillSign = "position" | "balance";

/** What the endpoints work on. */
export interface World {
  readonly ledger: Ledger;
  readonly market: Market;
  readonly billShades: BillShades;
  readonly billSign: BillSign;
  /** The server's clock, which a test may set wrong. */
  readonly clock: () => number;
  readonly posMode: "hedge_mode" | "one_way_mode";
  /** The rights of the key, in Bitget's short codes: `coow` futures orders, `cpow` futures positions. */
  readonly authorities: readonly string[];
}
