/**
 * Our own mutants: each takes one guard out of a copy of the tree, and a test that we name beforehand must fail there.
 * A mutant whose text is no longer found is a failure too: nobody may believe in a guard that was moved away.
 */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const COPIED = ["src", "test", "prisma", "package.json", "tsconfig.json", "vitest.config.ts"];
const GUARDS = "test/torture/guards.test.ts";
const AUDIT = "prisma/migrations/0001_audit/migration.sql";
const SETTLING = "prisma/migrations/0002_settling/migration.sql";
const LOOK_AGE = "prisma/migrations/0003_look_age/migration.sql";

/** File, what stands there, what the mutant puts in its place. */
type Edit = readonly [file: string, old: string, mutated: string];

interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** The test that must fail. */
  readonly test: string;
  readonly file?: string;
}

const STEP_INDEX: Edit = [AUDIT, 'CREATE UNIQUE INDEX "audit_event_step_key"', 'CREATE INDEX "audit_event_step_key"'];
const STEP_TRIGGER: Edit = [
  AUDIT,
  `WHEN EXISTS (SELECT 1 FROM "adjustment_head" WHERE "id" = NEW."adjustment")
  AND NOT EXISTS (`,
  `WHEN 0 AND NOT EXISTS (`,
];
const PLAIN_BODY: Edit = [
  "src/bitget/http/client.ts",
  "  return { headers, body };",
  "  return { headers, body: call.body as never };",
];
const CONFIRM = "src/margin/lifecycle/confirm.ts";
const SEND = "src/margin/lifecycle/send.ts";
const REFUSAL_CHECK = "src/margin/lifecycle/refusal-check.ts";
const SET_MARGIN = "src/bitget/classic/set-margin.ts";
const CLOCK = "src/clock.ts";
const CLOCK_TEST = "test/margin/lifecycle/clock.test.ts";
const ACCESS = "src/telegram/updates/access.ts";
const BACKLOG = "src/telegram/updates/backlog.ts";
const BACKLOG_TEST = "test/telegram/updates/backlog.unit.test.ts";
const LATE_TEST = "test/e2e/late-presses.test.ts";

