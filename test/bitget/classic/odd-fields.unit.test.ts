/** One odd field at a time, in every answer: what is stopped is what needs it, and nothing else. */
import { expect, it } from "vitest";
import { createContracts } from "../../../src/bitget/classic/contracts.ts";
import { createPositions } from "../../../src/bitget/classic/positions.ts";
import { positionsData } from "../../../src/bitget/classic/schemas.ts";
import { createTiers } from "../../../src/bitget/classic/tiers.ts";
import type { HttpResult } from "../../../src/bitget/http/client.ts";
import { parseExactly } from "../../../src/bitget/http/json.ts";
import type { Read } from "../../../src/bitget/http/read-call.ts";
import { readingOf } from "../../../src/bitget/http/result.ts";
import { oddOf } from "../../../src/bitget/http/rows.ts";
import type { Direction } from "../../../src/margin/model/adjustment.ts";
import { decimal } from "../../../src/margin/model/decimal.ts";
import type { ProductType } from "../../../src/margin/model/position.ts";
import type { Deps } from "../../../src/margin/ports/deps.ts";
import type { Exchange } from "../../../src/margin/ports/exchange.ts";
import { findPositions } from "../../../src/margin/reads/find-positions.ts";
import { readPosition } from "../../../src/margin/reads/read-position.ts";
import { byRisk } from "../../../src/margin/risk/distance.ts";
import { amountRefusal } from "../../../src/margin/rules/amount.ts";
import { removalRefusal } from "../../../src/margin/rules/floor.ts";
import { marginModeRefusal } from "../../../src/margin/rules/margin-mode.ts";
import { boundsOf } from "../../../src/margin/sizing/bounds.ts";
import { type OddRow, oddValues } from "../../support/odd.ts";
import { ACCOUNT, position } from "../../support/people.ts";

const SINGLE = "/api/v2/mix/position/single-position";
const ALL = "/api/v2/mix/position/all-position";
const BALANCE = "/api/v2/mix/account/account";
const CONTRACTS = "/api/v2/mix/market/contracts";
const TIERS = "/api/v2/mix/market/query-position-lever";
const KEY = position("BTCUSDT", "long");

/** Figures of the sample of Bitget's page on the single position. */
const ROW: OddRow = {
  marginCoin: "USDT",
  symbol: "BTCUSDT",
  holdSide: "long",
  marginSize: "9.6695050093373343",
  total: "0.01",
  leverage: "20",
  openPriceAvg: "25000",
  marginMode: "isolated",
  unrealizedPL: "1",
  liquidationPrice: "24144.1124161806977798",
  keepMarginRate: "0.004",
  markPrice: "25100",
  marginRatio: "0.1082149545822005",
  autoMargin: "on",
  cTime: "1659076670000",
};
const OTHER = { ...ROW, symbol: "ETHUSDT", holdSide: "short" };
const ANSWERS: Readonly<Record<string, readonly OddRow[]>> = {
  [SINGLE]: [ROW],
  [ALL]: [ROW, OTHER],
  [BALANCE]: [{ available: "100.5", isolatedMaxAvailable: "99.25", unrealizedPL: "" }],
  [CONTRACTS]: [{ symbol: "BTCUSDT", baseCoin: "BTC", pricePlace: "1" }],
  [TIERS]: [{ startUnit: "0", endUnit: "50000", leverage: "125", keepMarginRate: "0.004" }],
};

/** What is stopped by a field that cannot be read. */
type Stopped = "both" | "removal" | "addition" | "neither";

