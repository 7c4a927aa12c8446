/** `/history`: one message that is edited, with one's own adjustments only; each of them opens. */
import { Composer, InlineKeyboard } from "grammy";
import type { AuditEvent } from "../../margin/model/audit-event.ts";
import { HISTORY_FILTERS, historyPage, ownAdjustment } from "../../margin/reports/history.ts";
import { callbackData, type HistoryPlace } from "../messaging/callback-data.ts";
import type { Chat, Outside } from "../messaging/context.ts";
import { answer, edit, post } from "../messaging/messages.ts";
import { actorOf, locationOf } from "../messaging/update-origin.ts";
import type { Text } from "../words/english.ts";

const OPENERS_A_ROW = 4;
const FILTERS_A_ROW = 2;

interface View {
  readonly text: Text;
  readonly keyboard: InlineKeyboard;
}

function addOpeners(keyboard: InlineKeyboard, at: HistoryPlace, events: readonly AuditEvent[]): void {
  for (const [index, { seq, adjustment }] of events.entries()) {
    if (index > 0 && index % OPENERS_A_ROW === 0) keyboard.row();
    keyboard.text(`#${seq}`, callbackData.history.encode({ ...at, adjustment }));
  }
  keyboard.row();
}

async function listView({ deps, words }: Chat, at: HistoryPlace): Promise<View> {
  const { events, hasOlder } = await historyPage(deps, at.owner, at.filter, at.page);
  const keyboard = new InlineKeyboard();
  addOpeners(keyboard, at, events);
  if (at.page > 0) keyboard.text(words.newerButton, callbackData.history.encode({ ...at, page: at.page - 1 }));
  if (hasOlder) keyboard.text(words.olderButton, callbackData.history.encode({ ...at, page: at.page + 1 }));
  keyboard.row();
  for (const [index, filter] of HISTORY_FILTERS.entries()) {
    if (index > 0 && index % FILTERS_A_ROW === 0) keyboard.row();
    const text = words.historyFilter(filter, filter === at.filter);
    keyboard.text(text, callbackData.history.encode({ owner: at.owner, filter, page: 0 }));
  }
  return { text: words.history(events, at.filter, at.page), keyboard };
}

async function entryView({ deps, words }: Chat, at: HistoryPlace, adjustment: string): Promise<View> {
  const events = await ownAdjustment(deps, at.owner, adjustment);
  const { owner, filter, page } = at;
  const keyboard = new InlineKeyboard().text(words.backButton, callbackData.history.encode({ owner, filter, page }));
  return { text: words.historyEntry(events ?? []), keyboard };
}

/** Answers `/history` with the first page of what its person did in this chat. */
export async function historyCommand(chat: Chat, ctx: Outside): Promise<void> {
  const location = locationOf(ctx);
  const { text, keyboard } = await listView(chat, { owner: actorOf(ctx).id, filter: "all", page: 0 });
  await post(chat, location, text, { keyboard, replyTo: location.message });
}

/** Presses of the list: only its owner turns its pages, and the rows are read by who presses, whatever the data says. */
export function historyPresses(chat: Chat): Composer<Outside> {
  const composer = new Composer<Outside>();
  composer.on("callback_query:data", async (ctx, next) => {
    const at = callbackData.history.decode(ctx.callbackQuery.data);
    if (at === undefined) return next();
    if (at.owner !== actorOf(ctx).id) return answer(ctx, chat.words.notYourList);
    await answer(ctx, "");
    const { adjustment } = at;
    const { text, keyboard } = await (adjustment === undefined ? listView(chat, at) : entryView(chat, at, adjustment));
    await edit(chat, locationOf(ctx), text, keyboard);
  });
  return composer;
}
