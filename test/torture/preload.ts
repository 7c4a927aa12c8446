/**
 * Loaded into the bot's process before its own code (`NODE_OPTIONS=--import`): kills the process or fails a statement at
 * one chosen statement of the database. Nothing in src knows of it.
 *
 * `TORTURE_KILL`: where the process ends by SIGKILL. `TORTURE_FAIL`: which statement fails, counted from SIGUSR2 on.
 * `TORTURE_CLOCK`: where the machine's clock is set, and by how much.
 */
import { writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import Database from "better-sqlite3";

/** The n-th statement that matches; without `step` and `sql` every statement does. */
export interface KillOrder {
  readonly when: "before" | "after";
  /** An INSERT of a row of this step into the audit table; `*`: of any row. */
  readonly step?: string;
  /** A part of the statement's text. */
  readonly sql?: string;
  readonly nth?: number;
}

export interface FailOrder {
  readonly nth: number;
  /** `after`: the statement took effect, and its caller is told that it failed. */
  readonly when: "before" | "after";
  readonly code: "SQLITE_IOERR" | "SQLITE_FULL";
  /** Only statements that write are counted. */
  readonly writesOnly?: boolean;
  /** From then on every statement that writes fails. */
  readonly onward?: boolean;
}

/** Somebody sets the clock at a statement; without `step` and `sql` it was wrong from the start. */
export interface ClockOrder extends KillOrder {
  readonly ms: number;
}

type Execute = (...bound: unknown[]) => unknown;

const kill = orderOf<KillOrder>("TORTURE_KILL");
const fail = orderOf<FailOrder>("TORTURE_FAIL");
const clock = orderOf<ClockOrder>("TORTURE_CLOCK");
const METHODS = ["run", "get", "all", "iterate"] as const;

/** What was bound to a statement ahead of its execution. */
const boundAhead = new WeakMap<object, readonly unknown[]>();

let matches = 0;
let isClockSet = false;
let armed = false;
let counted = 0;
let struck = false;

function orderOf<SetMarginRequest>(name: string): SetMarginRequest | undefined {
  const text = process.env[name];
  return text === undefined || text === "" ? undefined : (JSON.parse(text) as SetMarginRequest);
}

function say(event: string, fields: object = {}): void {
  writeSync(2, `${JSON.stringify({ event, ...fields })}\n`);
}

function writes(sql: string): boolean {
  return /^\s*(?:INSERT|UPDATE|DELETE|REPLACE|COMMIT)/i.test(sql);
}

/** The look for expired cards, once a second: left out, so that the same number means the same statement. */
function isSweep(sql: string, values: readonly unknown[]): boolean {
  return (
    /^\s*SELECT/i.test(sql) && values.includes("proposed") && values.includes("approved") && !/asked_by` = /.test(sql)
  );
}

function isMeant(order: KillOrder, sql: string, values: readonly unknown[]): boolean {
  if (order.sql !== undefined) return sql.includes(order.sql);
  if (order.step === undefined) return true;
  const isAppend = writes(sql) && sql.includes("audit_event");
  return isAppend && (order.step === "*" || values.includes(order.step));
}

function isKill(sql: string, values: readonly unknown[]): boolean {
  if (kill === undefined || !isMeant(kill, sql, values)) return false;
  matches += 1;
  return matches === (kill.nth ?? 1);
}

/** The clock that only goes forward is left alone. */
function setClock({ ms }: ClockOrder): void {
  const now = Date.now;
  Date.now = () => now() + ms;
  isClockSet = true;
  say("torture_clock", { ms });
}

function isClock(sql: string, values: readonly unknown[]): boolean {
  if (clock === undefined || isClockSet) return false;
  return isMeant(clock, sql, values);
}

function die(sql: string): never {
  say("torture_kill", { sql: sql.slice(0, 80) });
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

function isFailure(sql: string, values: readonly unknown[]): boolean {
  if (fail === undefined || !armed || isSweep(sql, values)) return false;
  if (fail.writesOnly === true && !writes(sql)) return false;
  counted += 1;
  if (struck) return fail.onward === true;
  struck = counted >= fail.nth;
  if (struck)
    say("torture_struck", { sql: sql.slice(0, 120), writes: writes(sql), values: values.slice(0, 30).map(String) });
  return struck;
}

/** What was bound, by place or by name. */
function valuesOf(bound: readonly unknown[]): unknown[] {
  const isNamed = (value: unknown): value is object => Object.prototype.toString.call(value) === "[object Object]";
  return bound.flat().flatMap((value) => (isNamed(value) ? Object.values(value) : [value]));
}

function around(sql: string, bound: readonly unknown[], execute: () => unknown): unknown {
  const values = valuesOf(bound);
  const killing = isKill(sql, values);
  const setting = isClock(sql, values) ? clock : undefined;
  if (setting?.when === "before") setClock(setting);
  if (killing && kill?.when === "before") die(sql);
  if (isFailure(sql, values)) {
    if (fail?.when === "after") execute();
    throw new Database.SqliteError("disk I/O error", fail?.code ?? "SQLITE_IOERR");
  }
  const result = execute();
  if (setting?.when === "after") setClock(setting);
  if (killing) die(sql);
  return result;
}

function install(): void {
  const db = new Database(":memory:");
  const statements = Object.getPrototypeOf(db.prepare("SELECT 1")) as Record<string, Execute>;
  db.close();
  for (const name of METHODS) {
    const real = statements[name] as Execute;
    statements[name] = function patched(this: { source: string }, ...bound: unknown[]) {
      return around(this.source, [...(boundAhead.get(this) ?? []), ...bound], () => real.apply(this, bound));
    };
  }
  const bind = statements["bind"] as Execute;
  statements["bind"] = function patched(this: object, ...bound: unknown[]) {
    boundAhead.set(this, bound);
    return bind.apply(this, bound);
  };
  process.on("SIGUSR2", () => {
    armed = true;
    say("torture_armed");
  });
}

if (isMainThread && clock !== undefined && clock.step === undefined && clock.sql === undefined) setClock(clock);
if (isMainThread && (kill ?? fail ?? clock) !== undefined) install();
