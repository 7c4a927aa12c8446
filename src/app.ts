/** Composes the rooms into the running bot, in the order that start-up demands, and takes them down in reverse. */
import { hash, randomBytes, randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Bot } from "grammy";
import { createTrail } from "./audit/trail.ts";
import { type Bitget, createBitget } from "./bitget/exchange.ts";
import type { Redact } from "./bitget/http/clean.ts";
import { createClock, createSureNow } from "./clock.ts";
import type { Settings } from "./config.ts";
import { takeLease } from "./database-lock.ts";
import { EXIT, StartError } from "./exit.ts";
import { createMetrics } from "./http/metrics.ts";
import { serveHttp } from "./http/server.ts";
import type { Logger } from "./log.ts";
import { decimal, multiply } from "./margin/model/decimal.ts";
import type { Clock } from "./margin/ports/clock.ts";
import type { Deps, IdGenerator } from "./margin/ports/deps.ts";
import { createKillSwitch } from "./margin/rules/frozen.ts";
import { createRunning, finishWork, takeUp } from "./running.ts";
import { createSelfCheck, type SelfCheck } from "./self-check/self-check.ts";
import { openStore, type Store } from "./store/database.ts";
import { createMarkFile } from "./store/mark-file.ts";
import { createBot, installHandlers, type TelegramAccess } from "./telegram/bot.ts";
import { startCardExpiry } from "./telegram/cards/card-expiry.ts";
import { createDialogueStore } from "./telegram/margin-flow/dialogue-store.ts";
import { notifyAdmins } from "./telegram/messaging/admins.ts";
import { setMenu } from "./telegram/messaging/command-menu.ts";
import type { Chat, Outside } from "./telegram/messaging/context.ts";
import { engageKillSwitch } from "./telegram/messaging/freeze.ts";
import { createThrottle } from "./telegram/messaging/throttle.ts";
import { startPolling } from "./telegram/updates/polling.ts";

const SECOND_MS = 1000;
/** How often Telegram and Bitget are tried at a start, a second apart, before it is given up. */
const REACH_TRIES_MAX = 10;
/**
 * How long a shutdown waits for updates that were taken in, and then for calls under way; in ms. What is left of calls is
 * settled at the next start; an update that is left is lost.
 */
const HANDLED_MS = 10_000;
const DRAIN_MS = 30_000;
/** How long a start waits, in ms, until what had waited at Telegram is fetched: presses from then on count. */
const CATCH_UP_MS = 5_000;
const PERCENT = decimal<"ratio">("0.01");
/** No letters that look alike: ids are typed after /settle. */
const ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const ID_LENGTH = 10;
const NONCE_BYTES = 12;

export interface App {
  /** Resolves with the reason when the bot stopped working by itself. */
  readonly broken: Promise<string>;
  /** No new work; what is under way is finished and recorded. */
  stop(): Promise<void>;
}

const ids: IdGenerator = {
  id: () => Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join(""),
  nonce: () => randomBytes(NONCE_BYTES).toString("base64url"),
  hash: (nonce) => hash("sha256", nonce),
};

/** Tries until the other side answers, for a bounded number of times. */
async function reach(what: string, attempt: () => Promise<boolean>): Promise<void> {
  for (let tries = 1; tries <= REACH_TRIES_MAX; tries++) {
    if (await attempt()) return;
    if (tries < REACH_TRIES_MAX) await pause(SECOND_MS);
  }
  throw new StartError(EXIT.unavailable, `${what} could not be reached`);
}

/** What a refused greeting says of the settings. Telegram answers 404 for what has not the form of a token, or where a path is wrong. */
const GREETING_REFUSED: ReadonlyMap<number | undefined, string> = new Map([
  [401, "TELEGRAM_BOT_TOKEN is refused by Telegram"],
  [404, "TELEGRAM_BOT_TOKEN or TELEGRAM_API_ROOT is wrong: there is no bot of this token at this address"],
]);

function greetTelegram(bot: Bot<Outside>): Promise<void> {
  return reach("Telegram", async () => {
    try {
      // Not bot.init(): it tries for ever by itself, and nothing could stop it.
      bot.botInfo = await bot.api.getMe();
      await bot.api.deleteWebhook();
      return true;
    } catch (error) {
      const sentence = GREETING_REFUSED.get((error as { error_code?: number }).error_code);
      if (sentence === undefined) return false;
      throw new StartError(EXIT.configuration, sentence);
    }
  });
}

function accessTo(settings: Settings, clock: Clock, { log }: Logger): TelegramAccess {
  const { TELEGRAM_BOT_TOKEN: token = "", TELEGRAM_API_ROOT: apiRoot } = settings;
  return { token, apiRoot, clock, throttle: createThrottle(() => clock.moment().monotonic, log) };
}

/** Where margin is adjusted, as the ready line says it. */
function venue(settings: Settings): { mode: Settings["BITGET_MODE"]; exchange: string } {
  return { mode: settings.BITGET_MODE, exchange: settings.PAPER_EXCHANGE_URL ?? settings.BITGET_BASE_URL };
}

