import { describe, expect, it } from "vitest";
import { createReadingCache } from "../../../src/bitget/http/reading-cache.ts";
import type { Reading } from "../../../src/margin/ports/exchange.ts";

function open(ageMaxMs: number, entriesMax = 2) {
  const clock = { now: 1000 };
  const reads: string[] = [];
  const cache = createReadingCache<number>({ ageMaxMs, entriesMax, now: () => clock.now });
  const get = (name: string, outcome?: Reading<number>) =>
    cache.get(name, async () => {
      reads.push(name);
      return outcome ?? { ok: true, value: reads.length };
    });
  return { clock, reads, cache, get };
}

describe("a reading", () => {
  it("is kept until it has its age", async () => {
    const { clock, reads, get } = open(100);
    await get("a");
    clock.now += 99;
    expect(await get("a")).toEqual({ ok: true, value: 1 });
    clock.now += 1;
    expect(await get("a")).toEqual({ ok: true, value: 2 });
    expect(reads).toEqual(["a", "a"]);
  });

  it("is as old as the moment at which it was asked for, not at which it came", async () => {
    const { clock, cache, get, reads } = open(100);
    await cache.get("a", async () => {
      clock.now += 60;
      return { ok: true, value: 7 };
    });
    clock.now += 40;
    await get("a");
    expect(reads).toEqual(["a"]);
  });

  it.each([0, 100])("of age %i is read once for all who ask together", async (ageMaxMs) => {
    const { reads, get } = open(ageMaxMs);
    const readings = await Promise.all([get("a"), get("a"), get("b"), get("a")]);
    expect(readings.map((reading) => reading.ok && reading.value)).toEqual([1, 1, 2, 1]);
    expect(reads).toEqual(["a", "b"]);
  });

  it("that failed is not kept, and takes the place of none", async () => {
    const { clock, reads, cache, get } = open(100);
    await get("a");
    clock.now += 100;
    const failure = { ok: false, why: "no_answer", exchanged: {} } as const;
    expect(await Promise.all([get("a", failure), get("a")])).toEqual([failure, failure]);
    expect(cache.last("a")).toBe(1);
    expect(await get("a")).toEqual({ ok: true, value: 3 });
    expect(reads).toEqual(["a", "a", "a"]);
  });

  it("that throws is not waited for again", async () => {
    const { cache, get } = open(100);
    await expect(cache.get("a", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await get("a")).toEqual({ ok: true, value: 1 });
  });

  it("goes when there are too many, the one that was read first before all", async () => {
    const { reads, cache, get } = open(100);
    for (const name of ["a", "b", "c", "b", "c", "a"]) await get(name);
    expect(reads).toEqual(["a", "b", "c", "a"]);
    expect([cache.last("a"), cache.last("b"), cache.last("c")]).toEqual([4, undefined, 3]);
  });
});
