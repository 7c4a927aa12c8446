/** Every statement that the trail makes finds its rows by an index, on a table of twenty thousand rows as on one of a million. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { buildRows } from "../../bench/rows/build.ts";
import { entriesOf, REFUSED } from "../../bench/rows/entries.ts";
import { createTrail } from "../../src/audit/trail.ts";
import { verifyFile } from "../../src/audit/verify.ts";
import { DONE_STEPS, IN_FLIGHT_STEPS, NEXT_STEPS } from "../../src/margin/model/adjustment.ts";
import type { Trail } from "../../src/margin/ports/audit-trail.ts";
import { openStore } from "../../src/store/database.ts";
import { ENDED } from "../../src/store/heads.ts";
import { createCardStore } from "../../src/telegram/cards/card-store.ts";
import { createDialogueStore } from "../../src/telegram/margin-flow/dialogue-store.ts";
import { ACCOUNT, ANN, position } from "../support/people.ts";
import { temporaryFolder } from "../support/world.ts";

const ROWS = 20_000;
const KEY = position();
const { account, symbol, marginCoin } = KEY;

/** One call of everything that the trail can be asked, and of every way to ask it. */
const CALLS: { readonly [Part in keyof Trail]: { readonly [Name in keyof Trail[Part]]: (trail: Trail) => unknown } } = {
  events: {
    append: async ({ events }) => {
      for (const entry of entriesOf(ACCOUNT, ROWS * 10, ROWS)) await events.append(entry);
      for (const entry of entriesOf(ACCOUNT, ROWS * 10 + REFUSED, ROWS)) await events.append(entry);
    },
    of: ({ events }) => events.of("r000000001"),
  },
  projections: {
    currentlyAt: ({ projections }) => projections.currentlyAt(["proposed", "approved"]),
    newestOf: ({ projections }) => projections.newestOf(account, symbol, marginCoin),
    movedSince: ({ projections }) => projections.movedSince(KEY, ROWS - 1),
    inFlight: ({ projections }) => projections.inFlight(account, symbol, marginCoin),
    openCards: ({ projections }) => projections.openCards(ANN.id),
    history: async ({ projections }) => {
      for (const ended of [{}, { ended: "done" }, { ended: "not_done" }, { ended: "not_known" }] as const) {
        await projections.history(ANN.id, { ...ended, skip: 8, limit: 9 });
        await projections.history(ANN.id, { ...ended, accounts: [ACCOUNT], limit: 1 });
      }
    },
    done: ({ projections }) => projections.done(KEY, { limit: 500, since: 1, after: 1 }),
    lastNote: ({ projections }) => projections.lastNote(["frozen", "unfrozen"]),
    notes: ({ projections }) => projections.notes({ code: "group_moved", limit: 500 }),
    head: ({ projections }) => projections.head(),
    recent: ({ projections }) => projections.recent({ limit: 10, before: ROWS }),
  },
  outbox: {
    pending: ({ outbox }) => outbox.pending(50, 1),
    markDelivered: ({ outbox }) => outbox.markDelivered(ROWS),
  },
  billClaims: { claimed: ({ billClaims }) => billClaims.claimed(ACCOUNT, ["bill 1", "bill 2"]) },
};

