/** Misfortunes of Telegram that a test orders: errors, delays, lost answers. */
import type { Refusal } from "../state/bot-api-types.ts";
import type { Call } from "../state/call-log.ts";

/** What may go wrong with a call, although the bot did nothing wrong. */
export type Fault =
  /** Refused unprocessed, for instance 429 with `retry_after`, 500, 403. */
  | { kind: "error"; code: number; description: string; parameters?: Refusal["parameters"] }
  /** The connection is closed before or after the call took effect. */
  | { kind: "drop"; when: "before" | "after" }
  /** Processed, and answered late. */
  | { kind: "slow"; ms: number }
  /** Processed, and answered when `until` settles: a slow answer whose length the test decides. */
  | { kind: "hold"; until: Promise<unknown> }
  /** The page of a gateway that cannot reach Telegram. */
  | { kind: "html" };

/** The misfortunes that wait for their calls. */
export interface Faults {
  /** The next `times` calls of a method (`*`: of any but getUpdates) meet the fault. */
  fail(method: string, fault: Fault, times?: number): void;
  /** Asks `choose` at every call, which it numbers from 0; returns what ends the rule. */
  failWhen(choose: (call: Call, index: number) => Fault | undefined): () => void;
  /** The fault of this call, if any. */
  next(call: Call): Fault | undefined;
}

/** No fault is ordered at first. */
export function createFaults(): Faults {
  const rules = new Set<(call: Call) => Fault | undefined>();

  function failWhen(choose: (call: Call, index: number) => Fault | undefined) {
    let index = 0;
    const rule = (call: Call) => choose(call, index++);
    rules.add(rule);
    return () => void rules.delete(rule);
  }

  return {
    failWhen,
    fail(method, fault, times = 1) {
      let left = times;
      const end = failWhen((call) => {
        if (method === "*" ? call.method === "getUpdates" : call.method !== method) return undefined;
        left -= 1;
        if (left <= 0) end();
        return fault;
      });
    },
    next(call) {
      for (const rule of [...rules]) {
        const fault = rule(call);
        if (fault) return fault;
      }
      return undefined;
    },
  };
}
