/** The storey `unit` is pure because it cannot be otherwise: see test/support/unit-only.ts. */
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { connect } from "node:net";
import Database from "better-sqlite3";
import { expect, it } from "vitest";

const OPENED: readonly [string, () => unknown][] = [
  ["socket", () => createServer().listen(0)],
  ["socket", () => connect(40_000)],
  ["process", () => spawn(process.execPath, ["--version"])],
  ["database", () => new Database(":memory:")],
];

it.each(OPENED)("lets a unit test open no %s", (what, open) => {
  expect(open).toThrow(`a unit test opens no ${what}`);
});

it("lets a unit test fetch nothing", async () => {
  const failed = await fetch("http://127.0.0.1:40000/").catch((error: Error) => error.cause);
  expect(failed).toMatchObject({ message: expect.stringContaining("a unit test opens no socket") });
});
