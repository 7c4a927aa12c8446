/** Lanes: what belongs to one key is done one after another, in bounds, and what stops it overtakes it. */

/** How work learns, while it waits for something, that it is no longer wanted. */
export interface Turn {
  /** True once somebody stopped it, or something newer took its place after its deadline. It then starts nothing new. */
  readonly isCalledOff: boolean;
}

/** Never rejects, and ends by itself: the deadline frees its lane, not the work. */
export type Work = (turn: Turn) => Promise<void>;

/** What an overtaking found in its lane. */
export interface Overtaken {
  /** Something was under way: it was called off. */
  readonly running: boolean;
  /** How much waited: none of it is done any more. */
  readonly waiting: number;
}

/** `lane_full`, `all_full`: the work is not done. `refused`: neither, and an earlier one was told so already. */
export type Entered = "in" | "lane_full" | "all_full" | "refused";

/** How much the lanes take in, and for how long. */
export interface LaneBounds {
  /** How much may wait in one lane, besides what is under way. */
  readonly waitingMax: number;
  /** How much may wait or be under way in all lanes. */
  readonly openMax: number;
  /** How long work has its lane to itself, in ms. From then on the next one takes its place. */
  readonly deadlineMs: number;
  readonly onDeadline: () => void;
}

export interface Lanes {
  /** Does the work when what came before it under this key has ended. What is over a bound is refused. */
  enter(key: string, work: Work): Entered;
  /** Does the work at once, before what waits and beside what is under way; what comes after waits for it. */
  overtake(key: string, work: (turn: Turn, overtaken: Overtaken) => Promise<void>): void;
  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void>;
}

interface Job {
  readonly work: Work;
  isCalledOff: boolean;
  isLate: boolean;
  readonly overtakes: boolean;
}

interface Lane {
  current: Job | undefined;
  waiting: Job[];
}

/** All lanes, and what is known of them. */
interface Yard extends LaneBounds {
  readonly lanes: Map<string, Lane>;
  /** Lanes that were refused something in the present rush. */
  readonly refused: Set<string>;
  open: number;
  /** Who waits until there is nothing left. */
  idlers: (() => void)[];
}

function close(yard: Yard, jobs: number): void {
  yard.open -= jobs;
  // A rush is over for a lane that has ended, unless it is one of all lanes together.
  if (yard.open >= yard.openMax / 2) return;
  for (const key of yard.refused) if (!yard.lanes.has(key)) yard.refused.delete(key);
  if (yard.open > 0) return;
  for (const resolve of yard.idlers) resolve();
  yard.idlers = [];
}

function begin(yard: Yard, key: string, lane: Lane, job: Job): void {
  lane.current = job;
  const timer = setTimeout(() => {
    yard.onDeadline();
    job.isLate = true;
    if (lane.waiting.length > 0) replace(yard, key, lane, job);
  }, yard.deadlineMs);
  const end = () => {
    clearTimeout(timer);
    if (lane.current === job) proceed(yard, key, lane);
    close(yard, 1);
  };
  job.work(job).then(end, end);
}

function proceed(yard: Yard, key: string, lane: Lane): void {
  const next = lane.waiting.shift();
  if (next === undefined) yard.lanes.delete(key);
  else begin(yard, key, lane, next);
}

function replace(yard: Yard, key: string, lane: Lane, job: Job): void {
  job.isCalledOff = true;
  proceed(yard, key, lane);
}

function laneFor({ lanes }: Yard, key: string): Lane {
  const lane = lanes.get(key) ?? { current: undefined, waiting: [] };
  lanes.set(key, lane);
  return lane;
}

function add(yard: Yard, key: string, lane: Lane, job: Job): void {
  yard.open += 1;
  lane.waiting.push(job);
  if (lane.current === undefined) proceed(yard, key, lane);
  else if (lane.current.isLate) replace(yard, key, lane, lane.current);
}

function refuse({ refused, openMax }: Yard, key: string, why: "lane_full" | "all_full"): Entered {
  // Whom the memory has no room for is not told either.
  if (refused.has(key) || refused.size >= openMax) return "refused";
  refused.add(key);
  return why;
}

/** Takes the lane over. What has overtaken others itself is not called off: it is waited for. */
function clear(yard: Yard, lane: Lane): Overtaken {
  const { current, waiting } = lane;
  const running = current !== undefined && !current.overtakes;
  lane.waiting = [];
  close(yard, waiting.length);
  if (running) {
    current.isCalledOff = true;
    lane.current = undefined;
  }
  return { running, waiting: waiting.filter(({ overtakes }) => !overtakes).length };
}

/** Lanes within these bounds, all empty. */
export function createLanes(bounds: LaneBounds): Lanes {
  const yard: Yard = { ...bounds, lanes: new Map(), refused: new Set(), open: 0, idlers: [] };
  const { waitingMax, openMax, lanes } = yard;
  return {
    enter(key, work) {
      if ((lanes.get(key)?.waiting.length ?? 0) >= waitingMax) return refuse(yard, key, "lane_full");
      if (yard.open >= openMax) return refuse(yard, key, "all_full");
      add(yard, key, laneFor(yard, key), { work, isCalledOff: false, isLate: false, overtakes: false });
      return "in";
    },
    overtake(key, work) {
      const lane = laneFor(yard, key);
      const overtaken = clear(yard, lane);
      add(yard, key, lane, {
        work: (turn) => work(turn, overtaken),
        isCalledOff: false,
        isLate: false,
        overtakes: true,
      });
    },
    idle: () =>
      new Promise((resolve) => {
        if (yard.open === 0) resolve();
        else yard.idlers.push(resolve);
      }),
  };
}
