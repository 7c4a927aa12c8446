/** Long polling: updates come in until it is stopped or broken. No handler keeps the next ones from being fetched. */
import { createRunner, createSource, createUpdateFetcher, type UpdateSink } from "@grammyjs/runner";
import type { Bot, BotError } from "grammy";
import type { Update } from "grammy/types";
import type { Outside } from "../messaging/context.ts";
import { faultOf } from "../messaging/errors.ts";
import type { Backlog } from "./backlog.ts";

export interface Polling {
  /** Resolves with the reason when polling ended without being asked to. */
  readonly broken: Promise<string>;
  /** Takes no more updates. */
  stop(): Promise<void>;
}

const FETCH = { allowed_updates: ["message", "callback_query", "my_chat_member"] } as const;

/** Hands updates over and asks for more at once: how much may be under way is the admission's business. */
function createSink(bot: Bot<Outside>): UpdateSink<Update> {
  return {
    async handle(updates) {
      for (const update of updates)
        bot.handleUpdate(update).catch((error: BotError<Outside>) => bot.errorHandler(error));
      return Number.POSITIVE_INFINITY;
    },
    size: () => 0,
    snapshot: () => [],
  };
}

/** Begins to fetch updates and to hand them to `bot`; `backlog` sees which of them had waited. */
export function startPolling(bot: Bot<Outside>, backlog: Backlog): Polling {
  bot.api.config.use(backlog.transformer);
  const supply = createUpdateFetcher(bot, { fetch: FETCH, silent: true });
  const runner = createRunner(createSource({ supply }), createSink(bot));
  runner.start();
  let stopping = false;
  const broken = new Promise<string>((resolve) => {
    const end = (reason: string) => {
      if (!stopping) resolve(reason);
    };
    runner.task()?.then(
      () => end("polling ended"),
      (error: unknown) => end(faultOf(error)),
    );
  });
  return {
    broken,
    async stop() {
      stopping = true;
      if (runner.isRunning()) await runner.stop().catch(() => undefined);
    },
  };
}
