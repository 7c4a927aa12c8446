/** What buttons carry. A card's button: version, deed, adjustment id and nonce; a question's: dialogue and choice. */

/** Telegram's limit, in bytes (Bot API, InlineKeyboardButton.callback_data). */
const BYTES_MAX = 64;

export type CardAction = "confirm" | "cancel";

const CARD = /^m1:([cx]):([a-z0-9]{8,20}):([A-Za-z0-9_-]{16,32})$/;
const QUESTION = /^q1:([a-z0-9]{6,12}):([a-z0-9]{1,8})$/;
const LETTERS = { confirm: "c", cancel: "x" } as const;

function checked(data: string): string {
  if (Buffer.byteLength(data) > BYTES_MAX) throw new Error("callback data is too long");
  return data;
}

export function cardData(action: CardAction, adjustment: string, nonce: string): string {
  return checked(`m1:${LETTERS[action]}:${adjustment}:${nonce}`);
}

export function readCardData(
  data: string,
): { readonly action: CardAction; readonly adjustment: string; readonly nonce: string } | undefined {
  const [, letter, adjustment, nonce] = CARD.exec(data) ?? [];
  if (adjustment === undefined || nonce === undefined) return undefined;
  return { action: letter === "c" ? "confirm" : "cancel", adjustment, nonce };
}

export function questionData(dialogue: string, choice: string): string {
  return checked(`q1:${dialogue}:${choice}`);
}

/** The choice that the data names in this dialogue; undefined for anything else. */
export function readChoice(data: string | undefined, dialogue: string): string | undefined {
  const [, found, choice] = QUESTION.exec(data ?? "") ?? [];
  return found === dialogue ? choice : undefined;
}
