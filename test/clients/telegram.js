/** Frameworks for bots that others wrote, against the playground: a talk with buttons, a file, and what is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import NodeBot from "node-telegram-bot-api";
import { Markup, Telegraf } from "telegraf";
import { createPlayground } from "../../src/playground/server.ts";

const token = "700123:test-token";
const button = { text: "Go", callback_data: "go" };

/** A playground with one person, who is talking with the bot when `talk` is called. */
async function meet(talk) {
  const telegram = await createPlayground({ token, bot: { username: "margin_bot" } });
  try {
    await talk(telegram, telegram.user());
  } finally {
    await telegram.close();
  }
}

/** Starts, presses, and sees the message change under the press. */
async function startAndPress(ann) {
  ann.says("/start");
  const hello = await ann.chat.waitFor(/Hello/);
  assert.equal(hello.text, "Hello");
  assert.deepEqual(await ann.presses("Go").answered, { text: "Going", showAlert: false });
  assert.equal((await ann.chat.waitFor(/Gone/)).id, hello.id);
}

test("a bot made with telegraf", () =>
  meet(async (telegram, ann) => {
    const bot = new Telegraf(token, { telegram: { apiRoot: telegram.apiRoot } });
    bot.start((ctx) => ctx.reply("Hello\n", Markup.inlineKeyboard([Markup.button.callback("Go", "go")])));
    bot.action("go", async (ctx) => {
      await ctx.answerCbQuery("Going");
      await ctx.editMessageText("Gone");
    });
    bot.command("file", (ctx) =>
      ctx.replyWithDocument({ source: Buffer.from("a;b"), filename: "a.csv" }, { caption: "The trail" }),
    );
    bot.command("wrong", async (ctx) => {
      await assert.rejects(ctx.reply(" \n"), /400: Bad Request: message text is empty/);
      await assert.rejects(ctx.telegram.sendMessage(42, "x"), /400: Bad Request: chat not found/);
      await assert.rejects(ctx.telegram.callApi("sendNothing", {}), /404: Not Found/);
      await ctx.reply("All three were refused");
    });
    const launched = bot.launch();
    await startAndPress(ann);
    ann.says("/file");
    const file = await ann.chat.waitFor(/The trail/);
    assert.equal(ann.chat.file(file).toString(), "a;b");
    ann.says("/wrong");
    await ann.chat.waitFor(/All three/);
    bot.stop();
    await launched;
  }));

test("a bot made with node-telegram-bot-api, which sends forms", () =>
  meet(async (telegram, ann) => {
    const bot = new NodeBot(token, { polling: { params: { timeout: 1 } }, baseApiUrl: telegram.apiRoot });
    bot.onText(/\/start/, ({ chat }) =>
      bot.sendMessage(chat.id, " Hello", { reply_markup: { inline_keyboard: [[button]] }, entities: [] }),
    );
    bot.on("callback_query", async ({ id, message: { chat, message_id } }) => {
      await bot.answerCallbackQuery(id, { text: "Going" });
      await assert.rejects(bot.answerCallbackQuery(id), /query is too old/);
      await bot.editMessageText("Gone", { chat_id: chat.id, message_id });
      await assert.rejects(bot.editMessageText("Gone", { chat_id: chat.id, message_id }), /message is not modified/);
      await bot.sendDocument(
        chat.id,
        Buffer.from("x"),
        { caption: "A file" },
        { filename: "x.txt", contentType: "text/plain" },
      );
      await bot.sendMessage(chat.id, "Over");
    });
    try {
      await startAndPress(ann);
      await ann.chat.waitFor(/Over/);
      const file = await ann.chat.waitFor(/A file/);
      assert.equal(ann.chat.file(file).toString(), "x");
    } finally {
      await bot.stopPolling({ cancel: true });
    }
  }));

test("telegraf with a token that is none is told so", () =>
  meet(async (telegram) => {
    const greeting = (wrong) => new Telegraf(wrong, { telegram: { apiRoot: telegram.apiRoot } }).telegram.getMe();
    await assert.rejects(greeting("700123:other-token"), /401: Unauthorized/);
    await assert.rejects(greeting("no-token"), /404: Not Found/);
  }));
