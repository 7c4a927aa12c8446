/**
 * Clocks: somebody sets the clock of the bot's machine by minutes or an hour at each step of an adjustment, or it was wrong
 * from the start. A card lives for as long as it says, no longer and no shorter, and everything else is as ever.
 */
import type { MessageView } from "../../src/playground/state/view.ts";
import type { ClockOrder, KillOrder } from "./preload.ts";
import { sample } from "./sample.ts";
import { type Case, type Options, type Outcome, runCases } from "./table.ts";
import { shownIn, verdictOn } from "./truth.ts";
import { ask, DIRECTIONS, type Direction, inWorld, pause, press, type World } from "./world.ts";

const PART = 6;
const HOUR_MS = 3_600_000;
const STEPS_MS = [-HOUR_MS, HOUR_MS, -180_000, 180_000];
/** How long a card lives that is pressed too late, and how much later that is. */
const SHORT_TTL_S = 3;
const TOO_LATE_MS = SHORT_TTL_S * 1000 + 700;
const OFFLINE = /while I was offline/;

type Phase = readonly [name: string, order: KillOrder];

/** Until the card is pressed. */
const BEFORE_THE_PRESS: readonly Phase[] = [
  ["from the start", { when: "before" }],
  ["before `proposed`", { when: "before", step: "proposed" }],
  ["after `proposed`", { when: "after", step: "proposed" }],
  ["when the card is shown", { when: "after", sql: "INSERT INTO `main`.`card`" }],
];
const AFTER_THE_PRESS: readonly Phase[] = [
  ["before `confirmed`", { when: "before", step: "confirmed" }],
  ["after `confirmed`", { when: "after", step: "confirmed" }],
  ["before `sending`", { when: "before", step: "sending" }],
  ["after `sending`", { when: "after", step: "sending" }],
  ["before `accepted`", { when: "before", step: "accepted" }],
  ["after `accepted`", { when: "after", step: "accepted" }],
];

/** The clock was set, and nobody was told that a message or a press of now was late. */
function clockFaults(world: World): string[] {
  const isSet = world.bot().lines.some(({ event }) => event === "torture_clock");
  const isLate = shownIn(world).some((text) => OFFLINE.test(text));
  return [...(isSet ? [] : ["the clock was never set"]), ...(isLate ? ["something of now was called late"] : [])];
}

/** The deed's button, as a phone presses it that has not seen yet that the card is over. */
function pressAnyway({ ann }: World, card: MessageView): void {
  ann.pressesData(card, card.buttons[0]?.[0]?.data ?? "");
}

/** A card that is pressed in time is carried out. */
function inTime(clock: ClockOrder, direction: Direction): Promise<readonly string[]> {
  return inWorld(async (world) => {
    await world.start({ clock });
    press(world, direction, await ask(world, direction));
    return [...(await verdictOn(world, { ends: ["accepted"] })), ...clockFaults(world)];
  });
}

/** A card that is pressed when its time is over is not. */
function tooLate(clock: ClockOrder, direction: Direction): Promise<readonly string[]> {
  return inWorld(async (world) => {
    await world.start({ clock, env: { CONFIRM_TTL_S: String(SHORT_TTL_S) } });
    const card = await ask(world, direction);
    await pause(TOO_LATE_MS);
    pressAnyway(world, card);
    return [...(await verdictOn(world, { ends: ["expired"] })), ...clockFaults(world)];
  });
}

/** A card of before a restart on a machine that is off since: pressed in time, or when its time is over. */
function restarted(ms: number, direction: Direction, late: boolean): Promise<readonly string[]> {
  return inWorld(async (world) => {
    const env = late ? { CONFIRM_TTL_S: String(SHORT_TTL_S) } : {};
    const first = await world.start({ env });
    const card = await ask(world, direction);
    await first.stop("SIGKILL");
    if (late) await pause(TOO_LATE_MS);
    await world.start({ clock: { when: "before", ms }, env });
    await world.ann.chat.waitFor(/^The machine's clock is/, { after: card.id });
    pressAnyway(world, card);
    return [...(await verdictOn(world, { ends: [late ? "expired" : "accepted"] })), ...clockFaults(world)];
  });
}

function cells(): Case[] {
  const directed = (number: number): Direction => DIRECTIONS[number % DIRECTIONS.length] ?? "add";
  const each = (what: string, phases: readonly Phase[], run: typeof inTime) =>
    phases.flatMap(([name, order], row) =>
      STEPS_MS.map((ms, column) => ({
        name: `${name} by ${ms / 1000} s, ${what}`,
        run: () => run({ ...order, ms }, directed(row + column)),
      })),
    );
  const restarts = [false, true].flatMap((late) =>
    STEPS_MS.map((ms, column) => ({
      name: `restarted on a machine ${ms / 1000} s ahead, pressed ${late ? "too late" : "in time"}`,
      run: () => restarted(ms, directed(column), late),
    })),
  );
  return [
    ...each("pressed in time", [...BEFORE_THE_PRESS, ...AFTER_THE_PRESS], inTime),
    ...each("pressed too late", BEFORE_THE_PRESS, tooLate),
    ...restarts,
  ];
}

const NOTE = "the machine's clock is set from inside; the one that only goes forward cannot be, so no case sleeps";

export function clocks({ seed, scale, only = "" }: Options & { only?: string }): Promise<Outcome> {
  const all = cells().filter(({ name }) => name.includes(only));
  return runCases("clocks", scale === "part" ? sample(all, PART, seed) : all, NOTE);
}
