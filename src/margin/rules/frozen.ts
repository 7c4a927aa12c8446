/** The kill switch: a frozen bot sends nothing, from the moment it is pulled until an admin lets go, restarts included. */
import { type Actor, type AuditEvent, type ChatLocation, NO_TERMS } from "../model/audit-event.ts";
import type { Refusal } from "../model/refusal.ts";
import type { EventStore, Trail } from "../ports/audit-trail.ts";
import type { Deps } from "../ports/deps.ts";
import { FREEZE_CODES, type FreezeCode, type KillSwitch, type KillSwitchMark } from "../ports/kill-switch.ts";

/** Why nothing is proposed and nothing sent while the switch is pulled; undefined when it is not. */
export function frozenRefusal({ killSwitch }: Pick<Deps, "killSwitch">): Refusal | undefined {
  return killSwitch.frozen() === undefined ? undefined : { code: "frozen" };
}

const NO_MARK: KillSwitchMark = { read: () => undefined, keep: () => false, remove: () => undefined };

function codeOf(kept: string): FreezeCode {
  return FREEZE_CODES.find((code) => code === kept) ?? "write_failed";
}

/** The mark, made once until it is removed: each making of it waits for the disk. */
function once(mark: KillSwitchMark): KillSwitchMark {
  let isThere = false;
  return {
    read() {
      const word = mark.read();
      isThere = word !== undefined;
      return word;
    },
    keep(code) {
      isThere ||= mark.keep(code);
      return isThere;
    },
    remove() {
      mark.remove();
      isThere = false;
    },
  };
}

/** Beside the row the mark says nothing new: where it cannot be removed, whoever lets go tries again, and is told. */
function removeIfPossible(mark: KillSwitchMark): void {
  try {
    mark.remove();
  } catch {
    // See above.
  }
}

type Row = readonly [step: "frozen" | "unfrozen", by: Actor, location: ChatLocation, code: string];

async function write(events: EventStore, ...[step, actor, location, code]: Row): Promise<AuditEvent | undefined> {
  const appended = await events.append({
    adjustment: "",
    step,
    actor,
    location,
    terms: NO_TERMS,
    code,
    detail: {},
  });
  return appended.ok ? appended.event : undefined;
}

/** A kill switch that knows nothing before `load`. `kind` keeps a freeze over a restart until the trail has its row. */
export function createKillSwitch(
  { events, projections }: Pick<Trail, "events" | "projections">,
  kind: KillSwitchMark = NO_MARK,
): KillSwitch {
  const mark = once(kind);
  let state: FreezeCode | undefined;
  let kept = true;
  let pulls = 0;

  const killSwitch: KillSwitch = {
    frozen: () => state,
    isKept: () => kept,
    async load() {
      const word = mark.read();
      if (word !== undefined) state = codeOf(word);
      const last = await projections.lastNote(["frozen", "unfrozen"]);
      if (last?.step === "frozen") state = last.code as FreezeCode;
    },
    pull(code) {
      state ??= code;
      pulls += 1;
      // Before the row: the table may be what hangs, and people are told that it is frozen.
      kept = mark.keep(code);
    },
    async keep(by, location, code) {
      if (state === undefined) return undefined;
      const before = pulls;
      const event = await write(events, "frozen", by, location, code).catch(() => undefined);
      kept ||= event !== undefined;
      // A later pull has its own row to come, and needs the mark until then.
      if (event !== undefined && pulls === before) removeIfPossible(mark);
      return event;
    },
    freeze(by, location, code) {
      killSwitch.pull(code);
      return killSwitch.keep(by, location, code);
    },
    async unfreeze(by, location) {
      if (state === undefined) return undefined;
      const before = pulls;
      const event = await write(events, "unfrozen", by, location, state);
      // Whoever pulled it meanwhile meant it: their row is the newer one.
      if (pulls !== before) return event;
      mark.remove();
      state = undefined;
      kept = true;
      return event;
    },
  };
  return killSwitch;
}
