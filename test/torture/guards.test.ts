/** What stands between one press and a wrong movement of money: each test catches one of our own mutants (mutants.ts). */
import { renameSync } from "node:fs";
import Database from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { createTrail } from "../../src/audit/trail.ts";
import { plainAmount } from "../../src/margin/input/expression.ts";
import { cancel, confirm } from "../../src/margin/lifecycle/confirm.ts";
import { propose } from "../../src/margin/lifecycle/propose.ts";
import { send } from "../../src/margin/lifecycle/send.ts";
import type { AuditEvent, Entry } from "../../src/margin/model/audit-event.ts";
import { decimal } from "../../src/margin/model/decimal.ts";
import { entryOf, type Proposal } from "../../src/margin/model/proposal.ts";
import type { Deps } from "../../src/margin/ports/deps.ts";
import { judge } from "../../src/margin/reconciliation/evidence.ts";
import { reconcile } from "../../src/margin/reconciliation/reconcile.ts";
import { settleByHand } from "../../src/margin/reconciliation/settle-manually.ts";
import type { PaperExchangeOptions } from "../../src/paper/exchange.ts";
import { openStore } from "../../src/store/database.ts";
import {
  ANN,
  BOB,
  cardOf,
  GROUP,
  openBench,
  PRIVATE,
  positionKey,
  pressOf,
  SET_MARGIN,
  TTL_MS,
  WINDOW_MS,
  WORDING,
} from "./model-desk.ts";

const SINGLE = "/api/v2/mix/position/single-position";
const FIRST_LOOK = { wasQuiet: false, likelyNot: false };
const SECOND_LOOK = { wasQuiet: true, likelyNot: true };

