/** A thread that verifies a whole audit table, however long, while the bot goes on. */
import { parentPort, workerData } from "node:worker_threads";
import { verifyFile } from "./verify.ts";

parentPort?.postMessage(verifyFile(workerData as string, []));
