import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createPaperExchange } from "../../../src/paper/exchange.ts";
import { adjust, CREDENTIALS, SET_MARGIN, START, startExchange } from "../world.ts";

function ledgerFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "paper-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "ledger.json");
}

describe("the ledger on file", () => {
  it("keeps positions, balances, bills and prices over a restart", async () => {
    const file = ledgerFile();
    const first = await createPaperExchange({ credentials: CREDENTIALS, file, now: () => START, moving: false });
    await adjust(first, { amount: "25.5" });
    first.setPrice("BTCUSDT", "99000");
    const [position, bills] = [first.position("BTCUSDT", "long"), first.bills()];
    await first.close();

    const second = await startExchange({ file, positions: [] });
    expect(second.position("BTCUSDT", "long")).toEqual(position);
    expect(second.bills()).toEqual(bills);
    expect(second.balance("USDT")).toBe("1474.5");
    await adjust(second, { amount: "1" });
    expect(second.bills().map((bill) => bill.billId)).toEqual(["1400000000000000001", "1400000000000000002"]);
  });

  it("holds a change before the answer is sent", async () => {
    const file = ledgerFile();
    const exchange = await startExchange({ file });
    const hold = exchange.hold({ path: SET_MARGIN, when: "after" });
    const answer = adjust(exchange, { amount: "25.5" });
    await hold.reached;
    expect(JSON.parse(readFileSync(file, "utf8")).available.USDT).toBe("1474.5");
    expect(readdirSync(join(file, ".."))).toEqual(["ledger.json"]);
    hold.release();
    expect((await answer).code).toBe("00000");
  });

  it("lets the prices go on from where they were", async () => {
    const file = ledgerFile();
    const clock = { time: START };
    const first = await createPaperExchange({ credentials: CREDENTIALS, file, now: () => clock.time });
    clock.time += 3_600_000;
    const mark = first.position("BTCUSDT", "long")?.markPrice;
    await first.close();
    const second = await startExchange({ file, moving: true }, clock);
    expect(second.position("BTCUSDT", "long")?.markPrice).toBe(mark);
  });

  it.each([
    "",
    "{",
    "[]",
    "{}",
    '{"format":2}',
    '{"format":1,"startedAt":1,"nextBillId":"1","available":{"USDT":"much"},"prices":{},"positions":[],"bills":[]}',
    '{"format":1,"startedAt":1,"nextBillId":"1","available":{},"prices":{},"positions":[{}],"bills":[]}',
  ])("that is damaged stops the start with a plain word: %s", async (content) => {
    const file = ledgerFile();
    writeFileSync(file, content);
    const start = createPaperExchange({ credentials: CREDENTIALS, file });
    await expect(start).rejects.toThrow(`cannot read its ledger ${file}. Delete the file to begin afresh.`);
    expect(readFileSync(file, "utf8")).toBe(content);
  });

  it("that cannot be written leaves the books as they were", async () => {
    const file = ledgerFile();
    const exchange = await startExchange({ file });
    rmSync(join(file, ".."), { recursive: true });
    expect(() => exchange.setMarginOutside("BTCUSDT", "long", "5")).toThrow("ENOENT");
    expect(exchange.balance("USDT")).toBe("1500");
    expect(exchange.bills()).toEqual([]);
  });
});

describe("the controls", () => {
  it("refuse what cannot be: no such position, contract or money", async () => {
    const exchange = await startExchange();
    expect(() => exchange.closePosition("DOGEUSDT", "long")).toThrow("no long position on DOGEUSDT");
    expect(() => exchange.setPrice("NOSUCH", "1")).toThrow("lists no NOSUCH");
    expect(() => exchange.setPrice("BTCUSDT", "-1")).toThrow("Not a price");
    expect(() => exchange.setMarginOutside("BTCUSDT", "long", "1501")).toThrow("cannot move 1501 USDT");
    expect(exchange.balance("USDT")).toBe("1500");
  });
});
