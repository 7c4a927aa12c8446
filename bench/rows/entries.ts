/** Made-up work of years, adjustment by adjustment, in rows as long as those of real work are. */
import { hash } from "node:crypto";
import type { MarginAdjustment } from "../../src/margin/model/adjustment.ts";
import type { Entry } from "../../src/margin/model/audit-event.ts";
import { decimal } from "../../src/margin/model/decimal.ts";
import { entryOf, type Proposal, proposalDetail } from "../../src/margin/model/proposal.ts";
import type { PositionSnapshot } from "../../src/margin/model/snapshot.ts";

/** Half of all is one person's, and two fifths are on one symbol: what is most often asked for is what there is most of. */
const ASKERS = ["501", "502", "501", "503"].map((id) => ({ id, name: `Person ${id}` }));
const SYMBOLS = ["BTCUSDT", "BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"];
const SHORT_EACH = 7;
/** What the adjustments come to, in turn: most are done, some are not, and few had no answer. */
const ENDS = ["done", "done", "done", "settled", "done", "cancelled", "done", "done", "refused", "expired"] as const;
/** Of so many adjustments, one takes back the one that many before it. */
const UNDO_EACH = 40;

const LOCATION = { chat: "501", topic: "", message: "7" };
const SEEN: PositionSnapshot = {
  at: Date.UTC(2020, 0, 1),
  baseCoin: "BTC",
  marginMode: "isolated",
  margin: decimal("612.5"),
  total: decimal("0.05"),
  leverage: decimal("10"),
  markPrice: decimal("99120.4"),
  liquidationPrice: decimal("86640.1"),
  pricePlaces: 1,
  free: decimal("1500"),
};
const SHOWN = `Add 50 USDT · BTC long
Margin 612.5 → 662.5 USDT
Liquidation 86,640.1 → about 85,640.0 · mark 99,120.4 · distance 12.6 % → 13.6 %
Leverage 10× · free 1,500 → 1,450 USDT
Figures of Bitget, the new ones estimated. Only its person can confirm it, within 60 seconds.`;
const EXCHANGED = { httpStatus: 200, code: "00000", message: "success", requestTime: SEEN.at, signedAt: SEEN.at };

/** Where in `ENDS` an adjustment is one row and over. */
export const REFUSED = 8;

/** The id of the adjustment with this number. */
function idOf(index: number): string {
  return `r${index.toString(36).padStart(9, "0")}`;
}

function pick<T>(list: readonly T[], number: number): T {
  return list[Math.floor(number) % list.length] as T;
}

function adjustmentOf(account: string, index: number): MarginAdjustment {
  const holdSide = Math.floor(index / SHORT_EACH) % SHORT_EACH === 0 ? "short" : "long";
  const symbol = pick(SYMBOLS, index / 3);
  const position = { account, productType: "USDT-FUTURES", symbol, marginCoin: "USDT", holdSide } as const;
  return { id: idOf(index), position, direction: "add", amount: decimal("50") };
}

function sent({ position: { symbol, holdSide }, amount }: MarginAdjustment, newestAtLook: number) {
  const body = JSON.stringify({ symbol, productType: "USDT-FUTURES", marginCoin: "USDT", holdSide, amount });
  return { body, bodySha256: hash("sha256", body), before: SEEN, newestAtLook, serverAt: SEEN.at, clockErrorMs: 40 };
}

/** The rows of the adjustment with this number, oldest first; `newest` is the number of the row before the first of them. */
export function entriesOf(account: string, index: number, newest: number): Entry[] {
  const adjustment = adjustmentOf(account, index);
  const actor = pick(ASKERS, index / ENDS.length);
  const undoes = index > 0 && index % UNDO_EACH === 0 ? idOf(index - UNDO_EACH) : undefined;
  const nonceHash = hash("sha256", adjustment.id);
  const facts = { expiresAt: SEEN.at, nonceHash, seen: SEEN, newestAtLook: newest, undoes };
  const card: Proposal = { adjustment, location: LOCATION, askedBy: actor, ...facts };
  const asked = entryOf(card, "proposed", proposalDetail(facts, SHOWN), { actor });
  const confirmed = entryOf(card, "confirmed", { press: `${index}`, update: index }, { actor });
  const gone = [asked, confirmed, entryOf(card, "sending", sent(adjustment, newest))];
  switch (pick(ENDS, index)) {
    case "done":
      return [...gone, entryOf(card, "accepted", { exchanged: EXCHANGED })];
    case "settled":
      return [...gone, entryOf(card, "unknown", {}), entryOf(card, "applied", { bill: `bill ${index}` })];
    case "cancelled":
      return [asked, entryOf(card, "cancelled", { press: `${index}` }, { actor })];
    case "expired":
      return [asked, entryOf(card, "expired", {})];
    case "refused":
      return [entryOf(card, "refused", { shown: "Not done: frozen.", refusal: { code: "frozen" } }, { actor })];
  }
}
