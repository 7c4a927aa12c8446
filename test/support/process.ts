/** The bot as its operator starts it: a child process, joined to the stand-ins by HTTP and environment alone. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Line {
  readonly event?: string;
  readonly [field: string]: unknown;
}

export interface Running {
  readonly child: ChildProcess;
  /** The ready line; rejects with all output when the process ends before it. */
  readonly ready: Promise<Line & { http: string; mode: string; bot: string; exchange: string }>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly lines: readonly Line[];
  /** Everything that was written, to both streams. */
  output(): string;
  /** Resolves when a line of this event was logged, for the first or a later time. */
  logged(event: string, time?: number): Promise<Line>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Only what every process needs: nothing of the developer's own settings may leak into a test. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, NO_COLOR: "1" };
}

export interface Command {
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

export function run({ command = process.execPath, args = ["src/main.ts", "start"], env, cwd }: Command): Running {
  const child = spawn(command, args, {
    env: { ...cleanEnvironment(), ...env },
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: Line[] = [];
  const watchers = new Set<() => void>();
  let output = "";
  const see = (text: string) => {
    output += `${text}\n`;
    if (text.startsWith("{")) lines.push(JSON.parse(text) as Line);
    for (const watcher of watchers) watcher();
  };
  createInterface({ input: child.stdout }).on("line", see);
  createInterface({ input: child.stderr }).on("line", see);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const logged = (event: string, time = 1) =>
    new Promise<Line>((resolve, reject) => {
      const readPosition = () => {
        const line = lines.filter((item) => item.event === event)[time - 1];
        if (line !== undefined) resolve(line);
      };
      watchers.add(readPosition);
      void ended.then(() => reject(new Error(`the process ended without "${event}":\n${output}`)));
      readPosition();
    });
  const ready = logged("ready") as Running["ready"];
  ready.catch(() => undefined);
  return {
    child,
    ready,
    ended,
    lines,
    output: () => output,
    logged,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      return (await ended).code;
    },
  };
}
