/**
 * Send: from `confirmed` to a verdict. The order is the promise: a place in the exchange's budget, a fresh look, the row
 * `sending` on disk, and only then the one call. Nothing here is ever done twice.
 */
import type { AuditEvent, EntryOf } from "../model/audit-event.ts";
import { entryOf, type Proposal } from "../model/proposal.ts";
import type { Refusal } from "../model/refusal.ts";
import type { PositionSnapshot } from "../model/snapshot.ts";
import { type Appended, TableBusyError } from "../ports/audit-trail.ts";
import type { Deps } from "../ports/deps.ts";
import type { Answer, RatePermit, SetMarginRequest } from "../ports/exchange.ts";
import { readPosition } from "../reads/read-position.ts";
import { frozenRefusal } from "../rules/frozen.ts";
import { lockRefusal } from "../rules/in-flight.ts";
import { movedSinceCardRefusal } from "../rules/moved-since-card.ts";
import { amountRefusalOf, judgePosition } from "../rules/rule-book.ts";
import { MONEY_PATIENCE_MS, recordAtLast } from "./record-at-last.ts";
import { checkRefusal } from "./refusal-check.ts";

/** Looks at one position that others may overtake before this adjustment is given up. */
const LOOKS_MAX = 3;
/** Looks that another program makes void, as it holds the table: each was followed by a wait of `MONEY_PATIENCE_MS`. */
const BUSY_LOOKS_MAX = 30;

/** The last row of a sending: what the one call came to, or why there was none. */
export type LastEntry = EntryOf<"refused"> | EntryOf<"accepted"> | EntryOf<"rejected"> | EntryOf<"unknown">;

/** Hears of a last row that the table does not take at once: what it says is known, and held. */
export type HeldEntry = (entry: LastEntry, isBusy: boolean) => void;

/** Writes the last row of an adjustment that is to be sent, however long the table takes none. */
function recordEnd(deps: Deps, entry: LastEntry, held: HeldEntry): Promise<AuditEvent> {
  const write = () => deps.events.append(entry, MONEY_PATIENCE_MS);
  return recordAtLast(deps, write, (isBusy) => held(entry, isBusy)).then((appended) => {
    if (!appended.ok) throw new Error(`the audit table did not allow ${entry.step} after ${appended.step}`);
    return appended.event;
  });
}

function refusedEntry(proposal: Proposal, refusal: Refusal): LastEntry {
  return entryOf(proposal, "refused", { refusal }, { code: refusal.code });
}

async function freshLook(
  deps: Deps,
  proposal: Proposal,
): Promise<{ readonly refusal: Refusal } | { readonly seen: PositionSnapshot }> {
  const { adjustment, seen: shown } = proposal;
  const key = adjustment.position;
  const moved = await movedSinceCardRefusal(deps, proposal);
  const read = await readPosition(deps, key, adjustment.direction === "remove");
  const look = await judgePosition(deps, key, read, shown);
  if ("refusal" in look) return look;
  const refusal = (await amountRefusalOf(deps, proposal, look, shown)) ?? moved;
  return refusal === undefined ? look : { refusal };
}

/** What was seen of a position, and the newest row of its symbol when the look began: a later one may make it void. */
interface Overtakable {
  readonly before: PositionSnapshot;
  readonly newestAtLook: number;
}

/** What the row `sending` says of the call: the look before it, and the timestamp that is signed. */
interface Prepared {
  readonly before: PositionSnapshot;
  /** In ms of the exchange's clock. */
  readonly serverAt: number;
}

/**
 * The row `sending`: durable before the first byte leaves. The table lets it in, or says which guard keeps it out. `busy`:
 * another program held it for so long that the look is none any more.
 */
async function recordSending(
  deps: Deps,
  proposal: Proposal,
  request: SetMarginRequest,
  { before, newestAtLook, serverAt }: Overtakable & Prepared,
): Promise<Appended | "busy"> {
  const { body, bodySha256 } = request;
  const clockErrorMs = deps.exchange.clockErrorMs();
  const detail = { body, bodySha256, before, newestAtLook, serverAt, clockErrorMs };
  try {
    return await deps.events.append(entryOf(proposal, "sending", detail), MONEY_PATIENCE_MS);
  } catch (error) {
    if (error instanceof TableBusyError) return "busy";
    throw error;
  }
}

