/** The audit table written to by hand, past everything but the database's own guards. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import { openStore } from "../../src/store/database.ts";
import { temporaryFolder } from "../support/world.ts";

type Row = Record<string, string | number>;

export interface Raw {
  readonly db: Database.Database;
  /** Inserts the row that would follow, with these columns changed. Throws what the database throws. */
  insert(changes: Row, verb?: string): void;
  rows(): Row[];
}

const PLAIN: Row = {
  version: 1,
  at: 1,
  adjustment: "a1",
  step: "proposed",
  step_number: 1,
  actor: "501",
  actor_name: "Ann",
  chat: "1",
  topic: "",
  message: "",
  account: "bitget:paper:main",
  product_type: "USDT-FUTURES",
  symbol: "BTCUSDT",
  margin_coin: "USDT",
  hold_side: "long",
  direction: "add",
  amount: "50",
  code: "",
  // What `sending` has to say: no row of its symbol was there when its look began.
  detail: '{"newestAtLook":0}',
};

export async function emptyFile(): Promise<string> {
  const file = join(temporaryFolder(), "bot.db");
  await (await openStore(file)).close();
  return file;
}

export async function openRaw(): Promise<Raw> {
  const db = new Database(await emptyFile());
  onTestFinished(() => {
    db.close();
  });
  const rows = () => db.prepare("SELECT * FROM audit_event ORDER BY seq").all() as Row[];
  return {
    db,
    rows,
    insert(changes, verb = "INSERT") {
      const last = rows().at(-1);
      const seq = Number(last?.["seq"] ?? 0) + 1;
      const link = { seq, prev_hash: last?.["hash"] ?? "0".repeat(64), hash: `hash of ${seq}` };
      const row = { ...PLAIN, ...link, ...changes };
      const names = Object.keys(row);
      db.prepare(`${verb} INTO audit_event (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`).run(
        row,
      );
    },
  };
}
