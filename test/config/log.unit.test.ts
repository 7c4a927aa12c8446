import { describe, expect, it } from "vitest";
import { createLogger, createScrubber } from "../../src/log.ts";

const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace"] as const;
const SECRETS = ['quote " and \\ canary', "canary/pass & phrase+77", "7000000001:canary-token", "canary-ünï"];

function record(level: string, secrets: readonly string[] = []) {
  const lines: string[] = [];
  return { lines, logger: createLogger(level, secrets, (line) => lines.push(line)) };
}

describe("a secret", () => {
  const spelled = SECRETS.flatMap((secret) =>
    [
      ["as it is", secret],
      ["in a URL", `https://x/bot${encodeURIComponent(secret)}/getMe`],
      ["in base64", `Basic ${Buffer.from(secret).toString("base64")}`],
      ["in JSON", JSON.stringify({ inner: secret })],
      ["in hexadecimal", Buffer.from(secret).toString("hex")],
    ].map(([how, text]) => [how, secret, text] as const),
  );

  it.each(spelled)("does not get into the log %s: %s", (_, secret, text) => {
    const { lines, logger } = record("info", SECRETS);
    logger.log("error", "broken", { text: text ?? "" });
    const line = lines.join("");
    const shapes = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
    const coded = [Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex")];
    for (const shape of shapes.concat(coded)) expect(line).not.toContain(shape);
    expect(line).toContain("[redacted]");
    expect(JSON.parse(line).event).toBe("broken");
  });

  it("does not get in as an event's name, as a field's name, or twice in a line", () => {
    const { lines, logger } = record("info", SECRETS);
    const secret = "canary/pass & phrase+77";
    logger.log("info", secret, { [secret]: 1, text: `${secret} ${secret}` });
    logger.ready({ http: `http://${secret}` });
    expect(lines.join("")).not.toContain(secret);
    expect(lines).toHaveLength(2);
  });

  it("is taken out whole where another secret is a part of it", () => {
    const scrub = createScrubber(["canary", "canary-long"]);
    expect(scrub("a canary-long b canary c")).toBe("a [redacted] b [redacted] c");
  });

  it("leaves everything else as it was", () => {
    expect(createScrubber(SECRETS)("adjustment a1 done")).toBe("adjustment a1 done");
    expect(createScrubber(["", "ab"])("about")).toBe("about");
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
