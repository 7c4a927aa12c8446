/** Inline keyboards as a bot sends them: read, and checked as the Bot API does. */
import { type Button, badRequest, isRefusal, type Keyboard, type Refusal } from "../state/bot-api-types.ts";
import { isLink } from "../state/entities.ts";
import { type Params, readStructure } from "../state/params.ts";

/** What `reply_markup` asks for: buttons under the message, a box for the reply, both or nothing. */
export interface Markup {
  readonly keyboard: Keyboard | undefined;
  readonly replyBox: { selective: boolean; placeholder: string } | undefined;
}

/** Besides `force_reply`. A keyboard without buttons is none. */
const MARKUP_KINDS = ["inline_keyboard", "keyboard", "remove_keyboard"];
const BUTTONS_MAX = 100;
const BUTTON_ACTIONS = ["callback_data", "url", "copy_text", "disabled"] as const;
const BUTTON_STYLES = ["danger", "success", "primary"];

/** The reply markup of a new message: an inline keyboard, ForceReply, or a keyboard of the old kind, which is not shown. */
export function readMarkup(params: Params): Markup | Refusal {
  const markup = readStructure(params, "reply_markup") as Record<string, unknown> | undefined | Refusal;
  if (markup === undefined) return { keyboard: undefined, replyBox: undefined };
  if (isRefusal(markup)) return markup;
  const keyboard = "inline_keyboard" in markup ? readKeyboard(markup["inline_keyboard"]) : undefined;
  if (keyboard && isRefusal(keyboard)) return keyboard;
  const asks = markup["force_reply"] === true;
  if (!asks && !MARKUP_KINDS.some((kind) => kind in markup)) return badRequest("object expected as reply markup");
  const placeholder = markup["input_field_placeholder"] ?? "";
  if (typeof placeholder !== "string" || placeholder.length > 64)
    return badRequest("can't parse reply keyboard markup: input field placeholder is too long");
  const replyBox = asks ? { selective: markup["selective"] === true, placeholder } : undefined;
  return { keyboard: keyboard && asks ? { ...keyboard, force_reply: true } : keyboard, replyBox };
}

/** The keyboard of an edited message; nothing but an inline keyboard is allowed there. */
export function readEditedKeyboard(params: Params): { keyboard: Keyboard | undefined } | Refusal {
  const markup = readStructure(params, "reply_markup") as Record<string, unknown> | undefined | Refusal;
  if (markup === undefined) return { keyboard: undefined };
  if (isRefusal(markup)) return markup;
  if (!("inline_keyboard" in markup)) return badRequest("inline keyboard expected");
  const keyboard = readKeyboard(markup["inline_keyboard"]);
  return keyboard && isRefusal(keyboard) ? keyboard : { keyboard };
}

function readKeyboard(given: unknown): Keyboard | undefined | Refusal {
  if (!Array.isArray(given) || !given.every(Array.isArray))
    return badRequest('can\'t parse inline keyboard: Field "inline_keyboard" must be an Array of Arrays');
  const rows = (given as Button[][]).filter((row) => row.length > 0);
  const buttons = rows.flat();
  if (buttons.length > BUTTONS_MAX) return badRequest("REPLY_MARKUP_TOO_LONG");
  for (const button of buttons) {
    const refusal = refuseButton(button);
    if (refusal) return refusal;
  }
  return rows.length > 0 ? { inline_keyboard: rows } : undefined;
}

// Section "InlineKeyboardButton": a text, and exactly one of the fields that say what the button does.
function refuseButton(button: Button): Refusal | undefined {
  if (typeof button !== "object" || button === null || typeof button.text !== "string")
    return badRequest('can\'t parse inline keyboard button: Field "text" must be of type String');
  if (button.text.trim() === "") return badRequest("BUTTON_TEXT_INVALID");
  const given = BUTTON_ACTIONS.filter((action) => button[action] !== undefined);
  if (given.length === 0)
    return badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
  if (given.length > 1) return badRequest("BUTTON_TYPE_INVALID");
  if (button.style !== undefined && !BUTTON_STYLES.includes(button.style))
    return badRequest("can't parse inline keyboard button: invalid button style specified");
  return refuseAction(button);
}

function refuseAction(button: Button): Refusal | undefined {
  const bytes = Buffer.byteLength(String(button.callback_data ?? "x"), "utf8");
  if (bytes < 1 || bytes > 64) return badRequest("BUTTON_DATA_INVALID");
  if (button.url !== undefined && !isLink(button.url))
    return badRequest(`inline keyboard button URL '${button.url}' is invalid: Wrong HTTP URL`);
  const copied = button.copy_text?.text ?? (button.copy_text ? "" : "x");
  if (copied.length < 1 || copied.length > 256) return badRequest("BUTTON_COPY_TEXT_INVALID");
  if (button.disabled !== undefined && (typeof button.disabled !== "object" || button.disabled === null))
    return badRequest('can\'t parse inline keyboard button: Field "disabled" must be of type Object');
  return undefined;
}
