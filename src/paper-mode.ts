/**
 * The world of `start` in paper mode: the embedded exchange, the playground where there is no token, and the real bot as
 * a child process. They are joined by HTTP and environment alone, so that killing the bot leaves the world standing.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { SECRETS, type Settings } from "./config.ts";
import { takeLease } from "./database-lock.ts";
import { EXIT, StartError } from "./exit.ts";
import { createForward } from "./http/forward.ts";
import type { Logger } from "./log.ts";
import { createPaperExchange, type PaperExchange } from "./paper/exchange.ts";
import { createPlayground } from "./playground/server.ts";

/** The people and the group of the playground. Both may trade there: it is play money. */
const PEOPLE = [
  { id: 1001, firstName: "You", username: "you" },
  { id: 1002, firstName: "Ann", username: "ann" },
];
const DESK_GROUP = { id: -1_002_000_000_001, title: "Desk", members: [1001, 1002] };
const BOT = { id: 7_000_000_001, username: "margin_playground_bot", firstName: "Margin bot" };

/** A bot that died is started again after a second, up to this many times. */
const RESTARTS_MAX = 20;
const RESTART_MS = 1000;
/** Exits that another start would only repeat. */
const FINAL_EXITS: ReadonlySet<number> = new Set([0, EXIT.locked, EXIT.configuration, EXIT.unavailable]);

export interface World {
  /** Resolves with the exit code when the bot has ended for good. */
  readonly ended: Promise<number>;
  /** Passes the signal on to the bot. */
  stop(signal: NodeJS.Signals): void;
}

type Environment = Readonly<Record<string, string>>;

const random = () => randomBytes(18).toString("base64url");

/** What the people's own environment says, without secrets that are none of the paper world's business. */
function inherited(keepToken: boolean): NodeJS.ProcessEnv {
  const foreign = SECRETS.filter((name) => !(keepToken && name === "TELEGRAM_BOT_TOKEN"));
  const names = new Set(foreign.flatMap((name) => [name, `${name}_FILE`]));
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.has(name)));
}

async function startExchange(ledger: string): Promise<{ paper: PaperExchange; environment: Environment }> {
  const credentials = { key: random(), secret: random(), passphrase: random() };
  const paper = await createPaperExchange({ credentials, file: ledger });
  const environment = {
    PAPER_EXCHANGE_URL: paper.url,
    BITGET_API_KEY: credentials.key,
    BITGET_API_SECRET: credentials.secret,
    BITGET_API_PASSPHRASE: credentials.passphrase,
  };
  return { paper, environment };
}

interface Page {
  readonly url: string;
  readonly environment: Environment;
  close(): Promise<void>;
}

async function startPlayground(settings: Settings, botUrl: () => string | undefined): Promise<Page> {
  const token = `${BOT.id}:${random()}`;
  const playground = await createPlayground({
    host: settings.HTTP_HOST,
    port: settings.HTTP_PORT,
    token,
    bot: BOT,
    page: true,
    people: PEOPLE,
    groups: [DESK_GROUP],
    fallback: createForward(botUrl),
  });
  const environment = {
    TELEGRAM_BOT_TOKEN: token,
    TELEGRAM_API_ROOT: playground.apiRoot,
    TELEGRAM_ADMIN_IDS: PEOPLE.map(({ id }) => id).join(","),
    TELEGRAM_CHAT_IDS: String(DESK_GROUP.id),
    HTTP_HOST: "127.0.0.1",
    HTTP_PORT: "0",
  };
  return { url: playground.url, environment, close: () => playground.close() };
}

/** Passes the bot's lines on. Its ready line is rewritten where the page, not the bot, is what people open. */
function relay(child: ChildProcess, logger: Logger, page: Page | undefined, found: (botUrl: string) => void): void {
  if (child.stdout === null) return;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { event, mode, http, bot, exchange } = parsed(line);
    if (event !== "ready" || http === undefined) return void process.stdout.write(`${line}\n`);
    found(http);
    logger.ready({ mode: mode ?? "", http: page?.url ?? http, bot: bot ?? "", exchange: exchange ?? "" });
    if (page !== undefined) process.stderr.write(`\nOpen ${page.url} in a browser and type /margin\n\n`);
  });
}

function parsed(line: string): Partial<Record<"event" | "mode" | "http" | "bot" | "exchange", string>> {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

function spawnBot(environment: NodeJS.ProcessEnv): ChildProcess {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  return spawn(process.execPath, [main, "start"], { env: environment, stdio: ["ignore", "pipe", "inherit", "ipc"] });
}

interface Supervised {
  readonly ended: Promise<number>;
  stop(signal: NodeJS.Signals): void;
}

/** Keeps one bot running: started again after a crash, not after an exit that means to be one. */
function supervise(start: () => ChildProcess, logger: Logger): Supervised {
  let child = start();
  let stopping = false;
  let restarts = 0;
  const ended = new Promise<number>((resolve) => {
    const watch = () =>
      child.once("exit", (code) => {
        if (stopping || FINAL_EXITS.has(code ?? -1) || restarts >= RESTARTS_MAX) return resolve(code ?? EXIT.failed);
        restarts += 1;
        logger.log("warn", "bot_restarting", { restarts });
        setTimeout(() => {
          if (stopping) return resolve(0);
          child = start();
          watch();
        }, RESTART_MS);
      });
    watch();
  });
  return {
    ended,
    stop(signal) {
      stopping = true;
      child.kill(signal);
    },
  };
}

/** Starts the stand-ins and the bot. Throws `StartError` where they cannot be. */
export async function startWorld(settings: Settings, logger: Logger): Promise<World> {
  const { file, lease } = takeLease(settings.DATABASE_URL);
  // Only a look whether the database is free, before any port is taken: the bot itself takes the lock.
  lease.release();
  let botUrl: string | undefined;
  const hasToken = settings.TELEGRAM_BOT_TOKEN !== undefined;
  const { paper, environment } = await startExchange(`${file}.paper.json`);
  const page = hasToken ? undefined : await startPlayground(settings, () => botUrl).catch(cannotListen(settings));
  const all = { ...inherited(hasToken), ...environment, ...page?.environment };
  const bot = supervise(() => {
    const child = spawnBot(all);
    relay(child, logger, page, (url) => {
      botUrl = url;
    });
    return child;
  }, logger);
  const ended = bot.ended.then(async (code) => {
    await Promise.all([paper.close(), page?.close()]);
    return code;
  });
  return { ended, stop: bot.stop };
}

function cannotListen({ HTTP_HOST, HTTP_PORT }: Settings): () => never {
  return () => {
    throw new StartError(EXIT.failed, `HTTP_PORT ${HTTP_PORT} on ${HTTP_HOST} cannot be used: choose another, or 0`);
  };
}
