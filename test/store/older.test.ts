/** A database that an earlier version made is brought up to date, and its history still verifies. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createTrail } from "../../src/audit/trail.ts";
import { verifyFile } from "../../src/audit/verify.ts";
import { openStore } from "../../src/store/database.ts";
import { temporaryFolder } from "../support/world.ts";

it.each(["0001.db", "0002.db", "0003.db", "0004.db"])(
  "migrates %s, keeps its chain and the guards, and goes on from there",
  async (name) => {
    const file = join(temporaryFolder(), "bot.db");
    copyFileSync(new URL(`../fixtures/${name}`, import.meta.url), file);
    const before = verifyFile(file, []);
    expect(before).toMatchObject({ kind: "ok" });
    const store = await openStore(file);
    onTestFinished(store.close);
    expect(store.brokenGuard()).toBeUndefined();
    expect(verifyFile(file, [])).toEqual(before);
    const trail = createTrail(store, Date.now);
    const [open] = await trail.projections.currentlyAt(["unknown"]);
    expect(open?.terms.symbol).toBe("SOLUSDT");
    const { adjustment = "", location, terms } = open ?? {};
    if (location === undefined || terms === undefined) throw new Error("the fixture has no open adjustment");
    const entry = {
      adjustment,
      step: "applied",
      actor: { id: "bot", name: "" },
      location,
      terms,
      code: "evidence",
    } as const;
    expect((await trail.events.append({ ...entry, detail: { bill: "1" } })).ok).toBe(true);
    expect((await trail.outbox.pending(10)).at(-1)).toMatchObject({ adjustment, step: "applied" });
    expect(verifyFile(file, [])).toMatchObject({ kind: "ok" });
  },
);
