/** What stops something: `/freeze` and `/cancel`. Installed before everything that reads, writes or asks first. */
import type { MiddlewareFn } from "grammy";
import { cancelAll } from "../margin/lifecycle/confirm.ts";
import { closeCard } from "./cards/cards.ts";
import type { DialogueStore } from "./margin-flow/dialogue-store.ts";
import type { Chat, Outside } from "./messaging/context.ts";
import { freezeCommand } from "./messaging/freeze.ts";
import { post } from "./messaging/messages.ts";
import { actorOf, laneOf, locationOf } from "./messaging/update-origin.ts";

/**
 * `/cancel`: ends the cards and the question of this person here. What hung or waited was called off by the admission; what
 * comes later waits until this has ended, and so for the database alone: nobody waits for what is said and shown.
 */
async function cancelCommand(chat: Chat, dialogues: DialogueStore, ctx: Outside): Promise<void> {
  const [lane, location] = [laneOf(ctx), locationOf(ctx)];
  const cancelled = await cancelAll(chat.deps, actorOf(ctx), location);
  for (const { adjustment } of cancelled) chat.background(closeCard(chat, adjustment));
  const asked = (await dialogues.read(lane)) !== undefined;
  await dialogues.delete(lane);
  const text = chat.words.cancelling(asked || cancelled.length > 0, ctx.turn.overtaken);
  chat.background(post(chat, location, text, { replyTo: location.message }).then(() => undefined));
}

/** Handles `/freeze` and `/cancel`, before everything that may wait. */
export function stops(chat: Chat, dialogues: DialogueStore): MiddlewareFn<Outside> {
  return (ctx, next) => {
    switch (ctx.turn.urgent?.kind) {
      case "freeze":
        return freezeCommand(chat, ctx);
      case "cancel":
        return cancelCommand(chat, dialogues, ctx);
      default:
        return next();
    }
  };
}
