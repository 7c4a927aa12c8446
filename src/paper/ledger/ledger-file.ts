/** The books on disk: one JSON file, replaced as a whole, so that a crash leaves the old one or the new one. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { findContract } from "./contracts.ts";
import { isDecimal } from "./decimal.ts";
import type { LedgerState } from "./ledger-state.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The stored books; undefined when there is no file. Throws when there is one that is not a ledger. */
export function readLedgerFile(file: string): LedgerState | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const stored: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (!isLedger(stored)) throw new Error("It is JSON, but not a ledger of format 1.");
    return stored;
  } catch (error) {
    throw new Error(`The paper exchange cannot read its ledger ${file}. Delete the file to begin afresh.`, {
      cause: error,
    });
  }
}

/** Returns when the new books are on the disk under their name. */
export function writeLedgerFile(file: string, state: LedgerState): void {
  const draft = `${file}.new`;
  const handle = openSync(draft, "w", 0o600);
  try {
    writeSync(handle, `${JSON.stringify(state, null, 1)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
  syncFolder(dirname(file));
}

/** The new name is an entry of the folder, which has to reach the disk as well. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function isLedger(value: unknown): value is LedgerState {
  return (
    isFields(value) &&
    value["format"] === 1 &&
    Number.isSafeInteger(value["startedAt"]) &&
    isAmount(value["nextBillId"]) &&
    isAmounts(value["available"]) &&
    isAmounts(value["prices"]) &&
    isList(value["positions"], isPosition) &&
    isList(value["bills"], isBill)
  );
}

function isPosition(row: Fields): boolean {
  return (
    typeof row["symbol"] === "string" &&
    findContract(row["symbol"]) !== undefined &&
    isHoldSide(row["holdSide"]) &&
    (row["marginMode"] === "isolated" || row["marginMode"] === "crossed") &&
    [row["marginSize"], row["total"], row["openPriceAvg"], row["leverage"]].every(isAmount) &&
    (row["autoMargin"] === "on" || row["autoMargin"] === "off") &&
    [row["openedAt"], row["changedAt"]].every(Number.isSafeInteger)
  );
}

function isBill(row: Fields): boolean {
  const texts = [row["symbol"], row["productType"], row["businessType"], row["coin"], row["source"]];
  return (
    texts.every((text) => typeof text === "string") &&
    [row["billId"], row["amount"], row["balance"]].every(isAmount) &&
    isHoldSide(row["holdSide"]) &&
    Number.isSafeInteger(row["at"])
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown, isRow: (row: Fields) => boolean): boolean {
  return Array.isArray(value) && value.every((row) => isFields(row) && isRow(row));
}

function isAmounts(value: unknown): boolean {
  return isFields(value) && Object.values(value).every(isAmount);
}

function isAmount(value: unknown): boolean {
  return typeof value === "string" && isDecimal(value);
}

function isHoldSide(value: unknown): boolean {
  return value === "long" || value === "short";
}
