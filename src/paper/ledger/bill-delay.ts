/** Bills that show late: how long after a movement is undocumented, so a test decides. */
import type { Bill } from "./ledger-state.ts";

/** A bill shows `ms` after its movement, or at the read that follows `reads` reads which would have shown it. */
export type BillDelay = { readonly ms: number } | { readonly reads: number };

/** When a bill that is in the books shows in lists. */
export interface BillShades {
  /** Holds for bills numbered `fromBillId` and above. */
  set(delay: BillDelay, fromBillId: string): void;
  /** Counts as a look at the bill. */
  isShown(bill: Bill, clock: number): boolean;
}

/** Every bill shows at once, until told otherwise. */
export function createBillShades(): BillShades {
  let delay: BillDelay = { ms: 0 };
  let from = 0n;
  const looks = new Map<string, number>();
  return {
    set: (next, fromBillId) => {
      delay = next;
      from = BigInt(fromBillId);
    },
    isShown: (bill, clock) => {
      if (BigInt(bill.billId) < from) return true;
      if ("ms" in delay) return clock >= bill.at + delay.ms;
      const seen = looks.get(bill.billId) ?? 0;
      looks.set(bill.billId, seen + 1);
      return seen >= delay.reads;
    },
  };
}
