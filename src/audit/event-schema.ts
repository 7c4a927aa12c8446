/**
 * What the detail of each step must look like to be believed: the one place where stored text becomes typed parts.
 *
 * A part that is missing, or is not what it should be, is undefined, and the others are read all the same: rows of older
 * versions, and odd ones, hide nothing else. Whoever needs a part that is not there says so.
 */
import { z } from "zod";
import type { EventOf } from "../margin/model/audit-event.ts";
import type { Details, RowStep } from "../margin/model/event-detail.ts";
import { NEEDS_REVIEW } from "../margin/model/needs-review.ts";
import { amount, bill, change, facts, origin, type Shape, snapshot } from "./detail-parts.ts";
import { doubt, refusalShape, why } from "./reason-parts.ts";

const text = z.string();
const number = z.number();
const press = { press: text, update: number };
const proof = z.object({ marginBefore: amount, marginNow: amount.nullable(), bills: z.array(z.object(bill)) });

const DETAILS: { readonly [S in RowStep]: Shape<Details[S]> } = {
  proposed: {
    shown: text,
    expiresAt: number,
    nonceHash: text,
    seen: snapshot,
    newestAtLook: number,
    change,
    how: origin,
    cutFrom: amount,
    undoes: text,
  },
  approved: press,
  confirmed: press,
  cancelled: press,
  expired: {},
  refused: { shown: text, refusal: refusalShape, undoes: text },
  sending: {
    body: text,
    bodySha256: text,
    before: snapshot,
    newestAtLook: number,
    serverAt: number,
    clockErrorMs: number,
  },
  accepted: { exchanged: facts },
  rejected: { why, exchanged: facts },
  unknown: { refused: doubt, exchanged: facts },
  applied: { bill: text, evidence: proof, reason: text },
  not_applied: { evidence: proof, reason: text },
  role: {},
  frozen: {},
  unfrozen: {},
  restored: { bills: z.array(z.object({ ...bill, symbol: text })), missingRow: number },
  note: { movedFrom: text, movedTo: text, adjustment: text, review: z.enum(NEEDS_REVIEW) },
};

type Decoded = { readonly [S in RowStep]: Pick<EventOf<S>, "step" | "detail"> }[RowStep];

/**
 * Parts of a card that say something by being missing: that it takes nothing back, that no row stood before its look. One
 * that is there and cannot be read says neither: nothing of such a card is believed, so that nobody can confirm it.
 */
const DECISIVE: ReadonlySet<string> = new Set<keyof Details["proposed"]>(["undoes", "newestAtLook"]);

/** The same shape, in which each part may be missing or anything else, and is undefined then; but for the `strict` ones. */
function lenient(shape: z.ZodRawShape, strict: ReadonlySet<string>): z.ZodType {
  const parts = Object.entries(shape).map(([name, part]) => {
    const optional = (part as z.ZodType).optional();
    return [name, strict.has(name) ? optional : optional.catch(undefined)];
  });
  return z.object(Object.fromEntries(parts)).catch({});
}

const NONE: ReadonlySet<string> = new Set();
const BY_STEP = new Map(
  Object.entries<z.ZodRawShape>(DETAILS).map(([step, shape]) => [
    step,
    lenient(shape, step === "proposed" ? DECISIVE : NONE),
  ]),
);

function parsed(detail: string): unknown {
  try {
    return JSON.parse(detail);
  } catch {
    return undefined;
  }
}

/** The step of a stored row and the parts of its detail, as far as they can be believed. Never throws. */
export function decode(
  step: string,
  detail: string,
): Decoded | { readonly step: "undecoded"; readonly detail: object } {
  const schema = BY_STEP.get(step);
  if (schema === undefined) return { step: "undecoded", detail: {} };
  // `DETAILS` holds for each step the shape of just that step's detail.
  return { step, detail: schema.parse(parsed(detail)) } as Decoded;
}
