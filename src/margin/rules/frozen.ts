/** The kill switch: a frozen bot sends nothing, from the moment it is pulled until an admin lets go, restarts included. */
import { type Actor, type ChatLocation, type Detail, NO_TERMS } from "../model/audit-event.ts";
import type { Trail } from "../ports/audit-trail.ts";
import { CODES, type FreezeCode, type KillSwitch, type KillSwitchMark } from "../ports/kill-switch.ts";

const NO_MARK: KillSwitchMark = { read: () => undefined, keep: () => false, remove: () => undefined };

function codeOf(kept: string): FreezeCode {
  return CODES.find((code) => code === kept) ?? "write_failed";
}

export function createKillSwitch(trail: Trail, mark: KillSwitchMark = NO_MARK): KillSwitch {
  let state: FreezeCode | undefined;
  let kept = true;
  let pulls = 0;

  async function write(step: "frozen" | "unfrozen", by: Actor, location: ChatLocation, code: string, detail: Detail) {
    const entry = { adjustment: "", step, actor: by, location, terms: NO_TERMS, code, detail };
    const appended = await trail.append(entry);
    return appended.ok ? appended.event : undefined;
  }

  return {
    frozen: () => state,
    isKept: () => kept,
    async load() {
      const marked = mark.read();
      if (marked !== undefined) state = codeOf(marked);
      const last = await trail.lastNote(["frozen", "unfrozen"]);
      if (last?.step === "frozen") state = last.code as FreezeCode;
    },
    async freeze(by, location, code, detail = {}) {
      state ??= code;
      pulls += 1;
      // The table may be what is broken: the kill switch holds in this process all the same.
      const event = await write("frozen", by, location, code, detail).catch(() => undefined);
      kept = event !== undefined || mark.keep(code);
      return event;
    },
    async unfreeze(by, location, detail = {}) {
      if (state === undefined) return undefined;
      const before = pulls;
      const event = await write("unfrozen", by, location, state, detail);
      // Whoever pulled it meanwhile meant it: their row is the newer one.
      if (pulls !== before) return event;
      mark.remove();
      state = undefined;
      kept = true;
      return event;
    },
  };
}
