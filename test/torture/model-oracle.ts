/** What must hold after every step, judged by the exchange's own books and the rows in the file; shares no code with the bot. */
import { createHash } from "node:crypto";
import Database from "better-sqlite3";
import type { Bench } from "./model-desk.ts";
import { WINDOW_MS } from "./model-desk.ts";

/** Legal steps, as the contract draws them. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  "": ["proposed", "refused"],
  proposed: ["confirmed", "cancelled", "expired", "refused"],
  confirmed: ["sending", "refused"],
  sending: ["accepted", "rejected", "unknown"],
  unknown: ["applied", "not_applied"],
};
const MOVED = new Set(["accepted", "applied"]);
const UNMOVED = new Set(["refused", "rejected", "cancelled", "expired", "not_applied"]);
const OPEN = new Set(["sending", "unknown"]);
const VERDICTS = new Set(["accepted", "rejected", "unknown", "applied", "not_applied"]);

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly adjustment: string;
  readonly step: string;
  readonly step_number: number;
  readonly actor: string;
  readonly chat: string;
  readonly topic: string;
  readonly symbol: string;
  readonly hold_side: string;
  readonly margin_coin: string;
  readonly product_type: string;
  readonly direction: string;
  readonly amount: string;
  readonly code: string;
  readonly detail: string;
  readonly hash: string;
}

type Call = Bench["exchange"]["calls"][number];

interface Story {
  readonly rows: Row[];
  readonly calls: Call[];
}

export interface Oracle {
  /** The call of this adjustment has arrived: it may still wait there. */
  arrived(adjustment: string, call: Call): void;
  /** How often the exchange applied the adjustment through the API. */
  applied(adjustment: string): number;
  wasCalled(adjustment: string): boolean;
  stepOf(adjustment: string): string;
  rowsOf(adjustment: string): readonly Row[];
  isFrozen(): boolean;
  /** Adjustments whose outcome nobody knows. */
  open(): readonly string[];
  /** Reads what is new in the file, without comparing it with the exchange. */
  read(): void;
  /** Reads what is new in the file and throws with the name of the first invariant that does not hold. */
  check(): void;
  close(): void;
}

const SCALE = 10_000;
/** In ten-thousandths: the amounts here have few digits. */
const units = (text: string): number => Math.round(Number(text) * SCALE);

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

function signed({ direction, amount }: Row): number {
  return direction === "add" ? units(amount) : -units(amount);
}

