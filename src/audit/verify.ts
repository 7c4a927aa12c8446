/** Recomputes the chain from a database file alone, and checks that its steps could have happened as told. */
import { isMalformed, openReader, type Reader } from "../store/reader.ts";
import { GENESIS } from "./row.ts";
import { type Link, linkFault, readDetail, startWalk } from "./walk.ts";

/** The head of the chain as somebody holds it: 16 to 64 hexadecimal digits of the row's hash. */
export interface Anchor {
  readonly seq: number;
  readonly hash: string;
}

/** What a look at the table came to: sound with its head, broken at a row and why, or not to be looked at. */
export type Verification =
  | { readonly kind: "ok"; readonly seq: number; readonly hash: string }
  | { readonly kind: "broken"; readonly seq: number; readonly reason: string }
  | { readonly kind: "unreadable"; readonly reason: string };

function check(reader: Reader, anchors: readonly Anchor[]): Verification {
  const broken = reader.fault();
  if (broken !== undefined) return { kind: "broken", seq: 0, reason: broken };
  const walk = startWalk(reader);
  for (const row of reader.chain(0)) {
    const fault = walk.take(row);
    if (fault !== undefined) return { kind: "broken", seq: row.seq, reason: fault };
    const anchor = anchors.find(({ seq, hash }) => seq === row.seq && !row.hash.startsWith(hash));
    if (anchor !== undefined) return { kind: "broken", seq: row.seq, reason: "is not the row that the anchor names" };
  }
  const { seq, hash } = walk.last();
  const lost = anchors.find((anchor) => anchor.seq > seq || (anchor.seq === 0 && !GENESIS.startsWith(anchor.hash)));
  if (lost !== undefined) return { kind: "broken", seq: lost.seq, reason: "the anchored row is missing" };
  const fault = reader.headFault(walk.steps());
  return fault === undefined ? { kind: "ok", seq, hash } : { kind: "broken", seq, reason: fault };
}

/** Rows that are looked at where no anchor says how far people have checked. */
const TAIL = 1000;

function checkTail(reader: Reader, anchor: Anchor | undefined): Verification {
  const head = reader.lastSeq();
  if (anchor !== undefined && anchor.seq > head) {
    return { kind: "broken", seq: anchor.seq, reason: "the anchored row is missing" };
  }
  const from = anchor?.seq ?? Math.max(1, head - TAIL);
  let last: Link | undefined;
  for (const row of reader.chain(from)) {
    const fault = linkFault(row, last ?? { seq: row.seq - 1, hash: row.prevHash }) ?? readDetail(row).fault;
    if (fault !== undefined) return { kind: "broken", seq: row.seq, reason: fault };
    if (row.seq === anchor?.seq && row.hash !== anchor.hash) {
      return { kind: "broken", seq: row.seq, reason: "is not the row that the anchor names" };
    }
    last = { seq: row.seq, hash: row.hash };
  }
  return { kind: "ok", seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS };
}

/** Verifies the chain from the anchor on, or the newest thousand rows: quick enough to wait for at a start. */
export function verifyTail(path: string, anchor: Anchor | undefined): Verification {
  return withReader(path, (reader) => checkTail(reader, anchor));
}

/**
 * Verifies the audit table in the file at `path` against itself, its guards and the anchors that somebody holds.
 * Reads only, and works on a copy.
 */
export function verifyFile(path: string, anchors: readonly Anchor[]): Verification {
  return withReader(path, (reader) => check(reader, anchors));
}

function withReader(path: string, work: (reader: Reader) => Verification): Verification {
  const opened = openReader(path);
  if (!opened.ok) {
    const { why, reason } = opened;
    return why === "malformed" ? { kind: "broken", seq: 0, reason } : { kind: "unreadable", reason };
  }
  try {
    return work(opened.reader);
  } catch (error) {
    if (isMalformed(error)) return { kind: "broken", seq: 0, reason: "the file is damaged" };
    return { kind: "unreadable", reason: "the database file is locked or cannot be read" };
  } finally {
    opened.reader.close();
  }
}
