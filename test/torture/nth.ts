/**
 * Fail the n-th: one statement of the database, one call to Telegram, one read of the exchange fails, n = 1, 2, 3 …
 * until a run passes untouched. So no place where such a fault can strike is left out.
 */
import type { Fault } from "../../src/paper/exchange.ts";
import type { Fault as ChatFault } from "../../src/playground/bot-api/faults.ts";
import type { FailOrder } from "./preload.ts";
import { type Case, type Options, type Outcome, runCases } from "./table.ts";
import { booksOf, deedOf, judge, probe, settled, shownIn, story, verdictOn } from "./truth.ts";
import { ask, type Direction, inWorld, pause, poll, press, SET_MARGIN, type World } from "./world.ts";

/** More than any scenario has; a run that comes that far is a fault of the harness. */
const NTH_MAX = 400;
/** In a representative part: each so-manieth point of a few rows. */
const PART_STRIDES = { statement: 29, write: 4, chat: 5, read: 9 } as const;
const LINE = "/history";

interface Run {
  readonly faults: readonly string[];
  readonly struck: boolean;
}

const REJECTED: Fault = { kind: "reset" };

/** From here on the outcome is the same whatever n is: a lost answer, so that settling is part of the scenario. */
function losing(world: World, applied: boolean): void {
  world.exchange.fail({ path: SET_MARGIN, how: REJECTED, when: applied ? "after" : "before" });
}

async function isFrozen(world: World): Promise<boolean> {
  const { http } = await world.bot().ready;
  const response = await fetch(`${http}/readyz`);
  return response.status === 503 && (await response.text()).includes("frozen");
}

/** The press, the verdict, the history: what is shaken by one fault. */
async function scenario(world: World, direction: Direction): Promise<void> {
  const card = await ask(world, direction, 2500).catch(() => undefined);
  if (card === undefined) return;
  press(world, direction, card);
  await settled(world, { timeoutMs: 8000 });
  world.ann.says(LINE);
  await world.ann.chat.waitFor(/Your last adjustments/, { timeoutMs: 1500 }).catch(() => undefined);
}

/** A new process, without the fault: an admin lets go where it is frozen, and then all must be right. */
async function afterwards(world: World): Promise<string[]> {
  await world.bot().stop("SIGKILL");
  await world.start();
  if (await isFrozen(world)) {
    world.bob.says("/unfreeze");
    await world.ann.chat.waitFor(/Bob let go/);
  }
  return restingFaults(world);
}

/** A card that was never confirmed waits for its press or its expiry: nothing is to be settled then. */
async function restingFaults(world: World): Promise<string[]> {
  const step = deedOf(booksOf(world))?.step;
  if (step !== undefined && step !== "proposed") return verdictOn(world);
  const faults = [...judge(world), ...(await probe(world))];
  return faults.length === 0 ? [] : [`${faults.join("; ")}${story(world)}`];
}

function failedWrite(world: World): boolean {
  const line = world.bot().lines.find(({ event }) => event === "torture_struck");
  return line?.["writes"] === true;
}

/** A write that failed must have frozen the bot, and the admins must know. */
async function freezeFaults(world: World): Promise<string[]> {
  if (!failedWrite(world)) return [];
  const frozen = await isFrozen(world);
  const told = await poll(() => (shownIn(world).some((text) => text.startsWith("Frozen:")) ? true : undefined), 1500);
  return [
    ...(frozen ? [] : ["a write failed, and /readyz says nothing of a freeze"]),
    ...(told ? [] : ["a write failed, and no admin was told"]),
  ];
}

async function statementRun(fail: FailOrder, direction: Direction, applied: boolean | undefined): Promise<Run> {
  return inWorld(async (world) => {
    const bot = await world.start({ fail });
    const card = await ask(world, direction);
    if (applied !== undefined) losing(world, applied);
    bot.child.kill("SIGUSR2");
    await bot.logged("torture_armed");
    press(world, direction, card);
    await Promise.race([settled(world, { timeoutMs: 8000 }), brokenFor(world, 1200)]);
    world.ann.says(LINE);
    await world.ann.chat
      .waitFor(/Your last adjustments|Something went wrong/, { timeoutMs: 1500 })
      .catch(() => undefined);
    const line = bot.lines.find(({ event }) => event === "torture_struck");
    const struck = line !== undefined;
    const faults = [...(await freezeFaults(world)), ...judgeWhileOpen(world), ...(await afterwards(world))];
    const where = struck ? `[${String(line["sql"]).slice(0, 90)}] ` : "";
    return { struck, faults: faults.length === 0 ? [] : [`${where}${faults.join("; ")}${story(world)}`] };
  });
}

/** The bot said that it broke; it is given time for all that it still does by itself. */
async function brokenFor(world: World, ms: number): Promise<void> {
  await Promise.race([world.bot().logged("deed_broken"), world.bot().logged("update_failed")]).catch(() => undefined);
  await pause(ms);
}

/** Before the restart some may still be open and some not be told; what was said must be true at any time. */
function judgeWhileOpen(world: World): string[] {
  return judge(world).filter((fault) => !/no person was called|still waits|was never told/.test(fault));
}

