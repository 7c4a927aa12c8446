/** The command line as an operator runs it, from a folder in which nothing else lies. */
import { fileURLToPath } from "node:url";
import { run } from "./process.ts";
import { temporaryFolder } from "./world.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function cli(args: readonly string[], env: NodeJS.ProcessEnv, cwd = temporaryFolder()): Promise<Ran> {
  const running = run({ args: [MAIN, ...args], env, cwd });
  const ran = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    running.child[name]?.on("data", (part: Buffer) => {
      ran[name] += part.toString("utf8");
    });
  }
  return { code: (await running.ended).code, ...ran };
}
