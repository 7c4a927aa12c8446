/** A world for one test: a paper exchange, a Telegram, a database file, and the real bot as a child process. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createPaperExchange, type PaperExchange, type PaperExchangeOptions } from "../../src/paper/exchange.ts";
import type { Person } from "../../src/playground/people.ts";
import { createPlayground, type Playground } from "../../src/playground/server.ts";
import { type Running, run } from "./process.ts";

/** Values that occur nowhere else, so that a leak can be searched for. */
export const SECRETS = {
  token: "7000000001:canary-token-7f3a9c",
  key: "canary-key-4b1d",
  secret: "canary-secret/9e+77",
  passphrase: "canary pass & phrase",
} as const;

export interface World {
  readonly exchange: PaperExchange;
  readonly telegram: Playground;
  readonly ann: Person;
  readonly bob: Person;
  readonly folder: string;
  readonly database: string;
  /** Starts the bot; `env` on top of what a live account would have. */
  start(env?: NodeJS.ProcessEnv): Promise<Running>;
  environment(env?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "margin-bot-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Ann and Bob are admins. Prices stand still; budgets are those of the real exchange. */
export async function createWorld(options: Partial<PaperExchangeOptions> = {}): Promise<World> {
  const { key, secret, passphrase } = SECRETS;
  const exchange = await createPaperExchange({ credentials: { key, secret, passphrase }, moving: false, ...options });
  const telegram = await createPlayground({ token: SECRETS.token });
  const folder = temporaryFolder();
  const database = join(folder, "bot.db");
  const ann = telegram.user({ id: 501, firstName: "Ann" });
  const bob = telegram.user({ id: 502, firstName: "Bob" });
  const running: Running[] = [];
  onTestFinished(async () => {
    await Promise.all(running.map((bot) => bot.stop("SIGKILL")));
    await Promise.all([exchange.close(), telegram.close()]);
  });
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
    ann,
    bob,
    folder,
    database,
    environment,
    async start(env) {
      const bot = run({ env: environment(env) });
      running.push(bot);
      await bot.ready;
      return bot;
    },
  };
}
