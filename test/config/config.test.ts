import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configure, type Environment, NAMES, SECRETS, type Settings, UNBUILT } from "../../src/config.ts";
import { cli } from "../support/cli.ts";
import { temporaryFolder } from "../support/world.ts";

const TOKEN = "7000000001:canary-token-7f3a9c";
const KEYS = { BITGET_API_KEY: "canary-key", BITGET_API_SECRET: "canary-secret", BITGET_API_PASSPHRASE: "canary-pass" };
const LIVE = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_ADMIN_IDS: "501", BITGET_MODE: "live", ...KEYS };

function settingsOf(environment: Environment): Settings {
  const configured = configure(environment);
  if (!configured.ok) throw new Error(configured.faults.join("\n"));
  return configured.settings;
}

function faultsOf(environment: Environment): readonly string[] {
  const configured = configure(environment);
  return configured.ok ? [] : configured.faults;
}

/** The variables that are at fault, in alphabetical order. */
const namesOf = (environment: Environment) =>
  [...new Set(faultsOf(environment).map((fault) => fault.split(" ")[0]))].toSorted();

function secretFile(content: string): string {
  const path = join(temporaryFolder(), "secret");
  writeFileSync(path, content);
  return path;
}

describe("without any variable", () => {
  it("has the defaults of the contract, and starts the playground on paper", () => {
    expect(settingsOf({})).toEqual({
      TELEGRAM_API_ROOT: "https://api.telegram.org",
      TELEGRAM_ADMIN_IDS: [],
      TELEGRAM_CHAT_IDS: [],
      BITGET_MODE: "paper",
      BITGET_BASE_URL: "https://api.bitget.com",
      BITGET_ACCOUNT: "main",
      BITGET_PRODUCT_TYPES: ["USDT-FUTURES"],
      BITGET_TIMEOUT_MS: 10_000,
      DATABASE_URL: "file:./data/margin-bot.db",
      HTTP_HOST: "127.0.0.1",
      HTTP_PORT: 8790,
      CONFIRM_TTL_S: 60,
      SETTLE_WINDOW_S: 90,
      LIMIT_PER_ADJUSTMENT: "1000",
      REMOVE_FLOOR_PERCENT: "3",
      LOG_LEVEL: "info",
    });
  });

  it("takes empty and blank ones as not set", () => {
    const blank = Object.fromEntries(NAMES.map((name, index) => [name, index % 2 === 0 ? "" : "  "]));
    expect(settingsOf(blank)).toEqual(settingsOf({}));
  });
});

const GOOD: readonly (readonly [keyof Settings, string, unknown])[] = [
  ["TELEGRAM_API_ROOT", "https://telegram.example/", "https://telegram.example"],
  ["TELEGRAM_API_ROOT", "http://127.0.0.1:8081", "http://127.0.0.1:8081"],
  ["TELEGRAM_API_ROOT", "http://localhost:1", "http://localhost:1"],
  ["TELEGRAM_API_ROOT", "http://[::1]:1", "http://[::1]:1"],
  ["TELEGRAM_ADMIN_IDS", "501", ["501"]],
  ["TELEGRAM_ADMIN_IDS", "501, 502 ,503", ["501", "502", "503"]],
  ["TELEGRAM_CHAT_IDS", "-100200300,-5", ["-100200300", "-5"]],
  ["BITGET_MODE", "paper", "paper"],
  ["BITGET_BASE_URL", "http://127.0.0.1:9", "http://127.0.0.1:9"],
  ["BITGET_BASE_URL", "https://bitget.example", "https://bitget.example"],
  ["BITGET_ACCOUNT", "desk_2-b", "desk_2-b"],
  ["BITGET_PRODUCT_TYPES", "USDT-FUTURES,USDC-FUTURES,COIN-FUTURES", ["USDT-FUTURES", "USDC-FUTURES", "COIN-FUTURES"]],
  ["BITGET_PRODUCT_TYPES", "COIN-FUTURES, COIN-FUTURES", ["COIN-FUTURES"]],
  ["BITGET_TIMEOUT_MS", "1", 1],
  ["DATABASE_URL", "file:/var/lib/bot.db", "file:/var/lib/bot.db"],
  ["HTTP_HOST", "0.0.0.0", "0.0.0.0"],
  ["HTTP_PORT", "0", 0],
  ["HTTP_PORT", "65535", 65_535],
  ["CONFIRM_TTL_S", "1", 1],
  ["CONFIRM_TTL_S", "600", 600],
  ["SETTLE_WINDOW_S", "1", 1],
  ["LIMIT_PER_ADJUSTMENT", "0.00000001", "0.00000001"],
  ["LIMIT_PER_ADJUSTMENT", "2500.50", "2500.50"],
  ["REMOVE_FLOOR_PERCENT", "0", "0"],
  ["REMOVE_FLOOR_PERCENT", "2.5", "2.5"],
  ["LOG_LEVEL", "trace", "trace"],
  ["LOG_LEVEL", "fatal", "fatal"],
];