const MUTANTS: readonly Mutant[] = [
  {
    name: "no UNIQUE on (adjustment, step_number)",
    edits: [STEP_INDEX],
    test: "the index alone lets a step of an adjustment in once",
  },
  { name: "no trigger on the steps", edits: [STEP_TRIGGER], test: "the trigger alone lets only a legal next step in" },
  {
    // The chain still has one row after the other, so that the program's own question is the last guard.
    name: "no UNIQUE, no trigger, and the program does not ask where an adjustment stands",
    edits: [
      STEP_INDEX,
      STEP_TRIGGER,
      [
        "src/audit/trail.ts",
        'if (!mayFollow(step, entry.step)) return { ok: false, step, guard: "step" };',
        "mayFollow(step, entry.step);",
      ],
    ],
    test: "of two processes that confirm one card at the same moment, one wins",
  },
  {
    name: "`sending` is written after the call",
    edits: [
      [
        SEND,
        "  const prepared = await prepare(deps, proposal, request);",
        "  const answer = await deps.exchange.adjustMargin(request, permit, deps.exchange.serverNow());\n  const prepared = await prepare(deps, proposal, request);",
      ],
      [SEND, "  const answer = await deps.exchange.adjustMargin(request, permit, prepared.serverAt, mayStart);\n", ""],
    ],
    test: "the row `sending` is on disk when the request arrives",
  },
  {
    name: "a time-out counts as rejected",
    edits: [
      [SET_MARGIN, `result.phase === "not_sent" ?`, `result.phase === "not_sent" || result.fault === "timeout" ?`],
    ],
    test: "no answer in time is not known, and no no",
  },
  {
    name: "HTTP 5xx with a definite code counts as rejected",
    edits: [["src/bitget/http/result.ts", "return httpStatus < 500 && ", "return "]],
    test: "a broken server's answer is not known, whatever code stands in it",
  },
  {
    name: "an unknown code counts as rejected",
    edits: [
      [
        SET_MARGIN,
        "? certain(result.code, result.msg) : undefined;",
        '? (certain(result.code, result.msg) ?? "request") : undefined;',
      ],
    ],
    test: "a code that nobody knows is not known",
  },
  {
    name: "synchronous NORMAL, for what Prisma writes",
    edits: [
      ["src/store/database.ts", "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL"],
      ["src/store/database.ts", "SYNCHRONOUS_FULL = 2n", "SYNCHRONOUS_FULL = 1n"],
    ],
    test: "each commit is synced to disk",
  },
  {
    name: "synchronous NORMAL, for the rows of the audit table",
    edits: [["src/store/journal.ts", `db.pragma("synchronous = FULL");`, `db.pragma("synchronous = NORMAL");`]],
    test: "syncs the row `sending` before the first byte of the call leaves",
    file: "test/torture/durability.test.ts",
  },
  {
    name: "one retry of the POST, by the HTTP client",
    edits: [["src/bitget/http/client.ts", "retry: false,", "retry: 1,\n      retryDelay: 1,"], PLAIN_BODY],
    test: "the one call is made once: a reset",
  },
  {
    name: "one retry of the POST, by ourselves",
    edits: [
      [
        SET_MARGIN,
        `return verdict(await call({ method: "POST", path: PATH, query: "", body }, ANSWER_MAX, signedAt));`,
        `const post = () => call({ method: "POST", path: PATH, query: "", body }, ANSWER_MAX, signedAt);
      const once = await post();
      return verdict(once.result.kind === "silence" ? await post() : once);`,
      ],
    ],
    test: "the one call is made once: 503",
  },
  {
    name: "the POST's body is kept, so that fetch repeats it on 421",
    edits: [PLAIN_BODY],
    test: "the one call is made once: 421",
  },
  {
    name: "redirects are followed",
    edits: [["src/bitget/http/client.ts", `redirect: "manual"`, `redirect: "follow"`]],
    test: "a redirect is followed by no call",
  },
  {
    name: "redirects are followed with the body",
    edits: [["src/bitget/http/client.ts", `redirect: "manual"`, `redirect: "follow"`], PLAIN_BODY],
    test: "a redirect is followed by no call",
  },
  {
    name: "the nonce is unchecked",
    edits: [[CONFIRM, "    deps.ids.hash(press.nonce) === proposal.nonceHash &&\n", ""]],
    test: "a card is confirmed with its own nonce only",
  },
  {
    name: "the person is unchecked",
    edits: [[CONFIRM, "  const permitted = by.id === proposal.askedBy.id ||", "  const permitted = true ||"]],
    test: "a card is confirmed by who asked for it only",
  },
  {
    name: "membership is unchecked",
    edits: [[CONFIRM, "deps.roleOf(press.by.id) !== undefined;", "true;"]],
    test: "a card is confirmed by members only, also when they were members once",
  },
  {
    name: "the chat is unchecked",
    edits: [[CONFIRM, "    press.location.chat === proposal.location.chat &&\n", ""]],
    test: "a card is confirmed in its own chat only",
  },
  {
    name: "the topic is unchecked",
    edits: [[CONFIRM, "    press.location.topic === proposal.location.topic &&\n", ""]],
    test: "a card is confirmed in its own topic only",
  },
  {
    name: "the expiry is unchecked",
    edits: [[CONFIRM, "(await deps.sureNow()) >= proposal.expiresAt) {", "false) {"]],
    test: "a card is confirmed before it expires only",
  },
  {
    name: "the fresh look is skipped",
    edits: [
      [
        SEND,
        "const fresh = await freshLook(deps, proposal);",
        "const fresh: Awaited<ReturnType<typeof freshLook>> = { seen: proposal.seen };",
      ],
    ],
    test: "a position that changed since it was shown is left alone",
  },
  {
    name: "a look that was overtaken counts (in the table)",
    edits: [[LOOK_AGE, `"step" IN ('accepted', 'applied', 'not_applied')`, `"step" IN ('proposed')`]],
    test: "a position is not moved off a look that another adjustment overtook",
  },
  {
    name: "a look is dated by its end",
    edits: [
      [SEND, "    const newestAtLook = await deps.projections.newestOf(account, symbol, marginCoin);\n", ""],
      [
        SEND,
        "    const appended = await recordSending(",
        "    const newestAtLook = await deps.projections.newestOf(account, symbol, marginCoin);\n    const appended = await recordSending(",
      ],
    ],
    test: "a position is not moved off a look that another adjustment overtook",
  },
  {
    name: "a look need not say how old it is",
    edits: [[LOOK_AGE, `IS NOT 'integer'`, `IS 'no such type'`]],
    test: "the table takes no row `sending` that does not say how old its look is",
  },
  {
    name: "a refusal is believed as it is",
    edits: [
      [
        REFUSAL_CHECK,
        `  if (answer.kind !== "rejected" || answer.stage === "not_sent") return answer;`,
        "  return answer;",
      ],
    ],
    test: "a refusal is not believed where the position moved",
  },
  {
    name: "a refusal is believed after one look",
    edits: [[REFUSAL_CHECK, 'seen === "unmoved" && looks >= LOOKS_MIN', 'seen === "unmoved"']],
    test: "a refusal is believed after a second look only",
  },
  {
    name: "a refusal is believed where nothing can be read",
    edits: [[REFUSAL_CHECK, `(position === "unread" && answer.stage === "door")`, `position === "unread"`]],
    test: "a refusal is not believed where the position cannot be read",
  },
  {
    name: "an answer that the table does not take is forgotten",
    edits: [
      [
        "src/margin/lifecycle/record-at-last.ts",
        "if (!(error instanceof UnwrittenError)) throw error;",
        "if (error !== undefined) throw error;",
      ],
    ],
    test: "what Bitget answered is held while the table takes no row, and written when it does",
  },
  {
    name: "`sending` is written off a look that grew old in a held table",
    edits: [[SEND, 'entryOf(proposal, "sending", detail), MONEY_PATIENCE_MS', 'entryOf(proposal, "sending", detail)']],
    test: "a look that grew old while another program held the table is none any more",
  },
  {
    name: "rows go to a file that is not in its place",
    edits: [
      ["src/audit/trail.ts", 'entry.step !== "confirmed" && store.isLost()', 'entry.step === "note" && store.isLost()'],
    ],
    test: "a table that is not in its place any more takes no row, and no money moves",
  },
  {
    name: "a bill is evidence twice (in the rule)",
    edits: [["src/margin/reconciliation/evidence.ts", " && !claimed.has(bill.billId)", ""]],
    test: "a bill that settled one adjustment is no evidence for another",
  },
  {
    name: "a bill is claimed twice (in the table)",
    edits: [
      [
        SETTLING,
        `SELECT RAISE(ABORT, 'audit_event: this bill settled another adjustment') WHERE EXISTS (`,
        "SELECT 1 WHERE EXISTS (",
      ],
      [SETTLING, `INSERT INTO "claimed_bill"`, `INSERT OR IGNORE INTO "claimed_bill"`],
    ],
    test: "the table lets a bill settle one adjustment only",
  },
  {
    name: "`not applied` is given before the window is over",
    edits: [
      [
        "src/margin/reconciliation/reconcile.ts",
        "const windowOver = deps.exchange.serverNow() >= sent.signedAt + deps.rules.settleWindowMs;",
        "const windowOver = true;",
      ],
    ],
    test: "nothing is called `not applied` while the request may still arrive",
  },
  {
    name: "`not applied` is given after one look",
    edits: [["src/margin/reconciliation/reconcile.ts", `finding.kind === "not_applied" && !memory.likelyNot`, "false"]],
    test: "nothing is called `not applied` after a single look",
  },
  {
    name: "a bill of after our call is taken for ours",
    edits: [
      [
        "src/margin/reconciliation/evidence.ts",
        `  if (!isInTime(bill, sent, wasQuiet)) return { kind: "review", review: "late_bill" };\n`,
        "",
      ],
    ],
    test: "a bill that was written after our call had ended is for a person to decide",
  },
  {
    name: "one of two bills is taken",
    edits: [
      [
        "src/margin/reconciliation/evidence.ts",
        `  if (second !== undefined) return { kind: "review", review: "two_bills" };\n`,
        "",
      ],
    ],
    test: "two bills that fit are for a person to decide",
  },
  {
    name: "a position that was opened again is taken for the one that was shown",
    edits: [["src/margin/rules/drift.ts", "shown.openedAt !== now.openedAt", "shown.openedAt > now.openedAt"]],
    test: "a position that was closed and opened again with the same figures is another one",
  },
  {
    name: "an entry price that changed is not noticed",
    edits: [["src/margin/rules/drift.ts", "differ(shown.entryPrice, now.entryPrice)", "!shown.entryPrice"]],
    test: "a position with another entry price is another one",
  },
  {
    name: "a bill of another adjustment's is taken for ours",
    edits: [
      [
        "src/margin/reconciliation/reconcile.ts",
        "const neighbours = await findAnsweredNeighbours(deps, sent);",
        "const neighbours = await findAnsweredNeighbours(deps, sent).then((all) => all.slice(all.length));",
      ],
    ],
    test: "the bill of a neighbour's accepted adjustment does not settle one that was lost and not applied",
  },
  {
    name: "the sign of a bill counts against its type",
    edits: [
      [
        "src/margin/reconciliation/bill-match.ts",
        "compare(abs(amount), moved.amount) === 0;\n}\n\n/** Whether a bill that was read",
        "compare(amount, moved.amount) === 0;\n}\n\n/** Whether a bill that was read",
      ],
    ],
    test: "a lost addition settles by its bill though it is written with a minus",
  },
  {
    name: "no lock on the symbol (in the table)",
    edits: [
      [AUDIT, `CREATE UNIQUE INDEX "adjustment_head_open"`, `CREATE INDEX "adjustment_head_open"`],
      [
        AUDIT,
        `WHEN NEW."step" = 'sending' AND EXISTS (\n  SELECT 1 FROM "adjustment_head"`,
        `WHEN 0 AND EXISTS (\n  SELECT 1 FROM "adjustment_head"`,
      ],
    ],
    test: "the table alone keeps out a second open send on the symbol, whatever its side",
  },
  {
    name: "no lock on the symbol (before the card)",
    edits: [["src/margin/rules/rule-book.ts", "  if (locked !== undefined) return { refusal: locked };\n", ""]],
    test: "there is no new card for a symbol on which a send is open",
  },
  {
    name: "the kill switch is not asked before sending (in the code)",
    edits: [
      [
        "src/margin/rules/frozen.ts",
        `return killSwitch.frozen() === undefined ? undefined : { code: "frozen" };`,
        "return void killSwitch;",
      ],
    ],
    test: "a kill switch whose row could not be written holds all the same",
  },
  {
    name: "the kill switch is not asked before sending (in the table)",
    edits: [
      [
        SETTLING,
        `CREATE TRIGGER "audit_event_frozen" BEFORE INSERT ON "audit_event"\nWHEN NEW."step" = 'sending'\n`,
        `CREATE TRIGGER "audit_event_frozen" BEFORE INSERT ON "audit_event"\nWHEN 0\n`,
      ],
    ],
    test: "a kill switch that is pulled during the fresh look still stops the call",
  },
  {
    name: "the kill switch is not asked before confirming",
    edits: [
      [CONFIRM, `  if (deps.killSwitch.frozen() !== undefined) return Promise.resolve({ kind: "frozen" });\n`, ""],
    ],
    test: "a frozen bot confirms nothing",
  },
  {
    name: "the kill switch is forgotten at a restart",
    edits: [
      ["src/margin/rules/frozen.ts", `if (last?.step === "frozen") state = last.code as FreezeCode;`, "void last;"],
    ],
    test: "a kill switch holds after a restart",
  },
  {
    name: "settled by hand before the window is over",
    edits: [
      [
        "src/margin/reconciliation/settle-manually.ts",
        `  if ((await deps.sureNow()) < from) return { kind: "too_early", from };\n`,
        "",
      ],
    ],
    test: "nobody settles by hand while the request may still arrive",
  },
  {
    name: "settled by hand by anybody",
    edits: [
      [
        "src/margin/reconciliation/settle-manually.ts",
        `  if (deps.roleOf(decision.by.id) !== "admin") return { kind: "not_admin" };\n`,
        "",
      ],
    ],
    test: "admins only settle by hand",
  },
  {
    name: "a call is signed with the time at which it leaves",
    edits: [[SET_MARGIN, `body }, ANSWER_MAX, signedAt)`, `body }, ANSWER_MAX)`]],
    test: "is signed with the time that its row says, whatever time it is when it leaves",
    file: "test/bitget/classic/set-margin.test.ts",
  },
  {
    name: "what is said while the machine's clock is set counts",
    edits: [[CLOCK, `  if (hasStepped(testimony)) return false;\n`, ""]],
    test: "passes over what Bitget says while the machine is set or sleeps",
    file: "test/clock.unit.test.ts",
  },
  {
    name: "a long poll is a witness of the time",
    edits: [[CLOCK, `if (witness === "telegram" && said.error * 2 > TELEGRAM_MS_MAX) return false;`, ""]],
    test: "does not take Telegram's word over Bitget's for less than five seconds, nor from a long poll",
    file: "test/clock.unit.test.ts",
  },
  {
    name: "cards age by the machine's own clock",
    edits: [[CLOCK, "now: () => Math.round(machine.monotonic() + offset()),", "now: () => machine.wall(),"]],
    test: "makes no card last longer",
    file: CLOCK_TEST,
  },
  {
    name: "a press asks nobody whether the machine slept",
    edits: [[CONFIRM, "(await deps.sureNow()) >= proposal.expiresAt", "deps.now() >= proposal.expiresAt"]],
    test: "confirms no card whose time is over: Bitget is asked first",
    file: CLOCK_TEST,
  },
  {
    name: "the look for expired cards asks nobody whether the machine slept",
    edits: [["src/margin/lifecycle/expire.ts", "const now = await deps.sureNow();", "const now = deps.now();"]],
    test: "writes `expired` when it wakes",
    file: CLOCK_TEST,
  },
  {
    name: "a new card asks nobody whether the machine slept",
    edits: [
      [
        "src/margin/lifecycle/propose.ts",
        "const expiresAt = (await deps.sureNow()) +",
        "const expiresAt = deps.now() +",
      ],
    ],
    test: "gives a new card its whole time",
    file: CLOCK_TEST,
  },
  {
    name: "the age of a message asks nobody whether the machine slept",
    edits: [[ACCESS, "const takenAt = (await deps.sureNow()) -", "const takenAt = deps.now() -"]],
    test: "knows after a sleep how old a message is: Bitget is asked first",
    file: "test/telegram/updates/freshness.test.ts",
  },
  {
    name: "a press that waited while the bot was down is carried out",
    edits: [[ACCESS, "if (isPress && (await chat.hadWaited(ctx.update))) return answerLate(ctx);", "void isPress;"]],
    test: "answers a press of a card that was made while it was down, carries out none, and the next press counts",
    file: LATE_TEST,
  },
  {
    name: "Cancel does not work late",
    edits: [[ACCESS, `return urgent?.kind === "press" && urgent.action === "cancel";`, "return urgent === null;"]],
    test: "cancels a card whose Cancel was pressed while it was down",
    file: LATE_TEST,
  },
  {
    name: "the first poll is one like others",
    edits: [[BACKLOG, "let isCatchingUp = true;", "let isCatchingUp = false;"]],
    test: "is all that the first poll brings, which does not wait, and nothing that the next one does",
    file: BACKLOG_TEST,
  },
  {
    name: "a gap between two polls is no absence",
    edits: [[BACKLOG, "isCatchingUp ||= clock.moment().monotonic - answered > GAP_MS;", "void answered;"]],
    test: "is what comes after more than ten seconds without an answer, however often it was tried",
    file: BACKLOG_TEST,
  },
  {
    name: "a sleep during a poll is no absence",
    edits: [
      [BACKLOG, "const wasAway = sleptMs(awake, now) > GAP_MS ||", "const wasAway ="],
      [
        BACKLOG,
        "return poll.isCatchingUp || sleptMs(poll.awake, point(await sureNow())) > GAP_MS;",
        "return poll.isCatchingUp;",
      ],
    ],
    test: "is what comes with and after a poll in which the machine slept, and nobody has asked Bitget since",
    file: BACKLOG_TEST,
  },
  {
    name: "the call for a person is not among what is untold",
    edits: [
      [
        "prisma/migrations/0005_call_for_a_person/migration.sql",
        `WHEN NEW."adjustment" = '' AND NEW."step" = 'note'`,
        `WHEN 0 AND NEW."step" = 'note'`,
      ],
    ],
    test: "calls a person until one was reached, and writes the call once, whatever ends in between",
    file: "test/telegram/verdicts/settlement-worker.test.ts",
  },
  {
    name: "a throttled chat is tried again at once",
    edits: [
      [
        "src/telegram/messaging/throttle.ts",
        "const leftMs = (key: string) => Math.max(0, (ends.get(key) ?? 0) - now());",
        "const leftMs = (key: string) => 0 * (ends.get(key) ?? 0);",
      ],
    ],
    test: "leaves a chat alone for the 600 seconds that Telegram asks for, and no other",
    file: "test/telegram/verdicts/outbox.test.ts",
  },
];

