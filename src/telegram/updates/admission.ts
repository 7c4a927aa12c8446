/**
 * Admission: every update is taken in at once, whether it was polled or pushed, and handled when its turn comes. What
 * stops something, and presses of cards, wait for nothing; everything else waits in bounds for what its person asked before.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Context, MiddlewareFn, NextFunction } from "grammy";
import { createSideline } from "../messaging/background.ts";
import type { Chat, Outside } from "../messaging/context.ts";
import { createLanes, type Entered, type Overtaken, type Turn, type Work } from "../messaging/lanes.ts";
import { answer, post } from "../messaging/messages.ts";
import { actorOf, laneOf, locationOf } from "../messaging/update-origin.ts";
import { type Urgent, urgentOf } from "../messaging/urgent.ts";

/** How many updates of one person in one place may wait behind the one that is handled. */
const WAITING_MAX = 8;
/** How many presses of one button of a card by one person may wait: a press takes a moment, and each is answered. */
const PRESSES_MAX = 50;
/** How many updates of all people may wait or be handled, and as many presses of cards besides. */
const OPEN_MAX = 500;
/** How long one update has its lane to itself, in ms. One that hangs must not silence its person. */
const DEADLINE_MS = 45_000;
/** Answers to what was refused: under way, and waiting. */
const ANSWERS = { atOnce: 20, waitingMax: 200 };

const NOTHING: Overtaken = { running: false, waiting: 0 };
const NEVER_OFF: Turn = { isCalledOff: false };

/** Where updates wait for their turn. */
export interface Admission {
  /** Returns at once: what is installed behind it works later, and whoever called the bot does not wait for it. */
  readonly middleware: MiddlewareFn<Outside>;
  /** Resolves when all that was taken in has been handled, or after so many ms. */
  drained(ms: number): Promise<void>;
}

/** A press is told from others by who pressed what: whoever mashes one button delays nobody, and not the other button. */
function pressLane(ctx: Context, { action, adjustment }: Urgent & { kind: "press" }): string {
  return `${action}:${adjustment}:${actorOf(ctx).id}`;
}

/** Says, once in a rush, that something was not done. Nobody waits for it. */
function createTelling(chat: Chat): (ctx: Outside, entered: Entered) => void {
  const { words, log } = chat;
  // At a stop nobody waits for these either.
  const aside = createSideline((work) => void work.catch(() => undefined), ANSWERS.atOnce, ANSWERS.waitingMax);
  return (ctx, entered) => {
    if (entered === "in" || entered === "refused") return;
    log("warn", "update_refused", { why: entered, update: ctx.update.update_id });
    const location = locationOf(ctx);
    const text = entered === "lane_full" ? words.laneFull(WAITING_MAX) : words.allFull();
    aside(async () => {
      if (ctx.callbackQuery !== undefined) await answer(ctx, words.toast.full);
      else await post(chat, location, text, { replyTo: location.message });
    });
  };
}

/** Handles an update with what is installed behind the admission. Never rejects. */
type Handle = (ctx: Outside, next: NextFunction, turn: Turn, overtaken?: Overtaken) => Promise<void>;

function createHandle({ log }: Chat, trouble: Trouble): Handle {
  return async (ctx, next, turn, overtaken = NOTHING) => {
    ctx.turn = { ...ctx.turn, overtaken, isCalledOff: () => turn.isCalledOff };
    await next().catch((error: unknown) => trouble(ctx, error));
    if (turn.isCalledOff) log("info", "update_called_off", { update: ctx.update.update_id });
  };
}

/** What is done where an update could not be handled. Never rejects. */
type Trouble = (ctx: Outside, error: unknown) => Promise<void>;

/** For updates of people who may be here: `access` stands before it. */
export function createAdmission(chat: Chat, trouble: Trouble): Admission {
  const { log, deps } = chat;
  const onDeadline = () => log("error", "update_deadline");
  const bounds = { openMax: OPEN_MAX, deadlineMs: DEADLINE_MS, onDeadline };
  const people = createLanes({ ...bounds, waitingMax: WAITING_MAX });
  const presses = createLanes({ ...bounds, waitingMax: PRESSES_MAX });
  const [handle, tell] = [createHandle(chat, trouble), createTelling(chat)];

  function admit(ctx: Outside, next: NextFunction): void {
    const urgent = urgentOf(ctx);
    ctx.turn = { takenAt: deps.monotonic(), urgent, overtaken: NOTHING, isCalledOff: () => false };
    const work: Work = (turn) => handle(ctx, next, turn);
    switch (urgent?.kind) {
      case "freeze":
        // It has no lane: it does its work before it waits for anything.
        void work(NEVER_OFF);
        break;
      case "cancel":
        people.overtake(laneOf(ctx), (turn, overtaken) => handle(ctx, next, turn, overtaken));
        break;
      case "press":
        tell(ctx, presses.enter(pressLane(ctx, urgent), work));
        break;
      case undefined:
        tell(ctx, people.enter(laneOf(ctx), work));
    }
  }

  return {
    middleware: admit,
    async drained(ms) {
      const all = Promise.all([people.idle(), presses.idle()]);
      await Promise.race([all, pause(ms, undefined, { ref: false })]);
    },
  };
}
