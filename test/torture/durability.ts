/**
 * The order on disk and wire: a trace of system calls shows that the row `sending` was synced before the first byte of
 * the one call that moves money was written to a socket.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openBotWorld } from "./durability-bot.ts";

const STRACE = "/usr/bin/strace";
const CALLS = "fsync,fdatasync,connect,sendto,write,writev,sendmsg,pwrite64,pwritev";
/** Longest text of a call in the trace, in bytes: a whole page of the log with its header. */
const TEXT_MAX = 16_384;
const ROW = "bodySha256";
const POST = "POST /api/v2/mix/account/set-margin";

class MissingStrace extends Error {
  constructor() {
    super(`${STRACE} is missing, and the order on disk and wire cannot be shown: apt-get install --yes strace`);
  }
}

interface Called {
  readonly name: string;
  readonly text: string;
  /** Numbers of the lines at which it began and ended. */
  readonly begun: number;
  ended: number;
  result: string;
}

const BEGUN = /^(\d+)\s+(\w+)\((.*)$/s;
const RESUMED = /^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$/s;
const RESULT = /\)\s+= (-?\d+|\?)(?:[^)]*)$/;

/** The calls of a trace, in the order in which they began. Threads interleave: a call may end many lines later. */
function readTrace(trace: string): readonly Called[] {
  const calls: Called[] = [];
  const unfinished = new Map<string, Called>();
  for (const [number, line] of trace.split("\n").entries()) {
    const resumed = RESUMED.exec(line);
    const [, thread = "", name = "", text = ""] = resumed ?? BEGUN.exec(line) ?? [];
    const open = unfinished.get(thread);
    if (resumed !== null && open !== undefined) {
      open.ended = number;
      open.result = RESULT.exec(text)?.[1] ?? "";
      unfinished.delete(thread);
    } else if (resumed === null && name !== "") {
      const isOpen = text.endsWith("<unfinished ...>");
      const call = { name, text, begun: number, ended: number, result: RESULT.exec(text)?.[1] ?? "" };
      calls.push(call);
      if (isOpen) unfinished.set(thread, { ...call, ended: Number.POSITIVE_INFINITY });
      if (isOpen) calls[calls.length - 1] = unfinished.get(thread) ?? call;
    }
  }
  return calls;
}

/** What is wrong with the order in this trace, in words; undefined when it is as it must be. */
export function orderFault(trace: string, port: string): string | undefined {
  const calls = readTrace(trace);
  const post = calls.find(({ text, name }) => /^(?:write|writev|sendto|sendmsg)$/.test(name) && text.includes(POST));
  if (post === undefined) return "the trace has no call to set-margin";
  if (!post.text.includes(`:${port}]`)) return `the call went to another socket: ${post.text.slice(0, 120)}`;
  const row = calls.find(({ name, text }) => name.startsWith("pwrite") && text.includes("-wal>") && text.includes(ROW));
  if (row === undefined) return "the trace has no row `sending`";
  const isSync = ({ name, text }: Called) => /^f(?:data)?sync$/.test(name) && text.includes("-wal>");
  const synced = calls.find((call) => isSync(call) && call.begun > row.ended && call.result === "0");
  if (synced === undefined) return "the row `sending` was never synced";
  if (synced.ended >= post.begun) return `the call began at line ${post.begun}, the sync ended at ${synced.ended}`;
  return undefined;
}

async function once(word: "Add" | "Remove"): Promise<string | undefined> {
  const world = await openBotWorld();
  try {
    const trace = join(world.folder, "trace");
    const strace = [
      STRACE,
      "-D",
      "-f",
      "-yy",
      "-s",
      `${TEXT_MAX}`,
      "-e",
      `trace=${CALLS}`,
      "-e",
      "signal=none",
      "-o",
      trace,
    ];
    const bot = await world.start({}, strace);
    world.ann.says(`/margin btc long ${word === "Add" ? "" : "-"}50`);
    await world.ann.chat.waitFor(/Expires/);
    world.ann.presses(`${word} 50 USDT · BTC long`);
    await world.ann.chat.waitFor(/^Done/, { timeoutMs: 30_000 });
    await bot.stop();
    return orderFault(readFileSync(trace, "utf8"), new URL(world.exchange.url).port);
  } finally {
    await world.close();
  }
}

const RUNS = { part: 1, whole: 10 } as const;

/** Throws `MissingStrace` where the trace cannot be made. */
export async function durability({ scale }: { seed: number; scale: "part" | "whole" }) {
  if (!existsSync(STRACE)) throw new MissingStrace();
  const failures: string[] = [];
  const cases = RUNS[scale];
  for (let run = 0; run < cases; run++) {
    const fault = await once(run % 2 === 0 ? "Add" : "Remove");
    if (fault !== undefined) failures.push(`run ${run + 1}: ${fault}`);
  }
  const note = "fsync of the row `sending` ends before the first byte of the call, by strace";
  return { method: "durability", cases, survived: cases - failures.length, failures, note };
}
