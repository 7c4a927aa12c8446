/** Starts the stub process and hears from it when a POST, or a card, has arrived as a whole. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const WAIT_MS = 10_000;

export interface Card {
  readonly receivedAt: bigint;
  readonly body: string;
}

interface Report {
  readonly kind: "posted" | "card" | "verdict";
  readonly receivedAt: string;
  readonly body: string;
}

export interface Stub {
  readonly bitget: string;
  readonly telegram: string;
  /** The next POST whose last byte arrives at the exchange: when, by this machine's monotonic clock, in ns. */
  posted(): Promise<bigint>;
  /** The next card whose last byte arrives at Telegram: the same, and its body. */
  card(): Promise<Card>;
  /** The next verdict `Done` whose last byte arrives at Telegram: when. */
  verdict(): Promise<bigint>;
  close(): void;
}

function next<T>(child: ChildProcess, isMeant: (message: T) => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.off("message", hear);
      reject(new Error("nothing was heard from the stub"));
    }, WAIT_MS);
    const hear = (message: unknown) => {
      if (!isMeant(message as T)) return;
      clearTimeout(timer);
      child.off("message", hear);
      resolve(message as T);
    };
    child.on("message", hear);
  });
}

export async function startStub(): Promise<Stub> {
  const child = fork(fileURLToPath(new URL("stub-server.ts", import.meta.url)));
  const urls = await next<{ bitget: string; telegram: string }>(child, () => true);
  const reported = (kind: Report["kind"]) => next<Report>(child, (report) => report.kind === kind);
  const arrival = async (kind: Report["kind"]) => BigInt((await reported(kind)).receivedAt);
  return {
    ...urls,
    posted: () => arrival("posted"),
    verdict: () => arrival("verdict"),
    card: async () => {
      const { receivedAt, body } = await reported("card");
      return { receivedAt: BigInt(receivedAt), body };
    },
    close: () => void child.disconnect(),
  };
}
