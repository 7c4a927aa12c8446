import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimal } from "../../../src/margin/model/decimal.ts";
import { AMOUNT_REFUSALS } from "../../../src/margin/model/refusal.ts";
import { freeAfter, marginAfter } from "../../../src/margin/model/snapshot.ts";
import { distanceOf } from "../../../src/margin/risk/distance.ts";
import { amountRefusal, usdValue } from "../../../src/margin/rules/amount.ts";
import { driftRefusal } from "../../../src/margin/rules/drift.ts";
import { adjustment, amountOf, seenOf } from "../risk/figures.ts";

const BOUNDS = { decimalsMax: 4, perAdjustment: decimal<"USD">("1000") };
const SEEN = seenOf({ margin: amountOf("612.5") }, "500");
const COIN = { productType: "COIN-FUTURES", symbol: "BTCUSD", marginCoin: "BTC" } as const;

describe("an amount", () => {
  it.each([
    ["zero", "add", "0"],
    ["zero", "remove", "0"],
    ["zero", "add", "-1"],
    ["decimals", "add", "0.00001"],
    ["balance", "add", "500.0001"],
    ["over_limit", "add", "1000.0001"],
    ["over_limit", "remove", "1000.0001"],
    ["whole_margin", "remove", "612.5"],
    ["whole_margin", "remove", "612.5001"],
  ] as const)("is refused as %s: %s %s", (code, direction, amount) => {
    expect(amountRefusal(adjustment(direction, amount), SEEN, BOUNDS)?.code).toBe(code);
    expect(AMOUNT_REFUSALS.has(code)).toBe(true);
  });

  it.each([
    ["add", "0.0001"],
    ["add", "500"],
    ["add", "499.9999"],
    ["remove", "612.4999"],
    ["remove", "0.0001"],
  ] as const)("gets its card: %s %s", (direction, amount) => {
    expect(amountRefusal(adjustment(direction, amount), SEEN, BOUNDS)).toBeUndefined();
  });

  it("may be as much as the limit and not a ten-thousandth more", () => {
    const rich = seenOf({ margin: amountOf("5000") }, "5000");
    for (const direction of ["add", "remove"] as const) {
      expect(amountRefusal(adjustment(direction, "1000"), rich, BOUNDS)).toBeUndefined();
      const over = amountRefusal(adjustment(direction, "1000.0001"), rich, BOUNDS);
      expect(over).toEqual({ code: "over_limit", limit: "1000", value: "1000.0001" });
    }
  });

  it("is compared as a number and not as text", () => {
    expect(amountRefusal(adjustment("add", "9"), seenOf({}, "10"), BOUNDS)).toBeUndefined();
    expect(amountRefusal(adjustment("add", "10"), seenOf({}, "9"), BOUNDS)?.code).toBe("balance");
  });

  it("says with which figures it was refused", () => {
    expect(amountRefusal(adjustment("add", "501"), SEEN, BOUNDS)).toEqual({
      code: "balance",
      free: "500",
      marginCoin: "USDT",
    });
    expect(amountRefusal(adjustment("remove", "700"), SEEN, BOUNDS)).toEqual({
      code: "whole_margin",
      margin: "612.5",
      marginCoin: "USDT",
    });
    expect(amountRefusal(adjustment("add", "1.00001"), SEEN, BOUNDS)).toEqual({
      code: "decimals",
      marginCoin: "USDT",
      decimalsMax: 4,
    });
  });

  it("of a coin counts for the limit at the mark price", () => {
    const coin = seenOf({ ...COIN, margin: amountOf("1"), markPrice: decimal("100000") }, "1");
    const bounds = { ...BOUNDS, decimalsMax: 8 };
    expect(amountRefusal(adjustment("add", "0.01", COIN), coin, bounds)).toBeUndefined();
    expect(amountRefusal(adjustment("add", "0.01000001", COIN), coin, bounds)).toEqual({
      code: "over_limit",
      limit: "1000",
      value: "1000.001",
    });
    expect(usdValue(adjustment("add", "7"), decimal("100000"))).toBe("7");
  });
});

describe("the fresh look", () => {
  it.each([
    ["size", { total: decimal<"base coin">("0.06") }, "0.05", "0.06"],
    ["leverage", { leverage: decimal<"ratio">("20") }, "10", "20"],
    ["mode", { marginMode: "crossed" }, "isolated", "crossed"],
    ["margin", { margin: amountOf("612.4999") }, "612.5", "612.4999"],
  ] as const)("stops what was confirmed when the %s changed", (what, changes, before, now) => {
    expect(driftRefusal(seenOf(), seenOf(changes))).toEqual({ code: "changed", what, before, now });
  });

  it("is not stopped by a price that moved, in either direction", () => {
    for (const price of ["1", "90000.1", "99999.9", "250000"]) {
      const moved = seenOf({ markPrice: decimal(price), liquidationPrice: decimal("1") });
      expect(driftRefusal(seenOf(), moved)).toBeUndefined();
    }
    const { liquidationPrice: _, ...without } = seenOf();
    expect(driftRefusal(seenOf(), without)).toBeUndefined();
  });

  it("is not stopped by a balance that changed: the amount is checked against it on its own", () => {
    expect(driftRefusal(seenOf({}, "500"), seenOf({}, "1"))).toBeUndefined();
  });
});

describe("figures", () => {
  it("move the same amount out of the one and into the other", () => {
    const amounts = fc.bigInt({ min: 1n, max: 10n ** 12n }).map((units) => `${units / 10000n}.${units % 10000n}1`);
    fc.assert(
      fc.property(amounts, fc.constantFrom("add", "remove"), (amount, direction) => {
        const deed = adjustment(direction, amount);
        const back = { ...deed, direction: direction === "add" ? "remove" : "add" } as const;
        const [margin, free] = [amountOf("612.5"), amountOf("500")];
        expect(marginAfter(marginAfter(margin, deed), back)).toBe(margin);
        expect(freeAfter(freeAfter(free, deed), back)).toBe(free);
      }),
    );
    expect(marginAfter(amountOf("612.5"), adjustment("add", "50"))).toBe("662.5");
    expect(freeAfter(amountOf("500"), adjustment("add", "50"))).toBe("450");
    expect(marginAfter(amountOf("612.5"), adjustment("remove", "50"))).toBe("562.5");
    expect(freeAfter(amountOf("500"), adjustment("remove", "50"))).toBe("550");
  });

  it("have a distance to liquidation on both sides of the mark, and none where nothing liquidates", () => {
    const far = (holdSide: "long" | "short", liquidation?: string) => {
      const at = { holdSide, markPrice: decimal<"price">("100000") };
      return distanceOf(liquidation === undefined ? at : { ...at, liquidationPrice: decimal<"price">(liquidation) });
    };
    expect([far("long", "98000"), far("short", "105000")]).toEqual(["0.02", "0.05"]);
    expect([far("long", "105000"), far("short", "98000")]).toEqual(["-0.05", "-0.02"]);
    expect([far("long", "100000"), far("long")]).toEqual(["0", undefined]);
  });
});
