import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { createTrail } from "../../src/audit/trail.ts";
import { verifyFile } from "../../src/audit/verify.ts";
import { NO_TERMS } from "../../src/margin/model/audit-event.ts";
import { type Appended, TableBusyError } from "../../src/margin/ports/audit-trail.ts";
import { openStore } from "../../src/store/database.ts";
import { ANN, BOB } from "../support/people.ts";
import { temporaryFolder } from "../support/world.ts";
import { entry, hashByHand, rowsOf, START, type Stored, termsOn } from "./book.ts";

const BTC = termsOn("BTCUSDT");

async function openTrail() {
  const file = join(temporaryFolder(), "bot.db");
  const store = await openStore(file);
  onTestFinished(() => store.close());
  return { file, store, trail: createTrail(store, () => START) };
}

const winners = (all: readonly Appended[]) => all.filter(({ ok }) => ok);

describe("many rows at the same moment", () => {
  it("become one dense chain: 200 cards", async () => {
    const { file, trail } = await openTrail();
    const ids = Array.from({ length: 200 }, (_, index) => `a${index}`);
    const all = await Promise.all(ids.map((id) => trail.events.append(entry(id, "proposed", ANN, BTC))));
    expect(winners(all)).toHaveLength(200);
    expect(rowsOf(file).map(({ seq }) => seq)).toEqual(ids.map((_, index) => index + 1));
    expect(verifyFile(file, [])).toMatchObject({ kind: "ok", seq: 200 });
  });

  it("have one winner: 50 confirmations of one card", async () => {
    const { file, trail } = await openTrail();
    await trail.events.append(entry("a1", "proposed", ANN, BTC));
    const all = await Promise.all(
      Array.from({ length: 50 }, () => trail.events.append(entry("a1", "confirmed", ANN, BTC))),
    );
    expect(winners(all)).toHaveLength(1);
    const loser = { ok: false, step: "confirmed", guard: "step" };
    expect(all.filter(({ ok }) => !ok)).toEqual(Array.from({ length: 49 }, () => loser));
    expect(rowsOf(file).map(({ step }) => step)).toEqual(["proposed", "confirmed"]);
  });

  it("have one winner when two writers do not know of each other", async () => {
    const { file, store } = await openTrail();
    const other = await openStore(file);
    const trails = [createTrail(store, () => START), createTrail(other, () => START)];
    await trails[0]?.events.append(entry("a1", "proposed", ANN, BTC));
    const all = await Promise.all(trails.map((trail) => trail.events.append(entry("a1", "confirmed", ANN, BTC))));
    expect(winners(all)).toHaveLength(1);
    await other.close();
    expect(verifyFile(file, [])).toMatchObject({ kind: "ok", seq: 2 });
  });
});

