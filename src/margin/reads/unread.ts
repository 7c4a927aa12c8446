/** What could not be read, as a refusal. */
import type { Unread } from "../model/position.ts";
import { present } from "../model/present.ts";
import type { UnreadableRefusal } from "../model/refusal.ts";
import type { ReadFailure } from "../model/response-facts.ts";

/** What came back in the place of an answer, and nothing of when it was asked for. */
export function unreadable({ why, exchanged }: ReadFailure, name?: string): UnreadableRefusal {
  const { httpStatus, code, message, fault } = exchanged;
  return { code: "unreadable", why, exchanged: present({ httpStatus, code, message, fault }), ...present({ name }) };
}

const ODD: ReadFailure = { why: "no_answer", exchanged: { fault: "other shape" } };

/** The same for something of the account that is named. */
export function unreadableOf(unread: Unread): UnreadableRefusal {
  return unreadable(unread.failure ?? ODD, nameOf(unread));
}

/** `SOLUSDT short`, `USDC-FUTURES`: by what people know it. */
function nameOf({ productType, symbol, holdSide, failure }: Unread): string {
  if (symbol !== undefined) return [symbol, holdSide].filter((word) => word !== undefined).join(" ");
  return failure === undefined ? `A position of ${productType}` : productType;
}
