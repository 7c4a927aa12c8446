import { describe, expect, it } from "vitest";
import { FIRST_STEPS, NEXT_STEPS, NOTES, type Step } from "../../src/margin/model/adjustment.ts";
import { openRaw, type Raw } from "./raw.ts";

const STEPS = Object.keys(NEXT_STEPS) as Step[];

/** The shortest lawful way from nothing to `step`. */
function wayTo(step: Step): readonly Step[] {
  const open: Step[][] = FIRST_STEPS.map((first) => [first]);
  for (const way of open) {
    const last = way.at(-1) as Step;
    if (last === step) return way;
    if (way.length < STEPS.length) open.push(...NEXT_STEPS[last].map((next) => [...way, next]));
  }
  throw new Error(`no way to ${step}`);
}

/** An adjustment on a symbol of its own that stands at `step`; gives the number of its last row. */
function standAt({ insert }: Raw, id: string, step: Step): number {
  const way = wayTo(step);
  for (const [index, each] of way.entries()) insert({ adjustment: id, symbol: id, step: each, step_number: index + 1 });
  return way.length;
}

describe("a row that stands in the table", () => {
  it("is never changed, in any column", async () => {
    const { db, insert, rows } = await openRaw();
    insert({});
    const before = rows();
    for (const column of Object.keys(before[0] ?? {})) {
      expect(() => db.exec(`UPDATE audit_event SET "${column}" = "${column}"`)).toThrow("rows are never changed");
    }
    expect(rows()).toEqual(before);
  });

  it("is never deleted", async () => {
    const { db, insert, rows } = await openRaw();
    insert({});
    expect(() => db.exec("DELETE FROM audit_event")).toThrow("rows are never deleted");
    expect(rows()).toHaveLength(1);
  });

  it.each(["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])("is never replaced by %s", async (verb) => {
    const { insert, rows } = await openRaw();
    insert({});
    insert({ step: "cancelled", step_number: 2 });
    const before = rows();
    const same = { seq: 2, prev_hash: String(before[0]?.["hash"]), step: "confirmed", step_number: 2, hash: "other" };
    expect(() => insert(same, verb)).toThrow();
    expect(() => insert({ ...same, seq: 1, prev_hash: "0".repeat(64) }, verb)).toThrow();
    expect(rows()).toEqual(before);
  });
});

