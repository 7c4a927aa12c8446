/** The newest row that people were told of, kept beside the database: an old copy put back in its place shows. */
import { readFileSync } from "node:fs";
import { replaceFile } from "../store/durable-file.ts";
import type { Anchor } from "./verify.ts";

const HASH = /^[0-9a-f]{64}$/;

/** The anchor in the file beside the database. */
export interface KeptAnchor extends Anchor {
  /** Until when (ms of the exchange's clock) a bot looked on with nothing of its own under way or untold. */
  readonly quietAt?: number;
}

/** The anchor in the file; undefined when there is none that can be read. */
export function readAnchorFile(path: string): KeptAnchor | undefined {
  try {
    const { seq, hash, quietAt } = JSON.parse(readFileSync(path, "utf8")) as Partial<KeptAnchor>;
    if (seq === undefined || !Number.isSafeInteger(seq) || hash === undefined || !HASH.test(hash)) return undefined;
    return { seq, hash, ...(Number.isSafeInteger(quietAt) ? { quietAt: quietAt as number } : {}) };
  } catch {
    return undefined;
  }
}

/** Replaces the anchor, on disk when this returns. Throws where the file cannot be written. */
export function writeAnchorFile(path: string, { seq, hash, quietAt }: KeptAnchor): void {
  replaceFile(path, `${JSON.stringify({ seq, hash, quietAt })}\n`);
}