const NEEDED: Readonly<Record<string, Readonly<Record<string, Stopped>>>> = {
  [SINGLE]: {
    symbol: "both",
    marginCoin: "both",
    holdSide: "both",
    marginMode: "both",
    marginSize: "both",
    total: "both",
    leverage: "removal",
    openPriceAvg: "removal",
    markPrice: "removal",
    liquidationPrice: "removal",
    keepMarginRate: "removal",
    unrealizedPL: "neither",
    autoMargin: "neither",
    cTime: "neither",
    marginRatio: "neither",
  },
  [BALANCE]: { available: "neither", isolatedMaxAvailable: "neither", unrealizedPL: "neither" },
  [CONTRACTS]: { symbol: "neither", baseCoin: "neither", pricePlace: "neither" },
  [TIERS]: { startUnit: "neither", endUnit: "neither", keepMarginRate: "neither", leverage: "neither" },
};
const NAMES = new Set(["symbol", "marginCoin", "holdSide", "marginMode", "baseCoin", "autoMargin"]);
/** Without these nobody can say which position it is, or what of it would change. */
const NAMED = Object.keys(NEEDED[SINGLE] ?? {}).filter((field) => NEEDED[SINGLE]?.[field] === "both");

/** The client's reads over these answers, without the network. */
function exchangeOf(
  answers: Readonly<Record<string, unknown>>,
  productTypes: readonly ProductType[] = ["USDT-FUTURES"],
) {
  const read: Read = async (endpoint) => {
    const data = answers[endpoint.path];
    const envelope = { kind: "answer", httpStatus: 200, code: "00000", msg: "", requestTime: 1, data } as const;
    return readingOf(envelope satisfies HttpResult, endpoint.data, (text) => text);
  };
  const now = () => 1;
  const contracts = createContracts({ read, productTypes, now });
  const { positions, position, balance } = createPositions({ account: ACCOUNT, productTypes, read, contracts });
  const tiers = createTiers(read, now);
  const parts = { serves: () => true, decimals: () => 4, position, balance };
  return { positions, ...parts, tiers: (_: string, ...rest: Parameters<typeof tiers>) => tiers(...rest) };
}

function depsOf(exchange: ReturnType<typeof exchangeOf>): Deps {
  const rules = { removeFloor: decimal<"ratio">("0.03"), perAdjustment: decimal<"USD">("10000") };
  const parts = { exchange: exchange as unknown as Exchange, rules, now: () => 1 };
  return parts as unknown as Deps;
}

function answersWith(path: string, row: OddRow): Readonly<Record<string, unknown>> {
  const { [BALANCE]: balance = [], ...lists } = ANSWERS;
  return { ...lists, [BALANCE]: balance[0], [path]: path === BALANCE ? row : [row] };
}

async function isStopped(
  answers: Readonly<Record<string, unknown>>,
  direction: Direction,
  key = KEY,
): Promise<boolean> {
  const deps = depsOf(exchangeOf(answers, [key.productType]));
  const look = await readPosition(deps, key, true);
  if (!look.ok) return true;
  // What is offered must not fail either.
  boundsOf(deps, look);
  const adjustment = { id: "a", position: key, direction, amount: decimal<"margin coin">("0.1") };
  const bounds = { decimalsMax: 4, perAdjustment: deps.rules.perAdjustment };
  const refusal =
    marginModeRefusal(look.position) ??
    amountRefusal(adjustment, look.seen, bounds) ??
    removalRefusal(adjustment, look, deps.rules.removeFloor);
  return refusal !== undefined;
}

async function stoppedBy(answers: Readonly<Record<string, unknown>>, key = KEY): Promise<Stopped> {
  const [add, remove] = [await isStopped(answers, "add", key), await isStopped(answers, "remove", key)];
  if (add) return remove ? "both" : "addition";
  return remove ? "removal" : "neither";
}

it.each(
  Object.entries(NEEDED).flatMap(([path, fields]) => Object.entries(fields).map((entry) => [path, ...entry] as const)),
)("of %s the field %s that is odd stops %s", async (path, field, needs) => {
  const row = ANSWERS[path]?.[0] ?? {};
  for (const [how, value] of Object.entries(oddValues(String(row[field])))) {
    expect(await stoppedBy(answersWith(path, { ...row, [field]: value })), how).toBe(needs);
  }
});

it.each(
  Object.entries(NEEDED).flatMap(([path, fields]) =>
    Object.keys(fields).flatMap((field) => (NAMES.has(field) ? [] : [[path, field] as const])),
  ),
)("of %s the figure %s is read with an exponent, as text and as a number", async (path, field) => {
  const row = ANSWERS[path]?.[0] ?? {};
  const text = `${row[field]}`;
  const number = parseExactly(`${text === "" ? "0" : text}E0`);
  for (const value of [`${text}E0`, `${text}0`.includes(".") ? `${text}e+0` : `${text}0E-1`, number]) {
    expect(await stoppedBy(answersWith(path, { ...row, [field]: value })), String(value)).toBe("neither");
  }
});

