import { describe, expect, it } from "vitest";
import { createRedact } from "../../src/redact.ts";
import { SPELLINGS } from "../support/spellings.ts";

/** Among them what a token, a passphrase and a signature (base64) look like, and what regular expressions mind. */
const SECRETS = [
  'quote " and \\ canary',
  'canary\\\\"two',
  "canary/pass & phrase+77",
  "7000000001:canary-token",
  "canary-ünï",
  "can(ary)[.*]?{2}|^$~!'",
  "h+7/3Jm2kq9Zb1c/Xo5pT8vW+aR4sYdE6uFgHiLnM0Q=",
];

const CASES = SECRETS.flatMap((secret) =>
  Object.entries(SPELLINGS).map(([how, spell]) => [how, secret, spell(secret)] as const),
);

describe("a secret", () => {
  const redact = createRedact(SECRETS);

  it.each(CASES)("is taken out %s: %s", (_how, _secret, spelled) => {
    expect(redact(`a ${spelled} b`)).toBe("a [redacted] b");
    expect(redact(`{"a":"${spelled}","b":"${spelled}"}`)).toBe('{"a":"[redacted]","b":"[redacted]"}');
  });

  it.each(CASES)("that is given along is taken out %s: %s", (_how, secret, spelled) => {
    expect(createRedact(["another"])(`another ${spelled} b`, [secret])).toBe("[redacted] [redacted] b");
  });

  it.each(["", "u", "us", "user:"])("is taken out of a longer text in base64, behind %j", (before) => {
    const secret = "canary/pass & phrase+77";
    for (const after of ["", "1", "12", "123"]) {
      for (const encoding of ["base64", "base64url"] as const) {
        const text = Buffer.from(before + secret + after).toString(encoding);
        const left = Buffer.from(redact(text).replace("[redacted]", "")).toString();
        expect(left.length).toBeLessThan(16);
        expect(redact(text)).toContain("[redacted]");
      }
    }
  });

  it("is taken out whole where another secret is a part of it", () => {
    expect(createRedact(["canary", "canary-long"])("a canary-long b canary c")).toBe("a [redacted] b [redacted] c");
  });

  it("of a few letters is left alone, as it would blot out ordinary words", () => {
    expect(createRedact(["", "ab", "abc"])("about abc")).toBe("about abc");
    expect(createRedact(["abcd"])("about abcd")).toBe("about [redacted]");
  });

  it("leaves everything else as it was", () => {
    expect(redact("adjustment a1 done")).toBe("adjustment a1 done");
    expect(createRedact([])("canary")).toBe("canary");
  });

  it("of many backslashes is looked for in bounded time", () => {
    const long = "\\".repeat(100_000);
    expect(createRedact([`${"\\".repeat(12)}"x`])(long)).toBe(long);
  });
});
