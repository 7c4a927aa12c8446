/** The anchor beside the database, kept up to date: the newest row that people hold, and until when the bot looked on. */
import { type KeptAnchor, readAnchorFile, writeAnchorFile } from "../audit/anchor-file.ts";
import type { Anchor } from "../audit/verify.ts";
import type { OpenStep } from "../margin/model/adjustment.ts";
import type { Chat } from "../telegram/messaging/context.ts";

/** Where an adjustment's money is, or may soon be, under way. */
const UNDER_WAY: readonly OpenStep[] = ["confirmed", "sending", "unknown"];

/** Keeps the anchor: which row people hold, and until when nothing of the bot was open. */
export interface AnchorKeeper {
  /** What the file says. */
  read(): KeptAnchor | undefined;
  /** People were told of this row. */
  delivered(row: Anchor): void;
  /**
   * Notes until when the bot looked on with nothing of its own open or untold: what moved margin by then was moved by
   * others, and is no sign of an old copy at the next start. An anchor that is missing in the table still is one.
   */
  noteQuiet(chat: Chat): Promise<void>;
}

/** A keeper of the anchor in `file`. A file that cannot be written is passed over: the chat holds the anchor, too. */
export function createAnchorKeeper(file: string): AnchorKeeper {
  let kept = readAnchorFile(file);
  // Of this process: what an old copy lacks is not the measure of what comes after it.
  let newest = 0;
  const write = (anchor: KeptAnchor) => {
    kept = anchor;
    try {
      writeAnchorFile(file, anchor);
    } catch {
      // The chat holds the anchor, too; a disk that takes no file freezes the bot by itself.
    }
  };
  return {
    read: () => readAnchorFile(file),
    delivered({ seq, hash }) {
      if (seq <= newest) return;
      newest = seq;
      write({ ...kept, seq, hash });
    },
    async noteQuiet({ deps: { outbox, projections, exchange } }) {
      const at = Math.round(exchange.serverNow());
      const [pending, open] = await Promise.all([outbox.pending(1), projections.currentlyAt(UNDER_WAY)]);
      if (pending.length > 0 || open.length > 0 || kept === undefined) return;
      if (at > (kept.quietAt ?? 0)) write({ ...kept, quietAt: at });
    },
  };
}
