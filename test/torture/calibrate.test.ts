/** The calibration, against an exchange of play money that knows a demo key from a live one. */
import { expect, it, onTestFinished } from "vitest";
import { createPaperExchange } from "../../src/paper/exchange.ts";
import { run } from "../support/process.ts";

const CREDENTIALS = { key: "demo-canary-key", secret: "demo-canary/secret", passphrase: "demo canary pass" };
const LONG = ["--symbol", "BTCUSDT", "--side", "long"];

async function demo(environment: "demo" | "live" = "demo") {
  const exchange = await createPaperExchange({ credentials: CREDENTIALS, moving: false, environment });
  onTestFinished(() => exchange.close());
  const env = {
    BITGET_MODE: "demo",
    BITGET_BASE_URL: exchange.url,
    BITGET_API_KEY: CREDENTIALS.key,
    BITGET_API_SECRET: CREDENTIALS.secret,
    BITGET_API_PASSPHRASE: CREDENTIALS.passphrase,
  };
  async function calibrate(args: readonly string[], changes: NodeJS.ProcessEnv = {}) {
    const running = run({ args: ["scripts/calibrate.ts", ...args], env: { ...env, ...changes } });
    return { code: (await running.ended).code, text: running.output() };
  }
  return { exchange, calibrate };
}

it("moves one coin in and out, provokes each refusal once, and leaves the margin as it was", async () => {
  const { exchange, calibrate } = await demo();
  const { code, text } = await calibrate([...LONG, "--yes"]);
  expect(text).toMatch(/adding: its bill \| append_margin, amount 1, balance 1499/);
  expect(text).toMatch(/removing: its bill \| reduce_margin, amount -1/);
  expect(text).toMatch(/\| zero \| HTTP 400, code 40017/);
  expect(text).toMatch(/\| removing the whole margin \| HTTP 400, code 40801/);
  expect(text).toMatch(/\| 5 decimals \| /);
  expect(text).toMatch(/which is 0 other than before/);
  for (const secret of Object.values(CREDENTIALS)) expect(text).not.toContain(secret);
  expect(exchange.position("BTCUSDT", "long")?.marginSize).toBe("612.5");
  expect(code).toBe(0);
}, 60_000);

it("moves nothing without --yes", async () => {
  const { exchange, calibrate } = await demo();
  const { code, text } = await calibrate(LONG);
  expect(text).toMatch(/Nothing was sent/);
  expect(exchange.calls.filter(({ method }) => method === "POST")).toEqual([]);
  expect(code).toBe(0);
});

it.each([
  ["paper", { BITGET_MODE: "paper" }],
  ["live", { BITGET_MODE: "live" }],
  ["no mode", { BITGET_MODE: "" }],
  ["another address", { BITGET_BASE_URL: "https://api.bitget.com.evil.example" }],
  ["the loopback in a name", { BITGET_BASE_URL: "http://127.0.0.1.evil.example" }],
  ["no key", { BITGET_API_KEY: "" }],
])("does not start with %s", async (_name, changes) => {
  const { exchange, calibrate } = await demo();
  expect((await calibrate([...LONG, "--yes"], changes)).code).toBe(78);
  expect(exchange.calls).toEqual([]);
});

it("gets nowhere with a key of live trading", async () => {
  const { exchange, calibrate } = await demo("live");
  const { code, text } = await calibrate([...LONG, "--yes"]);
  expect(text).toMatch(/40099/);
  expect(exchange.calls.filter(({ method }) => method === "POST")).toEqual([]);
  expect(code).toBe(1);
});

it("leaves a crossed position alone", async () => {
  const { calibrate } = await demo();
  const { code, text } = await calibrate(["--symbol", "XRPUSDT", "--side", "long", "--yes"]);
  expect(text).toMatch(/not isolated/);
  expect(code).toBe(1);
});

it.each([[["--symbol", "btc"]], [["--side", "long"]], [["--nonsense"]], [[]]])(
  "says how to use it: %j",
  async (args) => {
    const { calibrate } = await demo();
    expect(await calibrate(args)).toMatchObject({ code: 64, text: expect.stringMatching(/^usage/) });
  },
);