export function createOracle(bench: Bench): Oracle {
  const db = new Database(bench.file, { readonly: true });
  const newer = db.prepare("SELECT * FROM audit_event WHERE seq > ? ORDER BY seq");
  const stories = new Map<string, Story>();
  let lastSeq = 0;
  let acknowledged = 0;
  let frozen = false;
  const hashes = new Map<number, string>();
  const openScopes = new Map<string, string>();

  const story = (id: string): Story => {
    const known = stories.get(id) ?? { rows: [], calls: [] };
    stories.set(id, known);
    return known;
  };
  const stepOf = (id: string) => stories.get(id)?.rows.at(-1)?.step ?? "";
  const applied = (id: string) => story(id).calls.reduce((sum, call) => sum + call.applied, 0);

  function confirmation(row: Row, first: Row): void {
    const { expiresAt } = JSON.parse(first.detail) as { expiresAt: number };
    demand(row.actor === first.actor && bench.members.has(row.actor), `I6 ${row.adjustment} confirmed by ${row.actor}`);
    demand(row.chat === first.chat && row.topic === first.topic, `I6 ${row.adjustment} confirmed elsewhere`);
    demand(row.at < expiresAt, `I6 ${row.adjustment} confirmed after it expired`);
  }

  function sending(row: Row): void {
    const { body, bodySha256 } = JSON.parse(row.detail) as { body: string; bodySha256: string };
    demand(createHash("sha256").update(body).digest("hex") === bodySha256, `I2 ${row.adjustment} body hash`);
    const sent = JSON.parse(body) as Record<string, string>;
    const amount = `${row.direction === "add" ? "" : "-"}${row.amount}`;
    const same =
      sent["symbol"] === row.symbol &&
      sent["holdSide"] === row.hold_side &&
      sent["amount"] === amount &&
      sent["marginCoin"] === row.margin_coin &&
      sent["productType"] === row.product_type;
    demand(same, `I5 ${row.adjustment} sends other than was shown`);
    demand(!frozen, `I17 ${row.adjustment} marked as sent while frozen`);
    const scope = `${row.symbol} ${row.margin_coin}`;
    demand(!openScopes.has(scope), `I7 ${row.adjustment} sent while ${openScopes.get(scope)} is open`);
  }

  function settled(row: Row): void {
    const sentAt = story(row.adjustment).rows.find(({ step }) => step === "sending")?.at ?? Number.POSITIVE_INFINITY;
    const byHand = row.code === "by_hand" && bench.members.has(row.actor);
    demand(byHand || (row.code === "evidence" && row.actor === "bot"), `I11 ${row.adjustment} settled by ${row.code}`);
    const bound = byHand || row.step === "not_applied";
    demand(!bound || row.at >= sentAt + WINDOW_MS, `I11 ${row.adjustment} settled before the window was over`);
  }

  function read(row: Row): void {
    demand(row.seq === lastSeq + 1, `I12 row ${lastSeq + 1} is missing`);
    lastSeq = row.seq;
    hashes.set(row.seq, row.hash);
    if (row.adjustment === "") {
      if (row.step === "frozen") frozen = true;
      if (row.step === "unfrozen") frozen = false;
      return;
    }
    const { rows } = story(row.adjustment);
    const [first, last] = [rows[0], rows.at(-1)];
    demand((EDGES[last?.step ?? ""] ?? []).includes(row.step), `I9 ${row.adjustment}: ${last?.step} to ${row.step}`);
    demand(row.step_number === rows.length + 1, `I8 ${row.adjustment} step number`);
    if (row.step === "confirmed" && first !== undefined) confirmation(row, first);
    if (row.step === "sending") sending(row);
    if (row.step === "applied" || row.step === "not_applied") settled(row);
    const scope = `${row.symbol} ${row.margin_coin}`;
    if (OPEN.has(row.step)) openScopes.set(scope, row.adjustment);
    else if (openScopes.get(scope) === row.adjustment) openScopes.delete(scope);
    rows.push(row);
  }

  function one(id: string, { rows, calls }: Story): void {
    const step = rows.at(-1)?.step ?? "";
    const confirmed = rows.filter((row) => row.step === "confirmed").length;
    demand(calls.length <= 1 && calls.length <= confirmed, `I1 ${id}: ${calls.length} calls, ${confirmed} confirmed`);
    if (MOVED.has(step)) demand(applied(id) === 1, `I4 ${id} is ${step}, and was applied ${applied(id)} times`);
    if (UNMOVED.has(step)) demand(applied(id) === 0, `I4 ${id} is ${step}, and was applied ${applied(id)} times`);
  }

  function sums(): void {
    let books = 0;
    for (const [id, { rows }] of stories) {
      const last = rows.at(-1);
      if (last === undefined) continue;
      if (MOVED.has(last.step)) books += signed(last);
      else if (OPEN.has(last.step)) books += signed(last) * applied(id);
    }
    const ledger = bench.exchange.applied().reduce((sum, bill) => sum + units(bill.amount), 0);
    demand(ledger === books, `I3 the exchange moved ${ledger / SCALE}, the books say ${books / SCALE}`);
  }

  function bills(): void {
    const claims = db.prepare("SELECT bill, adjustment FROM claimed_bill").all() as {
      bill: string;
      adjustment: string;
    }[];
    demand(new Set(claims.map(({ bill }) => bill)).size === claims.length, "I10 a bill was claimed twice");
    const ours = new Map(bench.exchange.applied().map((bill) => [bill.billId, bill]));
    for (const { bill, adjustment } of claims) {
      demand(ours.has(bill), `I10 ${adjustment} claims ${bill}, which is not a bill of ours`);
      const row = story(adjustment).rows.at(-1);
      const { bill: delivered } = JSON.parse(row?.detail ?? "{}") as { bill?: string };
      demand(delivered === bill, `I10 ${adjustment} claims another bill than its row`);
    }
  }

  function messages(): void {
    const pending = db.prepare("SELECT seq FROM untold").all() as { seq: number }[];
    const wanted = [...stories.values()].flatMap(({ rows }) =>
      rows.filter(({ step, step_number }) => VERDICTS.has(step) || (step === "refused" && step_number > 1)),
    );
    demand(pending.length === wanted.length, `I19 ${wanted.length} verdicts, ${pending.length} to tell`);
  }

  function readOn(): void {
    for (const row of newer.all(lastSeq) as Row[]) read(row);
  }

  return {
    arrived: (id, call) => void story(id).calls.push(call),
    applied,
    wasCalled: (id) => story(id).calls.length > 0,
    read: readOn,
    stepOf,
    rowsOf: (id) => story(id).rows,
    isFrozen: () => frozen,
    open: () => [...stories.keys()].filter((id) => stepOf(id) === "unknown"),
    check() {
      readOn();
      for (; acknowledged < bench.acknowledged.length; acknowledged++) {
        const event = bench.acknowledged[acknowledged];
        demand(hashes.get(event?.seq ?? 0) === event?.hash, `I12 the acknowledged row ${event?.seq} is missing`);
      }
      for (const [id, item] of stories) one(id, item);
      sums();
      bills();
      messages();
    },
    close: () => db.close(),
  };
}