it("nothing stops where all can be read", async () => {
  expect(await stoppedBy(answersWith(SINGLE, ROW))).toBe("neither");
});

it("an addition needs no balance, and one of a coin the mark price that its limit is judged by", async () => {
  expect(await stoppedBy({ ...answersWith(SINGLE, ROW), [BALANCE]: {} })).toBe("neither");
  expect(await stoppedBy({ ...answersWith(SINGLE, ROW), [BALANCE]: null })).toBe("neither");
  const coin = { ...KEY, productType: "COIN-FUTURES" } as const;
  expect(await isStopped(answersWith(SINGLE, { ...ROW, markPrice: "" }), "add", coin)).toBe(true);
  expect(await isStopped(answersWith(SINGLE, { ...ROW, liquidationPrice: "" }), "add", coin)).toBe(false);
  expect(await isStopped(answersWith(SINGLE, { ...ROW, liquidationPrice: "" }), "remove", coin)).toBe(true);
});

it.each(Object.keys(ROW))(
  "in the list of positions an odd %s hides no other, and is named where it must be",
  async (field) => {
    for (const [how, value] of Object.entries(oddValues("1"))) {
      const answers = { ...answersWith(SINGLE, ROW), [ALL]: [{ ...OTHER, [field]: value }, ROW] };
      const reading = await exchangeOf(answers).positions();
      if (!reading.ok) throw new Error(reading.why);
      const { positions, unread } = reading.value;
      expect(positions.at(-1), how).toMatchObject({ symbol: "BTCUSDT", holdSide: "long", margin: ROW["marginSize"] });
      // Any text is a name.
      const isUnread = NAMED.includes(field) && !(how === "words" && /^(?:symbol|marginCoin)$/.test(field));
      expect([positions.length, unread.length], how).toEqual(isUnread ? [1, 1] : [2, 0]);
      if (isUnread && field !== "symbol") expect(unread[0], how).toMatchObject({ symbol: "ETHUSDT" });
    }
  },
);

it.each([
  ["a short name", { symbol: "PEPE" }, "1000PEPEUSDT", "unreadable"],
  ["a name with a sign in it", { symbol: "BTCUSDCM" }, "BTCUSD_CM", "unreadable"],
  ["the other side", { symbol: "1000PEPEUSDT", holdSide: "long" }, "1000PEPEUSDT", "no_position"],
  ["another contract", { symbol: "DOGE" }, "1000PEPEUSDT", "no_position"],
] as const)("what is meant by %s is not said to be none where it cannot be read", async (_, named, symbol, code) => {
  const row = { ...OTHER, symbol, marginSize: null };
  const contracts = [
    { symbol: "DOGEUSDT", baseCoin: "DOGE" },
    { symbol: "1000PEPEUSDT", baseCoin: "1000PEPE" },
  ];
  const answers = { ...answersWith(SINGLE, ROW), [ALL]: [row, ROW], [CONTRACTS]: contracts };
  const exchange = exchangeOf(answers);
  const list = { contracts: async () => ({ ok: true, value: { contracts: [], isComplete: false } }) };
  const deps = { ...depsOf(exchange), exchange: { ...exchange, ...list } } as unknown as Deps;
  expect(await findPositions(deps, ACCOUNT, named)).toMatchObject({ kind: "none", refusal: { code } });
});

it("an empty row is no position, whatever else stands in it, and hides no other", async () => {
  const empty = { total: "0", marginSize: null, leverage: "", markPrice: null, marginMode: null };
  const otherSide = { symbol: "BTCUSDT", marginCoin: "USDT", holdSide: "short", ...empty };
  for (const row of [otherSide, empty, { ...otherSide, total: "0E-10" }]) {
    expect(await stoppedBy({ ...answersWith(SINGLE, ROW), [SINGLE]: [row, ROW] })).toBe("neither");
    const alone = exchangeOf({ ...answersWith(SINGLE, ROW), [SINGLE]: [row] });
    expect(await alone.position(KEY)).toEqual({ ok: true, value: undefined });
  }
});