const BAD: readonly (readonly [string, readonly string[]])[] = [
  ["TELEGRAM_BOT_TOKEN", ["token", ":abc", "123:", "123:a b", "abc:def"]],
  ["TELEGRAM_API_ROOT", ["http://api.telegram.org", "ftp://x", "x", "https://a@b.example", "https://x.example/?a=1"]],
  ["TELEGRAM_ADMIN_IDS", ["ann", "0", "-5", "501;502", "501,", "1.5", "1e3", "1087968824", "136817688", "777000"]],
  ["TELEGRAM_CHAT_IDS", ["5", "@group", "-", "-0", "-1,"]],
  ["BITGET_MODE", ["Live", "real", "paper,live"]],
  ["BITGET_BASE_URL", ["http://api.bitget.com", "http://127.0.0.1.example.com", "http://0.0.0.0", "http://10.0.0.1"]],
  ["BITGET_ACCOUNT", ["a:b", "a b", "a".repeat(33), "ä"]],
  ["BITGET_PRODUCT_TYPES", ["SPOT", "usdt-futures", "USDT-FUTURES,", "USDT-FUTURES;USDC-FUTURES"]],
  ["BITGET_TIMEOUT_MS", ["0", "-1", "1.5", "1e3", "ten"]],
  ["DATABASE_URL", ["./bot.db", "postgres://x", "file:", "file://host/x", "file:x?mode=ro"]],
  ["HTTP_PORT", ["-1", "65536", "http", "80.5"]],
  ["CONFIRM_TTL_S", ["0", "601", "1m"]],
  ["SETTLE_WINDOW_S", ["0", "-1", "90s"]],
  ["LIMIT_PER_ADJUSTMENT", ["0", "0.00", "-1", "1e3", "1,000", "1_000", "∞", "٣", ".5"]],
  ["REMOVE_FLOOR_PERCENT", ["-1", "100.1", "3%", ".5"]],
  ["LOG_LEVEL", ["verbose", "INFO"]],
];

describe("a variable", () => {
  it.each(GOOD)("%s may be %s", (name, text, value) => {
    expect(settingsOf({ [name]: text })[name]).toEqual(value);
    expect(settingsOf({ [name]: ` ${text} ` })[name]).toEqual(value);
  });

  it.each(BAD.flatMap(([name, texts]) => texts.map((text) => [name, text] as const)))(
    "%s may not be %s",
    (name, text) => {
      expect(namesOf({ [name]: text })).toEqual([name]);
      for (const fault of faultsOf({ [name]: text })) expect(fault).toMatch(/^[A-Z_]+ [^\n]+$/);
    },
  );

  it("is among the good and the bad ones above, each that has a rule", () => {
    const ruled = NAMES.filter((name) => !(UNBUILT as readonly string[]).includes(name));
    const free = ["HTTP_HOST", "BITGET_API_KEY", "BITGET_API_SECRET", "BITGET_API_PASSPHRASE", "PAPER_EXCHANGE_URL"];
    expect(ruled.filter((name) => !free.includes(name)).toSorted()).toEqual(BAD.map(([name]) => name).toSorted());
  });

  it.each(UNBUILT)("%s stops the start: this version cannot honour it", (name) => {
    expect(faultsOf({ [name]: "1" })).toEqual([expect.stringMatching(new RegExp(`^${name} is set, and this version`))]);
  });
});