describe("a new row", () => {
  it.each([
    ["leaves a number out", { seq: 3 }],
    ["repeats a number", { seq: 1 }],
    ["has a number below all others", { seq: 0 }],
    ["has another predecessor", { prev_hash: "hash of 7" }],
    ["has no predecessor", { prev_hash: "0".repeat(64) }],
  ])("is refused when it %s", async (_, changes) => {
    const { insert, rows } = await openRaw();
    insert({});
    expect(() => insert({ step: "confirmed", step_number: 2, ...changes })).toThrow("not the next link");
    expect(rows()).toHaveLength(1);
  });

  it("is refused when the first one has a predecessor", async () => {
    const { insert } = await openRaw();
    expect(() => insert({ prev_hash: "1".repeat(64) })).toThrow("not the next link");
  });

  it("is a lawful first step, or is refused", async () => {
    const raw = await openRaw();
    const allowed = STEPS.filter((step) => {
      try {
        raw.insert({ adjustment: `first ${step}`, step });
        return true;
      } catch {
        return false;
      }
    });
    expect(allowed.toSorted()).toEqual([...FIRST_STEPS].toSorted());
    expect(() => raw.insert({ adjustment: "late", step_number: 2 })).toThrow("not a first step");
  });

  it("is a lawful next step, or is refused: every pair of steps", async () => {
    const raw = await openRaw();
    const wrong: string[] = [];
    for (const from of STEPS) {
      for (const to of STEPS) {
        const id = `${from} ${to}`;
        const number = standAt(raw, id, from);
        let allowed = true;
        try {
          raw.insert({ adjustment: id, symbol: id, step: to, step_number: number + 1 });
        } catch (error) {
          allowed = false;
          expect(String(error)).toMatch(/not a legal next step|another send is open|money moved on this symbol/);
        }
        if (allowed !== (NEXT_STEPS[from] as readonly Step[]).includes(to)) wrong.push(id);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("has the next step number: one winner for each step", async () => {
    const { insert, rows } = await openRaw();
    insert({});
    for (const number of [0, 1, 3]) {
      expect(() => insert({ step: "confirmed", step_number: number })).toThrow("not a legal next step");
    }
    insert({ step: "confirmed", step_number: 2 });
    expect(() => insert({ step: "confirmed", step_number: 2 })).toThrow();
    expect(() => insert({ step: "cancelled", step_number: 2 })).toThrow();
    expect(rows()).toHaveLength(2);
  });

  it("repeats the terms that were proposed, each of them", async () => {
    const { insert, rows } = await openRaw();
    insert({});
    for (const term of ["account", "product_type", "symbol", "margin_coin", "hold_side", "direction", "amount"]) {
      expect(() => insert({ step: "confirmed", step_number: 2, [term]: "other" })).toThrow("not a legal next step");
    }
    expect(rows()).toHaveLength(1);
  });

  it("belongs to no adjustment only as a note", async () => {
    const { insert, rows } = await openRaw();
    for (const step of NOTES) insert({ adjustment: "", step, step_number: 0 });
    for (const step of STEPS)
      expect(() => insert({ adjustment: "", step, step_number: 0 })).toThrow("not a first step");
    for (const step of NOTES) expect(() => insert({ adjustment: "n", step })).toThrow("not a first step");
    expect(() => insert({ adjustment: "", step: "note", step_number: 1 })).toThrow("not a first step");
    expect(rows()).toHaveLength(NOTES.length);
  });

  it("has text and whole numbers where they belong, and nothing absent", async () => {
    const { insert, rows, db } = await openRaw();
    expect(() => insert({ at: "now" })).toThrow(/TEXT value in INTEGER column/);
    expect(() => insert({ at: 1.5 })).toThrow(/REAL value in INTEGER column/);
    expect(() => db.exec("INSERT INTO audit_event (seq) VALUES (1)")).toThrow();
    expect(rows()).toEqual([]);
  });
});

describe("a second open send", () => {
  const sending = ({ insert }: Raw, id: string, changes: Record<string, string>) => {
    insert({ adjustment: id, step: "proposed", step_number: 1, ...changes });
    insert({ adjustment: id, step: "confirmed", step_number: 2, ...changes });
    insert({ adjustment: id, step: "sending", step_number: 3, ...changes });
  };

  it("on one symbol and coin is refused, whichever the side, until the first has ended", async () => {
    const raw = await openRaw();
    sending(raw, "a1", {});
    expect(() => sending(raw, "a2", { hold_side: "short" })).toThrow("another send is open on this symbol");
    raw.insert({ adjustment: "a1", step: "unknown", step_number: 4 });
    expect(() => sending(raw, "a3", {})).toThrow("another send is open on this symbol");
    raw.insert({ adjustment: "a1", step: "applied", step_number: 5 });
    sending(raw, "a4", { detail: JSON.stringify({ newestAtLook: raw.rows().length }) });
    expect(raw.rows().filter(({ step }) => step === "sending")).toHaveLength(2);
  });

  it("on another symbol, coin or account is allowed", async () => {
    const raw = await openRaw();
    sending(raw, "a1", {});
    sending(raw, "a2", { symbol: "ETHUSDT" });
    sending(raw, "a3", { margin_coin: "USDC" });
    sending(raw, "a4", { account: "bitget:paper:other" });
    expect(raw.rows().filter(({ step }) => step === "sending")).toHaveLength(4);
  });

  it("is refused by the index, too, where the trigger is gone", async () => {
    const raw = await openRaw();
    sending(raw, "a1", {});
    raw.db.exec("DROP TRIGGER audit_event_one_open_send");
    expect(() => sending(raw, "a2", {})).toThrow(/UNIQUE constraint failed/);
  });
});

it("refuses two rows with one predecessor and two rows of one step by its indexes alone", async () => {
  const { db, insert, rows } = await openRaw();
  insert({});
  for (const name of ["chain", "first_step", "next_step"]) db.exec(`DROP TRIGGER audit_event_${name}`);
  expect(() => insert({ adjustment: "a2", prev_hash: "0".repeat(64) })).toThrow("audit_event.prev_hash");
  expect(() => insert({ step: "cancelled" })).toThrow("audit_event.adjustment");
  expect(rows()).toHaveLength(1);
});
