/** The port to the kill switch: a frozen bot sends nothing, until an admin lets go. */
import type { Actor, AuditEvent, ChatLocation } from "../model/audit-event.ts";

/** Why it is frozen: a person asked for it, or what the bot found wrong with itself. */
export type FreezeCode = (typeof FREEZE_CODES)[number];

/** All of them, for reading one back. */
export const FREEZE_CODES = ["asked", "disk", "file_lost", "write_failed", "guards", "chain", "restored"] as const;

/** Where the kill switch is kept until the table has its row, and when it takes none. */
export interface KillSwitchMark {
  /** Why it was pulled, or any other text; undefined when it is not kept here. */
  read(): string | undefined;
  /** False when it could not be kept here either. */
  keep(code: FreezeCode): boolean;
  remove(): void;
}

/** What stops all sending, in force before it is written. */
export interface KillSwitch {
  /** Why nothing is sent now; undefined when it is not frozen. */
  frozen(): FreezeCode | undefined;
  /** False when it could be kept in no place: it then holds until the process ends. */
  isKept(): boolean;
  /** Reads the state that the table holds, or the mark beside it: before the first adjustment of a process. */
  load(): Promise<void>;
  /** In force when this returns, and kept over a restart where a mark can be made. What is written waits for `keep`. */
  pull(code: FreezeCode): void;
  /** Writes the row, unless somebody let go after it was pulled. Undefined when there is none. */
  keep(by: Actor, location: ChatLocation, code: FreezeCode): Promise<AuditEvent | undefined>;
  /** Both: in force before anything that may wait. */
  freeze(by: Actor, location: ChatLocation, code: FreezeCode): Promise<AuditEvent | undefined>;
  /** Lets go. For admins: whoever calls this has asked for the role. Undefined when it was not frozen. */
  unfreeze(by: Actor, location: ChatLocation): Promise<AuditEvent | undefined>;
}
