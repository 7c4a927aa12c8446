/**
 * What must be true of a world, whatever happened in it: the exchange's own ledger against the bot's books and words.
 * The books are read from the file, not asked of the bot.
 */
import { createHash } from "node:crypto";
import Database from "better-sqlite3";
import { verifyFile } from "../../src/audit/verify.ts";
import { pause, poll, SET_MARGIN, type World } from "./world.ts";

export interface Row {
  readonly seq: number;
  readonly at: number;
  readonly adjustment: string;
  readonly step: string;
  readonly direction: string;
  readonly amount: string;
  readonly code: string;
  readonly detail: string;
  readonly hash: string;
}

export interface Books {
  readonly rows: readonly Row[];
  /** Numbers of the verdicts that were recorded and not told. */
  readonly untold: readonly number[];
}

const APPLIED = ["accepted", "applied"];
const OPEN = ["sending", "unknown"];
const UNDONE = ["refused", "rejected", "not_applied", "cancelled", "expired"];
/** The steps that end in a verdict, by the word it begins with. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  Done: APPLIED,
  "Not done": ["refused", "rejected", "not_applied"],
  "Not known yet": ["unknown"],
};
const VERDICT = /^(Done|Not done|Not known yet)/;
const ANCHOR = /^#(\d+) ([0-9a-f]{16})$/m;
const NOTHING = /nothing was (?:changed|sent)/i;
/** Texts that call a person: the evidence does not decide, or the bot stands still. */
const CALLED = /needs a person|is still not known\.|^Frozen:/;

/** The books as they are in the file; empty while there is none. */
export function booksOf({ database }: World): Books {
  try {
    const db = new Database(database, { readonly: true, fileMustExist: true, timeout: 1000 });
    try {
      const rows = db.prepare("SELECT * FROM audit_event ORDER BY seq").all() as Row[];
      const untold = db.prepare("SELECT seq FROM untold ORDER BY seq").all() as { seq: number }[];
      return { rows, untold: untold.map(({ seq }) => seq) };
    } finally {
      db.close();
    }
  } catch {
    return { rows: [], untold: [] };
  }
}

/** The last row of each adjustment, in the order of their first ones. */
function currentlyAt({ rows }: Books): Row[] {
  return [...new Map(rows.filter(({ adjustment }) => adjustment !== "").map((row) => [row.adjustment, row])).values()];
}

/** Where the adjustment of the case stands: the first adjustment that was proposed. */
export function deedOf(books: Books): Row | undefined {
  const first = books.rows.find(({ step }) => step === "proposed");
  return currentlyAt(books).find(({ adjustment }) => adjustment === first?.adjustment);
}

/** Where an adjustment ends of which nothing was ever written. */
export const NOTHING_ENDS = "nothing";
const VANISH_MS = 1500;

interface Said {
  readonly at: number;
  readonly text: string;
  readonly method: string;
}

/** Everything that the bot said or tried to say, in order: messages, edits, toasts. */
function saidIn({ telegram }: World): Said[] {
  const speaking = ["sendMessage", "editMessageText", "answerCallbackQuery"];
  return telegram
    .calls()
    .filter(({ method, params }) => speaking.includes(method) && typeof params["text"] === "string")
    .map(({ at, method, params }) => ({ at, method, text: params["text"] as string }));
}

/** What stands in the chats of the admins, as they see it. */
export function shownIn({ ann, bob }: World): string[] {
  return [ann, bob].flatMap(({ chat }) =>
    chat
      .messages()
      .filter(({ byBot }) => byBot)
      .map(({ text }) => text),
  );
}

function isPersonCalled(world: World): boolean {
  return shownIn(world).some((text) => CALLED.test(text));
}

function isSettled(books: Books): boolean {
  const deed = deedOf(books);
  return deed !== undefined && (APPLIED.includes(deed.step) || UNDONE.includes(deed.step)) && books.untold.length === 0;
}

/**
 * Waits until the adjustment has ended and its verdict was told, or a person was called and nothing more came of it for
 * `lingerMs`. Gives false when neither happened in time.
 */
export async function settled(world: World, { timeoutMs = 12_000, lingerMs = 700 } = {}): Promise<boolean> {
  let calledAt: number | undefined;
  const look = () => {
    if (isSettled(booksOf(world))) return true;
    if (isPersonCalled(world)) calledAt ??= Date.now();
    return calledAt !== undefined && Date.now() - calledAt > lingerMs ? true : undefined;
  };
  return (await poll(look, timeoutMs)) ?? false;
}

function sum(amounts: readonly string[]): number {
  // Whole coins only: the adjustments of this harness have no decimals.
  return amounts.reduce((total, amount) => total + Number(amount), 0);
}

function signed({ direction, amount }: Row): string {
  return direction === "remove" ? `-${amount}` : amount;
}