async function open(timeoutMs?: number, exchange: Partial<PaperExchangeOptions> = {}, skewMs = 0) {
  const bench = await openBench({ exchange, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  onTestFinished(() => bench.close());
  bench.exchange.skew(skewMs);
  const bot = await bench.start();
  const calls = () => bench.exchange.calls.filter(({ path }) => path === SET_MARGIN);
  return { ...bench, ...bot, calls };
}

async function confirmed(deps: Deps, request: Parameters<typeof cardOf>[1] = {}): Promise<Proposal> {
  const pressed = await confirm(deps, pressOf(await cardOf(deps, request)));
  if (pressed.kind !== "won") throw new Error(`not confirmed: ${pressed.kind}`);
  return pressed.proposal;
}

/** The rows of the file, by a connection of its own: only what is committed. */
function stepsIn(file: string): string[] {
  const db = new Database(file, { readonly: true });
  const rows = db.prepare("SELECT step FROM audit_event ORDER BY seq").all() as { step: string }[];
  db.close();
  return rows.map(({ step }) => step);
}

// Past the types of the program: what counts here is what the table lets in.
const following = (event: AuditEvent, step: Entry["step"], detail: object = {}): Entry =>
  ({ ...event, step, detail }) as Entry;

async function lastOf({ events }: Deps, id: string): Promise<AuditEvent> {
  const event = (await events.of(id)).at(-1);
  if (event === undefined) throw new Error("no such adjustment");
  return event;
}

/** An adjustment whose answer was lost before or after it was applied. */
async function lost(
  world: Awaited<ReturnType<typeof open>>,
  when: "before" | "after",
  request: Parameters<typeof cardOf>[1] = {},
) {
  world.exchange.fail({ path: SET_MARGIN, how: { kind: "reset" }, when });
  const event = await send(world.deps, await confirmed(world.deps, request));
  expect(event).toMatchObject({ step: "unknown" });
  return event;
}

/** A row like the last one of the adjustment, written past the program; gives what the database says. */
function insertAgain(file: string, dropped: readonly string[], changes: Record<string, unknown>): () => void {
  const db = new Database(file);
  onTestFinished(() => void db.close());
  for (const item of dropped) db.exec(`DROP ${item}`);
  const last = db.prepare("SELECT * FROM audit_event ORDER BY seq DESC LIMIT 1").get() as Record<string, unknown>;
  const row = { ...last, seq: Number(last["seq"]) + 1, prev_hash: last["hash"], hash: "f".repeat(64), ...changes };
  const names = Object.keys(row);
  const insert = db.prepare(
    `INSERT INTO audit_event (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`,
  );
  return () => void insert.run(row);
}

it("the index alone lets a step of an adjustment in once", async () => {
  const { deps, file } = await open();
  await cardOf(deps);
  const insert = insertAgain(file, ["TRIGGER audit_event_next_step", "TRIGGER audit_event_head"], {
    step: "confirmed",
  });
  expect(insert).toThrow(/UNIQUE/);
});

it("the trigger alone lets only a legal next step in", async () => {
  const { deps, file } = await open();
  await cardOf(deps);
  const insert = insertAgain(file, ["INDEX audit_event_step_key"], { step: "confirmed" });
  expect(insert).toThrow(/not a legal next step/);
});

it("of two processes that confirm one card at the same moment, one wins", async () => {
  const { deps, file, clock } = await open();
  const { proposal } = await cardOf(deps);
  const first = await lastOf(deps, proposal.adjustment.id);
  const store = await openStore(file);
  onTestFinished(() => store.close());
  const other = createTrail(store, clock.now);
  // Both have read that the card is open; only the table can tell them apart.
  const all = await Promise.all(
    [deps.events, other.events].map((events) => events.append(following(first, "confirmed"))),
  );
  expect(all.filter(({ ok }) => ok)).toHaveLength(1);
  expect(stepsIn(file)).toEqual(["proposed", "confirmed"]);
});

it("the row `sending` is on disk when the request arrives", async () => {
  const { deps, exchange, file } = await open();
  const proposal = await confirmed(deps);
  const door = exchange.hold(SET_MARGIN);
  const sent = send(deps, proposal);
  await door.reached;
  expect(stepsIn(file)).toEqual(["proposed", "confirmed", "sending"]);
  door.release();
  expect((await sent).step).toBe("accepted");
});

it("no answer in time is not known, and no no", async () => {
  const { deps, exchange } = await open(300);
  exchange.fail({ path: SET_MARGIN, how: { kind: "hang" }, when: "after" });
  expect((await send(deps, await confirmed(deps))).step).toBe("unknown");
});

// Nothing is applied in these two: the position would show it, and the code alone decides here.
it("a broken server's answer is not known, whatever code stands in it", async () => {
  const { deps, exchange } = await open();
  exchange.fail({ path: SET_MARGIN, how: { kind: "code", code: "40801", msg: "no", status: 502 } });
  expect((await send(deps, await confirmed(deps))).step).toBe("unknown");
});

it("a code that nobody knows is not known", async () => {
  const { deps, exchange } = await open();
  exchange.fail({ path: SET_MARGIN, how: { kind: "code", code: "99999", msg: "new" } });
  expect((await send(deps, await confirmed(deps))).step).toBe("unknown");
});

it("each commit is synced to disk", async () => {
  const { store } = await open();
  const [row] = await store.prisma.$queryRawUnsafe<{ synchronous: bigint }[]>("PRAGMA synchronous");
  expect(Number(row?.synchronous)).toBe(2);
});

it.each([
  ["a reset", { kind: "reset" }],
  ["503", { kind: "status", status: 503 }],
  ["429", { kind: "status", status: 429 }],
  ["421", { kind: "status", status: 421 }],
] as const)("the one call is made once: %s", async (_name, how) => {
  const { deps, exchange, calls } = await open();
  exchange.fail({ path: SET_MARGIN, how, when: "before" });
  expect((await send(deps, await confirmed(deps))).step).toBe("unknown");
  expect(calls()).toHaveLength(1);
});

it("a redirect is followed by no call", async () => {
  const { deps, exchange, calls } = await open();
  const how = { kind: "status", status: 307, headers: { location: SET_MARGIN } } as const;
  exchange.fail({ path: SET_MARGIN, how, when: "before" });
  const event = await send(deps, await confirmed(deps));
  expect(event).toMatchObject({ step: "unknown", detail: { exchanged: { httpStatus: 307, fault: "redirect" } } });
  expect(calls()).toHaveLength(1);
});

it("a card is confirmed with its own nonce only", async () => {
  const { deps } = await open();
  expect(await confirm(deps, pressOf(await cardOf(deps), { nonce: "guessed" }))).toEqual({ kind: "no_card" });
});

it("a card is confirmed by who asked for it only", async () => {
  const { deps } = await open();
  expect(await confirm(deps, pressOf(await cardOf(deps), { by: BOB }))).toMatchObject({ kind: "not_yours" });
});

it("a card is confirmed by members only, also when they were members once", async () => {
  const { deps, members } = await open();
  const card = await cardOf(deps);
  members.delete(ANN.id);
  expect(await confirm(deps, pressOf(card))).toEqual({ kind: "no_card" });
  expect(await cancel(deps, pressOf(card))).toEqual({ kind: "no_card" });
});

it("a card is confirmed in its own chat only", async () => {
  const { deps } = await open();
  const card = await cardOf(deps, { location: GROUP });
  expect(await confirm(deps, pressOf(card, { location: { ...GROUP, chat: "501" } }))).toEqual({ kind: "no_card" });
});

it("a card is confirmed in its own topic only", async () => {
  const { deps } = await open();
  const card = await cardOf(deps, { location: GROUP });
  expect(await confirm(deps, pressOf(card, { location: { ...GROUP, topic: "8" } }))).toEqual({ kind: "no_card" });
});

it("a card is confirmed before it expires only", async () => {
  const { deps, clock } = await open();
  const card = await cardOf(deps);
  clock.pass(TTL_MS);
  expect(await confirm(deps, pressOf(card))).toMatchObject({ kind: "expired" });
});

it("a position that changed since it was shown is left alone", async () => {
  const { deps, exchange, calls } = await open();
  const proposal = await confirmed(deps);
  exchange.setMarginOutside("BTCUSDT", "long", "3");
  expect(await send(deps, proposal)).toMatchObject({ step: "refused", code: "changed" });
  expect(calls()).toHaveLength(0);
});

it("a position that was closed and opened again with the same figures is another one", async () => {
  const { deps, exchange, calls, clock } = await open();
  const proposal = await confirmed(deps);
  const row = exchange.position("BTCUSDT", "long");
  if (row === undefined) throw new Error("no position");
  const { total, leverage, marginSize, openPriceAvg } = row;
  clock.pass(1000);
  exchange.closePosition("BTCUSDT", "long");
  exchange.open({ symbol: "BTCUSDT", holdSide: "long", total, leverage, marginSize, openPriceAvg });
  expect(await send(deps, proposal)).toMatchObject({
    step: "refused",
    code: "changed",
    detail: { refusal: { what: "opening" } },
  });
  expect(calls()).toHaveLength(0);
});

it("a position with another entry price is another one", async () => {
  const { deps, exchange, calls } = await open();
  const proposal = await confirmed(deps);
  exchange.change("BTCUSDT", "long", { openPriceAvg: "101234.5" });
  expect(await send(deps, proposal)).toMatchObject({ code: "changed", detail: { refusal: { what: "entry" } } });
  expect(calls()).toHaveLength(0);
});

it("a bill that settled one adjustment is no evidence for another", async () => {
  const { deps } = await open();
  const { proposal } = await cardOf(deps);
  const { adjustment, seen: before } = proposal;
  const position = await deps.exchange.position(adjustment.position);
  const bill = {
    billId: "1",
    symbol: "BTCUSDT",
    coin: "USDT",
    amount: decimal<"margin coin">("50"),
    businessType: "append_margin",
    cTime: 5,
  };
  const sent = { adjustment, before, signedAt: 1, endedAt: 9, clockErrorMs: 0, refused: false };
  const seen = {
    bills: [bill],
    unread: [],
    neighbours: [],
    position: position.ok ? position.value : undefined,
    wasQuiet: false,
    windowOver: true,
  };
  expect(judge(sent, { ...seen, claimed: new Set(["1"]) })).toEqual({ kind: "not_applied" });
});

it.each([
  ["", 0],
  [", where the machine's clock is behind", 180_000],
  [", where the machine's clock is ahead", -180_000],
])(
  "the bill of a neighbour's accepted adjustment does not settle one that was lost and not applied%s",
  async (_, skewMs) => {
    const world = await open(undefined, {}, skewMs);
    const { deps, exchange } = world;
    const stale = exchange.position("BTCUSDT", "long");
    expect(await send(deps, await confirmed(deps))).toMatchObject({ step: "accepted" });
    // What Bitget shows lags behind: the look before the second one sees the margin of before the first.
    const path = "/api/v2/mix/position/single-position";
    const lag = exchange.fail({
      path,
      times: Number.POSITIVE_INFINITY,
      how: { kind: "edit", edit: (envelope) => ({ ...envelope, data: [stale] }) },
    });
    const { adjustment } = await lost(world, "before");
    lag();
    world.clock.pass(WINDOW_MS);
    expect(await reconcile(deps, adjustment, SECOND_LOOK)).toMatchObject({
      kind: "review",
      review: "margin_without_bill",
    });
  },
);

it("a lost addition settles by its bill though it is written with a minus", async () => {
  const world = await open(undefined, { billSign: "balance" });
  const { adjustment } = await lost(world, "after");
  expect(await reconcile(world.deps, adjustment, FIRST_LOOK)).toMatchObject({
    kind: "settled",
    event: { step: "applied" },
  });
});

it("the table lets a bill settle one adjustment only", async () => {
  const world = await open();
  const first = await lost(world, "after");
  const claim = { bill: "1400000000000000001", evidence: {} };
  expect((await world.deps.events.append(following(first, "applied", claim))).ok).toBe(true);
  const second = await lost(world, "before", { position: positionKey("SOLUSDT", "long") });
  expect((await world.deps.events.append(following(second, "applied", claim))).ok).toBe(false);
});

it("nothing is called `not applied` while the request may still arrive", async () => {
  const world = await open();
  const { adjustment } = await lost(world, "before");
  world.clock.pass(WINDOW_MS - 1);
  expect((await reconcile(world.deps, adjustment, SECOND_LOOK)).kind).toBe("quiet");
  world.clock.pass(1);
  expect((await reconcile(world.deps, adjustment, SECOND_LOOK)).kind).toBe("settled");
});

it("nothing is called `not applied` after a single look", async () => {
  const world = await open();
  const { adjustment } = await lost(world, "before");
  world.clock.pass(WINDOW_MS);
  expect((await reconcile(world.deps, adjustment, FIRST_LOOK)).kind).toBe("likely_not");
});

it("a bill that was written after our call had ended is for a person to decide", async () => {
  const world = await open();
  const { adjustment } = await lost(world, "before");
  world.clock.pass(1000);
  world.exchange.setMarginOutside("BTCUSDT", "long", "50");
  expect(await reconcile(world.deps, adjustment, FIRST_LOOK)).toMatchObject({ kind: "review", review: "late_bill" });
});

it("two bills that fit are for a person to decide", async () => {
  const world = await open();
  const { adjustment } = await lost(world, "after");
  world.clock.pass(1000);
  world.exchange.setMarginOutside("BTCUSDT", "long", "50");
  expect(await reconcile(world.deps, adjustment, FIRST_LOOK)).toMatchObject({ kind: "review", review: "two_bills" });
});

it("no second send leaves while one is open on the symbol, whatever its side", async () => {
  const world = await open();
  const long = await confirmed(world.deps, { position: positionKey("SOLUSDT", "long") });
  const short = await confirmed(world.deps, { position: positionKey("SOLUSDT", "short") });
  const door = world.exchange.hold(SET_MARGIN);
  const first = send(world.deps, long);
  await door.reached;
  expect(await send(world.deps, short)).toMatchObject({ step: "refused", code: "locked" });
  door.release();
  await first;
  expect(world.calls()).toHaveLength(1);
});

// The program asks before it sends, too: here the table is asked alone.
it("the table alone keeps out a second open send on the symbol, whatever its side", async () => {
  const { deps } = await open();
  const [long, short] = [
    await confirmed(deps, { position: positionKey("SOLUSDT", "long") }),
    await confirmed(deps, { position: positionKey("SOLUSDT", "short") }),
  ];
  const detailOf = ({ seen }: Proposal) => ({
    body: "",
    bodySha256: "",
    before: seen,
    newestAtLook: 0,
    serverAt: 0,
    clockErrorMs: 0,
  });
  expect((await deps.events.append(entryOf(long, "sending", detailOf(long)))).ok).toBe(true);
  expect(await deps.events.append(entryOf(short, "sending", detailOf(short)))).toMatchObject({
    ok: false,
    guard: "in_flight",
  });
});

it("there is no new card for a symbol on which a send is open", async () => {
  const world = await open();
  await lost(world, "before", { position: positionKey("SOLUSDT", "long") });
  const request = {
    position: positionKey("SOLUSDT", "short"),
    expression: plainAmount("add", decimal("5")),
    askedBy: BOB,
    location: PRIVATE,
  } as const;
  expect(await propose(world.deps, request, WORDING)).toMatchObject({ kind: "refused", refusal: { code: "locked" } });
});

it("a kill switch whose row could not be written holds all the same", async () => {
  const { deps, file, calls } = await open();
  const proposal = await confirmed(deps);
  const db = new Database(file);
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  expect(await deps.killSwitch.freeze(BOB, PRIVATE, "asked")).toBeUndefined();
  db.exec("DROP TRIGGER full");
  db.close();
  expect(await send(deps, proposal)).toMatchObject({ step: "refused", code: "frozen" });
  expect(calls()).toHaveLength(0);
});

it("a kill switch that is pulled during the fresh look still stops the call", async () => {
  const { deps, exchange, calls } = await open();
  const proposal = await confirmed(deps);
  const look = exchange.hold({ path: /single-position/, when: "after" });
  const sent = send(deps, proposal);
  await look.reached;
  await deps.killSwitch.freeze(BOB, PRIVATE, "asked");
  look.release();
  expect(await sent).toMatchObject({ step: "refused", code: "frozen" });
  expect(calls()).toHaveLength(0);
});

it("a position is not moved off a look that another adjustment overtook", async () => {
  const { deps, exchange, calls } = await open();
  const [first, second] = [await confirmed(deps), await confirmed(deps, { askedBy: BOB, amount: "60" })];
  const slow = exchange.hold("/api/v2/mix/account/account");
  const overtaken = send(deps, first);
  await slow.reached;
  expect((await send(deps, second)).step).toBe("accepted");
  slow.release();
  expect(await overtaken).toMatchObject({ step: "refused", code: "changed" });
  expect(calls()).toHaveLength(1);
});

it("the table takes no row `sending` that does not say how old its look is", async () => {
  const { deps } = await open();
  const { adjustment } = await confirmed(deps);
  const last = await lastOf(deps, adjustment.id);
  expect(await deps.events.append(following(last, "sending"))).toMatchObject({ ok: false, guard: "moved_since" });
});

const REFUSED = { kind: "code", code: "40798", msg: "Insufficient balance" } as const;

it("a refusal is not believed where the position moved", async () => {
  const { deps, exchange } = await open();
  const proposal = await confirmed(deps, { amount: "60" });
  exchange.setAvailable("USDT", "100");
  exchange.fail({ path: SET_MARGIN, how: { kind: "duplicate" } });
  expect(await send(deps, proposal)).toMatchObject({ step: "unknown", code: "40798" });
  expect(exchange.applied()).toHaveLength(1);
});

it("a refusal is believed after a second look only", async () => {
  const { deps, exchange } = await open();
  const proposal = await confirmed(deps);
  exchange.fail({ path: SET_MARGIN, how: REFUSED });
  const pause = async () => exchange.setMarginOutside("BTCUSDT", "long", "50");
  expect(await send({ ...deps, pause }, proposal)).toMatchObject({ step: "unknown" });
});

it("a refusal is not believed where the position cannot be read", async () => {
  const { deps, exchange } = await open();
  const proposal = await confirmed(deps);
  const call = exchange.hold(SET_MARGIN);
  exchange.fail({ path: SET_MARGIN, how: REFUSED });
  const sending = send(deps, proposal);
  await call.reached;
  exchange.fail({ path: "/api/v2/mix/position/single-position", how: { kind: "html" }, times: 20 });
  call.release();
  expect(await sending).toMatchObject({ step: "unknown", code: "40798" });
});

it("a frozen bot confirms nothing", async () => {
  const { deps } = await open();
  const card = await cardOf(deps);
  await deps.killSwitch.freeze(BOB, PRIVATE, "asked");
  expect(await confirm(deps, pressOf(card))).toEqual({ kind: "frozen" });
});

it("a kill switch holds after a restart", async () => {
  const world = await open();
  await world.deps.killSwitch.freeze(BOB, PRIVATE, "asked");
  world.life.die();
  await world.store.close();
  expect((await world.start()).deps.killSwitch.frozen()).toBe("asked");
});

it("nobody settles by hand while the request may still arrive", async () => {
  const world = await open();
  const { adjustment: id } = await lost(world, "before");
  const deed = { id, outcome: "not_applied", reason: "looked", by: BOB, location: PRIVATE } as const;
  world.clock.pass(WINDOW_MS - 1000);
  expect((await settleByHand(world.deps, deed)).kind).toBe("too_early");
  world.clock.pass(1000);
  expect((await settleByHand(world.deps, deed)).kind).toBe("settled");
});

it("admins only settle by hand", async () => {
  const world = await open();
  const { adjustment: id } = await lost(world, "before");
  world.clock.pass(WINDOW_MS);
  world.members.delete(BOB.id);
  const deed = { id, outcome: "not_applied", reason: "looked", by: BOB, location: PRIVATE } as const;
  expect(await settleByHand(world.deps, deed)).toEqual({ kind: "not_admin" });
});

it("what Bitget answered is held while the table takes no row, and written when it does", async () => {
  const { deps, store, file, calls } = await open();
  const proposal = await confirmed(deps);
  await store.prisma.$executeRawUnsafe(
    `CREATE TRIGGER full BEFORE INSERT ON audit_event WHEN NEW.step = 'accepted' BEGIN SELECT RAISE(ABORT, 'no room'); END`,
  );
  const held = Promise.withResolvers<string>();
  const sending = send(deps, proposal, ({ step }) => held.resolve(step));
  expect(await Promise.race([held.promise, sending.then(({ step }) => `written: ${step}`)])).toBe("accepted");
  await store.prisma.$executeRawUnsafe("DROP TRIGGER full");
  expect((await sending).step).toBe("accepted");
  expect(stepsIn(file)).toEqual(["proposed", "confirmed", "sending", "accepted"]);
  expect(calls()).toHaveLength(1);
});

it("a table that is not in its place any more takes no row, and no money moves", async () => {
  const { deps, file, calls } = await open();
  const proposal = await confirmed(deps);
  renameSync(file, `${file}.away`);
  await expect(send(deps, proposal)).rejects.toThrow("not in its place");
  expect(calls()).toEqual([]);
});

it("a look that grew old while another program held the table is none any more", async () => {
  const { deps, exchange, file, calls } = await open();
  const proposal = await confirmed(deps);
  const other = new Database(file);
  onTestFinished(() => void other.close());
  other.exec("BEGIN IMMEDIATE");
  const looks = () => exchange.calls.filter(({ path }) => path === SINGLE).length;
  const before = looks();
  const verdict = send(deps, proposal);
  await expect.poll(looks, { timeout: 10_000 }).toBe(before + 1);
  exchange.setMarginOutside("BTCUSDT", "long", "5");
  await expect.poll(looks, { timeout: 10_000 }).toBe(before + 2);
  other.exec("ROLLBACK");
  expect(await verdict).toMatchObject({ step: "refused", detail: { refusal: { code: "changed", what: "margin" } } });
  expect(calls()).toEqual([]);
});
