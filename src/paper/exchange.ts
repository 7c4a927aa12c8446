/**
 * An exchange of play money that speaks Bitget's classic v2 protocol over HTTP.
 *
 * It is written from Bitget's public pages and from answers that others recorded, and imports nothing of the bot, so
 * that it can contradict the bot. It never liquidates, funds or trades by itself: positions change when told to.
 */

import { createFaults, type FaultOrder } from "./faults/faults.ts";
import { createHolds, type Hold, type HoldOrder } from "./faults/holds.ts";
import { type CallRecord, createDispatcher } from "./http/dispatch.ts";
import { startServer } from "./http/server.ts";
import { createBillShades } from "./ledger/bill-delay.ts";
import { createLedger } from "./ledger/ledger.ts";
import { createMarket } from "./ledger/market.ts";
import { freshLedger, type SeedPosition } from "./ledger/seed.ts";
import type { BillSign, World } from "./ledger/state.ts";
import type { Credentials, Environment } from "./protocol/signature.ts";
import { type Controls, createControls } from "./test-controls/controls.ts";

export type { Fault } from "./faults/faults.ts";
export type { BillSign } from "./ledger/state.ts";
export type { PaperPosition } from "./test-controls/controls.ts";

/** How an exchange of play money is to be. */
export interface PaperExchangeOptions {
  readonly credentials: Credentials;
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** A free one unless told otherwise. */
  readonly port?: number;
  /** The ledger's JSON file, in a folder that exists; without one the books are in memory only. */
  readonly file?: string;
  /** Decides how the prices move. */
  readonly seed?: number;
  readonly now?: () => number;
  /** Prices move unless this is false. */
  readonly moving?: boolean;
  /** What a new ledger begins with instead of the default positions. A ledger on file wins over it. */
  readonly positions?: readonly SeedPosition[];
  /** Which environment the key belongs to: `demo` needs the header `paptrading: 1`, `live` refuses it. */
  readonly environment?: Environment;
  /** `hedge_mode` unless told otherwise. */
  readonly posMode?: World["posMode"];
  /** The rights of the key: futures orders and futures positions unless told otherwise. */
  readonly authorities?: readonly string[];
  /** `position` unless told otherwise. */
  readonly billSign?: BillSign;
  /** False switches the budgets per endpoint off, for tests that stop the clock. */
  readonly budgets?: boolean;
}

/** A running exchange, and the hands of whoever started it inside. */
export interface PaperExchange extends Controls {
  readonly url: string;
  close(): Promise<void>;
  /** Orders a fault; the function that comes back calls it off. */
  fail(order: FaultOrder): () => void;
  /** Stops the next call to a path, or every one, until it is released. A text stands for the exact path. */
  hold(order: HoldOrder | HoldOrder["path"]): Hold;
  /** Sets the server's clock wrong by so many milliseconds, from now on. */
  skew(ms: number): void;
  /** The requests that arrived, oldest first; the newest ten thousand. */
  readonly calls: readonly CallRecord[];
}

/** Starts the exchange. Throws when the port is taken or the ledger's file cannot be read as one. */
export async function createPaperExchange(options: PaperExchangeOptions): Promise<PaperExchange> {
  const { credentials, host = "127.0.0.1", port = 0, now = Date.now, environment = "paper", budgets = true } = options;
  let skewMs = 0;
  const clock = () => now() + skewMs;
  const world = createWorld(options, now, clock);
  const dispatcher = createDispatcher({ world, credentials, environment, hasBudgets: budgets, now });
  const faults = createFaults();
  const holds = createHolds();
  const { url, close } = await startServer({ host, port, dispatcher, faults, holds, clock });
  return {
    ...createControls(world),
    url,
    close,
    fail: faults.order,
    hold: (order) => holds.order(typeof order === "string" || order instanceof RegExp ? { path: order } : order),
    skew: (ms) => {
      skewMs = ms;
    },
    calls: dispatcher.calls,
  };
}

function createWorld(options: PaperExchangeOptions, now: () => number, clock: () => number): World {
  const { file, seed = 1, moving = true, positions, posMode = "hedge_mode", authorities = ["coow", "cpow"] } = options;
  const { billSign = "position" } = options;
  const ledger = createLedger(file, freshLedger(now(), positions));
  // Stored at once, so that the prices go on from where they were after a restart without a single change.
  ledger.change(() => undefined);
  const startedAt = () => ledger.state().startedAt;
  const pinned = () => ledger.state().prices;
  const market = createMarket({ seed, moving, now, startedAt, pinned });
  return { ledger, market, billShades: createBillShades(), billSign, clock, posMode, authorities };
}
