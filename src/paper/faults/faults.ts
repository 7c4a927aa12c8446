/**
 * Misfortunes that a test orders.
 *
 * A fault with `when: "before"` strikes before the call is looked at: nothing is checked and nothing applied, and the
 * answer that it breaks is a made-up success. With `when: "after"` the call has been handled and its own answer is
 * broken. `late`, `duplicate` and `edit` say themselves when the call is handled, and ignore `when`.
 */
import type { Envelope } from "../protocol/response.ts";

/** What may go wrong with a call. */
export type Fault =
  /** The connection is torn down without a byte. */
  | { readonly kind: "reset" }
  /** No answer; the connection is torn down after `ms`, or stays until the exchange closes. */
  | { readonly kind: "hang"; readonly ms?: number }
  /** No answer ever; the call arrives at the exchange `ms` later, and is checked and handled by the clock of then. */
  | { readonly kind: "late"; readonly ms: number }
  /** The call is delivered twice, as by a proxy that repeats it; the second answer is sent. */
  | { readonly kind: "duplicate" }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** 200 with a page for people. */
  | { readonly kind: "html" }
  /** 200 with any text, sent as JSON. */
  | { readonly kind: "json"; readonly body: string }
  /** 200 without a body. */
  | { readonly kind: "empty" }
  /** Bitget's envelope with another code; HTTP 400 unless told otherwise. */
  | { readonly kind: "code"; readonly code: string; readonly msg: string; readonly status?: number }
  /** The call is handled, and its envelope changed on the way: rows missing, doubled, in another order. */
  | { readonly kind: "edit"; readonly edit: (envelope: Envelope) => unknown }
  /** Half of the body that the headers promise, then the connection is torn down. */
  | { readonly kind: "truncated" }
  /** The body in drops of `bytes`, one every `intervalMs`. */
  | { readonly kind: "drip"; readonly bytes: number; readonly intervalMs: number }
  /** The answer behind `bytes` of blanks; with `gzip` a small parcel that unpacks to that. */
  | { readonly kind: "huge"; readonly bytes: number; readonly gzip?: boolean };

/** Which calls are meant. */
export interface Target {
  readonly path: string | RegExp;
  readonly method?: string;
}

/** A fault, the calls it strikes, and how often. */
export interface FaultOrder extends Target {
  readonly how: Fault;
  /** "before" unless told otherwise. */
  readonly when?: "before" | "after";
  /** How many calls it strikes; one unless told otherwise. */
  readonly times?: number;
}

/** The fault that strikes one call. */
export interface StruckFault {
  readonly how: Fault;
  readonly when: "before" | "after";
}

/** The faults that were ordered and did not strike yet. */
export interface Faults {
  /** Orders a fault; the function that comes back calls it off. Orders strike in the order they were given. */
  order(order: FaultOrder): () => void;
  /** The fault that strikes this call, if one does. */
  take(method: string, path: string): StruckFault | undefined;
}

interface OpenOrder {
  readonly order: FaultOrder;
  left: number;
}

/** No fault is ordered. */
export function createFaults(): Faults {
  let open: readonly OpenOrder[] = [];
  const withdraw = (spent: OpenOrder) => {
    open = open.filter((other) => other !== spent);
  };
  return {
    order: (order) => {
      const added = { order, left: order.times ?? 1 };
      open = [...open, added];
      return () => withdraw(added);
    },
    take: (method, path) => {
      const struck = open.find(({ order }) => isTarget(order, method, path));
      if (struck === undefined) return undefined;
      struck.left -= 1;
      if (struck.left <= 0) withdraw(struck);
      return { how: struck.order.how, when: struck.order.when ?? "before" };
    },
  };
}

/** Whether a call of this method and path is meant. */
export function isTarget(target: Target, method: string, path: string): boolean {
  if (target.method !== undefined && target.method !== method) return false;
  return typeof target.path === "string" ? target.path === path : target.path.test(path);
}
