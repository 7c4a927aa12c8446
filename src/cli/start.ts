/** The command `start`: the bot, or without a token the playground with the bot as its child. */
import { startApp } from "../app.ts";
import { MACHINE } from "../clock.ts";
import { configure, type Settings } from "../config.ts";
import { BAD, EXIT, GOOD, StartError } from "../exit.ts";
import { createLogger, type Logger } from "../log.ts";
import { startWorld } from "../paper-mode.ts";
import { createRedact } from "../redact.ts";
import { readEnvironmentFile } from "./environment.ts";

/** Signals closer together than this, in ms, are one: a terminal sends Ctrl-C to npm and to us. */
const SAME_SIGNAL_MS = 1000;

/** Calls `stop` for the first signal; one that comes later than a second after it ends the process at once. */
function onSignals(stop: (signal: NodeJS.Signals) => void): void {
  let first: number | undefined;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (first === undefined) {
        first = MACHINE.monotonic();
        stop(signal);
      } else if (MACHINE.monotonic() - first > SAME_SIGNAL_MS) process.exit(BAD);
    });
  }
}

async function runBot(settings: Settings, logger: Logger, redact: ReturnType<typeof createRedact>): Promise<number> {
  const asked = new Promise<number>((resolve) => {
    onSignals(() => resolve(GOOD));
    // The world that this bot was started in is gone: nobody is left to talk to.
    process.on("disconnect", () => resolve(GOOD));
  });
  const starting = startApp(settings, logger, redact);
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

/** `start`: runs until it is stopped or breaks, and gives the exit code. */
export async function start(): Promise<number> {
  // The bot of the embedded world has its settings from the process that started it, and no file may add to them.
  if (process.env["PAPER_EXCHANGE_URL"] === undefined) readEnvironmentFile();
  const configured = configure(process.env);
  if (!configured.ok) {
    process.stderr.write(configured.faults.map((fault) => `${fault}\n`).join(""));
    return EXIT.configuration;
  }
  const { settings, secrets } = configured;
  const redact = createRedact(secrets);
  const logger = createLogger(settings.LOG_LEVEL, redact, (line) => process.stdout.write(line));
  const embedded = settings.BITGET_MODE === "paper" && settings.PAPER_EXCHANGE_URL === undefined;
  try {
    return await (embedded ? runWorld(settings, logger) : runBot(settings, logger, redact));
  } catch (error) {
    // Of what broke, only our own sentence and the kind are shown: error objects can carry addresses with tokens in them.
    const sentence = error instanceof Error ? error.message : "unknown";
    process.stderr.write(`${redact(sentence).split("\n", 1)[0]}\n`);
    return error instanceof StartError ? error.exitCode : EXIT.failed;
  }
}
