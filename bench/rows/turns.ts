/** What is done again and again on an empty table and on a full one, and the longest block of the event loop meanwhile. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { plainAmount } from "../../src/margin/input/expression.ts";
import { decimal } from "../../src/margin/model/decimal.ts";
import { undoStateOf } from "../../src/margin/rules/undo.ts";
import { offer } from "../../src/telegram/cards/cards.ts";
import { callbackData } from "../../src/telegram/messaging/callback-data.ts";
import { ACCOUNT, ANN, type BenchBot, KEY, pressed, typed } from "../bot.ts";
import { NS_A_MS, type Turn, timed } from "../measure.ts";
import type { Stub } from "../stub.ts";
import { entriesOf, REFUSED } from "./entries.ts";

/** As much as the stub adds, so that verdicts hold their figures. */
const REQUEST = {
  position: KEY,
  expression: plainAmount("add", decimal("0.5")),
  askedBy: { id: String(ANN.id), name: ANN.first_name },
  location: { chat: String(ANN.id), topic: "", message: "7" },
} as const;

/** Adjustments that the built table does not have. */
const FRESH = 1_000_000_000;

/** One row, durably. */
export function appending({ chat: { deps } }: BenchBot): Turn {
  return async (index) => {
    const [entry] = entriesOf(ACCOUNT, FRESH + 10 * index + REFUSED, 0);
    return entry === undefined ? Number.NaN : timed(() => deps.events.append(entry));
  };
}

/** From a press to the last byte of its verdict at Telegram. The card is shown first, uncounted. */
export function telling(bot: BenchBot, stub: Stub): Turn {
  return async () => {
    await bot.renewExchange();
    const proposed = await offer(bot.chat, REQUEST);
    if (proposed.kind !== "proposed") throw new Error(`no card: ${proposed.kind}`);
    const { adjustment } = proposed.proposal;
    const press = { action: "confirm", adjustment: adjustment.id, nonce: proposed.nonce } as const;
    const update = pressed(callbackData.card.encode(press));
    const told = stub.verdict();
    const startedAt = process.hrtime.bigint();
    const handled = bot.handle(update);
    const took = Number((await told) - startedAt) / NS_A_MS;
    await handled;
    await bot.drained();
    return took;
  };
}

/** The first page of `/history`, from the update to its handling. */
export function listing(bot: BenchBot): Turn {
  return () => timed(() => bot.handle(typed("/history")));
}

/** Whether the newest adjustment of the position can be undone. */
export function undoing({ chat: { deps } }: BenchBot): Turn {
  return async () => {
    const [newest] = await deps.projections.done(KEY, { limit: 1 });
    const id = newest?.adjustment ?? "";
    return timed(() => undoStateOf(deps, { id, position: KEY }));
  };
}

/** How long the loop is looked at before and after a turn, in ms: a block shows in the tick that comes late. */
const LOOK_MS = 3;

/** The same turn; whatever it does, the longest block of the event loop in it, in ms, is added to `blocks`. */
export function watched(turn: Turn, blocks: number[]): Turn {
  return async (index) => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await sleep(LOOK_MS);
    const took = await turn(index);
    await sleep(LOOK_MS);
    delay.disable();
    blocks.push(delay.max / NS_A_MS);
    return took;
  };
}
