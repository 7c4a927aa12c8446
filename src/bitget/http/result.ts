/** From what came of a request to what the core is told: nothing of the request's headers gets through here. */

import type * as z from "zod";
import { present } from "../../margin/model/present.ts";
import type { ResponseFacts } from "../../margin/model/response-facts.ts";
import type { Reading } from "../../margin/ports/exchange.ts";
import type { Clean } from "./clean.ts";
import type { HttpResult, LogEvent } from "./client.ts";
import { certain } from "./error-codes.ts";

/** Bitget's code for yes. */
export const SUCCESS = "00000";

/** What may be kept of an exchange of bytes. `fault` names what was wrong with an answer that is otherwise complete. */
export function responseFactsOf(result: HttpResult, clean: Clean, fault?: string): ResponseFacts {
  const { httpStatus } = result;
  const redirect = httpStatus !== undefined && isRedirect(httpStatus) ? "redirect" : undefined;
  if (result.kind === "silence") {
    return { ...present({ httpStatus }), fault: redirect ?? result.fault };
  }
  const broken = redirect ?? fault;
  return {
    httpStatus: result.httpStatus,
    code: result.code,
    message: clean(result.msg),
    ...present({ requestTime: result.requestTime, fault: broken }),
  };
}

/** What Bitget said in the place of an answer, for the log: cleaned before, and as the chat shows it. */
export function saidOf({ httpStatus, code, message, fault }: ResponseFacts): Omit<LogEvent, "event"> {
  return { httpStatus, code, message, fault };
}

function isRedirect(httpStatus: number): boolean {
  return httpStatus >= 300 && httpStatus < 400;
}

/** Whether an HTTP status is one of success: 200 to 299. */
export function isSuccess(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus < 300;
}

/** True for a status with which Bitget itself says no: others come from whatever stands before it, or after a fault. */
export function mayRefuse(httpStatus: number): boolean {
  return httpStatus < 500 && !isRedirect(httpStatus) && httpStatus !== 429;
}

/**
 * What a read gave: the value that `schema` finds in a successful answer, or why there is none. `odd` is told where an
 * answer has another shape.
 */
export function readingOf<T>(
  result: HttpResult,
  schema: z.ZodType<T>,
  clean: Clean,
  odd?: (paths: readonly string[]) => void,
): Reading<T> {
  if (result.kind === "silence") {
    const why = result.phase === "not_sent" ? "not_sent" : "no_answer";
    return { ok: false, why, exchanged: responseFactsOf(result, clean) };
  }
  if (!isSuccess(result.httpStatus) || result.code !== SUCCESS) {
    const why = (mayRefuse(result.httpStatus) ? certain(result.code, result.msg) : undefined) ?? "no_answer";
    return { ok: false, why, exchanged: responseFactsOf(result, clean) };
  }
  const data = schema.safeParse(result.data);
  if (data.success) return { ok: true, value: data.data };
  odd?.(data.error.issues.map(({ path }) => path.join(".")));
  return { ok: false, why: "no_answer", exchanged: responseFactsOf(result, clean, "other shape") };
}
