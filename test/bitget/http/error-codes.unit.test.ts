import { describe, expect, it } from "vitest";
import { BITGET_CODES, certain } from "../../../src/bitget/http/error-codes.ts";

const list = (text: string) => text.trim().split(/\s+/);

/** Codes that Bitget gives before it moves anything. */
const REFUSALS = list(`
  40001 40002 40003 40011 40005 40008 40004 40006 40037 40041 40007 40009 40012 40036 40018 40038 22010 40014
  40013 40022 40023 40024 40025 40026 40031 40710 40752 40753 40760 40916
  40035 40101 40100 40103 40104 40111 40000 40061 40068 40126 40085 40084 25245 40099 40105 40110 22030 30032 40404
  40017 400171 400172 43058 48001 48002 50011 40019 40020 40724 40811 40812 40813 40034 40072 40102 43048 40822
  22012 40778 45025 43049 01001 01002 40053 40057 40409 49024 41002 41101 41103 40875 40727 40802 40714
  43043 22002 40757 45003 43075 45109 40774 45021 40798 40711 40754 43012 45002 43132 40800 40712 40801 40713 43117
  40799 40803 45047 22025 40879 40880 45009 22067 40780 40844 40845 40309 40308 45043 41113 41114
  40839 40842 40846 40847 40878 25202 25203 25219 25242 25008 25011 25012 95001 25200 25236 25240 25620
`);

/** Codes that leave it open. */
const OPEN = list("429 25004 40908 25003 40010 40910 25001 40015 40725 45001 40200 43059 50031 40909 40782 25000");

describe("the table of codes", () => {
  it.each(REFUSALS)("takes %s for proof that nothing was applied", (code) => {
    expect(certain(code, "anything")).toBeTypeOf("string");
  });

  it.each(OPEN)("takes %s for no proof", (code) => {
    expect(certain(code, "no margin mode, hold side or checkScale helps here")).toBeUndefined();
  });

  it("holds each known code once and no other", () => {
    const codes = BITGET_CODES.map((row) => row.code);
    expect(codes.toSorted()).toEqual([...REFUSALS, ...OPEN, "40808"].toSorted());
  });

  it.each(["99999", "0", "00000", "", "4000", "constructor", "50008", "40604"])("takes %j for no proof", (code) => {
    expect(certain(code, "")).toBeUndefined();
  });

  it.each([
    ["Parameter verification exception margin mode == FIXED", "cross_margin"],
    ["parameter Margin Mode == fixed", "cross_margin"],
    ["double fixed, hold side is null", "hold_side"],
    ["checkBDScale error value=0.123456 checkScale=4", "decimals"],
    ["checkbdscale", "decimals"],
    ["CHECKSCALE=2", "decimals"],
    ["Parameter verification exception", undefined],
    ["marginMode", undefined],
    ["", undefined],
  ])("reads 40808 %j as %s", (message, why) => {
    expect(certain("40808", message)).toBe(why);
  });

  it.each([
    ["40008", "clock"],
    ["40009", "signature"],
    ["40012", "key"],
    ["40036", "passphrase"],
    ["40018", "ip"],
    ["40014", "permission"],
    ["40085", "account_mode"],
    ["40099", "environment"],
    ["40034", "symbol"],
    ["40875", "cross_margin"],
    ["40802", "no_position"],
    ["40798", "balance"],
    ["40801", "removing_too_much"],
    ["40799", "amount"],
    ["40879", "risk_engine"],
    ["40844", "halted"],
    ["40013", "restricted"],
    ["40404", "request"],
  ])("gives the reason of %s as %s", (code, why) => {
    expect(certain(code, "")).toBe(why);
  });
});
