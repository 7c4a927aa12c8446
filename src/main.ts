/** The command line: `start`, and `audit` and `backup` for whoever has only the database file. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { EXIT, StartError, startApp } from "./app.ts";
import { exportLines, FORMATS, type Format } from "./audit/export.ts";
import { type Anchor, type Verdict, verifyFile } from "./audit/verify.ts";
import { configure, type Settings } from "./config.ts";
import { createLogger, createScrubber, type Logger } from "./log.ts";
import { copyDatabase } from "./store/backup.ts";
import { databaseFile } from "./store/database.ts";
import { isMalformed, openReader } from "./store/reader.ts";
import { startWorld } from "./world.ts";

const GOOD = 0;
const BAD = 1;
const UNCHECKED = 2;

const HELP = `usage: npm run -s cli -- COMMAND
  start
  audit verify [--anchor SEQ:HASH]...
  audit export [--user ID] [--since DATE] [--format csv|jsonl]
  backup FILE
`;

/** Signals closer together than this, in ms, are one: a terminal sends Ctrl-C to npm and to us. */
const SAME_SIGNAL_MS = 1000;

class UsageError extends Error {}

/** Calls `stop` for the first signal; one that comes later than a second after it ends the process at once. */
function onSignals(stop: (signal: NodeJS.Signals) => void): void {
  let first: number | undefined;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (first === undefined) {
        first = Date.now();
        stop(signal);
      } else if (Date.now() - first > SAME_SIGNAL_MS) process.exit(BAD);
    });
  }
}

async function runBot(settings: Settings, logger: Logger): Promise<number> {
  const asked = new Promise<number>((resolve) => {
    onSignals(() => resolve(GOOD));
    // The world that this bot was started in is gone: nobody is left to talk to.
    process.on("disconnect", () => resolve(GOOD));
  });
  const starting = startApp(settings, logger);
  const app = await Promise.race([starting, asked]);
  // Nothing was taken on yet: what stands in the table is for the next start.
  if (typeof app === "number") return app;
  const broken = app.broken.then((reason) => {
    logger.log("error", "polling_broken", { reason });
    return BAD;
  });
  const code = await Promise.race([asked, broken]);
  logger.log("info", "stopping");
  await app.stop();
  return code;
}

async function runWorld(settings: Settings, logger: Logger): Promise<number> {
  let stop: (signal: NodeJS.Signals) => void = () => process.exit(GOOD);
  onSignals((signal) => stop(signal));
  const world = await startWorld(settings, logger);
  stop = world.stop;
  return world.ended;
}

async function start(): Promise<number> {
  // The bot of the embedded world has its settings from the process that started it, and no file may add to them.
  if (process.env["PAPER_EXCHANGE_URL"] === undefined) readEnvironmentFile();
  const configured = configure(process.env);
  if (!configured.ok) {
    process.stderr.write(configured.faults.map((fault) => `${fault}\n`).join(""));
    return EXIT.configuration;
  }
  const { settings, secrets } = configured;
  const logger = createLogger(settings.LOG_LEVEL, secrets, (line) => process.stdout.write(line));
  const embedded = settings.BITGET_MODE === "paper" && settings.PAPER_EXCHANGE_URL === undefined;
  try {
    return await (embedded ? runWorld(settings, logger) : runBot(settings, logger));
  } catch (error) {
    // Of what broke, only our own sentence and the kind are shown: error objects can carry addresses with tokens in them.
    const sentence = error instanceof Error ? error.message : "unknown";
    process.stderr.write(`${createScrubber(secrets)(sentence).split("\n", 1)[0]}\n`);
    return error instanceof StartError ? error.exitCode : EXIT.failed;
  }
}

function readEnvironmentFile(): void {
  if (existsSync(".env")) process.loadEnvFile(".env");
}

function databasePath(): string {
  readEnvironmentFile();
  const path = databaseFile(process.env["DATABASE_URL"]?.trim() || "file:./data/margin-bot.db");
  if (path === undefined) throw new UsageError("DATABASE_URL must be file: and a path");
  return path;
}