describe("a row", () => {
  it("follows one that somebody else wrote in between", async () => {
    const { file, trail } = await openTrail();
    await trail.events.append(entry("a1", "proposed", ANN, BTC));
    const db = new Database(file);
    const last = db.prepare("SELECT * FROM audit_event").get() as Stored;
    const row = { ...last, seq: 2, adjustment: "a2", prev_hash: String(last["hash"]) };
    const names = Object.keys(row);
    const insert = `INSERT INTO audit_event (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`;
    db.prepare(insert).run({ ...row, hash: hashByHand(row) });
    db.close();
    expect(await trail.events.append(entry("a1", "confirmed", ANN, BTC))).toMatchObject({
      ok: true,
      event: { seq: 3 },
    });
    expect(verifyFile(file, [])).toMatchObject({ kind: "ok", seq: 3 });
  });

  it("that the database cannot store is an error, and the next one is chained as if it had never been", async () => {
    const { file, trail } = await openTrail();
    await trail.events.append(entry("a1", "proposed", ANN, BTC));
    const other = new Database(file);
    other.exec("CREATE TRIGGER full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no room'); END");
    await expect(trail.events.append(entry("a1", "confirmed", ANN, BTC))).rejects.toThrow("no room");
    other.exec("DROP TRIGGER full");
    other.close();
    expect((await trail.events.append(entry("a1", "confirmed", ANN, BTC))).ok).toBe(true);
    expect(verifyFile(file, [])).toMatchObject({ kind: "ok", seq: 2 });
  });

  it("waits for another program that holds the database, and only for as long as it may", async () => {
    const { file, trail } = await openTrail();
    await trail.events.append(entry("a1", "proposed", ANN, BTC));
    const other = new Database(file);
    other.exec("BEGIN IMMEDIATE");
    await expect(trail.events.append(entry("a1", "confirmed", ANN, BTC), 1)).rejects.toThrow(TableBusyError);
    const waiting = trail.events.append(entry("a1", "confirmed", ANN, BTC));
    await setImmediate();
    other.exec("ROLLBACK");
    other.close();
    expect((await waiting).ok).toBe(true);
    expect(verifyFile(file, [])).toMatchObject({ kind: "ok", seq: 2 });
  });

  it("cannot be the second open send on a symbol and coin, whatever the side", async () => {
    const { trail } = await openTrail();
    const short = { ...BTC, holdSide: "short" } as const;
    for (const [id, terms] of [
      ["a1", BTC],
      ["a2", short],
      ["a3", termsOn("ETHUSDT")],
    ] as const) {
      await trail.events.append(entry(id, "proposed", ANN, terms));
      await trail.events.append(entry(id, "confirmed", ANN, terms));
    }
    expect((await trail.events.append(entry("a1", "sending", ANN, BTC))).ok).toBe(true);
    const inFlight = { ok: false, step: "confirmed", guard: "in_flight" };
    expect(await trail.events.append(entry("a2", "sending", ANN, short))).toEqual(inFlight);
    expect((await trail.events.append(entry("a3", "sending", ANN, termsOn("ETHUSDT")))).ok).toBe(true);
    expect(await trail.projections.inFlight(BTC.account, "BTCUSDT", "USDT")).toMatchObject({
      adjustment: "a1",
      step: "sending",
    });
    await trail.events.append(entry("a1", "unknown", ANN, BTC));
    expect(await trail.events.append(entry("a2", "sending", ANN, short))).toEqual(inFlight);
    await trail.events.append(entry("a1", "applied", ANN, BTC));
    const newestAtLook = await trail.projections.newestOf(BTC.account, "BTCUSDT", "USDT");
    expect((await trail.events.append(entry("a2", "sending", ANN, short, { newestAtLook }))).ok).toBe(true);
  });

  it.each(["accepted", "applied", "not_applied"] as const)(
    "`sending` is refused off a look that began before another adjustment of the symbol was %s",
    async (step) => {
      const { trail } = await openTrail();
      const newest = () => trail.projections.newestOf(BTC.account, "BTCUSDT", "USDT");
      for (const id of ["a1", "a2"]) {
        await trail.events.append(entry(id, "proposed", ANN, BTC));
        await trail.events.append(entry(id, "confirmed", ANN, BTC));
      }
      await trail.events.append(entry("a2", "sending", ANN, BTC));
      if (step !== "accepted") await trail.events.append(entry("a2", "unknown", ANN, BTC));
      const newestAtLook = await newest();
      await trail.events.append(entry("a2", step, ANN, BTC));
      const overtaken = await trail.events.append(entry("a1", "sending", ANN, BTC, { newestAtLook }));
      expect(overtaken).toEqual({ ok: false, step: "confirmed", guard: "moved_since" });
      const again = entry("a1", "sending", ANN, BTC, { newestAtLook: await newest() });
      expect(await trail.events.append(again)).toMatchObject({ ok: true });
    },
  );

  it.each([undefined, "7", 7])(
    "`sending` is refused where its look names %s, which is no row before it",
    async (seq) => {
      const { trail } = await openTrail();
      await trail.events.append(entry("a1", "proposed", ANN, BTC));
      await trail.events.append(entry("a1", "confirmed", ANN, BTC));
      const appended = await trail.events.append(entry("a1", "sending", ANN, BTC, { newestAtLook: seq }));
      expect(appended).toEqual({ ok: false, step: "confirmed", guard: "moved_since" });
    },
  );

  it("says which guard kept it out: the bot is frozen, or its bill settled another one", async () => {
    const { trail } = await openTrail();
    for (const id of ["a1", "a2"]) {
      await trail.events.append(entry(id, "proposed", ANN, BTC));
      await trail.events.append(entry(id, "confirmed", ANN, BTC));
      const newestAtLook = await trail.projections.newestOf(BTC.account, "BTCUSDT", "USDT");
      await trail.events.append(entry(id, "sending", ANN, BTC, { newestAtLook }));
      await trail.events.append(entry(id, "unknown", ANN, BTC));
      const settled = await trail.events.append(entry(id, "applied", ANN, BTC, { bill: "1" }));
      if (id === "a1") expect(settled.ok).toBe(true);
      else expect(settled).toEqual({ ok: false, step: "unknown", guard: "bill_claimed" });
    }
    await trail.events.append(entry("", "frozen", ANN, NO_TERMS));
    await trail.events.append(entry("a3", "proposed", ANN, termsOn("ETHUSDT")));
    await trail.events.append(entry("a3", "confirmed", ANN, termsOn("ETHUSDT")));
    const sending = await trail.events.append(entry("a3", "sending", ANN, termsOn("ETHUSDT")));
    expect(sending).toEqual({ ok: false, step: "confirmed", guard: "frozen" });
  });
});

it("lists a person's adjustments newest first, in pages, and the whole table likewise", async () => {
  const { trail } = await openTrail();
  for (const id of ["a1", "a2", "a3"]) await trail.events.append(entry(id, "proposed", ANN, BTC));
  await trail.events.append(entry("b1", "proposed", BOB, BTC));
  await trail.events.append(entry("a1", "cancelled", BOB, BTC));
  const first = await trail.projections.history(ANN.id, { limit: 2 });
  expect(first.map(({ adjustment }) => adjustment)).toEqual(["a3", "a2"]);
  const rest = await trail.projections.history(ANN.id, { limit: 2, skip: 2 });
  expect(rest.map(({ adjustment, step }) => [adjustment, step])).toEqual([["a1", "cancelled"]]);
  expect((await trail.projections.recent({ limit: 2 })).map(({ seq }) => seq)).toEqual([5, 4]);
  expect((await trail.projections.recent({ limit: 9, before: 3 })).map(({ seq }) => seq)).toEqual([2, 1]);
});