describe("variables that belong together", () => {
  it("are complete for a live account and for a demo account", () => {
    expect(settingsOf(LIVE)).toMatchObject({ BITGET_MODE: "live", TELEGRAM_BOT_TOKEN: TOKEN, ...KEYS });
    expect(settingsOf({ ...LIVE, BITGET_MODE: "demo" }).BITGET_MODE).toBe("demo");
  });

  it.each(["demo", "live"])("need a token in %s", (mode) => {
    expect(namesOf({ ...LIVE, BITGET_MODE: mode, TELEGRAM_BOT_TOKEN: undefined })).toEqual(["TELEGRAM_BOT_TOKEN"]);
  });

  it.each(["demo", "live"])("need all three parts of the key in %s", (mode) => {
    const environment = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_ADMIN_IDS: "501", BITGET_MODE: mode };
    expect(namesOf(environment)).toEqual(Object.keys(KEYS).toSorted());
    for (const name of Object.keys(KEYS)) {
      expect(namesOf({ ...environment, ...KEYS, [name]: undefined })).toEqual([name]);
    }
  });

  it("need an admin with a token, in paper mode, too", () => {
    expect(namesOf({ TELEGRAM_BOT_TOKEN: TOKEN })).toEqual(["TELEGRAM_ADMIN_IDS"]);
    expect(namesOf({ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_ADMIN_IDS: "501" })).toEqual([]);
  });

  it("allow a short settle window for stand-ins only", () => {
    const short = { SETTLE_WINDOW_S: "89" };
    expect(namesOf({ ...LIVE, ...short })).toEqual(["SETTLE_WINDOW_S"]);
    expect(namesOf({ ...LIVE, ...short, BITGET_MODE: "demo" })).toEqual(["SETTLE_WINDOW_S"]);
    expect(namesOf({ ...LIVE, ...short, BITGET_BASE_URL: "https://bitget.example" })).toEqual(["SETTLE_WINDOW_S"]);
    expect(namesOf({ ...LIVE, ...short, BITGET_BASE_URL: "http://127.0.0.1:9" })).toEqual([]);
    expect(namesOf({ ...LIVE, SETTLE_WINDOW_S: "90" })).toEqual([]);
    expect(namesOf(short)).toEqual([]);
  });

  it("never lead paper money to a real exchange", () => {
    expect(namesOf({ PAPER_EXCHANGE_URL: "https://api.bitget.com" })).toEqual(["PAPER_EXCHANGE_URL"]);
    expect(namesOf({ PAPER_EXCHANGE_URL: "http://127.0.0.1:9" })).toEqual([]);
  });
});

describe("faults", () => {
  it("are named all together, one line each", () => {
    const wrong = {
      HTTP_PORT: "x",
      CONFIRM_TTL_S: "0",
      LOG_LEVEL: "loud",
      GROUP_PRIVACY: "hidden",
      BITGET_MODE: "real",
    };
    expect(namesOf({ ...wrong, BITGET_API_KEY_FILE: "/none" })).toEqual(
      ["BITGET_API_KEY_FILE", ...Object.keys(wrong)].toSorted(),
    );
  });

  it("name what is missing beside what is malformed", () => {
    expect(namesOf({ BITGET_MODE: "live", HTTP_PORT: "x" })).toEqual(
      [...Object.keys(KEYS), "HTTP_PORT", "TELEGRAM_BOT_TOKEN"].toSorted(),
    );
  });

  it("never show a value: it could be a secret in the wrong place", () => {
    const canary = "canary-value-5150";
    for (const name of NAMES) expect(faultsOf({ [name]: canary, HTTP_PORT: "x" }).join("\n")).not.toContain(canary);
    const twice = { BITGET_API_SECRET: canary, BITGET_API_SECRET_FILE: secretFile(`${canary}-2`) };
    expect(faultsOf(twice).join("\n")).not.toContain(canary);
  });
});

