/** The contexts of the chat: outside a conversation, and inside one. */
import type { Conversation, ConversationFlavor } from "@grammyjs/conversations";
import type { Api, Context } from "grammy";
import type { AuditEvent } from "../../margin/model/audit-event.ts";
import type { Ratio } from "../../margin/model/decimal.ts";
import type { Deps } from "../../margin/ports/deps.ts";
import type { FreezeCode } from "../../margin/ports/kill-switch.ts";
import type { Log } from "../../margin/ports/log.ts";
import type { Store } from "../../store/database.ts";
import type { Words } from "../words/english.ts";
import type { Turns } from "./keyed-queue.ts";
import type { Overtaken } from "./lanes.ts";
import type { Urgent } from "./urgent.ts";

/** What an update knows of its turn, from its admission on. */
interface AdmittedTurn {
  /** When it was taken in, in ms. */
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

/** What every part of the chat works with. */
export interface Chat {
  readonly deps: Deps;
  readonly words: Words;
  readonly api: Api;
  readonly store: Store;
  readonly log: Log;
  /** Runs work that outlives its update; a shutdown waits for it. */
  readonly background: (work: Promise<void>) => void;
  /** Does what is done to one card, one after another. */
  readonly inTurn: Turns;
  /** Numeric ids of those who are told what the bot finds wrong. */
  readonly adminIds: readonly string[];
  /** Groups the bot works in, as ids in text. A group that becomes a supergroup is followed to its new id. */
  readonly chatIds: Set<string>;
  /** What the bot finds wrong with itself at this moment: no admin can talk it out of that. */
  readonly standingFault: () => FreezeCode | undefined;
  /** A verdict was recorded: it is told soon. */
  readonly nudgeOutbox: () => void;
  /** An outcome is unknown: it is looked after from now on. Resolves after a first look. */
  readonly nudgeSettler: () => Promise<void>;
  /** A verdict was told: its row is an anchor that people hold now. */
  readonly delivered: (event: AuditEvent) => void;
  /** An estimated liquidation price was off by this share of what came out. */
  readonly estimated: (ratio: Ratio) => void;
}