/** The statements that were prepared while the trail and what stands beside it did all they can. */
async function statements(file: string): Promise<readonly string[]> {
  const prepared = new Set<string>();
  const { prepare } = Database.prototype;
  vi.spyOn(Database.prototype, "prepare").mockImplementation(function (this: Database.Database, sql: string) {
    prepared.add(sql);
    return prepare.call(this, sql);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const store = await openStore(file);
  onTestFinished(store.close);
  prepared.clear();
  // The journal prepares its statements as it is opened: a second one on the same file shows them.
  await (await openStore(file)).close();
  const trail = createTrail(store, Date.now);
  for (const calls of Object.values(CALLS)) {
    for (const call of Object.values<(trail: Trail) => unknown>(calls)) await call(trail);
  }
  const cards = createCardStore(store);
  await cards.remember("r000000001", { chat: "1", topic: "", message: "2" });
  cards.locationOf("r000000001");
  const dialogues = createDialogueStore(store, Date.now);
  await dialogues.read("1::1");
  await dialogues.delete("1::1");
  return [...prepared].filter(
    (sql) => /\b(?:FROM|INTO|UPDATE)\b/.test(sql) && !/sqlite_|_prisma_|audit_transition/.test(sql),
  );
}

async function openSample(): Promise<{ readonly file: string; readonly db: Database.Database }> {
  const file = join(temporaryFolder(), "bot.db");
  await buildRows(file, ROWS, ACCOUNT);
  const db = new Database(file);
  onTestFinished(() => void db.close());
  return { file, db };
}

/** What SQLite says of a statement, whatever is bound to it. */
function explained(
  db: Database.Database,
  how: "EXPLAIN" | "EXPLAIN QUERY PLAN",
  sql: string,
): Record<string, unknown>[] {
  return db.prepare(`${how} ${sql.replace(/@\w+|\?/g, "1")}`).all() as Record<string, unknown>[];
}

/** Goes through a table backwards by its number, and stops at the limit. */
const NEWEST_FIRST = /ORDER BY \S*\bseq`? DESC LIMIT/;

/** Why the plan of a statement may grow with the table; undefined when it cannot. */
function unbounded(plan: readonly string[], sql: string): string | undefined {
  // A subquery with a limit, and a list that is bound.
  const scan = plan.find((line) => /^SCAN (?!h$|json_each )/.test(line));
  const sort = plan.find((line) => line.includes("TEMP B-TREE"));
  if (scan !== undefined && (sort !== undefined || !NEWEST_FIRST.test(sql))) return scan;
  // Of those that stand at a step that few stand at.
  return sql.includes("INDEXED BY adjustment_head_step") ? undefined : sort;
}

describe("a statement of the trail", () => {
  it("finds its rows by an index, and sorts no more than what is open", async () => {
    const { file, db } = await openSample();
    const all = await statements(file);
    const faults = all.flatMap((sql) => {
      const plan = explained(db, "EXPLAIN QUERY PLAN", sql).map(({ detail }) => String(detail));
      return unbounded(plan, sql) ?? [];
    });
    expect(faults).toEqual([]);
    const tables = ["audit_event", "adjustment_head", "untold", "claimed_bill", "card", "conversation_state"];
    for (const table of tables) expect(all.some((sql) => sql.includes(table))).toBe(true);
  });

  it("that adds a row goes through no table, in any of the triggers either", async () => {
    const { file, db } = await openSample();
    const [insert = ""] = (await statements(file)).filter((sql) => sql.startsWith("INSERT INTO audit_event"));
    const opcodes = explained(db, "EXPLAIN", insert).map(({ opcode }) => opcode);
    // The program of a trigger is listed behind that of the statement.
    expect(opcodes.filter((opcode) => opcode === "Program").length).toBeGreaterThan(5);
    expect(opcodes.filter((opcode) => opcode === "Halt").length).toBeGreaterThan(5);
    expect(opcodes.filter((opcode) => opcode === "Rewind" || opcode === "SorterOpen")).toEqual([]);
  });
});

it("has a group of a history for every end, and none that is no end", () => {
  expect(ENDED.done).toEqual([...DONE_STEPS].sort());
  expect(ENDED.not_known).toEqual([...IN_FLIGHT_STEPS].sort());
  const ends = Object.entries(NEXT_STEPS).flatMap(([step, next]) => (next.length === 0 ? [step] : []));
  const { done, not_done } = ENDED;
  expect([...done, ...not_done].sort()).toEqual(ends.sort());
});

describe("an answer of the trail", () => {
  type Head = Readonly<Record<"id" | "step" | "asked_by" | "symbol" | "hold_side", string>>;

  /** What goes through all of it would find: newest first. */
  function headsOf(db: Database.Database, isMeant: (head: Head) => boolean): string[] {
    const heads = db.prepare("SELECT * FROM adjustment_head ORDER BY first_seq DESC").all() as Head[];
    return heads.filter(isMeant).map(({ id }) => id);
  }

  it("is what reading all rows gives, for each group of a history and for a position", async () => {
    const { file, db } = await openSample();
    const store = await openStore(file);
    onTestFinished(store.close);
    const { projections } = createTrail(store, Date.now);
    const limit = ROWS;
    for (const ended of ["done", "not_done", "not_known"] as const) {
      const steps: readonly string[] = ENDED[ended];
      const wanted = headsOf(db, (head) => head.asked_by === ANN.id && steps.includes(head.step));
      const found = await projections.history(ANN.id, { ended, accounts: [ACCOUNT], limit });
      expect(found.map(({ adjustment }) => adjustment)).toEqual(wanted);
      expect(wanted.length > 0).toBe(ended !== "not_known");
      const page = await projections.history(ANN.id, { ended, skip: 8, limit: 8 });
      expect(page.map(({ adjustment }) => adjustment)).toEqual(wanted.slice(8, 16));
      expect(await projections.history(ANN.id, { ended, accounts: ["another"], limit })).toEqual([]);
    }
    const steps: readonly string[] = ENDED.done;
    const isHere = (head: Head) => head.symbol === symbol && head.hold_side === "long" && steps.includes(head.step);
    const done = await projections.done(KEY, { limit });
    expect(done.map(({ adjustment }) => adjustment)).toEqual(headsOf(db, isHere));
    expect(done.filter(({ undoes }) => undoes !== undefined).length).toBeGreaterThan(5);
    expect(verifyFile(file, [])).toMatchObject({ kind: "ok" });
  });
});