interface Ran {
  readonly code: number | null;
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

/** Each sentence is one test: `-t` takes a pattern. */
const pattern = (sentence: string) => `${sentence.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;

function vitest(folder: string, file: string, sentence?: string): Promise<Ran> {
  const cli = join(ROOT, "node_modules/vitest/vitest.mjs");
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const args = [
    cli,
    "run",
    file,
    "--reporter=json",
    `--outputFile=${report}`,
    ...(sentence === undefined ? [] : ["-t", pattern(sentence)]),
  ];
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, args, { cwd: folder, env: { PATH, HOME, TMPDIR, NO_COLOR: "1" } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part) => {
      output += part;
    });
  }
  return new Promise((resolve) => {
    child.once("close", (code) => {
      const counts = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : {};
      const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = counts as Record<string, number>;
      resolve({ code, passed, failed, output });
    });
  });
}

function copyTree(): string {
  const folder = mkdtempSync(join(tmpdir(), "margin-mutants-"));
  for (const item of COPIED) cpSync(join(ROOT, item), join(folder, item), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Puts the mutant in; gives what puts the tree back as it was. Throws where its text is not found exactly once. */
function mutate(folder: string, { name, edits }: Mutant): () => void {
  const before = new Map<string, string>();
  const restore = () => {
    for (const [path, text] of before) writeFileSync(path, text);
  };
  for (const [file, old, mutated] of edits) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const found = text.split(old).length - 1;
    if (found !== 1) {
      restore();
      throw new Error(`mutant "${name}": its text stands ${found} times in ${file}, not once`);
    }
    if (!before.has(path)) before.set(path, text);
    writeFileSync(
      path,
      text.replace(old, () => mutated),
    );
  }
  return restore;
}

async function judge(folder: string, mutant: Mutant): Promise<string | undefined> {
  let restore: () => void;
  try {
    restore = mutate(folder, mutant);
  } catch (error) {
    return error instanceof Error ? error.message : "unknown";
  }
  const ran = await vitest(folder, mutant.file ?? GUARDS, mutant.test);
  restore();
  if (ran.code !== 0 && ran.failed > 0) return undefined;
  if (ran.passed + ran.failed === 0) return `mutant "${mutant.name}": the test "${mutant.test}" did not run`;
  return `mutant "${mutant.name}" survives the test "${mutant.test}"`;
}

/** Two trees at a time: as many as there are processors to spare. */
const TREES = 2;
/** What of the mutants is tried in the part: those with the least edits would be a choice of ours, so every sixth. */
const EVERY = { part: 6, whole: 1 } as const;

export async function mutants({ seed, scale }: { seed: number; scale: "part" | "whole" }) {
  const chosen = MUTANTS.filter((_, number) => (number + seed) % EVERY[scale] === 0);
  const waiting = [...chosen];
  const failures: string[] = [];
  const folders = Array.from({ length: TREES }, copyTree);
  try {
    // The tests must pass where nothing was taken out: a test that always fails would catch everything.
    const sound = await vitest(folders[0] ?? "", GUARDS);
    if (sound.code !== 0) failures.push(`without a mutant the tests fail:\n${sound.output.slice(-2000)}`);
    await Promise.all(
      folders.map(async (folder) => {
        for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
          const failure = await judge(folder, mutant);
          if (failure !== undefined) failures.push(failure);
        }
      }),
    );
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
  const caught = chosen.length - failures.filter((failure) => failure.startsWith("mutant")).length;
  return {
    method: "our own mutants",
    cases: chosen.length,
    survived: caught,
    failures,
    note: "survived: caught by the named test",
  };
}