async function telegramRun(
  nth: number,
  fault: ChatFault,
  direction: Direction,
  applied: boolean | undefined,
): Promise<Run> {
  return inWorld(async (world) => {
    await world.start();
    if (applied !== undefined) losing(world, applied);
    let struck = false;
    let counted = 0;
    const end = world.telegram.failWhen(({ method }) => {
      if (method === "getUpdates") return undefined;
      counted += 1;
      if (counted !== nth) return undefined;
      struck = true;
      return fault;
    });
    await scenario(world, direction);
    end();
    return { struck, faults: await restingFaults(world) };
  });
}

async function readRun(nth: number, how: Fault, direction: Direction, applied: boolean | undefined): Promise<Run> {
  return inWorld(async (world) => {
    await world.start();
    if (applied !== undefined) losing(world, applied);
    // The reads before the n-th one are let through by counting them: a fault is ordered for the next one only.
    const before = world.exchange.calls.length;
    const reads = () => world.exchange.calls.slice(before).filter(({ method }) => method === "GET").length;
    let struck = false;
    const end = world.exchange.fail({
      path: { test: () => isNth() } as unknown as RegExp,
      method: "GET",
      how,
    });
    function isNth(): boolean {
      if (reads() < nth) return false;
      struck = true;
      return true;
    }
    await scenario(world, direction);
    end();
    const faults = await restingFaults(world);
    return { struck, faults };
  });
}

/** Cases n = 1, 2, 3 … until one was not struck. */
function* untilUntouched(name: string, stride: number, run: (nth: number) => Promise<Run>): Generator<Case> {
  let through = false;
  for (let nth = 1; !through && nth <= NTH_MAX; nth += stride) {
    yield {
      name: `${name} ${nth}`,
      run: async () => {
        const { struck, faults } = await run(nth);
        through ||= !struck;
        return nth === NTH_MAX && struck ? [...faults, "there is no end to it"] : faults;
      },
    };
  }
}

const OUTCOMES = [
  ["answered, add", "add", undefined],
  ["lost and applied, remove", "remove", true],
  ["lost and not applied, add", "add", false],
] as const;

const CHAT_FAULTS: readonly (readonly [string, ChatFault])[] = [
  ["HTTP 500", { kind: "error", code: 500, description: "Internal Server Error" }],
  [
    "429",
    { kind: "error", code: 429, description: "Too Many Requests: retry after 1", parameters: { retry_after: 1 } },
  ],
  ["dropped before", { kind: "drop", when: "before" }],
  ["dropped after", { kind: "drop", when: "after" }],
];

type Outcomes = (typeof OUTCOMES)[number];
type Strides = Readonly<Record<keyof typeof PART_STRIDES, number>>;
const EVERY: Strides = { statement: 1, write: 1, chat: 1, read: 1 };
const WRITTEN = { code: "SQLITE_FULL", writesOnly: true } as const;

function* statements([name, direction, applied]: Outcomes, strides: Strides): Generator<Generator<Case>> {
  const row = (what: string, stride: number, order: Omit<FailOrder, "nth">) =>
    untilUntouched(`${name}: ${what}`, stride, (nth) => statementRun({ ...order, nth }, direction, applied));
  yield row("I/O error at statement", strides.statement, { when: "before", code: "SQLITE_IOERR" });
  yield row("reported as failed although it took effect, write", strides.write, { ...WRITTEN, when: "after" });
  yield row("disk full from then on, write", strides.write, { ...WRITTEN, when: "before", onward: true });
}

function* chats(
  [name, direction, applied]: Outcomes,
  { chat }: Strides,
  faults = CHAT_FAULTS,
): Generator<Generator<Case>> {
  for (const [fault, how] of faults) {
    yield untilUntouched(`${name}: ${fault}, call to Telegram`, chat, (nth) =>
      telegramRun(nth, how, direction, applied),
    );
  }
}

function reads([name, direction, applied]: Outcomes, { read }: Strides): Generator<Case> {
  return untilUntouched(`${name}: reset, read`, read, (nth) => readRun(nth, { kind: "reset" }, direction, applied));
}

function* rows(scale: Options["scale"]): Generator<Generator<Case>> {
  const [answered, lost, nothing] = OUTCOMES;
  if (scale === "part") {
    yield* statements(lost, PART_STRIDES);
    yield* chats(lost, PART_STRIDES, CHAT_FAULTS.slice(-1));
    yield reads(lost, PART_STRIDES);
    return;
  }
  for (const outcome of [answered, lost]) {
    yield* statements(outcome, EVERY);
    yield* chats(outcome, EVERY);
    yield reads(outcome, EVERY);
  }
  yield* statements(nothing, EVERY);
}

export async function failTheNth({ seed: _, scale, only = "" }: Options & { only?: string }): Promise<Outcome> {
  function* all(): Generator<Case> {
    for (const row of rows(scale)) for (const one of row) if (one.name.includes(only)) yield one;
  }
  return runCases("fail the n-th", all(), "statements count from the press on, the look for expired cards left out");
}
