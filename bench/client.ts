/** One signed call, from the request to the answer read: through src/bitget, and by bare fetch. */
import type { Bitget } from "../src/bitget/exchange.ts";
import { decimal } from "../src/margin/model/decimal.ts";
import { BODY, bareCall, POSITION, SET_MARGIN } from "./bare.ts";
import { ACCOUNT, freshExchange, KEY } from "./bot.ts";
import { alternate, type Pair, type Turn, timed } from "./measure.ts";
import type { Stub } from "./stub.ts";

/** Calls of one exchange before it is replaced: its smallest budget is 5 a second, and waiting is not measured. */
const CALLS = 5;
const TIMES = { warmUp: 200, rounds: 1000 };

const ADJUSTMENT = { id: "bench", position: KEY, direction: "add", amount: decimal<"margin coin">("50") } as const;

function ours(stub: Stub, call: (exchange: Bitget) => Promise<boolean>): Turn {
  let exchange: Bitget;
  return async (index) => {
    if (index % CALLS === 0) exchange = await freshExchange(stub.bitget);
    return timed(async () => {
      if (!(await call(exchange))) throw new Error("the call failed");
    });
  };
}

async function post(exchange: Bitget): Promise<boolean> {
  const permit = await exchange.takePermit(ACCOUNT);
  if (permit === undefined) return false;
  return (
    (await exchange.adjustMargin(exchange.buildRequest(ADJUSTMENT), permit, exchange.serverNow())).kind === "accepted"
  );
}

export function measureGet(stub: Stub): Promise<Pair> {
  return alternate(
    TIMES,
    ours(stub, async (exchange) => (await exchange.position(KEY)).ok),
    () => timed(() => bareCall(stub.bitget, "GET", POSITION)),
  );
}

export function measurePost(stub: Stub): Promise<Pair> {
  return alternate(TIMES, ours(stub, post), () => timed(() => bareCall(stub.bitget, "POST", SET_MARGIN, BODY)));
}
