/** The bot as its operator runs it: from spawning the process to its ready line, and what it holds when idle. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createPaperExchange } from "../src/paper/exchange.ts";
import { createPlayground } from "../src/playground/server.ts";
import { type Command, run } from "../test/support/process.ts";
import { CREDENTIALS } from "./bare.ts";
import { TOKEN } from "./bot.ts";
import { alternate, type Pair } from "./measure.ts";

const TIMES = { warmUp: 1, rounds: 9 };
/** After this long the start is over and the expiry of cards has looked around. */
const IDLE_MS = 2000;
const KB_A_MB = 1024;

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** A Node that does nothing but say that it is there. */
const EMPTY = `console.log('{"event":"ready"}'); setInterval(() => undefined, 1e6)`;

interface Taken {
  readonly startMs: number;
  readonly rssMb: number;
}

async function startOnce(command: Command): Promise<Taken> {
  const startedAt = performance.now();
  const running = run(command);
  await running.ready;
  const startMs = performance.now() - startedAt;
  await pause(IDLE_MS);
  const rss = execFileSync("ps", ["-o", "rss=", "-p", String(running.child.pid)], { encoding: "utf8" });
  await running.stop();
  return { startMs, rssMb: Number(rss) / KB_A_MB };
}

/** Starts on a database that is there already, as any start but the first: the round of warm-up makes it. */
export async function measureProcess(folder: string): Promise<{ start: Pair; rss: Pair }> {
  const exchange = await createPaperExchange({ credentials: CREDENTIALS, moving: false });
  const telegram = await createPlayground({ token: TOKEN });
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    TELEGRAM_ADMIN_IDS: "501",
    BITGET_MODE: "live",
    BITGET_BASE_URL: exchange.url,
    BITGET_API_KEY: CREDENTIALS.key,
    BITGET_API_SECRET: CREDENTIALS.secret,
    BITGET_API_PASSPHRASE: CREDENTIALS.passphrase,
    DATABASE_URL: `file:${join(folder, "process.db")}`,
    HTTP_PORT: "0",
  };
  const rss = { ours: [] as number[], floor: [] as number[] };
  const starting = (command: Command, kept: number[]) => async (index: number) => {
    const { startMs, rssMb } = await startOnce(command);
    if (index >= TIMES.warmUp) kept.push(rssMb);
    return startMs;
  };
  // In the bench's own folder: no .env of whoever runs this is read.
  const bot = starting({ args: [MAIN, "start"], env, cwd: folder }, rss.ours);
  const start = await alternate(TIMES, bot, starting({ args: ["-e", EMPTY], cwd: folder }, rss.floor));
  await Promise.all([exchange.close(), telegram.close()]);
  return { start, rss };
}
