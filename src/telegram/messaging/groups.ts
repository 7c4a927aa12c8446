/** The groups that the bot works in: those of the settings, and what they became when Telegram made supergroups of them. */
import { GrammyError } from "grammy";
import { BOT, NO_TERMS, NOWHERE } from "../../margin/model/audit-event.ts";
import type { EventStore, Projections } from "../../margin/ports/audit-trail.ts";
import type { Log } from "../../margin/ports/log.ts";
import type { Background } from "./background.ts";

/** Most moves that are read at a start: a group moves once in its life. */
const MOVES_MAX = 500;
/** The code of the row `note` that says where a group went. */
const MOVED = "group_moved";

/** Where the bot works, and how it follows a group. */
export interface Groups {
  /** Ids in text, those of groups before they moved included. */
  readonly ids: Set<string>;
  /** The id under which a chat goes on now: its own, unless it has moved. */
  at(chat: string): string;
  /** A group goes on under a new id, as Telegram says: from now on, and after a restart. Others are passed over. */
  moved(from: string, to: string): void;
  /** Follows what was written by earlier processes. To be called before the first update. */
  load(): Promise<void>;
}

interface Parts {
  readonly deps: { readonly events: EventStore; readonly projections: Projections };
  readonly log: Log;
  readonly background: Background["run"];
}

/** The groups with these ids at first. */
export function createGroups(configured: readonly string[], { deps, log, background }: Parts): Groups {
  const ids = new Set(configured);
  const moves = new Map<string, string>();

  function follow(from: string, to: string): boolean {
    if (!ids.has(from) || moves.has(from)) return false;
    ids.add(to);
    moves.set(from, to);
    return true;
  }

  async function write(from: string, to: string): Promise<void> {
    const entry = { adjustment: "", actor: BOT, location: NOWHERE, terms: NO_TERMS, code: MOVED } as const;
    await deps.events.append({ ...entry, step: "note", detail: { movedFrom: from, movedTo: to } });
  }

  return {
    ids,
    at: (chat) => moves.get(chat) ?? chat,
    moved(from, to) {
      if (!follow(from, to)) return;
      log("warn", "group_moved_set_TELEGRAM_CHAT_IDS", { from, to });
      background(write(from, to));
    },
    async load() {
      const notes = await deps.projections.notes({ code: MOVED, limit: MOVES_MAX });
      for (const { step, detail } of notes.toReversed()) {
        if (step === "note") follow(detail.movedFrom ?? "", detail.movedTo ?? "");
      }
    },
  };
}

/** Where a chat went, when a call failed for that; undefined for every other fault. */
export function movedTo(error: unknown): string | undefined {
  const to = error instanceof GrammyError ? error.parameters.migrate_to_chat_id : undefined;
  return to === undefined ? undefined : String(to);
}
