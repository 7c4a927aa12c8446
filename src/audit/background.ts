/** Verifies the whole table beside the running bot. */
import { Worker } from "node:worker_threads";
import type { Verification } from "./verify.ts";

/** What the thread may have of memory, in MB: it keeps little, and its garbage is taken away before it grows. */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

/** The verdict on the database at `path`, from a thread of its own. Undefined when the thread could not finish. */
export function verifyInBackground(path: string): Promise<Verification | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./verify-worker.ts", import.meta.url), {
      workerData: path,
      resourceLimits: LIMITS,
    });
    worker.once("message", resolve);
    worker.once("error", () => resolve(undefined));
    worker.once("exit", () => resolve(undefined));
    worker.unref();
  });
}