function callsOf({ exchange }: World) {
  return exchange.calls.filter(({ path, method }) => method === "POST" && SET_MARGIN.test(path));
}

/** A call is signed with the time that its row \`sending\` says: so each is told whose it is, twins included. */
function isCallOf({ detail }: Row, { signedAt }: { readonly signedAt: number | undefined }): boolean {
  return signedAt !== undefined && (JSON.parse(detail) as { serverAt?: number }).serverAt === signedAt;
}

/** How often the exchange changed a margin for this adjustment. */
function appliedFor(world: World, { rows }: Books, deed: Row): number {
  const own = rows.find(({ step, adjustment }) => step === "sending" && adjustment === deed.adjustment);
  const calls = callsOf(world).filter((call) => own !== undefined && isCallOf(own, call));
  return calls.reduce((times, { applied }) => times + applied, 0);
}

function callFaults(world: World, { rows }: Books): string[] {
  const calls = callsOf(world);
  const confirmed = rows.filter(({ step }) => step === "confirmed").length;
  const faults = calls.length > confirmed ? [`${calls.length} calls for ${confirmed} confirmations`] : [];
  const sendings = rows.filter(({ step }) => step === "sending");
  for (const call of calls) {
    const row = sendings.find((sending) => isCallOf(sending, call));
    if (row === undefined) faults.push("a call is not signed with the time of a row `sending`");
    else if ((JSON.parse(row.detail) as { body: string }).body !== call.body)
      faults.push("the row `sending` holds other bytes");
    const digest = createHash("sha256").update(call.body).digest("hex");
    if (row !== undefined && !row.detail.includes(digest)) faults.push("the row `sending` holds another digest");
  }
  if (calls.length > sendings.length) faults.push(`${calls.length} calls for ${sendings.length} rows \`sending\``);
  return faults;
}

function ledgerFaults(world: World, books: Books, excess: boolean): string[] {
  const faults: string[] = [];
  const ends = currentlyAt(books);
  for (const end of ends) {
    const times = appliedFor(world, books, end);
    if (APPLIED.includes(end.step) && times !== 1 && !(excess && times > 1)) {
      faults.push(`the books say ${end.step}, the exchange applied it ${times} times`);
    }
    if (UNDONE.includes(end.step) && times !== 0) {
      faults.push(`the books say ${end.step} (${end.code}), the exchange applied it ${times} times`);
    }
  }
  const open = ends.filter(({ step }) => OPEN.includes(step));
  const said = sum(ends.filter(({ step }) => APPLIED.includes(step)).map(signed));
  const done = sum(world.exchange.applied().map(({ amount }) => amount));
  if (open.length === 0 && said !== done && !excess) faults.push(`the books' sum is ${said}, the ledger's is ${done}`);
  if (open.length > 0 && !isPersonCalled(world)) faults.push(`it stands at ${open[0]?.step}, and no person was called`);
  return faults;
}

function anchored(text: string, rows: readonly Row[]): Row | undefined {
  const [, seq, hash = ""] = ANCHOR.exec(text) ?? [];
  return rows.find((row) => row.seq === Number(seq) && row.hash.startsWith(hash));
}

function verdictFaults(world: World, books: Books, { text, at }: Said): string[] {
  const [word = ""] = VERDICT.exec(text) ?? [];
  if (word === "" || !ANCHOR.test(text)) return [];
  const row = anchored(text, books.rows);
  if (row === undefined) return [`"${word}" with an anchor that no row has`];
  const faults: string[] = [];
  if (!WORDS[word]?.includes(row.step)) faults.push(`"${word}" was said of a row ${row.step}`);
  const times = appliedFor(world, books, row);
  if (word === "Done" && !callsOf(world).some((call) => call.applied > 0 && call.at <= at)) {
    faults.push(`"Done" was said, and nothing had been applied`);
  }
  if (word === "Not done" && times > 0) faults.push(`"Not done" was said, and it was applied`);
  return faults;
}

/**
 * A sentence that nothing was changed, in whatever text, must not be said of an adjustment that was applied by then. What a
 * message of its own did not do is another matter.
 */
function denialFaults(world: World, { text, at }: Said): string[] {
  if (!NOTHING.test(text) || ANCHOR.test(text) || /by this (?:message|press)/.test(text)) return [];
  const moved = callsOf(world).some((call) => call.applied > 0 && call.at <= at);
  return moved ? [`"${text.split("\n", 1)[0]}" was said after the exchange had applied it`] : [];
}

function orderFaults(world: World, { rows }: Books): string[] {
  const told = world.ann.chat
    .messages()
    .flatMap(({ byBot, text }) => (byBot && VERDICT.test(text) ? (anchored(text, rows) ?? []) : []));
  const faults: string[] = [];
  for (const [index, row] of told.entries()) {
    const before = told[index - 1];
    if (before !== undefined && before.seq > row.seq) faults.push(`verdict ${row.step} was told after ${before.step}`);
  }
  return faults;
}

