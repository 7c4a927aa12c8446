/**
 * What Telegram minds of a message is left out, and the rest is sent: an older server knows not every kind of entity, and a
 * text that nobody sees is worse than a plain one.
 */
import { GrammyError } from "grammy";

/** What a text may wear besides its words. */
export interface Dress {
  readonly entities: boolean;
  readonly keyboard: boolean;
  /** The message that it replies to. */
  readonly reply: boolean;
}

type Part = keyof Dress;
const PARTS_MAX = 3;

/** Telegram's words for a part, seen in its source and on the wire: it gives no codes. The first that fits counts. */
const MINDED: readonly (readonly [RegExp, Part])[] = [
  [/keyboard|button|reply.?markup/i, "keyboard"],
  [/repl(?:y|ied)/i, "reply"],
];
/** And for a place that takes nothing, whatever it is: nothing is left out then. */
const PLACE =
  /chat not found|rights|TOPIC_|thread not found|CHAT_(?:WRITE|SEND|RESTRICTED|ADMIN)|PEER_ID|deactivated|upgraded|kicked|not a member/i;
/** And for a message that is to be edited: changed already, gone, or too old. */
const MESSAGE = /message is not modified|message to edit|can't be edited|MESSAGE_ID_INVALID/i;

/** Whether Telegram takes nothing in that place, as far as its words say so. */
function isPlaceShut(error: unknown): boolean {
  if (!(error instanceof GrammyError)) return false;
  return error.error_code === 403 || (error.error_code === 400 && PLACE.test(error.description));
}

/** What to leave out: what Telegram names; where it names nothing, the entities, and then the reply. */
function mindedPart(error: unknown, worn: Dress): Part | undefined {
  if (!(error instanceof GrammyError) || error.error_code !== 400 || isPlaceShut(error)) return undefined;
  if (MESSAGE.test(error.description)) return undefined;
  const named = MINDED.find(([words]) => words.test(error.description))?.[1];
  const parts: readonly Part[] = named === undefined ? ["entities", "reply"] : [named, "entities"];
  return parts.find((part) => worn[part]);
}

/** Calls `send` with the whole dress, and again without what Telegram minds, each part once. Throws what is no matter of dress. */
export async function dressed<T>(dress: Dress, send: (worn: Dress) => Promise<T>): Promise<T> {
  let worn = dress;
  for (let parts = 0; parts < PARTS_MAX; parts++) {
    try {
      return await send(worn);
    } catch (error) {
      const part = mindedPart(error, worn);
      if (part === undefined) throw error;
      worn = { ...worn, [part]: false };
    }
  }
  return send(worn);
}
