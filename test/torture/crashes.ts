/**
 * The crash matrix: the bot is killed by SIGKILL at each point of an adjustment's way × applied or not × add or remove, and
 * killed again while it recovers. The exchange and Telegram live on; in the end ledger, books and words must agree.
 */
import type { BillSign, Fault } from "../../src/paper/exchange.ts";
import type { Hold } from "../../src/paper/faults/holds.ts";
import type { KillOrder } from "./preload.ts";
import { sample } from "./sample.ts";
import { type Case, type Options, type Outcome, runCases } from "./table.ts";
import { NOTHING_ENDS, settled, verdictOn } from "./truth.ts";
import {
  ask,
  BILLS,
  DEEDS,
  DIRECTIONS,
  type Direction,
  inWorld,
  POSITION,
  pause,
  press,
  SET_MARGIN,
  type World,
} from "./world.ts";

const PART = 5;
/** Where no press follows, the card has to expire while one waits. */
const SHORT_TTL_S = 5;
/** A process that should have died by now is past the point. */
const DEATH_MS = 8000;
/** By then a recovery has settled what there is to settle. */
const RECOVERED_MS = 5000;
/** More statements than a recovery has. */
const RECOVERY_MAX = 400;

interface Point {
  readonly name: string;
  /** Killed from inside, at a statement. */
  readonly kill?: KillOrder;
  /** The line is typed and nothing is pressed. */
  readonly unpressed?: boolean;
  /** After the card is shown; gives what the killing from outside waits for, and what goes on once it is dead. */
  arm?(world: World): { readonly reached?: Promise<unknown>; release?(): void } | undefined;
  readonly ends: readonly string[];
}

/** Answers with which the exchange changed something, or did not. */
const lost = (world: World, applied: boolean) =>
  void world.exchange.fail({ path: SET_MARGIN, how: { kind: "reset" }, when: applied ? "after" : "before" });
const REFUSED: Fault = { kind: "code", code: "40798", msg: "Insufficient contract account balance" };
const refuse = (world: World) => void world.exchange.fail({ path: SET_MARGIN, how: REFUSED, when: "before" });
const waiting = (hold: Hold) => ({ reached: hold.reached, release: hold.release });

/** The words are in the chat, and the bot does not learn of it. */
function unheard(world: World, words: RegExp) {
  const never = new Promise(() => undefined);
  const end = world.telegram.failWhen(({ method, params }) =>
    method === "sendMessage" && words.test(String(params["text"])) ? { kind: "hold", until: never } : undefined,
  );
  return { reached: world.ann.chat.waitFor(words, { timeoutMs: DEATH_MS }), release: end };
}

/** K0 to K6: the exchange has seen nothing yet, so that nothing can have been applied. */
const BEFORE_THE_CALL: readonly Point[] = [
  {
    name: "K0 before the proposal is written",
    unpressed: true,
    kill: { when: "before", step: "proposed" },
    ends: [NOTHING_ENDS, "expired"],
  },
  {
    name: "K1 proposal written, no card shown",
    unpressed: true,
    kill: { when: "after", step: "proposed" },
    ends: ["cancelled", "expired"],
  },
  {
    name: "K2 card shown and not remembered",
    unpressed: true,
    kill: { when: "before", sql: "INSERT INTO `main`.`card`" },
    ends: ["cancelled", "expired"],
  },
  {
    name: "K2 card shown and remembered",
    unpressed: true,
    kill: { when: "after", sql: "INSERT INTO `main`.`card`" },
    ends: ["cancelled", "expired"],
  },
  // The press comes again with the next process, and may well be carried out then: once.
  {
    name: "K3 pressed, not confirmed",
    kill: { when: "before", step: "confirmed" },
    ends: ["accepted", "refused", "expired"],
  },
  { name: "K4 confirmed", kill: { when: "after", step: "confirmed" }, ends: ["refused"] },
  { name: "K5 looked, not marked as sending", kill: { when: "before", step: "sending" }, ends: ["refused"] },
  { name: "K5 during the fresh look", arm: ({ exchange }) => waiting(exchange.hold(POSITION)), ends: ["refused"] },
  { name: "K6 marked as sending, nothing sent", kill: { when: "after", step: "sending" }, ends: ["not_applied"] },
];

function fromTheCallOn(applied: boolean): Point[] {
  const word = applied ? "applied" : "not applied";
  const verdict = applied ? "accepted" : "rejected";
  const settling = applied ? "applied" : "not_applied";
  // Another process has another measure of the exchange's clock: where a bill does not fit its time, a person is called.
  const settlings = applied ? [settling, "unknown"] : [settling];
  const answer = (world: World) => (applied ? undefined : refuse(world));
  const answered = (name: string, kill: KillOrder, ends: readonly string[]): Point => ({
    name: `${name}, ${word}`,
    kill,
    ends,
    arm: (world) => void answer(world),
  });
  const losing = (name: string, kill: KillOrder): Point => ({
    name: `${name}, ${word}`,
    kill,
    ends: settlings,
    arm: (world) => void lost(world, applied),
  });
  const held = (name: string, hold: (world: World) => Hold, before: (world: World) => void): Point => ({
    name: `${name}, ${word}`,
    ends: settlings,
    arm: (world) => {
      before(world);
      return waiting(hold(world));
    },
  });
  const afterLoss = (world: World) => lost(world, applied);
  return [
    held(
      "K7 request written",
      ({ exchange }) => exchange.hold({ path: SET_MARGIN }),
      (world) => (applied ? undefined : lost(world, false)),
    ),
    held(
      "K8 handled, no answer yet",
      ({ exchange }) => exchange.hold({ path: SET_MARGIN, when: "after" }),
      (world) => void answer(world),
    ),
    answered("K9 answer read, not written", { when: "before", step: verdict }, settlings),
    losing("K9 answer lost, not written", { when: "before", step: "unknown" }),
    answered("K10 outcome written, not told", { when: "after", step: verdict }, [verdict]),
    losing("K10 unknown written, not told", { when: "after", step: "unknown" }),
    {
      name: `K10 outcome told, not known to be told, ${word}`,
      ends: [verdict],
      arm: (world) => {
        answer(world);
        return unheard(world, applied ? /^Done/ : /^Not done/);
      },
    },
    {
      name: `K10 unknown told, not known to be told, ${word}`,
      ends: settlings,
      arm: (world) => {
        lost(world, applied);
        return unheard(world, /^Not known yet/);
      },
    },
    held("K11 while the bills are read", ({ exchange }) => exchange.hold({ path: BILLS }), afterLoss),
    held(
      "K11 bills read, answer under way",
      ({ exchange }) => exchange.hold({ path: BILLS, when: "after" }),
      afterLoss,
    ),
    losing("K12 settled, not written", { when: "before", step: settling }),
    losing("K13 settled and written, not told", { when: "after", step: settling }),
    {
      name: `K13 settled and told, not known to be told, ${word}`,
      ends: settlings,
      arm: (world) => {
        lost(world, applied);
        return unheard(world, applied ? /^Done/ : /^Not done/);
      },
    },
  ];
}