function untoldFaults(world: World, books: Books): string[] {
  const shown = shownIn(world);
  const verdicts = books.rows.filter(({ step, adjustment, seq }) => {
    const isFirst = books.rows.find((row) => row.adjustment === adjustment)?.seq === seq;
    return Object.values(WORDS).some((steps) => steps.includes(step)) && !isFirst;
  });
  const missing = verdicts.filter(
    ({ seq, hash }) => !shown.some((text) => text.includes(`#${seq} ${hash.slice(0, 16)}`)),
  );
  return [
    ...missing.map(({ step, seq }) => `verdict ${step} (row ${seq}) was never told`),
    ...books.untold.map((seq) => `row ${seq} still waits to be told`),
  ];
}

export interface Expectation {
  /** Where the adjustment must have ended; anything that is true when absent. */
  readonly ends?: readonly string[];
  /** The exchange moved more than it was asked to: the books cannot agree, and a person must have been called. */
  readonly excess?: boolean;
  /** Words after this moment answer a question of the harness. */
  readonly until?: number;
}

/** What is wrong with the world; empty where all is as it must be. */
export function judge(
  world: World,
  { ends, excess = false, until = Number.POSITIVE_INFINITY }: Expectation = {},
): string[] {
  const books = booksOf(world);
  const said = saidIn(world).filter(({ at }) => at <= until);
  const anchors = said.flatMap(({ text }) => {
    const row = anchored(text, books.rows);
    return row === undefined ? [] : [{ seq: row.seq, hash: row.hash.slice(0, 16) }];
  });
  const chain = verifyFile(world.database, anchors);
  const end = deedOf(books)?.step ?? NOTHING_ENDS;
  return [
    ...(chain.kind === "ok" ? [] : [`the chain does not verify: ${chain.reason}`]),
    ...callFaults(world, books),
    ...ledgerFaults(world, books, excess),
    ...said.flatMap((one) => [...verdictFaults(world, books, one), ...denialFaults(world, one)]),
    ...orderFaults(world, books),
    ...untoldFaults(world, books),
    ...(ends === undefined || ends.includes(end) ? [] : [`it ended at ${end}, not at ${ends.join(" or ")}`]),
    ...(excess && !isPersonCalled(world) ? ["the exchange moved more than was asked, and no person was called"] : []),
  ];
}

/** Asks for another card on the symbol: there is one, unless money may still be under way there. */
export async function probe(world: World, free = /Expires/): Promise<string[]> {
  const deed = deedOf(booksOf(world));
  const isOpen = deed !== undefined && OPEN.includes(deed.step);
  const { id } = world.ann.says("/margin btc long 3");
  const said = await world.ann.chat
    // The answer to something said before may come after this line.
    .waitFor(({ replyTo = id }) => replyTo === id, { after: id, timeoutMs: 5000 })
    .catch(() => undefined);
  if (said === undefined) return ["the bot did not answer a new line"];
  // Where the position itself is gone, that is said before anything else.
  const isLocked = /is still not known\. Until/.test(said.text) || (free.test(said.text) && !/Expires/.test(said.text));
  return (isOpen ? isLocked : free.test(said.text))
    ? []
    : [`a new line was answered: ${said.text.replaceAll("\n", " / ")}`];
}

/** The whole story, for whoever has to find out why a case failed. */
export function story(world: World): string {
  const rows = booksOf(world).rows.map(({ seq, step, code }) => `${seq} ${step} ${code}`);
  return `\nbooks: ${rows.join(", ")}\nannS chat:\n${world.ann.chat.transcript()}`.replace("annS", "Ann's");
}

/** Waits for the end, then judges, then asks whether the symbol is free again. */
export async function verdictOn(
  world: World,
  expectation: Expectation & { timeoutMs?: number; lingerMs?: number; free?: RegExp } = {},
): Promise<string[]> {
  const { timeoutMs, lingerMs, free, ...rest } = expectation;
  const waits = { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(lingerMs === undefined ? {} : { lingerMs }) };
  // A line that was read and died with its process leaves nothing at all.
  const mayVanish = rest.ends?.includes(NOTHING_ENDS) === true;
  if (mayVanish) await pause(VANISH_MS);
  const ended = (mayVanish && deedOf(booksOf(world)) === undefined) || (await settled(world, waits));
  const until = Date.now();
  const faults = ended ? [] : [`it stands at ${deedOf(booksOf(world))?.step ?? "nothing"} and is not settled`];
  faults.push(...judge(world, { ...rest, until }), ...(await probe(world, free)));
  return faults.length === 0 ? [] : [`${faults.join("; ")}${story(world)}`];
}
