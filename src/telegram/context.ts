/** The contexts of the chat: outside a conversation, and inside one. */
import type { Conversation, ConversationFlavor } from "@grammyjs/conversations";
import type { Api, Context } from "grammy";
import type { Desk } from "../margin/desk.ts";
import type { Log } from "../margin/log.ts";
import type { Store } from "../store/database.ts";
import type { Words } from "./words/english.ts";

export type Outside = ConversationFlavor<Context>;
export type Inside = Context;
export type Dialogue = Conversation<Outside, Inside>;

/** What every part of the chat works with. */
export interface Chat {
  readonly desk: Desk;
  readonly words: Words;
  readonly api: Api;
  readonly store: Store;
  readonly log: Log;
  /** Runs work that outlives its update; a shutdown waits for it. */
  readonly background: (work: Promise<void>) => void;
}
