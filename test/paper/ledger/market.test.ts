import { describe, expect, it } from "vitest";
import { START, startExchange } from "../world.ts";

async function marks(seed: number, symbol: "BTCUSDT" | "ETHUSDT", stepMs: number, count: number) {
  const clock = { time: START };
  const exchange = await startExchange({ seed, moving: true }, clock);
  return Array.from({ length: count }, () => {
    const mark = exchange.position(symbol, "long")?.markPrice ?? "";
    clock.time += stepMs;
    return mark;
  });
}

describe("prices", () => {
  it("repeat for the same seed, and differ for another", async () => {
    const first = await marks(7, "BTCUSDT", 1000, 60);
    expect(await marks(7, "BTCUSDT", 1000, 60)).toEqual(first);
    expect(await marks(8, "BTCUSDT", 1000, 60)).not.toEqual(first);
  });

  it("begin at the listed price, move by whole ticks, and keep their decimals", async () => {
    const moved = await marks(1, "BTCUSDT", 1000, 60);
    expect(moved[0]).toBe("100000.0");
    expect(new Set(moved).size).toBeGreaterThan(20);
    expect(moved.every((mark) => /^\d+\.\d$/.test(mark))).toBe(true);
  });

  it("stay within one per cent for days, so that nothing is liquidated", async () => {
    const moved = (await marks(3, "ETHUSDT", 61_000, 5000)).map(Number);
    expect(Math.min(...moved)).toBeGreaterThan(3500 * 0.99);
    expect(Math.max(...moved)).toBeLessThan(3500 * 1.01);
  });

  it("stand where somebody put them", async () => {
    const clock = { time: START };
    const exchange = await startExchange({ moving: true }, clock);
    exchange.setPrice("BTCUSDT", "97000");
    clock.time += 600_000;
    expect(exchange.position("BTCUSDT", "long")?.markPrice).toBe("97000.0");
  });
});
