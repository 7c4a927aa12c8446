/** What works on when an update is done: the chat, its outbox and its settlement, from a start to a stop. */
import { setTimeout as pause } from "node:timers/promises";
import type { Bot } from "grammy";
import type { Settings } from "./config.ts";
import type { Metrics } from "./http/metrics.ts";
import type { Logger } from "./log.ts";
import { expireCards } from "./margin/lifecycle/expire.ts";
import { recover } from "./margin/lifecycle/recover.ts";
import type { Deps } from "./margin/ports/deps.ts";
import type { SelfCheck } from "./self-check/self-check.ts";
import type { Store } from "./store/database.ts";
import { createPromptApi, type TelegramAccess } from "./telegram/bot.ts";
import { createCardStore } from "./telegram/cards/card-store.ts";
import { closeCard } from "./telegram/cards/cards.ts";
import { type Background, createBackground } from "./telegram/messaging/background.ts";
import type { Chat, HandlerChat, Outside } from "./telegram/messaging/context.ts";
import { createGroups, type Groups } from "./telegram/messaging/groups.ts";
import { createTurns } from "./telegram/messaging/keyed-queue.ts";
import { type Backlog, createBacklog } from "./telegram/updates/backlog.ts";
import { createOutbox, type Outbox } from "./telegram/verdicts/outbox.ts";
import { createSettlementWorker, type SettlementWorker } from "./telegram/verdicts/settlement-worker.ts";
import { english } from "./telegram/words/english.ts";

/** How long a shutdown waits for verdicts to be told, in ms. What is left is told at the next start. */
const LAST_WORDS_MS = 5_000;
/** A wait that keeps no process alive. */
const UNREF = { ref: false };

/** What works on when an update is done. The chat is there before them, and they before whatever nudges them. */
export interface Running {
  readonly chat: HandlerChat;
  readonly outbox: Outbox;
  readonly settlement: SettlementWorker;
  readonly work: Background;
  readonly groups: Groups;
  readonly backlog: Backlog;
}

/** What a chat is made of. */
export interface ChatParts {
  readonly deps: Deps;
  readonly store: Store;
  readonly access: TelegramAccess;
  readonly bot: Bot<Outside>;
  readonly logger: Logger;
  readonly selfCheck: SelfCheck;
  readonly metrics: Metrics;
}

/** The chat of these parts, and what works beside it; nothing is under way yet. */
export function createRunning(
  settings: Settings,
  { deps, store, access, bot, logger, selfCheck, metrics }: ChatParts,
): Running {
  const work = createBackground(logger.log);
  const groups = createGroups(settings.TELEGRAM_CHAT_IDS, { deps, log: logger.log, background: work.run });
  const chat: Chat = {
    deps,
    words: english,
    api: bot.api,
    log: logger.log,
    cards: createCardStore(store),
    adminIds: settings.TELEGRAM_ADMIN_IDS,
    groups,
    background: work.run,
    inTurn: createTurns(),
  };
  const outbox = createOutbox(
    chat,
    { api: createPromptApi(access), log: logger.log, groups },
    {
      estimateChecked: metrics.estimate,
      verdictTold: (event) => {
        selfCheck.anchor(event);
        metrics.verdict(event.step);
      },
    },
  );
  const settlement = createSettlementWorker(chat, outbox);
  const backlog = createBacklog(access.clock, deps.sureNow);
  const asked = { standingFault: selfCheck.fault, hadWaited: backlog.hadWaited };
  return { chat: { ...chat, outbox, settlement, ...asked }, outbox, settlement, work, groups, backlog };
}

/** What the last process left behind: closed, settled as far as the evidence goes, and told. */
export async function takeUp({ chat, outbox, settlement, groups }: Running): Promise<void> {
  await groups.load();
  await recover(chat.deps);
  for (const { adjustment } of await expireCards(chat.deps)) chat.background(closeCard(chat, adjustment));
  await settlement.nudge();
  outbox.nudge();
}

/** Calls under way are waited for within the time in ms, and then their verdicts. */
export async function finishWork({ settlement, outbox, work }: Running, waitMs: number): Promise<void> {
  settlement.stop();
  await Promise.race([work.drained(), pause(waitMs, undefined, UNREF)]);
  await Promise.race([outbox.stop(), pause(LAST_WORDS_MS, undefined, UNREF)]);
}
