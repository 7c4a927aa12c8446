/** The bot in a process of its own with both stand-ins beside it, outside of any test runner. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPaperExchange, type PaperExchange } from "../../src/paper/exchange.ts";
import { createPlayground, type Playground } from "../../src/playground/server.ts";
import type { Person } from "../../src/playground/test-api/people.ts";
import { type Running, run } from "../support/process.ts";

/** Values that occur nowhere else, with characters that are spelled differently in URLs, JSON and base64. */
export const CANARIES = {
  token: "7000000009:canary_token-b81e6d",
  key: "canary+key/5c2f",
  secret: 'canary-secret/7d"a0\\+55',
  passphrase: "canary pass & phrase 3e",
} as const;

export interface BotWorld {
  readonly exchange: PaperExchange;
  readonly telegram: Playground;
  readonly ann: Person;
  readonly folder: string;
  readonly database: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Starts the bot, behind another program where one is given (`strace …`), and waits until it is ready. */
  start(env?: NodeJS.ProcessEnv, before?: readonly string[]): Promise<Running>;
  close(): Promise<void>;
}

export async function openBotWorld(): Promise<BotWorld> {
  const { token, key, secret, passphrase } = CANARIES;
  const exchange = await createPaperExchange({ credentials: { key, secret, passphrase }, moving: false });
  const telegram = await createPlayground({ token });
  const folder = mkdtempSync(join(tmpdir(), "margin-torture-"));
  const database = join(folder, "bot.db");
  const environment = {
    TELEGRAM_BOT_TOKEN: token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    TELEGRAM_ADMIN_IDS: "501",
    BITGET_MODE: "live",
    BITGET_BASE_URL: exchange.url,
    BITGET_API_KEY: key,
    BITGET_API_SECRET: secret,
    BITGET_API_PASSPHRASE: passphrase,
    DATABASE_URL: `file:${database}`,
    HTTP_PORT: "0",
    SETTLE_WINDOW_S: "1",
    BITGET_TIMEOUT_MS: "1000",
  };
  const started: Running[] = [];
  return {
    exchange,
    telegram,
    ann: telegram.user({ id: 501, firstName: "Ann" }),
    folder,
    database,
    environment,
    async start(env = {}, before = []) {
      const [command = process.execPath, ...args] = [...before, process.execPath, "src/main.ts", "start"];
      const bot = run({ command, args, env: { ...environment, ...env } });
      started.push(bot);
      await bot.ready;
      return bot;
    },
    async close() {
      await Promise.all(started.map((bot) => bot.stop("SIGKILL")));
      await Promise.all([exchange.close(), telegram.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
