/** The brake: a frozen bot sends nothing, from the moment it is pulled until an admin lets go, restarts included. */
import { type Actor, type AuditEvent, type Detail, NO_TERMS, type Place, type Trail } from "./trail.ts";

/** Why it is frozen: a person asked for it, or what the bot found wrong with itself. */
export type FreezeCode = "asked" | "disk" | "write_failed" | "guards" | "chain" | "restored";

export interface Brake {
  /** Why nothing is sent now; undefined when it is not frozen. */
  frozen(): FreezeCode | undefined;
  /** Reads the state that the table holds: before the first deed of a process. */
  load(): Promise<void>;
  /** Takes effect at once, before anything is written; the row follows where the table can still be written. */
  freeze(by: Actor, place: Place, code: FreezeCode, detail?: Detail): Promise<AuditEvent | undefined>;
  /** Lets go. For admins: whoever calls this has asked for the role. Undefined when it was not frozen. */
  unfreeze(by: Actor, place: Place, detail?: Detail): Promise<AuditEvent | undefined>;
}

export function createBrake(trail: Trail): Brake {
  let state: FreezeCode | undefined;
  let pulls = 0;

  async function write(step: "frozen" | "unfrozen", by: Actor, place: Place, code: string, detail: Detail) {
    const entry = { adjustment: "", step, actor: by, place, terms: NO_TERMS, code, detail };
    const appended = await trail.append(entry);
    return appended.ok ? appended.event : undefined;
  }

  return {
    frozen: () => state,
    async load() {
      const last = await trail.lastNote(["frozen", "unfrozen"]);
      if (last?.step === "frozen") state = last.code as FreezeCode;
    },
    async freeze(by, place, code, detail = {}) {
      state ??= code;
      pulls += 1;
      // The table may be what is broken: the brake holds in this process all the same.
      return write("frozen", by, place, code, detail).catch(() => undefined);
    },
    async unfreeze(by, place, detail = {}) {
      if (state === undefined) return undefined;
      const before = pulls;
      const event = await write("unfrozen", by, place, state, detail);
      // Whoever pulled it meanwhile meant it: their row is the newer one.
      if (pulls === before) state = undefined;
      return event;
    },
  };
}
