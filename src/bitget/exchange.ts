/** Bitget as the core sees it: a classic account's isolated margin over REST v2. */
import type { ProductType } from "../margin/model/position.ts";
import type { Clock } from "../margin/ports/clock.ts";
import type { Exchange, Reading } from "../margin/ports/exchange.ts";
import { createBills } from "./classic/bills.ts";
import { createContracts } from "./classic/contracts.ts";
import { createPositions } from "./classic/positions.ts";
import { buildRequest, createSetMargin, decimals } from "./classic/set-margin.ts";
import { createTiers } from "./classic/tiers.ts";
import { createClean, type Redact } from "./http/clean.ts";
import { createClient, type LogEvent } from "./http/client.ts";
import { createMeasure } from "./http/clock.ts";
import { createRead } from "./http/read-call.ts";
import type { Credentials } from "./http/sign.ts";
import { createSignedCall } from "./http/signed-call.ts";

const HEADER_TEXT = /^[\x20-\x7e]*$/;

/** Whose account it is, and how Bitget is reached. */
export interface BitgetOptions {
  /** Name of the account, as the audit table says it: `bitget:live:main`. */
  readonly account: string;
  readonly baseUrl: string;
  readonly credentials: Credentials;
  /** The key is one of Bitget's demo trading. */
  readonly demo: boolean;
  readonly productTypes: readonly ProductType[];
  /** Budget of one call. */
  readonly timeoutMs: number;
  /** What Bitget says of its time is told to it, and requests are signed by it. */
  readonly clock: Clock;
  /** Takes the credentials, and what is given along, out of whatever Bitget says. */
  readonly redact: Redact;
  readonly log?: (event: LogEvent) => void;
  /** What an operator should see: refusals, answers that could not be read, fields that were odd. */
  readonly warn?: (event: LogEvent) => void;
}

/** The port, and the start that it does not know. */
export interface Bitget extends Exchange {
  /** To be called before the first private call: measures Bitget's clock, and opens the connection by it. */
  start(): Promise<Reading<{ readonly aheadMs: number }>>;
}

/**
 * An exchange of one account. Throws when the base URL is none or a credential cannot stand in a header.
 * Its methods throw (they reject) for an account that is not theirs and for a used permit: those are bugs.
 */
export function createBitget(options: BitgetOptions): Bitget {
  const { account, credentials, demo, productTypes, clock, redact, warn } = options;
  checkCredentials(credentials);
  const clean = createClean(redact);
  const client = createClient(options);
  const measure = createMeasure({ client, clock, clean, warn });
  const call = createSignedCall({ client, clock, credentials, demo, redact });
  const read = createRead({ client, measure, call, clean, warn });
  const contracts = createContracts({ read, productTypes, now: clock.now });
  const held = createPositions({ account, productTypes, read, contracts });
  const money = createSetMargin({ account, call, warn });

  /** Makes a method refuse accounts that are not ours. */
  function own<Rest extends unknown[], T>(method: (...rest: Rest) => Promise<T>) {
    return async (name: string, ...rest: Rest): Promise<T> => {
      if (name !== account) throw new Error("no such account on this exchange");
      return method(...rest);
    };
  }

  return {
    accounts: [account],
    serves: (key) => key.account === account && productTypes.includes(key.productType),
    timeoutMs: options.timeoutMs,
    decimals,
    start: measure,
    serverNow: clock.exchangeNow,
    clockErrorMs: clock.errorMs,
    syncClock: async () => void (await measure()),
    positions: own(held.positions),
    position: (key) => own(() => held.position(key))(key.account),
    balance: (key) => own(() => held.balance(key))(key.account),
    contracts: own(contracts.all),
    bills: own(createBills(read)),
    tiers: own(createTiers(read, clock.now)),
    buildRequest,
    takePermit: own(money.takePermit),
    adjustMargin: money.adjustMargin,
  };
}

function checkCredentials(credentials: Credentials): void {
  for (const [name, text] of Object.entries(credentials)) {
    if (!HEADER_TEXT.test(text)) throw new Error(`the credential "${name}" has a character that no header may have`);
  }
}
