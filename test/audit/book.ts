/** An audit table with every kind of row in it, and the hands of somebody who can write the file. */
import { createHash } from "node:crypto";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { createTrail } from "../../src/audit/trail.ts";
import { type Actor, BOT, type Entry, NO_TERMS, type Terms } from "../../src/margin/model/audit-event.ts";
import { openStore } from "../../src/store/database.ts";
import { ANN, BOB, EVE, GROUP, position } from "../support/people.ts";
import { temporaryFolder } from "../support/world.ts";

export const START = Date.UTC(2026, 10, 22, 8, 0, 0, 7);
export const DAY_MS = 86_400_000;
export const CAROL: Actor = { id: "503", name: '=HYPERLINK("http://x")' };

const BODY = '{"amount":"50"}';
const SENT = { body: BODY, bodySha256: createHash("sha256").update(BODY).digest("hex"), newestAtLook: 0 };

export function termsOn(symbol: string, amount = "50"): Terms {
  return { ...position(symbol), direction: "add", amount };
}

/** A row with whatever detail is given: also one that this version would not write. */
export function entry(adjustment: string, step: Entry["step"], actor: Actor, terms: Terms, detail = {}): Entry {
  const sent = step === "sending" ? SENT : {};
  return { adjustment, step, actor, location: GROUP, terms, code: "", detail: { ...sent, ...detail } } as Entry;
}

const [BTC, SOL, ETH] = [termsOn("BTCUSDT"), termsOn("SOLUSDT"), termsOn("ETHUSDT")];

/** Two days of work: the first ten rows on the first day. */
const ENTRIES: readonly Entry[] = [
  entry("a1", "proposed", ANN, BTC, { shown: 'Add 50, really?\n"yes"', expiresAt: 1 }),
  entry("a1", "confirmed", ANN, BTC),
  entry("a1", "sending", BOT, BTC),
  entry("a1", "accepted", BOT, BTC),
  entry("a2", "proposed", BOB, SOL),
  entry("a2", "cancelled", ANN, SOL),
  entry("a3", "proposed", ANN, ETH),
  entry("a3", "approved", CAROL, ETH),
  entry("a3", "confirmed", CAROL, ETH),
  entry("a3", "sending", BOT, ETH),
  entry("a3", "unknown", BOT, ETH),
  entry("a3", "applied", BOB, ETH),
  {
    ...entry("a4", "refused", EVE, { ...NO_TERMS, symbol: "+BTC" }),
    code: "not_member",
    location: { ...GROUP, topic: "" },
  },
  entry("", "frozen", BOB, NO_TERMS, { reason: "lunch" }),
  entry("a5", "proposed", BOB, BTC),
  entry("a5", "expired", BOT, BTC),
];
export const ROWS = ENTRIES.length;

/** A file with all of it, closed. */
export async function writeBook(entries: readonly Entry[] = ENTRIES): Promise<string> {
  const file = join(temporaryFolder(), "bot.db");
  const store = await openStore(file);
  let written = 0;
  const trail = createTrail(store, () => START + written * 1000 + (written >= 10 ? DAY_MS : 0));
  for (const one of entries) {
    if (!(await trail.events.append(one)).ok) throw new Error(`not written: ${one.adjustment} ${one.step}`);
    written += 1;
  }
  await store.close();
  return file;
}

interface Trigger {
  readonly name: string;
  readonly sql: string;
}

/** A copy of the file in which somebody did something, with the triggers out of the way and then back, byte for byte. */
export function tampered(file: string, act: (db: Database.Database) => void): string {
  const copy = join(temporaryFolder(), "copy.db");
  copyFileSync(file, copy);
  const db = new Database(copy);
  db.pragma("synchronous = OFF");
  const triggers = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all() as Trigger[];
  for (const { name } of triggers) db.exec(`DROP TRIGGER "${name}"`);
  act(db);
  for (const { sql } of triggers) db.exec(sql);
  db.close();
  return copy;
}

export type Stored = Record<string, string | number>;

export function rowsOf(file: string): Stored[] {
  const db = new Database(file, { readonly: true });
  const rows = db.prepare("SELECT * FROM audit_event ORDER BY seq").all() as Stored[];
  db.close();
  return rows;
}

const HASHED = [
  "version",
  "seq",
  "at",
  "adjustment",
  "step",
  "step_number",
  "actor",
  "actor_name",
  "chat",
  "topic",
].concat(
  ["message", "account", "product_type", "symbol", "margin_coin", "hold_side", "direction", "amount", "code", "detail"],
  ["prev_hash"],
);

/** The hash of a stored row, computed from the description of the format alone. */
export function hashByHand(row: Stored): string {
  const text = `margin-bot audit ${row["version"]}\n${JSON.stringify(HASHED.map((name) => row[name]))}`;
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Makes the whole chain follow from its rows again, as somebody would who knows the format. */
export function rehash(db: Database.Database): void {
  let previous = "0".repeat(64);
  const all = db.prepare("SELECT * FROM audit_event ORDER BY seq").all() as Stored[];
  // Out of the way first: no two rows may have the same predecessor, not even for a moment.
  db.exec("UPDATE audit_event SET prev_hash = 'old ' || seq");
  for (const row of all) {
    const hash = hashByHand({ ...row, prev_hash: previous });
    db.prepare("UPDATE audit_event SET prev_hash = ?, hash = ? WHERE seq = ?").run(previous, hash, row["seq"]);
    previous = hash;
  }
}
