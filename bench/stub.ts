/** Starts the stub process and hears from it when a POST has arrived as a whole. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const WAIT_MS = 10_000;

export interface Stub {
  readonly bitget: string;
  readonly telegram: string;
  /** The next POST whose last byte arrives at the exchange: when, by this machine's monotonic clock, in ns. */
  posted(): Promise<bigint>;
  close(): void;
}

function next<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("nothing was heard from the stub")), WAIT_MS);
    child.once("message", (message) => {
      clearTimeout(timer);
      resolve(message as T);
    });
  });
}

export async function startStub(): Promise<Stub> {
  const child = fork(fileURLToPath(new URL("stub-server.ts", import.meta.url)));
  const urls = await next<{ bitget: string; telegram: string }>(child);
  return {
    ...urls,
    posted: async () => BigInt((await next<{ receivedAt: string }>(child)).receivedAt),
    close: () => void child.disconnect(),
  };
}
