/** The calls that the bot made, and what they were answered. */
import type { Answer } from "./bot-api-types.ts";
import type { Params } from "./params.ts";

/** One call of the bot. `ok` is undefined while it runs, and for ever when the connection was cut before an answer. */
export interface Call {
  readonly method: string;
  readonly params: Params;
  readonly at: number;
  ok: boolean | undefined;
  /** Why Telegram refused it. */
  description?: string;
}

/** What the bot called, and what is under way. */
export interface Calls {
  begin(method: string, params: Params): Call;
  end(call: Call, answer: Answer | undefined): void;
  list(method?: string): Call[];
  /** Calls that run now, the waiting getUpdates left out. */
  running(): number;
}

const CALLS_MAX = 10_000;

/** Keeps a bounded number of calls; `onEnd` is told when one was answered. */
export function createCalls(now: () => number, onEnd: () => void): Calls {
  const calls: Call[] = [];
  const running = new Set<Call>();
  return {
    begin(method, params) {
      const call: Call = { method, params, at: now(), ok: undefined };
      calls.push(call);
      if (calls.length > CALLS_MAX) calls.shift();
      if (method !== "getUpdates") running.add(call);
      return call;
    },
    end(call, answer) {
      if (answer) call.ok = answer.ok;
      if (answer && !answer.ok) call.description = answer.description;
      running.delete(call);
      onEnd();
    },
    list: (method) => calls.filter((call) => method === undefined || call.method === method),
    running: () => running.size,
  };
}
