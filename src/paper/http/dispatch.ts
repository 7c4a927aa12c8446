/** The way of a call through the exchange: known path, known caller, budget left, then the endpoint itself. */
import type { World } from "../ledger/state.ts";
import type { Call } from "../protocol/request.ts";
import { envelopeOf, type Outcome, refusal } from "../protocol/response.ts";
import { type Credentials, type Environment, refuseCaller } from "../protocol/signature.ts";
import type { Answer } from "./delivery.ts";
import { createBudgets } from "./rate-limit.ts";
import { refuseUnserved, routeOf, SET_MARGIN_PATH } from "./routes.ts";

/** One request that arrived. Of the identifying headers only the names are kept. */
export interface CallRecord {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: readonly string[];
  /** The timestamp that was signed, in ms; undefined for a public call. */
  readonly signedAt: number | undefined;
  readonly body: string;
  /** How often it changed a margin: 0, 1, or 2 when it was delivered twice. */
  applied: number;
}

/** From a request to what came of it. */
export interface Dispatcher {
  record(call: Call): CallRecord;
  handle(call: Call, record: CallRecord): Answer;
  readonly calls: readonly CallRecord[];
}

export interface DispatcherOptions {
  readonly world: World;
  readonly credentials: Credentials;
  readonly environment: Environment;
  readonly hasBudgets: boolean;
  readonly now: () => number;
}

const CALLS_MAX = 10_000;

/** Checks signature and budget, then lets the endpoint of the path answer. */
export function createDispatcher({ world, credentials, environment, hasBudgets, now }: DispatcherOptions): Dispatcher {
  const budgets = createBudgets(now);
  const calls: CallRecord[] = [];

  function outcomeOf(call: Call): Outcome {
    const route = routeOf(call);
    if (route === undefined) return refuseUnserved(call.path);
    if (route.isPublic && call.headers["paptrading"] === "1") return refuseUnserved(call.path);
    const refused = route.isPublic ? undefined : refuseCaller(call, credentials, environment, world.clock());
    if (refused !== undefined) return refused;
    if (hasBudgets && !budgets.take(call.path, route.perSecond)) return refusal("429", "Too Many Requests", 429);
    try {
      return route.answer(call, world);
    } catch (error) {
      // The books could not be stored, and so were not changed; Bitget says no more than this either.
      console.error("The paper exchange failed at %s:", call.path, error);
      return refusal("40725", "service return an error", 500);
    }
  }

  return {
    calls,
    record: (call) => {
      const record = recordOf(call, now());
      calls.push(record);
      if (calls.length > CALLS_MAX) calls.shift();
      return record;
    },
    handle: (call, record) => {
      const outcome = outcomeOf(call);
      if (call.path === SET_MARGIN_PATH && outcome.code === "00000") record.applied += 1;
      return { status: outcome.status, envelope: envelopeOf(outcome, world.clock()) };
    },
  };
}

function recordOf({ method, path, query, headers, body }: Call, at: number): CallRecord {
  const named = Object.keys(headers).filter((name) => name.startsWith("access-") || name === "paptrading");
  const timestamp = headers["access-timestamp"];
  const signedAt = timestamp === undefined ? undefined : Number(timestamp);
  return { at, method, path, query, headers: named, signedAt, body: body.toString("utf8"), applied: 0 };
}
