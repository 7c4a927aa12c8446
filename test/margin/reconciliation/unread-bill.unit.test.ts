/** A bill of which something could not be read is never taken for no bill, and stops nothing that it cannot be about. */
import { expect, it } from "vitest";
import { billsData } from "../../../src/bitget/classic/schemas.ts";
import { decimal } from "../../../src/margin/model/decimal.ts";
import type { Bill, UnreadBill } from "../../../src/margin/ports/exchange.ts";
import { readBills } from "../../../src/margin/reads/read-bills.ts";
import { type Finding, judge } from "../../../src/margin/reconciliation/evidence.ts";
import { oddValues } from "../../support/odd.ts";
import { adjustment, held, seenOf } from "../risk/figures.ts";

const BILL = {
  billId: "7",
  symbol: "BTCUSDT",
  coin: "USDT",
  amount: "50",
  businessType: "append_margin",
  cTime: "1500",
};
const sent = {
  adjustment: adjustment("add", "50"),
  before: seenOf(),
  signedAt: 1000,
  endedAt: 2000,
  clockErrorMs: 0,
  refused: false,
};

/** What a page with this one bill, read as the client reads it, comes to when the window is over. */
function findingOf(row: Readonly<Record<string, unknown>>, isMoved = false, windowOver = true): Finding {
  const { bills } = billsData.parse({ bills: [row], endId: "7" });
  const [read] = bills ?? [];
  const unread = read === undefined || read.odd.length === 0 ? [] : [read.fields as UnreadBill];
  const whole = unread.length === 0 && read !== undefined ? [read.fields as never] : [];
  const position = held(isMoved ? { margin: decimal("662.5") } : {});
  return judge(sent, {
    bills: whole,
    unread,
    claimed: new Set(),
    neighbours: [],
    position,
    wasQuiet: false,
    windowOver,
  });
}

const odd = Object.entries(oddValues("50"));

it.each(Object.keys(BILL))(
  "that fits but for its odd %s blocks every settlement, and is no bill that settles",
  (field) => {
    for (const [how, value] of odd) {
      // Another name is a name: of another contract, coin or business, or another bill.
      if (how === "words" && field !== "amount" && field !== "cTime") continue;
      const row = { ...BILL, [field]: value };
      expect(findingOf(row), how).toEqual({ kind: "review", review: "unread_bill" });
      expect(findingOf(row, true), how).toEqual({ kind: "review", review: "unread_bill" });
      expect(findingOf(row, false, false), how).toEqual({ kind: "wait", quiet: false });
    }
  },
);

it.each(Object.keys(BILL).filter((field) => field !== "symbol"))(
  "of another contract with an odd %s blocks nothing",
  (field) => {
    for (const [how, value] of odd) {
      expect(findingOf({ ...BILL, symbol: "SOLUSDT", [field]: value }), how).toEqual({ kind: "not_applied" });
    }
  },
);

it("of another amount stops a settlement by absence, as what it moved is not known", () => {
  const other = { ...BILL, amount: "7", billId: null };
  expect(findingOf(other)).toEqual({ kind: "review", review: "position_changed" });
  expect(findingOf({ ...BILL, amount: null, businessType: "reduce_margin" })).toMatchObject({ kind: "review" });
});

it.each([{}, null, 7, "bill", []])("of which nothing can be read (%j) blocks every settlement", (row) => {
  expect(findingOf(row as never)).toEqual({ kind: "review", review: "unread_bill" });
});

it("reads ids and amounts to the last digit, with an exponent, too", () => {
  const read = billsData.parse({ bills: [{ ...BILL, amount: "5.0E+1", billId: "1234567890123456789" }], endId: "" });
  expect(read.bills?.[0]).toEqual({
    fields: { ...BILL, amount: "50", billId: "1234567890123456789", cTime: 1500 },
    odd: [],
  });
});

it("of a transfer names no contract, and is no margin bill", () => {
  for (const symbol of ["", null, undefined]) {
    const row = { ...BILL, businessType: "trans_from_exchange", symbol };
    expect(findingOf(row)).toEqual({ kind: "not_applied" });
  }
});

it("hides nothing behind a full page that does not say where it goes on", async () => {
  const read = billsData.parse({ bills: Array(100).fill(BILL), endId: {} });
  const bills = (read.bills ?? []).map(({ fields }) => fields as Bill);
  const page = async () => ({ ok: true, value: { bills, unread: [], endId: read.endId } }) as const;
  const found = await readBills({ bills: page }, "a", { productType: "USDT-FUTURES", startTime: 1 }, 5);
  expect(found).toMatchObject({ complete: false, bills: [{ billId: "7" }] });
});
