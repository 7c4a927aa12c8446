/** The command `backup`: a consistent copy of the database while the bot runs. */
import { verifyFile } from "../audit/verify.ts";
import { UNCHECKED } from "../exit.ts";
import { copyDatabase } from "../store/backup.ts";
import { report } from "./audit.ts";
import { databasePath } from "./environment.ts";

/** A copy that was verified: whatever is said to be a backup is one. */
export async function backup(target: string): Promise<number> {
  try {
    await copyDatabase(databasePath(), target);
  } catch (error) {
    process.stderr.write(`no backup was made: ${(error as Error).message.split("\n", 1)[0]}\n`);
    return UNCHECKED;
  }
  return report(verifyFile(target, []));
}
