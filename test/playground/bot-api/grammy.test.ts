import { Bot, InlineKeyboard } from "grammy";
import { afterEach, expect, it } from "vitest";
import type { Playground } from "../../../src/playground/server.ts";
import { playground, token } from "../client.ts";

let bot: Bot | undefined;

afterEach(() => bot?.stop());

function startBot(tg: Playground): Bot {
  const started = new Bot(token, { client: { apiRoot: tg.apiRoot } });
  started.command("start", (ctx) =>
    ctx.reply("Hello", { reply_markup: new InlineKeyboard().text("Go", "go").success().row().text("Stop", "stop") }),
  );
  started.callbackQuery("go", async (ctx) => {
    await ctx.answerCallbackQuery("Going");
    await ctx.editMessageText("Gone");
  });
  void started.start();
  bot = started;
  return started;
}

it("talks with a bot that is made with grammY", async () => {
  const tg = await playground();
  startBot(tg);
  const ann = tg.user();
  ann.says("/start");
  const hello = await ann.chat.waitFor(/Hello/);
  expect(hello.buttons.flat()).toMatchObject([{ text: "Go", style: "success" }, { text: "Stop" }]);
  const press = ann.presses("Go");
  expect(await press.answered).toEqual({ text: "Going", showAlert: false });
  expect((await ann.chat.waitFor(/Gone/)).id).toBe(hello.id);
});

it("comes to rest after something that the bot does not answer", async () => {
  const tg = await playground();
  startBot(tg);
  const ann = tg.user();
  ann.says("hello");
  await tg.idle();
  expect(ann.chat.lastBotMessage()).toBeUndefined();
  expect(tg.pendingUpdates()).toEqual([]);
});
