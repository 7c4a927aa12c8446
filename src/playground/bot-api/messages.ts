/** The methods of the Bot API that send, edit and delete messages. */
import { randomUUID } from "node:crypto";
import { type Answer, accept, badRequest, isRefusal, type Message, type Refusal } from "../state/bot-api-types.ts";
import { type Params, readFlag, readInteger, readStructure } from "../state/params.ts";
import { type Draft, findPosted, type Posted, type Room, type Telegram, withEntities } from "../state/telegram.ts";
import { type Markup, readEditedKeyboard, readMarkup } from "./keyboard.ts";
import { findAddressee } from "./target-chat.ts";
import { readCaption, readMessageText } from "./wording.ts";

const HOURS_DELETABLE = 48;
const NO_TEXT = "there is no text in the message to edit";
const NOT_MODIFIED =
  "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

/** Posts a text, as the Bot API does: refused where it is empty, too long or badly marked. */
export function sendMessage(telegram: Telegram, params: Params): Answer {
  const wording = readMessageText(params);
  if (isRefusal(wording)) return wording;
  return post(telegram, params, () => wording);
}

/** The file comes as a part of a multipart form, named by the field itself or by `attach://name` in it. */
export function sendDocument(telegram: Telegram, params: Params): Promise<Answer> {
  const given = params["document"];
  const name = typeof given === "string" ? given.replace("attach://", "") : "document";
  return postDocument(telegram, params, params[name]);
}

/** Changes the text of one of the bot's own messages; without a keyboard its buttons go. */
export function editMessageText(telegram: Telegram, params: Params): Answer {
  const wording = readMessageText(params);
  if (isRefusal(wording)) return wording;
  return edit(telegram, params, ({ text: old }) =>
    old === undefined ? badRequest(NO_TEXT) : withEntities(wording.text, wording.entities),
  );
}

/** Changes the buttons of one of the bot's own messages. */
export function editMessageReplyMarkup(telegram: Telegram, params: Params): Answer {
  return edit(telegram, params, ({ text: kept, entities }) => ({
    ...(kept !== undefined && { text: kept }),
    ...(entities && { entities }),
  }));
}

/** Takes a message away while it is young: the bot's own, and others' where the bot may. */
export function deleteMessage(telegram: Telegram, params: Params): Answer {
  const room = findAddressee(telegram, params);
  if (isRefusal(room)) return room;
  const posted = findPosted(room, readInteger(params, "message_id"));
  if (!posted) return badRequest("message to delete not found");
  const own = posted.message.from?.id === telegram.bot.id;
  const mayDelete = own || room.chat.type === "private" || room.botStatus === "administrator";
  const young = posted.message.date > telegram.unixTime() - HOURS_DELETABLE * 3600;
  if (!mayDelete || !young) return badRequest("message can't be deleted for everyone");
  telegram.revise(room, posted, { deleted: true });
  return accept(true);
}

function post(telegram: Telegram, params: Params, content: () => Draft, file?: Buffer): Answer {
  const room = findAddressee(telegram, params);
  if (isRefusal(room)) return room;
  const spot = readSpot(room, params);
  if (isRefusal(spot)) return spot;
  const markup = readMarkup(params);
  if (isRefusal(markup)) return markup;
  const draft = { from: telegram.bot, ...content(), ...spot, ...keyboardOf(markup), ...protection(params) };
  return accept(
    telegram.post(room, draft, {
      silent: readFlag(params, "disable_notification"),
      replyBox: markup.replyBox,
      file,
    }),
  );
}

async function postDocument(telegram: Telegram, params: Params, file: unknown): Promise<Answer> {
  if (!(file instanceof File)) return badRequest("there is no document in the request");
  if (file.size === 0) return badRequest("file must be non-empty");
  const caption = readCaption(params);
  if (isRefusal(caption)) return caption;
  const document = {
    file_id: randomUUID(),
    file_unique_id: randomUUID(),
    file_name: file.name,
    mime_type: file.type || "application/octet-stream",
    file_size: file.size,
  };
  const words = caption.text === "" ? {} : { caption: caption.text, caption_entities: caption.entities };
  return post(telegram, params, () => ({ document, ...words }), Buffer.from(await file.arrayBuffer()));
}

// Section "Updating messages": what is not given is taken away, so an edit without a keyboard removes the keyboard.
function edit(telegram: Telegram, params: Params, content: (old: Message) => Partial<Message> | Refusal): Answer {
  const room = findAddressee(telegram, params);
  if (isRefusal(room)) return room;
  const posted = findOwn(telegram, room, params);
  if (isRefusal(posted)) return posted;
  const markup = readEditedKeyboard(params);
  if (isRefusal(markup)) return markup;
  const changed = content(posted.message);
  if (isRefusal(changed)) return changed;
  const { text: _text, entities: _entities, reply_markup: oldKeyboard, ...kept } = posted.message;
  const keyboard = markup.keyboard && { ...markup.keyboard };
  if (keyboard && oldKeyboard?.force_reply) keyboard.force_reply = true;
  const edited: Message = {
    ...kept,
    ...changed,
    ...(keyboard && { reply_markup: keyboard }),
  };
  if (sameContent(edited, posted.message)) return badRequest(NOT_MODIFIED);
  edited.edit_date = telegram.unixTime();
  telegram.revise(room, posted, { message: edited });
  return accept(edited);
}

function findOwn(telegram: Telegram, room: Room, params: Params): Posted | Refusal {
  const messageId = readInteger(params, "message_id");
  if (messageId === undefined) return badRequest("message identifier is not specified");
  const posted = findPosted(room, messageId);
  if (!posted) return badRequest("message to edit not found");
  return posted.message.from?.id === telegram.bot.id ? posted : badRequest("message can't be edited");
}

function sameContent(a: Message, b: Message): boolean {
  const content = (message: Message) =>
    JSON.stringify([message.text, message.entities ?? [], message.reply_markup?.inline_keyboard ?? []]);
  return content(a) === content(b);
}

/** Where in the chat a message goes: its topic, and what it answers. */
function readSpot(room: Room, params: Params): Pick<Draft, "topic" | "reply_to_message"> | Refusal {
  const topic = readInteger(params, "message_thread_id");
  if (topic !== undefined && ![...room.topics.values()].includes(topic)) return badRequest("message thread not found");
  const reply = readStructure(params, "reply_parameters") as Params | undefined | Refusal;
  if (reply === undefined) return { topic };
  if (isRefusal(reply)) return reply;
  const otherChat = "chat_id" in reply && readInteger(reply, "chat_id") !== room.chat.id;
  const replied = otherChat ? undefined : findPosted(room, readInteger(reply, "message_id"));
  if (replied) return { topic, reply_to_message: replied.message };
  return readFlag(reply, "allow_sending_without_reply") ? { topic } : badRequest("message to be replied not found");
}

function keyboardOf(markup: Markup): Pick<Message, "reply_markup"> {
  return markup.keyboard ? { reply_markup: markup.keyboard } : {};
}

function protection(params: Params): Pick<Message, "has_protected_content"> {
  return readFlag(params, "protect_content") ? { has_protected_content: true } : {};
}
