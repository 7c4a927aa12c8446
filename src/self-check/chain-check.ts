/** Whether the audit table verifies: its end before the first update, and the whole of it beside the running bot. */
import { verifyInBackground } from "../audit/background.ts";
import { type Anchor, type Verification, verifyTail } from "../audit/verify.ts";
import type { Log } from "../margin/ports/log.ts";

/** Tries in vain after which the table counts as not verified. One may be bad luck: no memory, no room for the copy. */
const IN_VAIN_MAX = 3;

/** What is known of whether the audit table verifies. */
export interface Chain {
  /** True from the moment that a row was found that does not verify. */
  isBroken(): boolean;
  /** Looks at the newest rows. Gives the number of the anchored row where the table lacks it, which breaks nothing. */
  checkTail(anchor: Anchor | undefined): number | undefined;
  /** True while several tries to look at the whole table were in vain: it may be sound, and nobody knows. */
  isUnverified(): boolean;
  /** Looks at the whole table, in a thread of its own. False when that could not be done. */
  verify(log: Log): Promise<boolean>;
}

/** Why it could not be looked at; undefined when it could. */
function reasonOf(verdict: Verification): string | undefined {
  return verdict.kind === "unreadable" ? verdict.reason : undefined;
}

/** Knows nothing yet of the table in the database `file`. */
export function createChain(file: string): Chain {
  let broken = false;
  let inVain = 0;
  return {
    isBroken: () => broken,
    isUnverified: () => inVain >= IN_VAIN_MAX,
    checkTail(anchor) {
      const tail = verifyTail(file, anchor);
      const lost = tail.kind === "broken" && anchor !== undefined && tail.seq === anchor.seq ? anchor.seq : undefined;
      broken = tail.kind !== "ok" && lost === undefined;
      return lost;
    },
    async verify(log) {
      const verdict = await verifyInBackground(file);
      const reason = verdict === undefined ? "the thread could not finish" : reasonOf(verdict);
      inVain = reason === undefined ? 0 : inVain + 1;
      if (reason !== undefined) log("error", "chain_unverified", { reason, tries: inVain });
      broken ||= verdict?.kind === "broken";
      return reason === undefined;
    },
  };
}
