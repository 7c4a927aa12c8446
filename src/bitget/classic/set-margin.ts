/**
 * The one call that moves money: https://www.bitget.com/api-doc/contract/account/Change-Margin
 * Bitget gives it no client id, so a second sending would move the money twice. It is called from one place, once.
 */
import { hash } from "node:crypto";
import type { MarginAdjustment } from "../../margin/model/adjustment.ts";
import { negate, places, sign } from "../../margin/model/decimal.ts";
import type { ResponseFacts } from "../../margin/model/response-facts.ts";
import type { Answer, RatePermit, SetMarginRequest } from "../../margin/ports/exchange.ts";
import type { Warn } from "../http/client.ts";
import { certain, isAtTheDoor } from "../http/error-codes.ts";
import { createLimiter } from "../http/limiter.ts";
import { isSuccess, mayRefuse, responseFactsOf, SUCCESS, saidOf } from "../http/result.ts";
import type { SignedCall, SignedResult } from "../http/signed-call.ts";

const PATH = "/api/v2/mix/account/set-margin";
const ANSWER_MAX = 64 * 1024;

/** Bitget: 5 a second per UID. A tenth more than a second, because the network may bunch what left here evenly. */
const RATE = { starts: 5, windowMs: 1100 };
const SLOTS = { ...RATE, waitMs: 120_000, waitingMax: 600 };
const SENDS = { ...RATE, waitMs: 10_000, waitingMax: 600 };

/** Decimals that Bitget is sure to take: 4 of a dollar coin, 8 of others. Its pages give no figure. */
export function decimals(marginCoin: string): number {
  return marginCoin === "USDT" || marginCoin === "USDC" ? 4 : 8;
}

/** The request of an adjustment. Throws where the amount is not above zero or too fine: `propose` refuses those. */
export function buildRequest({ position, direction, amount }: MarginAdjustment): SetMarginRequest {
  const marginCoin = position.marginCoin.toUpperCase();
  if (sign(amount) <= 0) throw new Error("the amount of an adjustment must be above zero");
  if (places(amount) > decimals(marginCoin)) throw new Error("the amount of an adjustment has too many decimals");
  const body = JSON.stringify({
    symbol: position.symbol.toUpperCase(),
    productType: position.productType,
    marginCoin,
    holdSide: position.holdSide,
    // The direction is a sign: below zero takes margin out of the position.
    amount: direction === "add" ? amount : negate(amount),
  });
  return { account: position.account, body, bodySha256: sha256(body) };
}

export interface SetMarginParts {
  readonly account: string;
  readonly call: SignedCall;
  readonly warn?: Warn | undefined;
}

export interface SetMargin {
  takePermit(): Promise<RatePermit | undefined>;
  /** Throws, before anything leaves, when permit or request are not what this exchange made: a bug, not an outcome. */
  adjustMargin(
    request: SetMarginRequest,
    permit: RatePermit,
    signedAt: number,
    mayStart?: () => boolean,
  ): Promise<Answer>;
}

/** The call that moves money, for one account, with a budget of its own. */
export function createSetMargin({ account, call, warn }: SetMarginParts): SetMargin {
  const permits = createLimiter(SLOTS);
  // A permit may be used a while after it was given, and several at the same moment: the second gate keeps the rate true.
  const sends = createLimiter(SENDS);
  const unused = new WeakSet<RatePermit>();

  async function takePermit(): Promise<RatePermit | undefined> {
    if (!(await permits.take())) return undefined;
    const granted: RatePermit = { account };
    unused.add(granted);
    return granted;
  }

  async function adjustMargin(
    request: SetMarginRequest,
    permit: RatePermit,
    signedAt: number,
    mayStart = (): boolean => true,
  ): Promise<Answer> {
    if (request.account !== account) throw new Error("the request is for another account");
    if (sha256(request.body) !== request.bodySha256)
      throw new Error("the request's body is not the one that was stored");
    if (!unused.delete(permit)) throw new Error("the permit was used before, or is none");
    if (!(await sends.take())) return notSent({ fault: "busy" });
    if (!mayStart()) return notSent({ fault: "stopped" });
    const answer = await carryOut(request, signedAt);
    if (answer.kind !== "accepted") {
      warn?.({ event: "bitget_not_done", outcome: answer.kind, ...saidOf(answer.exchanged) });
    }
    return answer;
  }

  async function carryOut({ body }: SetMarginRequest, signedAt: number): Promise<Answer> {
    try {
      return verdict(await call({ method: "POST", path: PATH, query: "", body }, ANSWER_MAX, signedAt));
    } catch {
      return { kind: "unknown", exchanged: { fault: "internal" } };
    }
  }

  return { takePermit, adjustMargin };
}

/**
 * What the answer means for the money. `rejected` needs proof: nothing was sent, or Bitget said no with a code that it
 * gives before it moves anything with this request. HTTP 429 is no proof: no page of Bitget's says that nothing was done.
 */
function verdict({ result, clean, signedAt, endedAt }: SignedResult): Answer {
  const exchanged = { ...responseFactsOf(result, clean), signedAt, endedAt };
  if (result.kind === "silence") {
    return result.phase === "not_sent" ? notSent(exchanged) : { kind: "unknown", exchanged };
  }
  if (result.code === SUCCESS) {
    const accepted = isSuccess(result.httpStatus) && result.requestTime !== undefined;
    return { kind: accepted ? "accepted" : "unknown", exchanged };
  }
  const why = mayRefuse(result.httpStatus) ? certain(result.code, result.msg) : undefined;
  if (why === undefined) return { kind: "unknown", exchanged };
  return { kind: "rejected", why, stage: isAtTheDoor(result.code) ? "door" : "execution", exchanged };
}

function notSent(exchanged: ResponseFacts): Answer {
  return { kind: "rejected", why: "not_sent", stage: "not_sent", exchanged };
}

function sha256(text: string): string {
  return hash("sha256", text);
}
