/** A mark beside the database: that the file is there says it, and takes no room on a full disk. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { syncFolder } from "./durable-file.ts";

export interface MarkFile {
  /** The word of the mark, empty where it cannot be read; undefined when there is no mark. */
  read(): string | undefined;
  /** Makes the mark, on disk. False when it could not be made; it may then lack its word, too. */
  keep(word: string): boolean;
  /** Throws when the mark is still there. */
  remove(): void;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "";
  }
}

function keep(path: string, word: string): boolean {
  try {
    writeFileSync(path, `${word}\n`, { mode: 0o600, flush: true });
  } catch {
    // The word may have found no room; the name alone is a mark.
  }
  try {
    syncFolder(path);
    return existsSync(path);
  } catch {
    return false;
  }
}

/** The mark that keeps a freeze, as a file at `path`. Its methods do not throw: they say whether it is kept. */
export function createMarkFile(path: string): MarkFile {
  return {
    read: () => read(path),
    keep: (word) => keep(path, word),
    remove() {
      if (!existsSync(path)) return;
      rmSync(path);
      syncFolder(path);
    },
  };
}
