/** A process that holds the lock of a database and has it open, until it is killed. */
import { onTestFinished } from "vitest";
import { type Running, run } from "../support/process.ts";

const FOLDER = new URL("../../src/store/", import.meta.url);

function scriptFor(file: string): string {
  return `
    import { openStore, prepareFolder } from "${new URL("database.ts", FOLDER)}";
    import { lock } from "${new URL("lock.ts", FOLDER)}";
    const file = ${JSON.stringify(file)};
    prepareFolder(file);
    const locking = lock(file, Date.now);
    const { prisma } = await openStore(file);
    await prisma.card.create({ data: { adjustment: String(process.pid), chat: "1", topic: "", message: "2" } });
    console.log(JSON.stringify({ event: "held", ok: locking.ok }));
    setInterval(() => locking, 1000);`;
}

export async function startHolder(file: string): Promise<Running> {
  const holder = run({ args: ["--input-type=module", "-e", scriptFor(file)] });
  onTestFinished(() => holder.stop("SIGKILL").then(() => undefined));
  const { ok } = await holder.logged("held");
  if (ok !== true) throw new Error("the lock was taken");
  return holder;
}
