import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLimiter } from "../../../src/bitget/http/limiter.ts";

const BUDGET = { starts: 5, windowMs: 1000, waitMs: 120_000, waitingMax: 1000 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Most starts that lie in any window of `windowMs`, its end not counted. */
function crowd(starts: readonly number[], windowMs: number): number {
  return Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + windowMs).length));
}

describe("the limiter", () => {
  it("answers at once while the budget lasts", () => {
    const limiter = createLimiter(BUDGET);
    expect(Array.from({ length: 5 }, () => limiter.take())).toEqual([true, true, true, true, true]);
    expect(limiter.take()).toBeInstanceOf(Promise);
  });

  it("gives a place free exactly when the window is over", () => {
    for (const [passedMs, answer] of [
      [999, expect.any(Promise)],
      [1000, true],
    ] as const) {
      const limiter = createLimiter({ ...BUDGET, starts: 1 });
      void limiter.take();
      vi.advanceTimersByTime(passedMs);
      expect(limiter.take()).toEqual(answer);
    }
  });

  it("never lets more than its starts into any window, however they come", async () => {
    const limiter = createLimiter(BUDGET);
    const starts: number[] = [];
    const ask = async () => {
      if (await limiter.take()) starts.push(performance.now());
    };
    for (const pauseMs of [0, 0, 0, 700, 0, 0, 250, 49, 1, 0, 999, 0, 0, 0, 0, 0, 0, 1, 333, 0, 0, 1500, 0]) {
      void ask();
      void ask();
      await vi.advanceTimersByTimeAsync(pauseMs);
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect(starts).toHaveLength(46);
    expect(crowd(starts, 1000)).toBe(5);
  });

  it("serves those who wait in the order in which they came", async () => {
    const limiter = createLimiter({ ...BUDGET, starts: 1 });
    const served: number[] = [];
    for (const each of [1, 2, 3, 4]) void Promise.resolve(limiter.take()).then(() => served.push(each));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(served).toEqual([1, 2, 3, 4]);
  });

  it("sends away who has waited too long, and uses up no place for them", async () => {
    const limiter = createLimiter({ starts: 1, windowMs: 200_000, waitMs: 120_000, waitingMax: 10 });
    expect(limiter.take()).toBe(true);
    const late = limiter.take();
    await vi.advanceTimersByTimeAsync(119_999);
    const second = limiter.take();
    const pending = Symbol("pending");
    expect(await Promise.race([late, Promise.resolve(pending)])).toBe(pending);
    await vi.advanceTimersByTimeAsync(1);
    expect(await late).toBe(false);
    await vi.advanceTimersByTimeAsync(80_000);
    expect(await second).toBe(true);
  });

  it("sends away at once who finds the line full", () => {
    const limiter = createLimiter({ ...BUDGET, starts: 1, waitingMax: 2 });
    const answers = Array.from({ length: 4 }, () => limiter.take());
    expect(answers.map((answer) => (answer instanceof Promise ? "waits" : answer))).toEqual([
      true,
      "waits",
      "waits",
      false,
    ]);
  });
});
