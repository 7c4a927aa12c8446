/** The brake: a frozen bot sends nothing, from the moment it is pulled until an admin lets go, restarts included. */
import { type Actor, type AuditEvent, type Detail, NO_TERMS, type Place, type Trail } from "./trail.ts";

/** Why it is frozen: a person asked for it, or what the bot found wrong with itself. */
export type FreezeCode = (typeof CODES)[number];

const CODES = ["asked", "disk", "write_failed", "guards", "chain", "restored"] as const;

/** Where the brake is kept when the table takes no row. */
export interface BrakeMark {
  /** Why it was pulled, or any other text; undefined when it is not kept here. */
  read(): string | undefined;
  /** False when it could not be kept here either. */
  keep(code: FreezeCode): boolean;
  remove(): void;
}

const NO_MARK: BrakeMark = { read: () => undefined, keep: () => false, remove: () => undefined };

export interface Brake {
  /** Why nothing is sent now; undefined when it is not frozen. */
  frozen(): FreezeCode | undefined;
  /** False when it could be kept in no place: it then holds until the process ends. */
  isKept(): boolean;
  /** Reads the state that the table holds, or the mark beside it: before the first deed of a process. */
  load(): Promise<void>;
  /** Takes effect at once, before anything is written; the row follows where the table can still be written. */
  freeze(by: Actor, place: Place, code: FreezeCode, detail?: Detail): Promise<AuditEvent | undefined>;
  /** Lets go. For admins: whoever calls this has asked for the role. Undefined when it was not frozen. */
  unfreeze(by: Actor, place: Place, detail?: Detail): Promise<AuditEvent | undefined>;
}

function codeOf(kept: string): FreezeCode {
  return CODES.find((code) => code === kept) ?? "write_failed";
}

export function createBrake(trail: Trail, mark: BrakeMark = NO_MARK): Brake {
  let state: FreezeCode | undefined;
  let kept = true;
  let pulls = 0;

  async function write(step: "frozen" | "unfrozen", by: Actor, place: Place, code: string, detail: Detail) {
    const entry = { adjustment: "", step, actor: by, place, terms: NO_TERMS, code, detail };
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
    async freeze(by, place, code, detail = {}) {
      state ??= code;
      pulls += 1;
      // The table may be what is broken: the brake holds in this process all the same.
      const event = await write("frozen", by, place, code, detail).catch(() => undefined);
      kept = event !== undefined || mark.keep(code);
      return event;
    },
    async unfreeze(by, place, detail = {}) {
      if (state === undefined) return undefined;
      const before = pulls;
      const event = await write("unfrozen", by, place, state, detail);
      // Whoever pulled it meanwhile meant it: their row is the newer one.
      if (pulls !== before) return event;
      mark.remove();
      state = undefined;
      kept = true;
      return event;
    },
  };
}
