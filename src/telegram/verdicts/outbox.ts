/**
 * Verdicts and calls for a person out: each that is recorded reaches its chat at least once, in order, however often Telegram fails, and no chat
 * waits for another. What is still to be told stands in the database, written with the verdict itself.
 */
import type { AuditEvent } from "../../margin/model/audit-event.ts";
import type { Chat } from "../messaging/context.ts";
import { faultOf } from "../messaging/errors.ts";
import type { Courier } from "./hand-over.ts";
import { onTimer, type Plan } from "./plan.ts";
import { createReviewCaller, type ReviewCaller } from "./review-call.ts";
import { DONE, deliveryLaneOf, type OutboxEvents, type Outcome, SOON, type TellingParts, tell } from "./telling.ts";

/** Rows that are read at a time, and most that are kept in mind; of those, their numbers. More are read when there is room. */
const PAGE = 50;
const ROWS_MAX = 10_000;
/** Most chats that are being told something at the same moment. */
const AT_ONCE_MAX = 20;
/** Pauses of a chat that took nothing: from, doubling, to; in ms. Where Telegram says how long, that counts. */
const PAUSE_MS = { least: 500, most: 60_000 };

/** Tells verdicts that are recorded, until each was told. */
export interface Outbox {
  /** Tells what is to be told, soon. */
  nudge(): void;
  /** Ends after what is under way, and one last try of everything that may be tried now. */
  stop(): Promise<void>;
}

/** What waits for one chat, told one row after another. `ready`: it is told, or its turn comes. */
interface Lane {
  readonly rows: number[];
  state: "ready" | "paused" | "throttled";
  pauseMs: number;
  callOff: () => void;
}

/** All lanes, and what was told but could not be struck out: it is not told again, and nothing of its adjustment is. */
interface Post extends TellingParts {
  readonly plan: Plan;
  readonly callPerson: ReviewCaller;
  readonly lanes: Map<string, Lane>;
  readonly ready: string[];
  readonly told: Map<number, string>;
  readonly open: Set<Promise<void>>;
  /** The last row that a lane has. */
  readTo: number;
  stopped: boolean;
}

function queue({ lanes, ready }: Post, key: string, row: number): void {
  const lane = lanes.get(key);
  if (lane !== undefined) return void lane.rows.push(row);
  lanes.set(key, { rows: [row], state: "ready", pauseMs: PAUSE_MS.least, callOff: () => undefined });
  ready.push(key);
}

function rowsIn({ lanes }: Post): number {
  let rows = 0;
  for (const lane of lanes.values()) rows += lane.rows.length;
  return rows;
}

/** Gives each new row to the lane of its chat. False where there are more than are kept in mind. */
async function takeIn(post: Post): Promise<boolean> {
  const { chat } = post;
  for (let left = ROWS_MAX - rowsIn(post); left > 0; left -= PAGE) {
    const pending = await chat.deps.outbox.pending(PAGE, post.readTo);
    for (const event of pending) {
      queue(post, await deliveryLaneOf(chat, event), event.seq);
      post.readTo = event.seq;
    }
    if (pending.length < PAGE) return true;
  }
  return false;
}

function failed({ chat }: Post, error: unknown): false {
  chat.log("error", "outbox_failed", { fault: faultOf(error) });
  return false;
}

/** False when the row could not be struck out: the table may take no writes, which is no reason to tell nobody else. */
async function strike(post: Post, event: AuditEvent): Promise<boolean> {
  try {
    await post.chat.deps.outbox.markDelivered(event.seq);
  } catch (error) {
    return failed(post, error);
  }
  post.told.delete(event.seq);
  if (event.step !== "note") post.events.verdictTold(event);
  return true;
}

