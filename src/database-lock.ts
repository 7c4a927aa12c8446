/** Takes the lock of the database for this process, or says who has it. */
import { MACHINE } from "./clock.ts";
import { EXIT, StartError } from "./exit.ts";
import { databaseFile, prepareFolder } from "./store/database.ts";
import { type Lease, lock } from "./store/lock.ts";

/** Takes the lock of the database, or stops the start and names who has it. */
export function takeLease(url: string): { file: string; lease: Lease } {
  const file = databaseFile(url);
  if (file === undefined) throw new StartError(EXIT.configuration, "DATABASE_URL must be file: and a path");
  prepareFolder(file);
  const locking = lock(file, MACHINE.wall);
  if (!locking.ok) throw new StartError(EXIT.locked, `the database is in use by ${locking.owner}`);
  return { file, lease: locking.lease };
}