function connectBitget(settings: Settings, clock: Clock, { log }: Logger, redact: Redact): Bitget {
  const mode = settings.BITGET_MODE;
  return createBitget({
    account: `bitget:${mode}:${settings.BITGET_ACCOUNT}`,
    baseUrl: venue(settings).exchange,
    credentials: {
      key: settings.BITGET_API_KEY ?? "",
      secret: settings.BITGET_API_SECRET ?? "",
      passphrase: settings.BITGET_API_PASSPHRASE ?? "",
    },
    demo: mode === "demo",
    productTypes: settings.BITGET_PRODUCT_TYPES,
    timeoutMs: settings.BITGET_TIMEOUT_MS,
    clock,
    redact,
    log: ({ event, ...fields }) => log("debug", event, fields),
    warn: ({ event, ...fields }) => log("warn", event, fields),
  });
}

/** Bitget and Telegram, not called yet, and the clock that they correct. */
function connectBoth(settings: Settings, logger: Logger, redact: Redact) {
  const clock = createClock();
  const access = accessTo(settings, clock, logger);
  return { clock, access, exchange: connectBitget(settings, clock, logger, redact), bot: createBot(access) };
}

interface DepsParts {
  readonly file: string;
  readonly store: Store;
  readonly exchange: Bitget;
  readonly clock: Clock;
  readonly log: Logger["log"];
}

function createDeps(
  settings: Settings,
  { file, store, exchange, clock, log }: DepsParts,
  closing: () => boolean,
): Deps {
  const trail = createTrail(store, clock.now);
  const admins = new Set(settings.TELEGRAM_ADMIN_IDS);
  return {
    exchange,
    ...trail,
    killSwitch: createKillSwitch(trail, createMarkFile(`${file}.frozen`)),
    rules: {
      perAdjustment: decimal(settings.LIMIT_PER_ADJUSTMENT),
      removeFloor: multiply(decimal(settings.REMOVE_FLOOR_PERCENT), PERCENT),
      confirmTtlMs: settings.CONFIRM_TTL_S * SECOND_MS,
      settleWindowMs: settings.SETTLE_WINDOW_S * SECOND_MS,
    },
    ids,
    now: clock.now,
    sureNow: createSureNow(clock, exchange.syncClock, log),
    monotonic: () => clock.moment().monotonic,
    pause: (ms) => pause(ms),
    roleOf: (id) => (admins.has(id) ? "admin" : undefined),
    closing,
  };
}

/** Why the bot does not work at the moment, for `/readyz`. */
function healthFaults(deps: Deps, selfCheck: SelfCheck): string[] {
  const frozen = deps.killSwitch.frozen();
  const killSwitch = frozen === undefined ? [] : [`frozen: ${frozen}`];
  return [...(deps.closing() ? ["going down"] : []), ...killSwitch, ...selfCheck.doubts()];
}

/** A write that failed freezes the bot. One that waits for another program ends by itself, and is told. */
function watchWrites(store: Store, chat: Chat, selfCheck: SelfCheck): void {
  store.writes.listen({
    failed: () => chat.background(engageKillSwitch(chat, selfCheck.fault() ?? "write_failed")),
    held() {
      chat.log("warn", "database_held");
      chat.background(notifyAdmins(chat, chat.words.databaseHeld()).then(() => undefined));
    },
  });
}

/** Bitget's clock and Telegram's answer, and what the kill switch was when the last process ended. */
async function reachBoth(exchange: Bitget, bot: Bot<Outside>, deps: Deps): Promise<void> {
  const bitget = reach("Bitget", async () => (await exchange.start()).ok);
  await Promise.all([bitget, greetTelegram(bot), deps.killSwitch.load()]);
}

/**
 * Starts the bot: lock, database, clock, what the last process left behind, and only then the first update.
 * `redact` takes the secrets of the settings out of what Bitget says. Throws `StartError` where it cannot be.
 */
export async function startApp(settings: Settings, logger: Logger, redact: Redact): Promise<App> {
  const { file, lease } = takeLease(settings.DATABASE_URL);
  const store = await openStore(file);
  const { clock, exchange, access, bot } = connectBoth(settings, logger, redact);
  let closing = false;
  const deps = createDeps(settings, { file, store, exchange, clock, log: logger.log }, () => closing);
  const [account = ""] = exchange.accounts;
  const selfCheck = createSelfCheck({ file, store, account, productTypes: settings.BITGET_PRODUCT_TYPES, clock });
  const metrics = createMetrics();
  const running = createRunning(settings, { deps, store, access, bot, logger, selfCheck, metrics });
  const { chat } = running;
  await reachBoth(exchange, bot, deps);
  chat.background(setMenu(chat));
  watchWrites(store, chat, selfCheck);
  await selfCheck.check(chat);
  await takeUp(running);
  const admission = installHandlers(bot, chat, createDialogueStore(store, clock.now));
  const at = { host: settings.HTTP_HOST, port: settings.HTTP_PORT };
  const http = await serveHttp(
    at,
    { faults: () => healthFaults(deps, selfCheck), throttled: access.throttle.throttled },
    metrics,
  );
  const cardExpiry = startCardExpiry(chat);
  const polling = startPolling(bot, running.backlog);
  await Promise.race([running.backlog.caughtUp, polling.broken, pause(CATCH_UP_MS, undefined, { ref: false })]);
  selfCheck.start(chat);
  logger.ready({ ...venue(settings), http: http.url, bot: bot.botInfo.username });
  return {
    broken: polling.broken,
    async stop() {
      closing = true;
      cardExpiry.stop();
      selfCheck.stop();
      await polling.stop();
      await admission.drained(HANDLED_MS);
      await finishWork(running, settings.BITGET_TIMEOUT_MS + DRAIN_MS);
      await selfCheck.noteEnd(chat);
      await http.close();
      await store.close();
      lease.release();
    },
  };
}
