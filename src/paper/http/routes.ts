/** The endpoints: who may call each, and how often. Source: the limits on Bitget's page of each endpoint. */
import { account, accounts, keyRights } from "../endpoints/accounts.ts";
import { bills } from "../endpoints/bills.ts";
import { contracts, positionTiers, publicTime, symbolPrice, ticker } from "../endpoints/market-data.ts";
import { allPositions, singlePosition } from "../endpoints/positions.ts";
import { setMargin } from "../endpoints/set-margin.ts";
import type { World } from "../ledger/state.ts";
import type { Call } from "../protocol/request.ts";
import { type Outcome, refusal } from "../protocol/response.ts";

export interface Route {
  readonly isPublic: boolean;
  readonly perSecond: number;
  readonly answer: (call: Call, world: World) => Outcome;
}

/** Path of the one call that moves margin. */
export const SET_MARGIN_PATH = "/api/v2/mix/account/set-margin";

const CLASSIC_ACCOUNT = "You are in Classic Account mode, and the Unified Account API is not supported at this time";

const ROUTES: Readonly<Record<string, Route>> = {
  [`POST ${SET_MARGIN_PATH}`]: { isPublic: false, perSecond: 5, answer: setMargin },
  "GET /api/v2/mix/position/single-position": { isPublic: false, perSecond: 10, answer: singlePosition },
  "GET /api/v2/mix/position/all-position": { isPublic: false, perSecond: 5, answer: allPositions },
  "GET /api/v2/mix/account/account": { isPublic: false, perSecond: 10, answer: account },
  "GET /api/v2/mix/account/accounts": { isPublic: false, perSecond: 10, answer: accounts },
  "GET /api/v2/mix/account/bill": { isPublic: false, perSecond: 10, answer: bills },
  // Bitget publishes no limit for this one.
  "GET /api/v2/spot/account/info": { isPublic: false, perSecond: 10, answer: keyRights },
  "GET /api/v2/public/time": { isPublic: true, perSecond: 20, answer: publicTime },
  "GET /api/v2/mix/market/contracts": { isPublic: true, perSecond: 20, answer: contracts },
  "GET /api/v2/mix/market/ticker": { isPublic: true, perSecond: 20, answer: ticker },
  "GET /api/v2/mix/market/symbol-price": { isPublic: true, perSecond: 20, answer: symbolPrice },
  "GET /api/v2/mix/market/query-position-lever": { isPublic: true, perSecond: 10, answer: positionTiers },
};

/** What answers this method and path; undefined where nothing does. */
export function routeOf(call: Call): Route | undefined {
  const name = `${call.method} ${call.path}`;
  return Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
}

/**
 * What Bitget says of a path that nothing here answers. The account is a classic one: what is private in version 3 is
 * refused before anybody looks at the signature. Version 1 is gone. Some public paths were seen to be unknown to a call
 * that comes for demo trading; here all are.
 */
export function refuseUnserved(path: string): Outcome {
  if (/^\/api\/v3\/(?!market\/|public\/)/.test(path)) return refusal("40084", CLASSIC_ACCOUNT);
  if (/^\/api\/\w+\/v1\//.test(path)) return refusal("30032", "The V1 API has been decommissioned");
  return refusal("40404", "Request URL NOT FOUND", 404);
}
