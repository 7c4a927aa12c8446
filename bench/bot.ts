/** The real bot in this process, composed as src/app.ts does it, against the stub; updates are handed to it directly. */
import { hash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Update, UserFromGetMe } from "grammy/types";
import { createTrail } from "../src/audit/trail.ts";
import { type Bitget, createBitget } from "../src/bitget/exchange.ts";
import { createClock } from "../src/clock.ts";
import { createLogger } from "../src/log.ts";
import { decimal } from "../src/margin/model/decimal.ts";
import { createKillSwitch } from "../src/margin/rules/frozen.ts";
import { createRedact } from "../src/redact.ts";
import { openStore } from "../src/store/database.ts";
import { createBot, installHandlers } from "../src/telegram/bot.ts";
import { createCardStore } from "../src/telegram/cards/card-store.ts";
import { createDialogueStore } from "../src/telegram/margin-flow/dialogue-store.ts";
import { createBackground } from "../src/telegram/messaging/background.ts";
import type { Chat, HandlerChat } from "../src/telegram/messaging/context.ts";
import { createTurns } from "../src/telegram/messaging/keyed-queue.ts";
import { createThrottle } from "../src/telegram/messaging/throttle.ts";
import { createOutbox, type Outbox } from "../src/telegram/verdicts/outbox.ts";
import { english } from "../src/telegram/words/english.ts";
import { CREDENTIALS } from "./bare.ts";
import type { Stub } from "./stub.ts";

export const ACCOUNT = "bitget:live:bench";
/** The position that everything here is about; the stub shows it. */
export const KEY = {
  account: ACCOUNT,
  productType: "USDT-FUTURES",
  symbol: "BTCUSDT",
  marginCoin: "USDT",
  holdSide: "long",
} as const;
export const TOKEN = "7000000001:bench";
export const ANN = { id: 501, is_bot: false, first_name: "Ann" };
const PRIVATE = { id: ANN.id, type: "private", first_name: "Ann" } as const;
/** What getMe would say: neither side asks for it. */
export const BOT_INFO = {
  id: 7_000_000_001,
  is_bot: true,
  first_name: "Margin bot",
  username: "margin_bench_bot",
} as UserFromGetMe;

export interface BenchBot {
  readonly chat: HandlerChat;
  readonly file: string;
  /** Resolves when the update is handled; `drained` when also what goes on behind it is. */
  handle(update: Update): Promise<void>;
  drained(): Promise<void>;
  /**
   * Gives the bot an exchange that has called nothing yet, with the contracts read. The budgets per second (5 for
   * set-margin, 10 for a read) belong to the exchange, so a bench that takes a fresh one in time never waits for them.
   */
  renewExchange(): Promise<void>;
  close(): Promise<void>;
}

/** An exchange without a past, its list of contracts read already. */
export async function freshExchange(baseUrl: string): Promise<Bitget> {
  const exchange = createBitget({
    account: ACCOUNT,
    baseUrl,
    credentials: CREDENTIALS,
    demo: false,
    productTypes: ["USDT-FUTURES"],
    timeoutMs: 10_000,
    clock: createClock(),
    redact: createRedact(Object.values(CREDENTIALS)),
    log: () => undefined,
  });
  await exchange.contracts(ACCOUNT);
  return exchange;
}

const HANDLED_MS = 30_000;
const SILENT: Outbox = { nudge: () => undefined, stop: async () => undefined };

function createTeller(chat: Chat): Outbox {
  return createOutbox(chat, chat, { verdictTold: () => undefined, estimateChecked: () => undefined });
}

/** The bot on the database `bench.db` in this folder; it tells no verdicts, unless asked to. */
export async function createBenchBot(stub: Stub, folder: string, isTelling = false): Promise<BenchBot> {
  const file = join(folder, "bench.db");
  const store = await openStore(file);
  const { log } = createLogger("info", createRedact(Object.values(CREDENTIALS)), () => undefined);
  const bot = createBot({
    clock: createClock(),
    token: TOKEN,
    apiRoot: stub.telegram,
    throttle: createThrottle(() => performance.now(), log),
  });
  bot.botInfo = BOT_INFO;
  const work = createBackground(log);
  const trail = createTrail(store, Date.now);
  const deps = {
    exchange: await freshExchange(stub.bitget),
    ...trail,
    killSwitch: createKillSwitch(trail),
    rules: {
      perAdjustment: decimal<"USD">("1000"),
      removeFloor: decimal<"ratio">("0.03"),
      confirmTtlMs: 60_000,
      settleWindowMs: 90_000,
    },
    ids: {
      id: () => randomBytes(5).toString("hex"),
      nonce: () => randomBytes(12).toString("base64url"),
      hash: (nonce: string) => hash("sha256", nonce),
    },
    now: Date.now,
    sureNow: async () => Date.now(),
    monotonic: () => performance.now(),
    pause: (ms: number) => sleep(ms),
    roleOf: (id: string) => (id === String(ANN.id) ? ("admin" as const) : undefined),
    closing: () => false,
  };
  const base: Chat = {
    deps,
    words: english,
    api: bot.api,
    cards: createCardStore(store),
    log,
    background: work.run,
    inTurn: createTurns(),
    groups: { ids: new Set<string>(), at: (chat) => chat, moved: () => undefined },
    adminIds: [],
  };
  const outbox = isTelling ? createTeller(base) : SILENT;
  const chat: HandlerChat = {
    ...base,
    standingFault: () => undefined,
    hadWaited: async () => false,
    outbox,
    settlement: { nudge: async () => undefined },
  };
  const admission = installHandlers(bot, chat, createDialogueStore(store, Date.now));
  return {
    chat,
    file,
    async handle(update) {
      await bot.handleUpdate(update);
      await admission.drained(HANDLED_MS);
    },
    drained: work.drained,
    async renewExchange() {
      deps.exchange = await freshExchange(stub.bitget);
    },
    async close() {
      await outbox.stop();
      await store.close();
    },
  };
}

let updates = 0;

/** A text of Ann's, sent just now. */
export function typed(text: string): Update {
  updates += 1;
  const command = /^\/\w+/.exec(text)?.[0];
  return {
    update_id: updates,
    message: {
      message_id: 1000 + updates,
      date: Math.floor(Date.now() / 1000),
      chat: PRIVATE,
      from: ANN,
      text,
      ...(command === undefined ? {} : { entities: [{ type: "bot_command", offset: 0, length: command.length }] }),
    },
  };
}

/** A press of a button under the message that the stub calls 42. */
export function pressed(data: string): Update {
  updates += 1;
  const message = { message_id: 42, date: Math.floor(Date.now() / 1000), chat: PRIVATE, from: BOT_INFO, text: "…" };
  return {
    update_id: updates,
    callback_query: { id: `press-${updates}`, from: ANN, chat_instance: "1", data, message },
  };
}
