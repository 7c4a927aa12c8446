/**
 * From a line that says everything to the last byte of its card at Telegram. Ours: the update handed to the real bot.
 * Floor: the position found, looked at with its balance and tiers, one durable row, and the same message sent. Both are
 * stopped by the same stub, by its clock, when the body has arrived.
 */
import { ALL_POSITIONS, BALANCE, bareCall, POSITION, TIERS } from "./bare.ts";
import { type BareTable, bareTable } from "./bare-table.ts";
import { ANN, type BenchBot, TOKEN, typed } from "./bot.ts";
import { alternate, NS_A_MS, type Pair, type Turn } from "./measure.ts";
import type { Card, Stub } from "./stub.ts";

const LINE = "/margin btc long 50";
const LOOK = [POSITION, BALANCE, TIERS];
const TIMES = { warmUp: 20, rounds: 60 };

/** A card that stands would be cancelled by the next one, which is not what is measured. */
async function cancelCards({ chat: { deps } }: BenchBot): Promise<void> {
  for (const { adjustment, actor, location, terms } of await deps.projections.openCards(String(ANN.id))) {
    await deps.events.append({ adjustment, step: "cancelled", actor, location, terms, code: "", detail: {} });
  }
}

/** Ours. Each line has an exchange of its own, so no budget makes it wait; it reads the tiers, as the floor does. */
function botCard(bot: BenchBot, stub: Stub, seen: (card: Card) => void = () => undefined): Turn {
  return async () => {
    await bot.renewExchange();
    await cancelCards(bot);
    const update = typed(LINE);
    const arrived = stub.card();
    const startedAt = process.hrtime.bigint();
    const handled = bot.handle(update);
    const card = await arrived;
    await handled;
    await bot.drained();
    seen(card);
    return Number(card.receivedAt - startedAt) / NS_A_MS;
  };
}

async function bareMessage(stub: Stub, body: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${stub.telegram}/bot${TOKEN}/sendMessage`, { method: "POST", headers, body });
  if (!((await response.json()) as { ok: boolean }).ok) throw new Error("the stub took no message");
}

/** The floor: which position it is, three reads side by side, one durable row, one message. */
function bareCard(stub: Stub, table: BareTable, body: string): Turn {
  return async () => {
    const arrived = stub.card();
    const startedAt = process.hrtime.bigint();
    await bareCall(stub.bitget, "GET", ALL_POSITIONS);
    await Promise.all(LOOK.map((target) => bareCall(stub.bitget, "GET", target)));
    table.insert("proposed");
    const sent = bareMessage(stub, body);
    const { receivedAt } = await arrived;
    await sent;
    return Number(receivedAt - startedAt) / NS_A_MS;
  };
}

export async function measureCard(bot: BenchBot, stub: Stub): Promise<Pair> {
  let body = "";
  // The floor copies the row and the message of a card that was shown.
  await botCard(bot, stub, (card) => {
    body = card.body;
  })(0);
  const table = bareTable(bot.file, `${bot.file}.bare-card`, ["proposed"]);
  const pair = await alternate(TIMES, botCard(bot, stub), bareCard(stub, table, body));
  table.close();
  return pair;
}
