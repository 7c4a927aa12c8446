/** The bot: the order in which an update meets its handlers. */
import { conversations, createConversation } from "@grammyjs/conversations";
import { Api, Bot } from "grammy";
import { TableBusyError } from "../margin/ports/audit-trail.ts";
import type { Clock } from "../margin/ports/clock.ts";
import { DatabaseBusyError } from "../store/lane.ts";
import { presses } from "./cards/card-buttons.ts";
import { commands } from "./commands.ts";
import { marginConversation } from "./margin-flow/conversation.ts";
import { byUpdate, type DialogueStore } from "./margin-flow/dialogue-store.ts";
import { MARGIN_DIALOGUE, marginCommand, saysEverything } from "./margin-flow/margin-command.ts";
import { createTelegramFetch } from "./messaging/api-fetch.ts";
import { inLowerCase } from "./messaging/command.ts";
import type { Chat, HandlerChat, Outside } from "./messaging/context.ts";
import { faultOf } from "./messaging/errors.ts";
import { answer, post } from "./messaging/messages.ts";
import { witnessed } from "./messaging/telegram-date.ts";
import type { Throttle } from "./messaging/throttle.ts";
import { locationOf } from "./messaging/update-origin.ts";
import { stops } from "./stops.ts";
import { access, freshness } from "./updates/access.ts";
import { type Admission, createAdmission } from "./updates/admission.ts";
import { nextPresses } from "./verdicts/follow-up-buttons.ts";
import { positionTaps } from "./views/positions.ts";
import type { Text, Words } from "./words/english.ts";

/** Raised with every change of what the conversation does between two waits: older stored dialogues are dropped. */
const DIALOGUE_VERSION = 4;
/** Longest that Telegram may take for one call, in seconds; long polls are answered within 30. */
const CALL_SECONDS = 60;

/** Where Telegram is called, with which token, what keeps the bot from calling too early, and what hears its time. */
export interface TelegramAccess {
  readonly token: string;
  readonly apiRoot: string;
  readonly throttle: Throttle;
  readonly clock: Clock;
}

function clientOptions(
  { apiRoot, throttle, clock }: TelegramAccess,
  how: { readonly waits: boolean },
): NonNullable<ConstructorParameters<typeof Api>[1]> {
  const fetch = witnessed(createTelegramFetch(throttle, how), clock) as typeof globalThis.fetch;
  return { apiRoot, fetch, timeoutSeconds: CALL_SECONDS, sensitiveLogs: false };
}

/** A bot without handlers: whoever needs to call Telegram uses its `api`, which waits for a throttled chat for a while. */
export function createBot(access: TelegramAccess): Bot<Outside> {
  return new Bot<Outside>(access.token, { client: clientOptions(access, { waits: true }) });
}

/** Calls Telegram as well, and is told at once where a chat is throttled: for whoever can try again later. */
export function createPromptApi(access: TelegramAccess): Api {
  return new Api(access.token, clientOptions(access, { waits: false }));
}

/** What is said of an update that came to nothing, as a message and below a button. */
function troubleOf(words: Words, error: unknown, by: "message" | "press"): { text: Text; toast: string } {
  if (error === "frozen") return { text: words.refusal({ code: "frozen" }), toast: words.toast.frozen };
  const isBusy = error instanceof TableBusyError || error instanceof DatabaseBusyError;
  if (isBusy) return { text: words.refusal({ code: "table_busy" }), toast: words.toast.tableBusy };
  return { text: words.trouble(by), toast: words.toast.trouble };
}

async function sayTrouble(chat: Chat, ctx: Outside, error: unknown): Promise<void> {
  chat.log("error", "update_failed", { fault: faultOf(error), update: ctx.update.update_id });
  const { words } = chat;
  // A frozen bot may be unable to write anything down, its own no included: the reason is told all the same.
  const isFrozen = chat.deps.killSwitch.frozen() !== undefined;
  const isPress = ctx.callbackQuery !== undefined;
  const { text, toast } = troubleOf(words, isFrozen ? "frozen" : error, isPress ? "press" : "message");
  // A press may have been answered before it broke, and the words of a second answer reach nobody: they are a message.
  const said = ctx.chat === undefined ? undefined : post(chat, locationOf(ctx), text);
  await Promise.all([said, isPress ? answer(ctx, toast) : undefined]);
}

/**
 * Installs the handlers. Before `access` nothing is read, after it every update has a person and a chat; whoever calls the
 * bot waits for nothing behind the admission.
 */
export function installHandlers(bot: Bot<Outside>, chat: HandlerChat, dialogues: DialogueStore): Admission {
  const admission = createAdmission(chat, (ctx, error) => sayTrouble(chat, ctx, error));
  bot.catch(({ error, ctx }) =>
    chat.log("error", "update_failed", { fault: faultOf(error), update: ctx.update.update_id }),
  );
  bot.use(inLowerCase, access(chat), admission.middleware, freshness(chat), stops(chat, dialogues), presses(chat));
  bot.use(
    conversations({ storage: { type: "context", version: DIALOGUE_VERSION, adapter: byUpdate(dialogues) } }),
    commands(chat),
    // How long a question waits is the store's to say: the plugin would ask the machine's own clock.
    createConversation(marginConversation(chat), { id: MARGIN_DIALOGUE }),
  );
  // Behind the conversation that it enters; `commands` has ended an older one by then.
  bot.command("margin", (ctx) => marginCommand(chat, ctx, ctx.match));
  bot.use(positionTaps(chat), nextPresses(chat));
  bot
    .chatType("private")
    .on("message:text")
    .filter(
      (ctx) => saysEverything(ctx.message.text),
      (ctx) => marginCommand(chat, ctx, ctx.message.text),
    );
  bot.on("callback_query", (ctx) => answer(ctx, chat.words.toast.oldQuestion));
  bot.chatType("private").on("message", async (ctx) => {
    const { notAsked, textOnly } = chat.words;
    await post(chat, locationOf(ctx), ctx.message.text === undefined ? textOnly() : notAsked());
  });
  return admission;
}
