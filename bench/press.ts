/**
 * From a press of "Add 50 USDT" to the last byte of set-margin at the exchange. Ours: the update handed to the real bot,
 * with its real handlers, store and client, and everything it says to Telegram meanwhile. Floor: what no bot could leave
 * out. Both are stopped by the same stub, by its clock, when the body has arrived.
 */
import { plainAmount } from "../src/margin/input/expression.ts";
import { decimal } from "../src/margin/model/decimal.ts";
import { offer } from "../src/telegram/cards/cards.ts";
import { callbackData } from "../src/telegram/messaging/callback-data.ts";
import { BALANCE, BODY, bareCall, POSITION, SET_MARGIN } from "./bare.ts";
import { type BareTable, bareTable } from "./bare-table.ts";
import { ANN, type BenchBot, KEY, pressed } from "./bot.ts";
import { alternate, NS_A_MS, type Pair, type Turn } from "./measure.ts";
import type { Stub } from "./stub.ts";

const TIMES = { warmUp: 40, rounds: 200 };

const WISH = {
  position: KEY,
  expression: plainAmount("add", decimal("50")),
  askedBy: { id: String(ANN.id), name: ANN.first_name },
  location: { chat: String(ANN.id), topic: "", message: "7" },
} as const;

/** Ours. A card is shown first, uncounted; each press has an exchange of its own, so no budget makes it wait. */
function botPress(bot: BenchBot, stub: Stub): Turn {
  return async () => {
    await bot.renewExchange();
    const proposed = await offer(bot.chat, WISH);
    if (proposed.kind !== "proposed") throw new Error(`no card: ${proposed.kind}`);
    const update = pressed(
      callbackData.card.encode({
        action: "confirm",
        adjustment: proposed.proposal.adjustment.id,
        nonce: proposed.nonce,
      }),
    );
    const arrived = stub.posted();
    const startedAt = process.hrtime.bigint();
    const handled = bot.handle(update);
    const took = Number((await arrived) - startedAt) / NS_A_MS;
    await handled;
    await bot.drained();
    return took;
  };
}

/** The floor: two durable rows, two reads side by side between them, one POST. */
function barePress(stub: Stub, table: BareTable): Turn {
  return async () => {
    const arrived = stub.posted();
    const startedAt = process.hrtime.bigint();
    table.insert("confirmed");
    await Promise.all([bareCall(stub.bitget, "GET", POSITION), bareCall(stub.bitget, "GET", BALANCE)]);
    table.insert("sending");
    const answered = bareCall(stub.bitget, "POST", SET_MARGIN, BODY);
    const took = Number((await arrived) - startedAt) / NS_A_MS;
    await answered;
    return took;
  };
}

export async function measurePress(bot: BenchBot, stub: Stub): Promise<Pair> {
  const ours = botPress(bot, stub);
  // The floor copies the rows of a press that was made.
  await ours(0);
  const table = bareTable(bot.file, `${bot.file}.bare`, ["confirmed", "sending"]);
  const pair = await alternate(TIMES, ours, barePress(stub, table));
  table.close();
  return pair;
}