const POINTS: readonly Point[] = [...BEFORE_THE_CALL, ...[true, false].flatMap(fromTheCallOn)];

/** Where the second process dies. */
const RECOVERIES: readonly (readonly [string, KillOrder | undefined])[] = [
  ["", undefined],
  ["again before recovery writes", { when: "before", step: "*" }],
  ["again after recovery has written", { when: "after", step: "*" }],
];

/** Ends the bot at the point; gives what was wrong with the attempt itself. */
async function die(world: World, point: Point, direction: Direction): Promise<string[]> {
  const env = point.unpressed || point.ends.includes("expired") ? { CONFIRM_TTL_S: String(SHORT_TTL_S) } : {};
  const bot = await world.start({ ...(point.kill === undefined ? {} : { kill: point.kill }), env });
  let armed: ReturnType<NonNullable<Point["arm"]>>;
  if (point.unpressed) {
    world.ann.says(DEEDS[direction].line);
  } else {
    const card = await ask(world, direction);
    armed = point.arm?.(world);
    press(world, direction, card);
  }
  if (armed?.reached === undefined) {
    const death = await Promise.race([bot.ended, pause(DEATH_MS)]);
    if (death === undefined) {
      await bot.stop("SIGKILL");
      return ["the process passed the point where it was to be killed"];
    }
  } else {
    const reached = await Promise.race([armed.reached.then(() => true), pause(DEATH_MS)]);
    await bot.stop("SIGKILL");
    if (reached !== true) return ["the point was never reached"];
  }
  armed?.release?.();
  return [];
}

/** The second process: dies where it is told to, or when it has nothing left to do. */
async function dieAgain(world: World, kill: KillOrder): Promise<boolean> {
  const bot = world.launch({ kill });
  const died = await Promise.race([
    bot.ended.then(() => true),
    settled(world, { timeoutMs: RECOVERED_MS }).then(() => false),
  ]);
  await bot.stop("SIGKILL");
  return died;
}

async function survive(
  point: Point,
  direction: Direction,
  again: KillOrder | undefined,
  billSign: BillSign,
): Promise<readonly string[]> {
  return inWorld(
    async (world) => {
      const faults = await die(world, point, direction);
      if (again !== undefined) await dieAgain(world, again);
      await world.start({ env: { CONFIRM_TTL_S: String(SHORT_TTL_S) } });
      return [...faults, ...(await verdictOn(world, { ends: point.ends }))];
    },
    { billSign },
  );
}

function cells(): Case[] {
  return POINTS.flatMap((point) =>
    DIRECTIONS.flatMap((direction) =>
      RECOVERIES.map(([name, kill], index) => ({
        name: [point.name, direction, name].filter((word) => word !== "").join(", "),
        // Bills are written with either sign, in turns.
        run: () => survive(point, direction, kill, index % 2 === 0 ? "position" : "balance"),
      })),
    ),
  );
}

/** K14: a recovery that dies at its n-th statement, n = 1, 2, 3 … until one comes through untouched. */
function* recoveries(applied: boolean): Generator<Case> {
  let through = false;
  const point = POINTS.find(({ name }) => name === `K7 request written, ${applied ? "applied" : "not applied"}`);
  if (point === undefined) throw new Error("there is no such point");
  for (let nth = 1; !through && nth <= RECOVERY_MAX; nth++) {
    yield {
      name: `${point.name}, add, again before statement ${nth} of the recovery`,
      run: () =>
        inWorld(async (world) => {
          const faults = await die(world, point, "add");
          const died = await dieAgain(world, { when: "before", nth });
          through ||= !died;
          await world.start();
          return [...faults, ...(await verdictOn(world, { ends: point.ends }))];
        }),
    };
  }
}

const NOTE =
  "before the call (K0 to K6) nothing can have been applied, so those points count once for each direction; K14 is the second death, at the first row that recovery writes, and at each of its statements";

export async function crashMatrix({ seed, scale, only = "" }: Options & { only?: string }): Promise<Outcome> {
  if (scale === "part") return runCases("crash matrix", sample(cells(), PART, seed), NOTE);
  function* all(): Generator<Case> {
    yield* cells();
    yield* recoveries(true);
  }
  function* chosen(): Generator<Case> {
    for (const one of all()) if (one.name.includes(only)) yield one;
  }
  return runCases("crash matrix", chosen(), NOTE);
}
