/** The newest row that people were told of, kept beside the database: an old copy put back in its place shows. */
import { readFileSync } from "node:fs";
import { replaceFile } from "../store/durable-file.ts";
import type { Anchor } from "./verify.ts";

const HASH = /^[0-9a-f]{64}$/;

/** The anchor in the file; undefined when there is none that can be read. */
export function readAnchorFile(path: string): Anchor | undefined {
  try {
    const { seq, hash } = JSON.parse(readFileSync(path, "utf8")) as Partial<Anchor>;
    const sound = Number.isSafeInteger(seq) && HASH.test(hash ?? "");
    return sound ? { seq: seq as number, hash: hash as string } : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the anchor, on disk when this returns. Throws where the file cannot be written. */
export function writeAnchorFile(path: string, { seq, hash }: Anchor): void {
  replaceFile(path, `${JSON.stringify({ seq, hash })}\n`);
}
