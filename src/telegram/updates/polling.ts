/** Long polling: updates come in, each person's in order, until it is stopped or broken. */
import { run } from "@grammyjs/runner";
import type { Bot } from "grammy";
import type { Outside } from "../messaging/context.ts";
import { faultOf } from "../messaging/errors.ts";

/** Updates that are worked on at once. */
const CONCURRENCY = 50;
/** How long a stop waits for updates that are being worked on, in ms, and how often it looks. */
const DRAIN_MS = 10_000;
const LOOK_MS = 20;

export interface Polling {
  /** Resolves with the reason when polling ended without being asked to. */
  readonly broken: Promise<string>;
  /** Takes no more updates, and waits for those under way. */
  stop(): Promise<void>;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export function startPolling(bot: Bot<Outside>): Polling {
  const runner = run(bot, {
    runner: { fetch: { allowed_updates: ["message", "callback_query", "my_chat_member"] }, silent: true },
    sink: { concurrency: CONCURRENCY },
  });
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
      for (let waited = 0; runner.size() > 0 && waited < DRAIN_MS; waited += LOOK_MS) await pause(LOOK_MS);
    },
  };
}
