/** One thing at a time for each person in each place; a card's presses queue behind nothing but each other. */
import { sequentialize } from "@grammyjs/runner";
import type { MiddlewareFn } from "grammy";
import type { Log } from "../../margin/ports/log.ts";
import { readCardData } from "../messaging/callback-data.ts";
import type { Outside } from "../messaging/context.ts";
import { laneOf } from "../messaging/update-origin.ts";

/** Longest that one update may hold its lane, in ms. A conversation that hangs must not silence its person. */
const DEADLINE_MS = 45_000;

export function lanes(): MiddlewareFn<Outside> {
  return sequentialize((ctx) => {
    const card = readCardData(ctx.callbackQuery?.data ?? "");
    return card === undefined ? laneOf(ctx) : `card:${card.adjustment}`;
  });
}

/** Frees the lane after the deadline; the work itself goes on, and its result is of no consequence. */
export function deadline(log: Log): MiddlewareFn<Outside> {
  return async (_ctx, next) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        log("error", "update_deadline");
        resolve();
      }, DEADLINE_MS);
    });
    await Promise.race([next(), late]).finally(() => clearTimeout(timer));
  };
}
