import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lock } from "../../src/store/lock.ts";
import { cli } from "../support/cli.ts";
import { temporaryFolder } from "../support/world.ts";
import { startHolder } from "./holder.ts";

const AT = Date.UTC(2026, 10, 22, 8);
const now = () => AT;

function takenBy(file: string): string {
  const locking = lock(file, now);
  if (!locking.ok) return locking.owner;
  locking.lease.release();
  return "nobody";
}

describe("the lock of a database", () => {
  it("is refused to a second process, which is told who has it, and is free when that one is killed", async () => {
    const file = join(temporaryFolder(), "bot.db");
    const holder = await startHolder(file);
    expect(takenBy(file)).toMatch(new RegExp(`^process ${holder.child.pid} on \\S+ since \\d{4}-\\d\\d-\\d\\dT`));
    await holder.stop("SIGKILL");
    expect(takenBy(file)).toBe("nobody");
  });

  it("is refused to the same process, too, and is free when it is released", () => {
    const file = join(temporaryFolder(), "bot.db");
    const locking = lock(file, now);
    expect(takenBy(file)).toContain(`process ${process.pid} on `);
    expect(takenBy(file)).toContain("since 2026-11-22T08:00:00.000Z");
    if (locking.ok) locking.lease.release();
    expect(takenBy(file)).toBe("nobody");
  });

  it("names the owner of now, not the one before", async () => {
    const file = join(temporaryFolder(), "bot.db");
    const first = await startHolder(file);
    await first.stop("SIGKILL");
    const second = await startHolder(file);
    expect(takenBy(file)).toContain(`process ${second.child.pid} `);
  });

  it("of one database is none of another's", () => {
    const folder = temporaryFolder();
    const [one, other] = ["one.db", "other.db"].map((name) => lock(join(folder, name), now));
    expect([one?.ok, other?.ok]).toEqual([true, true]);
    for (const locking of [one, other]) if (locking?.ok) locking.lease.release();
  });

  it("stops the start of a second bot, which exits 75 and names the first", async () => {
    const file = join(temporaryFolder(), "bot.db");
    const locking = lock(file, now);
    const { code, stderr } = await cli(["start"], { DATABASE_URL: `file:${file}`, HTTP_PORT: "0" });
    expect(code).toBe(75);
    expect(stderr).toContain(`process ${process.pid} on `);
    if (locking.ok) locking.lease.release();
  });
});
