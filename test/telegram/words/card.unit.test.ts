/** The words of the card, for figures that no world of a test has: a phone breaks none of its lines. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Origin } from "../../../src/margin/model/amount-origin.ts";
import type { Change } from "../../../src/margin/model/change.ts";
import { decimal } from "../../../src/margin/model/decimal.ts";
import type { Proposal } from "../../../src/margin/model/proposal.ts";
import { cardWords } from "../../../src/telegram/words/card.ts";

const LINES_MAX = 12;
const CHARACTERS_MAX = 34;

const digits = (whole: number, places: number) =>
  fc
    .tuple(fc.bigInt({ min: 1n, max: 10n ** BigInt(whole) }), fc.integer({ min: 0, max: places }), fc.nat())
    .map(([units, count, tail]) => decimal(`${units}.${String(tail).padEnd(count, "7").slice(0, count)}0`));
const amounts = digits(8, 8);
const prices = fc.oneof(
  digits(6, 2),
  digits(1, 8).map((value) => decimal(`0.00000${value.replace(".", "")}`)),
);
const ratios = digits(2, 4);

const origins: fc.Arbitrary<Origin | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constant({ kind: "typed" } as const),
  fc.record({
    kind: fc.constant("share" as const),
    share: ratios,
    of: fc.constantFrom("free", "removable"),
    whole: amounts,
  }),
  fc.record({
    kind: fc.constant("max" as const),
    reserve: ratios,
    of: fc.constantFrom("free", "removable"),
    whole: amounts,
  }),
  fc.record({ kind: fc.constant("target" as const), margin: amounts }),
  fc.record({ kind: fc.constant("times" as const), factor: ratios, margin: amounts }),
  fc.record({ kind: fc.constant("liquidation" as const), price: prices, margin: amounts }),
  fc.record({ kind: fc.constant("distance" as const), ratio: ratios, margin: amounts }),
  fc.record({
    kind: fc.constant("again" as const),
    what: fc.constantFrom("size", "leverage", "mode", "margin"),
    before: amounts,
    now: amounts,
  }),
) as fc.Arbitrary<Origin | undefined>;

const changes = fc.record({
  before: fc.record({ distance: ratios, leverage: ratios }),
  after: fc.record({
    liquidation: fc.oneof(
      prices.map((price) => ({ kind: "price", price })),
      fc.constantFrom({ kind: "none" }, { kind: "not_estimated", why: "off" }),
    ),
    distance: fc.option(ratios, { nil: undefined }),
    leverage: fc.option(ratios, { nil: undefined }),
  }),
}) as unknown as fc.Arbitrary<Change>;

const proposals = fc
  .record({
    direction: fc.constantFrom("add", "remove"),
    amount: amounts,
    mode: fc.constantFrom("paper", "demo", "live"),
    account: fc.constantFrom("main", "the long-term account of the desk"),
    coin: fc.constantFrom("USDT", "BTC"),
    symbol: fc.constantFrom("BTCUSDT", "1000000MOGUSDT"),
    name: fc.string({ minLength: 1, maxLength: 32, unit: "grapheme" }).filter((name) => !/\p{C}|\n/u.test(name)),
    how: origins,
    cutFrom: fc.option(amounts, { nil: undefined }),
    change: changes,
    seen: fc.record({ margin: amounts, free: amounts, markPrice: prices, liquidationPrice: prices }),
    pricePlaces: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  })
  .map(({ direction, amount, mode, account, coin, symbol, name, seen, pricePlaces, ...rest }) => ({
    adjustment: {
      id: "abcdefghjk",
      direction,
      amount,
      position: {
        account: `bitget:${mode}:${account}`,
        productType: "USDT-FUTURES",
        symbol,
        marginCoin: coin,
        holdSide: "long",
      },
    },
    askedBy: { id: "501", name },
    expiresAt: 1_790_000_060_000,
    seen: { ...seen, at: 1_790_000_000_000, baseCoin: "BTC", ...(pricePlaces === undefined ? {} : { pricePlaces }) },
    ...rest,
  })) as unknown as fc.Arbitrary<Proposal>;

it("has at most twelve lines of at most thirty-four characters below the adjustment, whatever the figures", () => {
  fc.assert(
    fc.property(proposals, (proposal) => {
      const [title, ...lines] = cardWords.card(proposal).text.split("\n");
      expect(title).toBe(cardWords.cardTitle(proposal));
      expect(lines.length).toBeLessThan(LINES_MAX);
      for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(CHARACTERS_MAX);
    }),
    { numRuns: 500 },
  );
});

it("says of a removal how much nearer liquidation comes, and of an addition nothing like it", () => {
  fc.assert(
    fc.property(proposals, (proposal) => {
      const { text } = cardWords.card(proposal);
      const estimated = proposal.change?.after.liquidation.kind === "price";
      expect(/^Comes closer by /m.test(text)).toBe(proposal.adjustment.direction === "remove" && estimated);
    }),
  );
});