describe("a secret in a file", () => {
  it.each(SECRETS.filter((name) => !(UNBUILT as readonly string[]).includes(name)))("is read for %s", (name) => {
    const value = name === "TELEGRAM_BOT_TOKEN" ? TOKEN : "canary in a file";
    const environment = { ...LIVE, [name]: undefined, [`${name}_FILE`]: secretFile(`${value}\n`) };
    expect(settingsOf(environment)[name as keyof Settings]).toBe(value);
    const configured = configure(environment);
    expect(configured.ok && configured.secrets).toContain(value);
  });

  it("of a feature that is not built stops the start, too", () => {
    expect(namesOf({ TELEGRAM_WEBHOOK_SECRET_FILE: secretFile("abc") })).toEqual(["TELEGRAM_WEBHOOK_SECRET"]);
  });

  it.each(SECRETS)("may not be given twice: %s", (name) => {
    const environment = { [name]: "1:a", [`${name}_FILE`]: secretFile("1:a") };
    expect(faultsOf(environment)).toContain(`${name} is set twice: as itself and as ${name}_FILE`);
  });

  it.each([
    ["is missing", () => join(temporaryFolder(), "none")],
    ["is a folder", () => temporaryFolder()],
    ["is empty", () => secretFile("\n")],
    ["is far too long for a secret", () => secretFile("x".repeat(5000))],
  ])("that %s is a fault that begins with the variable's name", (_, path) => {
    expect(faultsOf({ BITGET_API_KEY_FILE: path() })).toEqual([expect.stringMatching(/^BITGET_API_KEY_FILE /)]);
  });
});

it("gives the log every secret that is set, and nothing else", () => {
  const configured = configure(LIVE);
  expect(configured.ok && configured.secrets.toSorted()).toEqual([TOKEN, ...Object.values(KEYS)].toSorted());
});

describe("the process", () => {
  it("exits 78 and says all faults on stderr, one a line, each beginning with the name", async () => {
    const wrong = { BITGET_TIMEOUT_MS: "soon", HTTP_PORT: "x", APPROVALS_ADD: "1", BITGET_API_SECRET_FILE: "/none" };
    const { code, stdout, stderr } = await cli(["start"], { ...wrong, BITGET_API_KEY: "canary-key" });
    expect([code, stdout]).toEqual([78, ""]);
    const names = stderr
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0]);
    expect(names.toSorted()).toEqual(["APPROVALS_ADD", "BITGET_API_SECRET_FILE", "BITGET_TIMEOUT_MS", "HTTP_PORT"]);
    expect(stderr).not.toContain("canary-key");
  });

  it("reads .env where it starts, and the real environment wins over it", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".env"), "HTTP_PORT=nonsense\nLOG_LEVEL=loud\n");
    const { code, stderr } = await cli(["start"], { LOG_LEVEL: "info" }, folder);
    expect(code).toBe(78);
    expect(stderr).toMatch(/^HTTP_PORT [^\n]+\n$/);
  });
});

it("is documented in .env.example: every variable that is read, and no other", () => {
  const text = readFileSync(new URL("../../.env.example", import.meta.url), "utf8");
  const named = [...text.matchAll(/^#?\s*([A-Z][A-Z0-9_]+)=/gm)].map(([, name = ""]) => name);
  const files: readonly string[] = SECRETS.map((name) => `${name}_FILE`);
  const wanted = new Set(NAMES.filter((name) => name !== "PAPER_EXCHANGE_URL"));
  expect(new Set(named.filter((name) => !files.includes(name)))).toEqual(wanted);
  expect(text).toContain("_FILE");
});
