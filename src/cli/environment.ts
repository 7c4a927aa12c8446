/** What the commands know before any settings are read: `.env`, and where the database is. */
import { existsSync } from "node:fs";
import { UsageError } from "../exit.ts";
import { databaseFile } from "../store/database.ts";

/** Adds what `.env` says, where there is one. The real environment wins over it. */
export function readEnvironmentFile(): void {
  if (existsSync(".env")) process.loadEnvFile(".env");
}

/** The path of the database, `.env` counted in. Throws `UsageError` where `DATABASE_URL` names no file. */
export function databasePath(): string {
  readEnvironmentFile();
  const path = databaseFile(process.env["DATABASE_URL"]?.trim() || "file:./data/margin-bot.db");
  if (path === undefined) throw new UsageError("DATABASE_URL must be file: and a path");
  return path;
}
