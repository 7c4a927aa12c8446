/** A world for one case: exchange, Telegram, database and the real bot as a child process, thrown away afterwards. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, connect as openSocket, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BillSign, createPaperExchange, type PaperExchange } from "../../src/paper/exchange.ts";
import { createPlayground, type Playground } from "../../src/playground/server.ts";
import type { MessageView } from "../../src/playground/state/view.ts";
import type { Person } from "../../src/playground/test-api/people.ts";
import { type Running, run } from "../support/process.ts";
import type { ClockOrder, FailOrder, KillOrder } from "./preload.ts";

export type Direction = "add" | "remove";
export const DIRECTIONS: readonly Direction[] = ["add", "remove"];

const CREDENTIALS = { key: "torture-key", secret: "torture-secret", passphrase: "torture-passphrase" };
const TOKEN = "7000000001:torture-token";
/** From sending on, until "not applied" may be said; and the budget of one call to the exchange. */
const WINDOW_MS = 1000;
const TIMEOUT_MS = 500;

export const SET_MARGIN = /\/set-margin$/;
export const POSITION = /\/single-position$/;
export const BILLS = /\/account\/bill$/;

const ASKS_MAX = 3;

/** What is asked for in every case, and what the card's button says. */
export const DEEDS = {
  add: { line: "/margin btc long 50", button: "Add 50 USDT · BTC long", amount: "50" },
  remove: { line: "/margin btc long -20", button: "Remove 20 USDT · BTC long", amount: "-20" },
} as const satisfies Record<Direction, object>;

interface StartOptions {
  readonly kill?: KillOrder;
  readonly fail?: FailOrder;
  readonly clock?: ClockOrder;
  /** On top of what every bot here has. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface World {
  readonly exchange: PaperExchange;
  readonly telegram: Playground;
  readonly gate: Gate;
  /** Both are admins. Ann asks and presses. */
  readonly ann: Person;
  readonly bob: Person;
  readonly database: string;
  /** The bot that was started last. */
  bot(): Running;
  /** Starts the bot and waits until it is ready. */
  start(options?: StartOptions): Promise<Running>;
  /** Starts it without waiting, as one that is to die on its way up. */
  launch(options?: StartOptions): Running;
  close(): Promise<void>;
}

/** The way from the bot to the exchange, which can be closed. */
interface Gate {
  readonly url: string;
  /** From now on connections are refused; those that are open stay. */
  shut(): Promise<void>;
  /** From now on each connection ends once an answer has passed: at once and in order, or torn down a moment later. */
  cutAfterAnswers(how: "at once" | "later"): void;
  close(): void;
}

const CUT_MS = 15;

function createGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let cutting: "no" | "at once" | "later" = "no";
  const server = createServer((inside) => {
    const outside = openSocket(Number(port), hostname);
    open.add(inside);
    inside.pipe(outside).pipe(inside);
    outside.on("data", () => {
      if (cutting === "at once") inside.end();
      if (cutting === "later") setTimeout(() => inside.resetAndDestroy(), CUT_MS);
    });
    for (const [socket, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      socket.on("error", () => other.destroy());
      socket.on("close", () => other.destroy());
    }
    // A connection that the exchange tore down is torn down on this side, too.
    outside.on("error", () => inside.resetAndDestroy());
    inside.on("close", () => open.delete(inside));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("the gate has no port");
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        shut: () =>
          new Promise((done) => {
            server.close();
            setImmediate(done);
          }),
        cutAfterAnswers: (how) => {
          cutting = how;
        },
        close: () => {
          server.close();
          for (const socket of open) socket.destroy();
        },
      });
    });
  });
}

function preloaded({ kill, fail, clock }: StartOptions): NodeJS.ProcessEnv {
  if ((kill ?? fail ?? clock) === undefined) return {};
  return {
    NODE_OPTIONS: `--import=${new URL("preload.ts", import.meta.url)}`,
    ...(kill === undefined ? {} : { TORTURE_KILL: JSON.stringify(kill) }),
    ...(fail === undefined ? {} : { TORTURE_FAIL: JSON.stringify(fail) }),
    ...(clock === undefined ? {} : { TORTURE_CLOCK: JSON.stringify(clock) }),
  };
}

interface WorldOptions {
  /** The bot goes through the gate. */
  readonly gated?: boolean;
  readonly billSign?: BillSign;
}

async function createWorld({ gated = false, billSign = "position" }: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "margin-torture-"));
  const exchange = await createPaperExchange({ credentials: CREDENTIALS, moving: false, billSign });
  const telegram = await createPlayground({ token: TOKEN });
  const gate = await createGate(exchange.url);
  const database = join(folder, "bot.db");
  const running: Running[] = [];
  const environment = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    TELEGRAM_ADMIN_IDS: "501,502",
    BITGET_MODE: "live",
    BITGET_BASE_URL: gated ? gate.url : exchange.url,
    BITGET_API_KEY: CREDENTIALS.key,
    BITGET_API_SECRET: CREDENTIALS.secret,
    BITGET_API_PASSPHRASE: CREDENTIALS.passphrase,
    BITGET_TIMEOUT_MS: String(TIMEOUT_MS),
    SETTLE_WINDOW_S: String(WINDOW_MS / 1000),
    DATABASE_URL: `file:${database}`,
    HTTP_PORT: "0",
  };
  function launch(options: StartOptions = {}): Running {
    const bot = run({ env: { ...environment, ...options.env, ...preloaded(options) } });
    running.push(bot);
    return bot;
  }
  return {
    exchange,
    telegram,
    gate,
    ann: telegram.user({ id: 501, firstName: "Ann" }),
    bob: telegram.user({ id: 502, firstName: "Bob" }),
    database,
    bot: () => {
      const last = running.at(-1);
      if (last === undefined) throw new Error("no bot was started");
      return last;
    },
    launch,
    async start(options) {
      const bot = launch(options);
      await bot.ready;
      return bot;
    },
    async close() {
      await Promise.all(running.map((bot) => bot.stop("SIGKILL")));
      gate.close();
      await Promise.all([exchange.close(), telegram.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs `work` in a world of its own. */
export async function inWorld<T>(work: (world: World) => Promise<T>, options: WorldOptions = {}): Promise<T> {
  const world = await createWorld(options);
  try {
    return await work(world);
  } finally {
    await world.close();
  }
}

/** Ann asks for the adjustment and waits for its card; on a busy machine a read may run out of its budget, and she asks again. */
export async function ask({ ann }: World, direction: Direction, timeoutMs = 10_000): Promise<MessageView> {
  for (let times = 1; ; times++) {
    const { id } = ann.says(DEEDS[direction].line);
    const said = await ann.chat.waitFor(/Expires|could not be read/, { after: id, timeoutMs });
    if (/Expires/.test(said.text) || times === ASKS_MAX) return said;
  }
}

/** Presses the adjustment's button; gives the moment. */
export function press({ ann }: World, direction: Direction, card: MessageView): number {
  ann.presses(DEEDS[direction].button, { message: card });
  return Date.now();
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits until `look` gives something else than undefined; undefined when it did not in time. */
export async function poll<T>(look: () => T | undefined, timeoutMs: number, everyMs = 40): Promise<T | undefined> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const found = look();
    if (found !== undefined || Date.now() > until) return found;
    await pause(everyMs);
  }
}