function readAnchor(text: string): Anchor {
  const [, seq, hash] = /^(\d{1,9}):([0-9a-f]{16,64})$/.exec(text.toLowerCase()) ?? [];
  if (seq === undefined || hash === undefined) throw new UsageError(`--anchor wants SEQ:HASH with 16 to 64 hex digits`);
  return { seq: Number(seq), hash };
}

function auditVerify(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { anchor: { type: "string", multiple: true } } });
  return report(verifyFile(databasePath(), (values.anchor ?? []).map(readAnchor)));
}

function report(verdict: Verdict): number {
  switch (verdict.kind) {
    case "ok":
      process.stdout.write(`ok ${verdict.seq} ${verdict.hash}\n`);
      return GOOD;
    case "broken":
      process.stdout.write(`broken ${verdict.seq} ${verdict.reason}\n`);
      return BAD;
    case "unreadable":
      process.stderr.write(`${verdict.reason}\n`);
      return UNCHECKED;
  }
}

function readSince(text: string | undefined): number {
  const at = text === undefined ? 0 : Date.parse(text);
  if (text !== undefined && (Number.isNaN(at) || !/^\d{4}-\d{2}-\d{2}/.test(text))) {
    throw new UsageError("--since wants a date such as 2026-11-22 or 2026-11-22T08:00:00Z");
  }
  return at;
}

function auditExport(args: readonly string[]): number {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ args: [...args], options: { user: text, since: text, format: text } });
  const { user = "", format = "jsonl" } = values;
  if (user !== "" && !/^(?:\d{1,16}|bot)$/.test(user)) throw new UsageError("--user wants a numeric id");
  if (!(FORMATS as readonly string[]).includes(format)) throw new UsageError("--format is csv or jsonl");
  const since = readSince(values.since);
  const opened = openReader(databasePath());
  if (!opened.ok) {
    process.stderr.write(`${opened.reason}\n`);
    return opened.why === "malformed" ? BAD : UNCHECKED;
  }
  try {
    for (const line of exportLines(opened.reader, { user, since }, format as Format)) process.stdout.write(`${line}\n`);
    return GOOD;
  } catch (error) {
    process.stderr.write("the audit table cannot be read: the file is damaged, locked or none of ours\n");
    return isMalformed(error) ? BAD : UNCHECKED;
  } finally {
    opened.reader.close();
  }
}

/** A copy that was verified: whatever is said to be a backup is one. */
async function backup(target: string): Promise<number> {
  try {
    await copyDatabase(databasePath(), target);
  } catch (error) {
    process.stderr.write(`no backup was made: ${(error as Error).message.split("\n", 1)[0]}\n`);
    return UNCHECKED;
  }
  return report(verifyFile(target, []));
}

async function main([command, ...args]: readonly string[]): Promise<number> {
  try {
    if (command === "start" && args.length === 0) return await start();
    if (command === "audit" && args[0] === "verify") return auditVerify(args.slice(1));
    if (command === "backup" && args[0] !== undefined && args.length === 1) return await backup(args[0]);
    if (command === "audit" && args[0] === "export") return auditExport(args.slice(1));
    throw new UsageError("unknown command");
  } catch (error) {
    const isUsage = error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    if (!isUsage) throw error;
    process.stderr.write(`${(error as Error).message}\n${HELP}`);
    return EXIT.usage;
  }
}

// Not left to the event loop: a bot that gave up at its start may have connections open still.
// What nobody caught is a bug. Its object may carry an address with a token in it: only its kind is shown.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    const kind = error instanceof Error ? error.name : typeof error;
    process.stderr.write(`the process broke: ${event} ${/^\w{1,64}$/.test(kind) ? kind : ""}\n`);
    process.exit(EXIT.failed);
  });
}

process.exit(await main(process.argv.slice(2)));
