/**
 * One update, from being handed in until it is handled: a text that is no amount, typed into the dialogue that waits for
 * one. Ours: access, admission, the stored dialogue read, replayed, answered and stored (durably). Floor: bare grammY with the
 * conversations plugin, which keeps the same dialogue in memory. Both send one message to the stub.
 */
import { type Conversation, type ConversationFlavor, conversations, createConversation } from "@grammyjs/conversations";
import { Bot, type Context } from "grammy";
import { type BenchBot, BOT_INFO, TOKEN, typed } from "./bot.ts";
import { alternate, type Pair, type Turn, timed } from "./measure.ts";
import type { Stub } from "./stub.ts";

/** Answers to one question before the dialogue is begun anew: both replay a log of the same length. */
const ANSWERS = 5;
const TIMES = { warmUp: 50, rounds: 400 };

type Flavored = ConversationFlavor<Context>;

async function dialogue(conversation: Conversation<Flavored, Context>, first: Context): Promise<void> {
  await first.reply("How much to add to BTC long? Margin 612.5 USDT, free 1,500 USDT.");
  for (;;) {
    const ctx = await conversation.waitFor("message:text");
    if (ctx.message.text.startsWith("/cancel")) return;
    await ctx.reply("That is not an amount. Type it like 50 or 12.5.");
  }
}

function bareBot(stub: Stub): Bot<Flavored> {
  const bot = new Bot<Flavored>(TOKEN, { botInfo: BOT_INFO, client: { apiRoot: stub.telegram } });
  bot.use(conversations(), createConversation(dialogue));
  bot.command("margin", (ctx) => ctx.conversation.enter("dialogue"));
  return bot;
}

function answering(handle: (update: ReturnType<typeof typed>) => Promise<void>, renew: () => Promise<void>): Turn {
  return async (index) => {
    if (index % ANSWERS === 0) {
      await renew();
      await handle(typed("/cancel"));
      await handle(typed("/margin BTC"));
    }
    const update = typed("a little");
    return timed(() => handle(update));
  };
}

export function measureUpdate(bot: BenchBot, stub: Stub): Promise<Pair> {
  const bare = bareBot(stub);
  const floor = answering(
    (update) => bare.handleUpdate(update),
    async () => undefined,
  );
  return alternate(TIMES, answering(bot.handle, bot.renewExchange), floor);
}
