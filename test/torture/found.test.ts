/** What `npm run torture` found: each case stays. */
import { randomBytes } from "node:crypto";
import Database from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { nextRow } from "../../src/audit/row.ts";
import { BOT, NO_TERMS, NOWHERE } from "../../src/margin/model/audit-event.ts";
import { openStore } from "../../src/store/database.ts";
import { openReader } from "../../src/store/reader.ts";
import { temporaryFolder } from "../support/world.ts";

// A bot that checked its table while it wrote a row found rows and standing at odds, and froze without any need.
it("shows one moment of the table to who verifies it, whatever is written meanwhile", async () => {
  const path = `${temporaryFolder()}/bot.db`;
  const store = await openStore(path);
  onTestFinished(() => store.close());
  const writer = new Database(path);
  onTestFinished(() => void writer.close());
  const append = (last: { seq: number; hash: string }) => {
    const adjustment = randomBytes(5).toString("hex");
    const entry = {
      adjustment,
      step: "refused",
      actor: BOT,
      location: NOWHERE,
      terms: NO_TERMS,
      code: "",
      detail: {},
    } as const;
    const row = nextRow(entry, 1, Date.now(), last);
    const named = Object.entries(row).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]);
    const names = named.map(([name]) => name).join(", ");
    writer
      .prepare(`INSERT INTO audit_event (${names}) VALUES (${named.map(() => "?").join(", ")})`)
      .run(...named.map(([, value]) => value));
    return row;
  };
  const first = append({ seq: 0, hash: "0".repeat(64) });
  const opened = openReader(path);
  if (!opened.ok) throw new Error(opened.reason);
  onTestFinished(() => opened.reader.close());
  const rows = [...opened.reader.events()];
  append(first);
  expect(opened.reader.headFault(rows.length)).toBeUndefined();
});
