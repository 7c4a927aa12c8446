/**
 * The exchange client alone: starts the embedded paper exchange, and adds 50 USDT of play money to its BTC long.
 * `npm run example`. It needs no account and no network, and ends with the margin before and after.
 */
import { createBitget } from "../src/bitget/exchange.ts";
import { createClock } from "../src/clock.ts";
import { decimal } from "../src/margin/model/decimal.ts";
import type { PositionKey } from "../src/margin/model/position.ts";
import type { Exchange } from "../src/margin/ports/exchange.ts";
import { createPaperExchange } from "../src/paper/exchange.ts";
import { createRedact } from "../src/redact.ts";

const ACCOUNT = "bitget:paper:example";
const credentials = { key: "example-key", secret: "example-secret", passphrase: "example-passphrase" };
const BTC_LONG: PositionKey = {
  account: ACCOUNT,
  productType: "USDT-FUTURES",
  symbol: "BTCUSDT",
  marginCoin: "USDT",
  holdSide: "long",
};

/** Expected failures are values: `ok` says whether there is a reading. */
async function printMargin(exchange: Exchange, when: string): Promise<void> {
  const reading = await exchange.position(BTC_LONG);
  if (!reading.ok) console.log(`${when}: not read, ${reading.why}`);
  else if (reading.value === undefined) console.log(`${when}: no position`);
  else console.log(`${when}: ${reading.value.margin} USDT`);
}

/** The order of these four lines is the promise: a place in the budget, the exact body, one call, three kinds of answer. */
async function addFifty(exchange: Exchange): Promise<void> {
  const permit = await exchange.takePermit(ACCOUNT);
  if (permit === undefined) return console.log("no place in the budget within two minutes: nothing was sent");
  const request = exchange.buildRequest({ id: "example", position: BTC_LONG, direction: "add", amount: decimal("50") });
  const answer = await exchange.adjustMargin(request, permit, exchange.serverNow());
  // Never send again after `unknown`: set-margin takes no id of ours, and the first one may have been applied.
  console.log(`sent ${request.body}`);
  console.log(`the answer is: ${answer.kind}`);
}

const paper = await createPaperExchange({ credentials, moving: false });
try {
  const exchange = createBitget({
    account: ACCOUNT,
    baseUrl: paper.url,
    credentials,
    demo: false,
    productTypes: ["USDT-FUTURES"],
    timeoutMs: 5000,
    clock: createClock(),
    redact: createRedact(Object.values(credentials)),
  });
  const clock = await exchange.start();
  if (!clock.ok) throw new Error("the paper exchange does not say its time");
  await printMargin(exchange, "before");
  await addFifty(exchange);
  await printMargin(exchange, "after");
} finally {
  await paper.close();
}
