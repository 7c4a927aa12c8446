/** Whether the audit table verifies: its end before the first update, and the whole of it beside the running bot. */
import { verifyInBackground } from "./audit/background.ts";
import { type Anchor, verifyTail } from "./audit/verify.ts";

export interface Chain {
  /** True from the moment that a row was found that does not verify. */
  isBroken(): boolean;
  /** Looks at the newest rows. Gives the number of the anchored row where the table lacks it, which breaks nothing. */
  checkTail(anchor: Anchor | undefined): number | undefined;
  /** Looks at the whole table, in a thread of its own. */
  verify(): Promise<void>;
}

export function createChain(file: string): Chain {
  let broken = false;
  return {
    isBroken: () => broken,
    checkTail(anchor) {
      const tail = verifyTail(file, anchor);
      const lost = tail.kind === "broken" && anchor !== undefined && tail.seq === anchor.seq ? anchor.seq : undefined;
      broken = tail.kind !== "ok" && lost === undefined;
      return lost;
    },
    async verify() {
      broken ||= (await verifyInBackground(file))?.kind === "broken";
    },
  };
}