/**
 * Looks at the position and writes `sending`. Where money of the symbol moved during the look, that was no look, and the
 * next one shows what changed. Gives what was seen when the row stands, or why nothing goes out.
 */
async function prepare(
  deps: Deps,
  proposal: Proposal,
  request: SetMarginRequest,
): Promise<{ readonly refusal: Refusal } | Prepared> {
  const { account, symbol, marginCoin } = proposal.adjustment.position;
  let busy = 0;
  for (let overtaken = 0; overtaken < LOOKS_MAX && busy < BUSY_LOOKS_MAX; ) {
    const halted = houseRefusal(deps);
    if (halted !== undefined) return { refusal: halted };
    const newestAtLook = await deps.projections.newestOf(account, symbol, marginCoin);
    const fresh = await freshLook(deps, proposal);
    if ("refusal" in fresh) return fresh;
    const prepared: Prepared = { before: fresh.seen, serverAt: deps.exchange.serverNow() };
    const appended = await recordSending(deps, proposal, request, { ...prepared, newestAtLook });
    if (appended === "busy") {
      busy += 1;
      continue;
    }
    if (appended.ok) return prepared;
    if (appended.guard === "frozen") return { refusal: { code: "frozen" } };
    if (appended.guard === "step") throw new Error(`the audit table did not allow sending after ${appended.step}`);
    const locked = await lockRefusal(deps, proposal.adjustment.position);
    if (locked !== undefined) return { refusal: locked };
    overtaken += 1;
  }
  return { refusal: { code: busy < BUSY_LOOKS_MAX ? "overtaken" : "table_busy" } };
}

/** Why nothing goes out just now, whatever was confirmed; undefined when it may. */
function houseRefusal(deps: Deps): Refusal | undefined {
  return deps.closing() ? { code: "closing" } : frozenRefusal(deps);
}

/** The row that says what came back. */
function answerEntry(proposal: Proposal, answer: Answer): LastEntry {
  const { exchanged } = answer;
  const named = { code: exchanged.code ?? exchanged.fault ?? "" };
  switch (answer.kind) {
    case "accepted":
      return entryOf(proposal, "accepted", { exchanged }, named);
    case "rejected":
      return entryOf(proposal, "rejected", { why: answer.why, exchanged }, named);
    case "unknown":
      return entryOf(proposal, "unknown", { refused: answer.refused, exchanged }, named);
  }
}

/** What the one call came to, as the row to write; `refused` where there was none. */
async function sendWithPermit(deps: Deps, proposal: Proposal, permit: RatePermit): Promise<LastEntry> {
  const request = deps.exchange.buildRequest(proposal.adjustment);
  const prepared = await prepare(deps, proposal, request);
  if ("refusal" in prepared) return refusedEntry(proposal, prepared.refusal);
  const mayStart = () => houseRefusal(deps) === undefined;
  const answer = await deps.exchange.adjustMargin(request, permit, prepared.serverAt, mayStart);
  return answerEntry(proposal, await checkRefusal(deps, answer, proposal.adjustment.position, prepared.before));
}

/**
 * Carries out a confirmed proposal, once, and gives the last row written. Where the table does not take that row, `held`
 * hears what it says, and it is written as soon as it can be. Throws `UnwrittenError` when the table takes no row before the
 * call, or until the process goes down; what stands there then (`confirmed`: nothing was sent; `sending`: not known) is
 * settled by `giveUp` or at the next start. Any other error is a bug: see `giveUp`.
 */
export async function send(deps: Deps, proposal: Proposal, held: HeldEntry = () => undefined): Promise<AuditEvent> {
  const permit = await deps.exchange.takePermit(proposal.adjustment.position.account);
  const end =
    permit === undefined ? refusedEntry(proposal, { code: "waited" }) : await sendWithPermit(deps, proposal, permit);
  return recordEnd(deps, end, held);
}