async function take(post: Post, row: number): Promise<Outcome> {
  const { chat, told } = post;
  const [event] = await chat.deps.outbox.pending(1, row - 1);
  if (event?.seq !== row) return DONE;
  if (told.has(row)) return (await strike(post, event)) ? DONE : SOON;
  // After a restart what was not struck out is told again: what comes after it must not have been told by then.
  if (event.step !== "note" && [...told.values()].includes(event.adjustment)) return SOON;
  const outcome = await (event.step === "note" ? post.callPerson(event) : tell(post, event));
  if (!outcome.done) return outcome;
  told.set(row, event.adjustment);
  if (!(await strike(post, event))) queue(post, `row ${row}`, row);
  return DONE;
}

function wake(post: Post, key: string, lane: Lane): void {
  lane.callOff();
  lane.state = "ready";
  post.ready.push(key);
}

function postpone(post: Post, key: string, lane: Lane, waitMs: number): void {
  lane.state = waitMs > 0 ? "throttled" : "paused";
  if (post.stopped) return;
  const work = () => {
    wake(post, key, lane);
    pump(post);
  };
  lane.callOff = post.plan(work, waitMs > 0 ? waitMs : lane.pauseMs);
  lane.pauseMs = Math.min(lane.pauseMs * 2, PAUSE_MS.most);
}

/** One row of one chat: the next one takes its turn behind the other chats. */
async function turn(post: Post, key: string): Promise<void> {
  const lane = post.lanes.get(key);
  const [row] = lane?.rows ?? [];
  if (lane === undefined || row === undefined) return;
  const outcome = await take(post, row).catch((error: unknown): Outcome => {
    failed(post, error);
    return SOON;
  });
  if (!outcome.done) return postpone(post, key, lane, outcome.waitMs);
  lane.rows.shift();
  lane.pauseMs = PAUSE_MS.least;
  if (lane.rows.length === 0) post.lanes.delete(key);
  else post.ready.push(key);
}

function begin(post: Post, work: Promise<void>): void {
  const ended = work.then(() => {
    post.open.delete(ended);
    pump(post);
  });
  post.open.add(ended);
}

function pump(post: Post): void {
  while (post.open.size < AT_ONCE_MAX) {
    const key = post.ready.shift();
    if (key === undefined) return;
    begin(post, turn(post, key));
  }
}

/**
 * Takes new rows in, once at a time; whoever comes meanwhile has it done once more. What fails, or finds no room, is tried
 * again at growing pauses.
 */
function createIntake(post: Post): () => void {
  let running = false;
  let again = false;
  let pauseMs = PAUSE_MS.least;
  let callOff = () => {};
  async function work(): Promise<void> {
    do {
      again = false;
      const isWhole = await takeIn(post).catch((error: unknown) => failed(post, error));
      if (!isWhole && !post.stopped) callOff = post.plan(run, pauseMs);
      pauseMs = isWhole ? PAUSE_MS.least : Math.min(pauseMs * 2, PAUSE_MS.most);
    } while (again);
    running = false;
  }
  function run(): void {
    callOff();
    again = true;
    if (running) return;
    running = true;
    begin(post, work());
  }
  return run;
}

/**
 * Tells from the first `nudge` on; what could not be told is tried again at growing pauses, at most a minute apart, or
 * when Telegram's wait is over. `plan` keeps those times.
 */
export function createOutbox(chat: Chat, courier: Courier, events: OutboxEvents, plan: Plan = onTimer): Outbox {
  const post: Post = {
    ...{ chat, courier, events, plan, callPerson: createReviewCaller({ chat, courier, events }) },
    ...{ lanes: new Map(), ready: [], told: new Map(), open: new Set(), readTo: 0, stopped: false },
  };
  const takeInSoon = createIntake(post);

  function nudge(): void {
    // What is new is tried often at first, however long something old has waited; but for what Telegram has put off.
    for (const [key, lane] of post.lanes) {
      lane.pauseMs = PAUSE_MS.least;
      if (lane.state === "paused") wake(post, key, lane);
    }
    takeInSoon();
    pump(post);
  }

  return {
    nudge,
    async stop() {
      post.stopped = true;
      nudge();
      while (post.open.size > 0) await Promise.all(post.open);
      for (const lane of post.lanes.values()) lane.callOff();
    },
  };
}
