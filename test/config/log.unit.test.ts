import { describe, expect, it } from "vitest";
import { createLogger } from "../../src/log.ts";
import { createRedact } from "../../src/redact.ts";
import { SPELLINGS } from "../support/spellings.ts";

const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace"] as const;
const SECRETS = ['quote " and \\ canary', "canary/pass & phrase+77", "7000000001:canary-token", "canary-ünï"];

function record(level: string, secrets: readonly string[] = []) {
  const lines: string[] = [];
  return { lines, logger: createLogger(level, createRedact(secrets), (line) => lines.push(line)) };
}

describe("a secret", () => {
  const spelled = SECRETS.flatMap((secret) =>
    Object.entries(SPELLINGS).map(([how, spell]) => [how, secret, spell(secret)] as const),
  );

  it.each(spelled)("does not get into the log %s: %s", (_how, _secret, text) => {
    const { lines, logger } = record("info", SECRETS);
    logger.log("error", "broken", { text: `a ${text} b` });
    expect(JSON.parse(lines.join(""))).toMatchObject({ event: "broken", text: "a [redacted] b" });
  });

  it("does not get in as an event's name, as a field's name, or twice in a line", () => {
    const { lines, logger } = record("info", SECRETS);
    const secret = "canary/pass & phrase+77";
    logger.log("info", secret, { [secret]: 1, text: `${secret} ${secret}` });
    logger.ready({ http: `http://${secret}` });
    expect(lines.join("")).not.toContain(secret);
    expect(lines).toHaveLength(2);
  });
});

describe("a line", () => {
  it.each(LEVELS)("says that the bot is ready at level %s", (level) => {
    const { lines, logger } = record(level);
    logger.ready({ mode: "paper", http: "http://127.0.0.1:1", bot: "b", exchange: "http://127.0.0.1:2" });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ event: "ready", mode: "paper", bot: "b" });
    expect(lines[0]?.endsWith("}\n")).toBe(true);
  });

  it("is written from its level up", () => {
    const { lines, logger } = record("warn");
    for (const level of ["debug", "info", "warn", "error"] as const) logger.log(level, level);
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(["warn", "error"]);
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(["warn", "error"]);
  });

  it("is one line, whatever stands in it", () => {
    const { lines, logger } = record("info");
    logger.log("info", "odd", { text: 'a\nb\r\u2028"c"' });
    expect(lines.join("").trimEnd().split("\n")).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "").text).toBe('a\nb\r\u2028"c"');
  });
});
