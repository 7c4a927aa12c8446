/** The contexts of the chat: outside a conversation, and inside one. */
import type { Conversation, ConversationFlavor } from "@grammyjs/conversations";
import type { Api, Context } from "grammy";
import type { Update } from "grammy/types";
import type { ChatLocation } from "../../margin/model/audit-event.ts";
import type { Deps } from "../../margin/ports/deps.ts";
import type { FreezeCode } from "../../margin/ports/kill-switch.ts";
import type { Log } from "../../margin/ports/log.ts";
import type { Words } from "../words/english.ts";
import type { Groups } from "./groups.ts";
import type { Turns } from "./keyed-queue.ts";
import type { Overtaken } from "./lanes.ts";
import type { Urgent } from "./urgent.ts";

/** What an update knows of its turn, from its admission on. */
interface AdmittedTurn {
  /** When it was taken in, in ms of the clock that only goes forward. */
  readonly takenAt: number;
  readonly urgent: Urgent | undefined;
  /** What a `/cancel` found before it: it is not done any more. */
  readonly overtaken: Overtaken;
  /** True once its person cancelled, or went on to something newer: it then leads to no question and no card. */
  readonly isCalledOff: () => boolean;
}

/** What a handler outside conversations is given: the update, and what it knows of its turn. */
export type Outside = ConversationFlavor<Context & { turn: AdmittedTurn }>;
/** What the code of a conversation is given. It may run more than once, so it touches nothing of the world itself. */
export type Inside = Context;
/** One guided conversation: what touches the world goes through its `external`. */
export type Dialogue = Conversation<Outside, Inside>;

/** What every message out needs: the way to Telegram, the words, and whom to tell what the bot finds wrong. */
export interface Messenger {
  readonly api: Api;
  readonly words: Words;
  readonly log: Log;
  /** Numeric ids of those who are told what the bot finds wrong. */
  readonly adminIds: readonly string[];
  /** Groups the bot works in. One that becomes a supergroup is followed to its new id. */
  readonly groups: Pick<Groups, "ids" | "at" | "moved">;
}

/** Which message shows the card of an adjustment, kept over restarts. */
export interface CardStore {
  /** Undefined when the card was never posted. */
  locationOf(adjustment: string): ChatLocation | undefined;
  remember(adjustment: string, location: ChatLocation): Promise<void>;
}

/** What every part of the chat works with. */
export interface Chat extends Messenger {
  readonly deps: Deps;
  readonly cards: CardStore;
  /** Runs work that outlives its update; a shutdown waits for it. */
  readonly background: (work: Promise<void>) => void;
  /** Does what is done to one card, one after another. */
  readonly inTurn: Turns;
}

/** What follows an adjustment, as whoever has done it sees it: both are there before anybody who calls them. */
export interface Workers {
  /** Tells what is recorded and not told yet, soon. */
  readonly outbox: { nudge(): void };
  /** Looks after unknown outcomes from now on. Resolves after a first look. */
  readonly settlement: { nudge(): Promise<void> };
}

/** What handlers of updates work with. */
export interface HandlerChat extends Chat, Workers {
  /** Whether an update had waited at Telegram while the bot was away. */
  readonly hadWaited: (update: Update) => Promise<boolean>;
  /** What the bot finds wrong with itself at this moment: no admin can talk it out of that. */
  readonly standingFault: () => FreezeCode | undefined;
}
