/** A world for tests: a paper exchange, a Telegram, a database file, and the real bot as a child process. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { exportLines } from "../../src/audit/export.ts";
import { createPaperExchange, type PaperExchange, type PaperExchangeOptions } from "../../src/paper/exchange.ts";
import { createPlayground, type Playground } from "../../src/playground/server.ts";
import type { Person } from "../../src/playground/test-api/people.ts";
import { openReader } from "../../src/store/reader.ts";
import { type Line, type Running, run } from "./process.ts";

/** Values that occur nowhere else, so that a leak can be searched for. */
export const SECRETS = {
  token: "7000000001:canary-token-7f3a9c",
  key: "canary-key-4b1d",
  secret: "canary-secret/9e+77",
  passphrase: "canary pass & phrase",
} as const;

export const SET_MARGIN = "/api/v2/mix/account/set-margin";
export const SINGLE_POSITION = "/api/v2/mix/position/single-position";

/** A row of `audit export`, as far as tests look at it. */
type AuditLine = Line & {
  readonly seq: number;
  readonly adjustment: string;
  readonly step: string;
  readonly actor: string;
  readonly code: string | null;
  readonly hash: string;
};

export interface World {
  readonly exchange: PaperExchange;
  readonly telegram: Playground;
  /** Admins of the bot. */
  readonly ann: Person;
  readonly bob: Person;
  readonly folder: string;
  readonly database: string;
  /** Starts the bot; `env` on top of what a live account would have. */
  start(env?: NodeJS.ProcessEnv): Promise<Running>;
  environment(env?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /** The bodies of all calls that move margin, as they arrived. */
  sent(): readonly string[];
  /** What the command `audit export` says, oldest first. */
  exported(): Promise<readonly AuditLine[]>;
  /** The same without the command, which takes a process of its own. */
  rows(): readonly AuditLine[];
  close(): Promise<void>;
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "margin-bot-"));
}

export function temporaryFolder(): string {
  const folder = newFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function exported(database: string): Promise<readonly AuditLine[]> {
  const reading = run({ args: ["src/main.ts", "audit", "export"], env: { DATABASE_URL: `file:${database}` } });
  const { code } = await reading.ended;
  if (code !== 0) throw new Error(`audit export ended with ${code}:\n${reading.output()}`);
  return reading.lines as readonly AuditLine[];
}

function rowsOf(database: string): readonly AuditLine[] {
  const opened = openReader(database);
  if (!opened.ok) throw new Error(opened.reason);
  const rows = [...exportLines(opened.reader, {}, "jsonl")].map((line) => JSON.parse(line) as AuditLine);
  opened.reader.close();
  return rows;
}

/**
 * A world for all tests of a file, which must not disturb each other; the file closes it. Prices stand still; budgets
 * are those of the real exchange.
 */
export async function openWorld(options: Partial<PaperExchangeOptions> = {}): Promise<World> {
  const { key, secret, passphrase } = SECRETS;
  const exchange = await createPaperExchange({ credentials: { key, secret, passphrase }, moving: false, ...options });
  const telegram = await createPlayground({ token: SECRETS.token });
  const folder = newFolder();
  const database = join(folder, "bot.db");
  const running: Running[] = [];
  const environment = (env: NodeJS.ProcessEnv = {}) => ({
    TELEGRAM_BOT_TOKEN: SECRETS.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    TELEGRAM_ADMIN_IDS: "501,502",
    BITGET_MODE: "live",
    BITGET_BASE_URL: exchange.url,
    BITGET_API_KEY: key,
    BITGET_API_SECRET: secret,
    BITGET_API_PASSPHRASE: passphrase,
    DATABASE_URL: `file:${database}`,
    HTTP_PORT: "0",
    ...env,
  });
  return {
    exchange,
    telegram,
    ann: telegram.user({ id: 501, firstName: "Ann" }),
    bob: telegram.user({ id: 502, firstName: "Bob" }),
    folder,
    database,
    environment,
    async start(env) {
      const bot = run({ env: environment(env) });
      running.push(bot);
      await bot.ready;
      return bot;
    },
    sent: () => exchange.calls.filter((call) => call.path === SET_MARGIN).map((call) => call.body),
    exported: () => exported(database),
    rows: () => rowsOf(database),
    async close() {
      await Promise.all(running.map((bot) => bot.stop("SIGKILL")));
      await Promise.all([exchange.close(), telegram.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A world for one test, closed when that is finished. */
export async function createWorld(options: Partial<PaperExchangeOptions> = {}): Promise<World> {
  const world = await openWorld(options);
  onTestFinished(world.close);
  return world;
}
