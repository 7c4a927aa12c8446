/** What the endpoints read and change. */
import type { BillShades } from "./bill-delay.ts";
import type { Ledger } from "./ledger.ts";
import type { Market } from "./market.ts";

/** What the endpoints work on. */
export interface World {
  readonly ledger: Ledger;
  readonly market: Market;
  readonly billShades: BillShades;
  /** The server's clock, which a test may set wrong. */
  readonly clock: () => number;
  readonly posMode: "hedge_mode" | "one_way_mode";
  /** The rights of the key, in Bitget's short codes: `coow` futures orders, `cpow` futures positions. */
  readonly authorities: readonly string[];
}