it.each(["total", "holdSide", "symbol", "marginCoin"])(
  "an open row with an odd %s is never taken for none",
  async (field) => {
    for (const [how, value] of Object.entries(oddValues("1"))) {
      const exchange = exchangeOf(answersWith(SINGLE, { ...ROW, [field]: value }));
      expect(await exchange.position(KEY), how).toMatchObject({ ok: false });
    }
  },
);

it.each([{ total: "0" }, { holdSide: "short" }])(
  "rows of another contract (%j) do not say that there is none",
  async (odd) => {
    const exchange = exchangeOf(answersWith(SINGLE, { ...ROW, symbol: "ETHUSDT", ...odd }));
    expect(await exchange.position(KEY)).toMatchObject({ ok: false });
  },
);

it("figures that were not read are absent, and a liquidation price that was not is not called none", async () => {
  const odd = { leverage: "", markPrice: null, liquidationPrice: "", unrealizedPL: null, autoMargin: "?", cTime: {} };
  const reading = await exchangeOf(answersWith(SINGLE, { ...ROW, ...odd })).position(KEY);
  expect(reading).toEqual({
    ok: true,
    value: {
      ...KEY,
      baseCoin: "BTC",
      pricePlaces: 1,
      marginMode: "isolated",
      margin: ROW["marginSize"],
      total: "0.01",
      entryPrice: "25000",
      maintenanceRate: "0.004",
      liquidationUnread: true,
    },
  });
});

it("nothing is offered for removal where a liquidation price may be there and could not be read", async () => {
  const removable = async (liquidationPrice: string) => {
    // So much margin that our own sums come to no liquidation price.
    const deps = depsOf(exchangeOf(answersWith(SINGLE, { ...ROW, marginSize: "400", liquidationPrice })));
    const look = await readPosition(deps, KEY, true);
    return look.ok ? boundsOf(deps, look).removable : "unread";
  };
  expect(await removable("0")).toMatch(/^\d/);
  expect(await removable("")).toBeUndefined();
});

it("positions whose distance nobody knows come before those without a liquidation price", async () => {
  const rows = [
    { ...ROW, symbol: "AUSDT", liquidationPrice: "0" },
    { ...ROW, symbol: "BUSDT", markPrice: "" },
    { ...ROW, symbol: "CUSDT", liquidationPrice: "" },
    ROW,
  ];
  const reading = await exchangeOf({ ...answersWith(SINGLE, ROW), [ALL]: rows }).positions();
  const order = reading.ok ? byRisk(reading.value.positions).map(({ symbol }) => symbol) : [];
  expect(order).toEqual(["BTCUSDT", "BUSDT", "CUSDT", "AUSDT"]);
});

it("the log is told path and field of what is odd, and nothing of an empty row", () => {
  const empty = { total: "0", marginSize: null };
  const rows = positionsData.parse([empty, { ...ROW, leverage: "", cTime: "x" }, 7]);
  expect(oddOf(rows).slice(0, 3)).toEqual(["[1].leverage", "[1].cTime", "[2].symbol"]);
});

it.each([
  ["1.2E-7", "0.00000012"],
  ["0E-10", "0"],
  ["2.5e+1", "25"],
  ["-1E0", "-1"],
])("%s is %s", async (written, read) => {
  const reading = await exchangeOf(answersWith(SINGLE, { ...ROW, unrealizedPL: written })).position(KEY);
  expect(reading).toMatchObject({ value: { unrealizedPnl: read } });
});

it.each(["1E999", "1E-99999", "E5", "1e", "Infinity", "0x10", "1_0", " 1"])("%s is no figure", async (written) => {
  const reading = await exchangeOf(answersWith(SINGLE, { ...ROW, unrealizedPL: written })).position(KEY);
  expect(reading).toMatchObject({ ok: true, value: expect.not.objectContaining({ unrealizedPnl: expect.anything() }) });
});
