/** The bills, newest first, by pages. Source: Bitget's page on the account bill. */
import { negate } from "../ledger/decimal.ts";
import type { Bill } from "../ledger/ledger-state.ts";
import type { BillSign, World } from "../ledger/state.ts";
import { refuseProductType, text } from "../protocol/parameters.ts";
import { type Call, queryValues, type Values } from "../protocol/request.ts";
import { type Outcome, refusal, success } from "../protocol/response.ts";

const DAY_MS = 86_400_000;
const SPAN_MAX_MS = 30 * DAY_MS;
const KEPT_MS = 90 * DAY_MS;
const PAGE_DEFAULT = 20;
const PAGE_MAX = 100;
/** What `onlyFunding=yes` leaves out: exactly the movements of margin. */
const MARGIN_TYPES: readonly string[] = ["append_margin", "reduce_margin", "auto_append_margin"];

interface BillQuery {
  readonly startTime: number;
  readonly endTime: number;
  readonly limit: number;
  readonly idLessThan: bigint | undefined;
}

/** A page of bills, newest first, as `GET /api/v2/mix/account/bill` gives it. */
export function bills(call: Call, world: World): Outcome {
  const values = queryValues(call);
  const refused = refuseProductType(values) ?? refuseDigits(values);
  if (refused !== undefined) return refused;
  const query = billQuery(values, world.clock());
  if (query.endTime - query.startTime > SPAN_MAX_MS) {
    return refusal("400172", "startTime and endTime interval cannot be greater than 30 days");
  }
  if (query.limit < 1 || query.limit > PAGE_MAX) return refusal("40020", "Parameter limit error");
  const page = world.ledger
    .state()
    .bills.filter((bill) => isAsked(bill, values, query, world.clock()))
    .filter((bill) => world.billShades.isShown(bill, world.clock()))
    .reverse()
    .slice(0, query.limit);
  return success({ bills: page.map((bill) => billRow(bill, world.billSign)), endId: page.at(-1)?.billId ?? "" });
}

function billRow(bill: Bill, sign: BillSign) {
  return {
    billId: bill.billId,
    symbol: bill.symbol,
    amount: sign === "balance" && MARGIN_TYPES.includes(bill.businessType) ? negate(bill.amount) : bill.amount,
    fee: "0",
    feeByCoupon: "",
    businessType: bill.businessType,
    coin: bill.coin,
    balance: bill.balance,
    cTime: bill.at.toString(),
  };
}

function refuseDigits(values: Values): Outcome | undefined {
  const wrong = ["startTime", "endTime", "limit", "idLessThan"].find((name) => !/^\d{0,19}$/.test(text(values, name)));
  return wrong === undefined ? undefined : refusal("40020", `Parameter ${wrong} error`);
}

/** An open end reaches as far as the longest span allows. */
function billQuery(values: Values, clock: number): BillQuery {
  const endTime = Number(text(values, "endTime") || clock);
  return {
    endTime,
    startTime: Number(text(values, "startTime") || endTime - SPAN_MAX_MS),
    limit: Number(text(values, "limit") || PAGE_DEFAULT),
    idLessThan: text(values, "idLessThan") === "" ? undefined : BigInt(text(values, "idLessThan")),
  };
}

function isAsked(bill: Bill, values: Values, query: BillQuery, clock: number): boolean {
  const businessType = text(values, "businessType");
  return (
    bill.productType === values["productType"] &&
    (businessType === "" || bill.businessType === businessType) &&
    (values["onlyFunding"] !== "yes" || !MARGIN_TYPES.includes(bill.businessType)) &&
    (query.idLessThan === undefined || BigInt(bill.billId) < query.idLessThan) &&
    bill.at >= Math.max(query.startTime, clock - KEPT_MS) &&
    bill.at <= query.endTime
  );
}
