/** `/positions`: the list, and what its buttons do. They belong to no conversation: they work as long as they are seen. */
import { Composer, InlineKeyboard } from "grammy";
import type { Direction } from "../../margin/model/adjustment.ts";
import type { Position, PositionKey } from "../../margin/model/position.ts";
import { unreadable } from "../../margin/reads/unread.ts";
import { byRisk } from "../../margin/risk/distance.ts";
import { enterDialogue } from "../margin-flow/margin-command.ts";
import type { Start } from "../margin-flow/position-step.ts";
import { POSITIONS_MAX } from "../margin-flow/questions.ts";
import { callbackData, POSITIONS_AGAIN } from "../messaging/callback-data.ts";
import type { Chat, Outside } from "../messaging/context.ts";
import { answer, edit, post } from "../messaging/messages.ts";
import { locationOf } from "../messaging/update-origin.ts";
import type { Text } from "../words/english.ts";

interface List {
  readonly text: Text;
  readonly keyboard: InlineKeyboard;
}

/** A button for each position that can be adjusted here. */
function tapsOn({ words }: Chat, positions: readonly Position[]): InlineKeyboard {
  const keyboard = new InlineKeyboard();
  // One whose name is too long for a button is reached by /margin.
  const tappable = positions.filter((each) => each.marginMode === "isolated" && callbackData.position.fits(each));
  for (const position of tappable) {
    keyboard.text(words.positionTap(position, positions), callbackData.position.encode(position)).row();
  }
  return keyboard;
}

/** The positions as they are now, riskiest first. */
async function readList(chat: Chat): Promise<List> {
  const { deps, words } = chat;
  const [account = ""] = deps.exchange.accounts;
  const reading = await deps.exchange.positions(account);
  const again = (keyboard: InlineKeyboard) => keyboard.text(words.readAgainButton, POSITIONS_AGAIN);
  if (!reading.ok) return { text: words.unreadable(unreadable(reading)), keyboard: again(new InlineKeyboard()) };
  const { positions, unread } = reading.value;
  const sorted = byRisk(positions);
  const shown = sorted.slice(0, POSITIONS_MAX);
  const text = words.positions({ positions: shown, unread }, deps.now(), sorted.length - shown.length);
  return { text, keyboard: again(tapsOn(chat, shown)) };
}

/** Answers `/positions` with all open positions, or says why they cannot be read. */
export async function positionsCommand(chat: Chat, ctx: Outside): Promise<void> {
  const location = locationOf(ctx);
  const { text, keyboard } = await readList(chat);
  await post(chat, location, text, { keyboard, replyTo: location.message });
}

async function readAgain(chat: Chat, ctx: Outside): Promise<void> {
  await answer(ctx, "");
  const { text, keyboard } = await readList(chat);
  await edit(chat, locationOf(ctx), text, keyboard);
}

/** The position as it is now; where there is none that could be adjusted, the chat is told why. */
async function readFresh(chat: Chat, ctx: Outside, key: PositionKey): Promise<Position | undefined> {
  const { deps, words } = chat;
  const { symbol, holdSide } = key;
  const say = (text: Text) => post(chat, locationOf(ctx), text).then(() => undefined);
  if (!deps.exchange.serves(key)) return say(words.refusal({ code: "other_account" }));
  const reading = await deps.exchange.position(key);
  if (!reading.ok) return say(words.refusal(unreadable(reading)));
  if (reading.value === undefined) return say(words.refusal({ code: "no_position", symbol, holdSide }));
  if (reading.value.marginMode === "isolated") return reading.value;
  return say(words.refusal({ code: "cross_margin", symbol, holdSide }));
}

/** Starts the conversation at the amount, for a position that is read now. */
export async function startAt(chat: Chat, ctx: Outside, key: PositionKey, direction: Direction = "add"): Promise<void> {
  if (chat.deps.killSwitch.frozen() !== undefined) {
    return void (await post(chat, locationOf(ctx), chat.words.refusal({ code: "frozen" })));
  }
  const position = await readFresh(chat, ctx, key);
  if (position === undefined) return;
  const start: Start = { positions: [position], direction };
  await enterDialogue(ctx, start);
}

/** One position by itself, with its button. */
export async function showPosition(chat: Chat, ctx: Outside, key: PositionKey): Promise<void> {
  const position = await readFresh(chat, ctx, key);
  if (position === undefined) return;
  const text = chat.words.positionNow(position, chat.deps.now());
  await post(chat, locationOf(ctx), text, { keyboard: tapsOn(chat, [position]) });
}

/** The buttons of the list. Behind the conversation, which it enters; `commands` has ended an older one by then. */
export function positionTaps(chat: Chat): Composer<Outside> {
  const composer = new Composer<Outside>();
  composer.callbackQuery(POSITIONS_AGAIN, (ctx) => readAgain(chat, ctx));
  composer.on("callback_query:data", async (ctx, next) => {
    const tapped = callbackData.position.decode(ctx.callbackQuery.data);
    if (tapped === undefined) return next();
    const [account = ""] = chat.deps.exchange.accounts;
    await answer(ctx, "");
    return startAt(chat, ctx, { account, ...tapped });
  });
  return composer;
}
