/** What passes every queue: what stops something, and presses of cards. Told apart here, once for everybody. */
import type { Context } from "grammy";
import { type CardPress, callbackData } from "./callback-data.ts";
import { commandOf } from "./command.ts";

/** What waits for nothing: a freeze, a cancel, a press of a card. */
export type Urgent =
  | { readonly kind: "freeze" }
  | { readonly kind: "cancel" }
  | ({ readonly kind: "press" } & CardPress);

/** Undefined for whatever waits its turn. */
export function urgentOf(ctx: Context): Urgent | undefined {
  const press = callbackData.card.decode(ctx.callbackQuery?.data ?? "");
  if (press !== undefined) return { kind: "press", ...press };
  const command = commandOf(ctx);
  return command === "freeze" || command === "cancel" ? { kind: command } : undefined;
}
