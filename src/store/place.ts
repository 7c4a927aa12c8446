/** Whether the file that is open is still the one at its path: rows written to any other are found by nobody. */
import { statSync } from "node:fs";

function identityOf(file: string): string | undefined {
  try {
    // Of the path, without opening it: closing another descriptor of a database would drop SQLite's locks on it.
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/**
 * Remembers which file `file` is, by device and inode. What it gives says later whether that is so still: false where the
 * path leads to another file, to none, or cannot be looked at.
 */
export function watchPlace(file: string): () => boolean {
  const opened = identityOf(file);
  return () => opened !== undefined && identityOf(file) === opened;
}
