/** Room on the disk that holds the database. */
import { statfsSync } from "node:fs";
import { dirname } from "node:path";

/** Under this the bot stops taking on new work: what is under way must still be written down. */
const FREE_BYTES_MIN = 100 * 1024 * 1024;

/** True when there is too little room left, or none can be told. */
export function isDiskNearlyFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < FREE_BYTES_MIN;
  } catch {
    return true;
  }
}
