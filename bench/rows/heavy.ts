/**
 * In a process of its own: verifies a table beside an idle loop, as the bot does, or copies it, and says how long that took
 * and how much memory beyond what the process had when it began; `check` is SQLite's own check of the file, which is a part
 * of the verification. `node bench/rows/heavy.ts verify|check|backup FILE`
 */
import { verifyInBackground } from "../../src/audit/background.ts";
import { copyDatabase } from "../../src/store/backup.ts";
import { openReader } from "../../src/store/reader.ts";

const BYTES_A_MB = 1024 * 1024;
const SAMPLE_MS = 10;

const [, , what, file = ""] = process.argv;

function check(): void {
  const opened = openReader(file);
  if (!opened.ok || opened.reader.fault() !== undefined) throw new Error("the file is not sound");
  opened.reader.close();
}

async function work(): Promise<void> {
  if (what === "backup") return copyDatabase(file, `${file}.copy`);
  if (what === "check") return check();
  const verdict = await verifyInBackground(file);
  if (verdict?.kind !== "ok") throw new Error("the table does not verify");
}

const before = process.memoryUsage.rss();
let peak = before;
const sampler = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, SAMPLE_MS);
const startedAt = performance.now();
await work();
const ms = performance.now() - startedAt;
clearInterval(sampler);
process.stdout.write(JSON.stringify({ ms, moreMb: (peak - before) / BYTES_A_MB }));
