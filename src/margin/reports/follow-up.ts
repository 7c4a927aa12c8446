/** After the adjustment: how good the estimate was, what the position was fed so far, and what may be done next. */
import type { MarginAdjustment } from "../model/adjustment.ts";
import {
  type Amount,
  abs,
  add,
  compare,
  decimal,
  divide,
  type Price,
  type Ratio,
  sign,
  subtract,
} from "../model/decimal.ts";
import type { Position, PositionKey } from "../model/position.ts";
import { type Proposal, proposalOf } from "../model/proposal.ts";
import { marginAfter } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";
import { floorRefusal } from "../risk/removal-floor.ts";
import { DEEDS_MAX, sumUndone } from "../rules/undo.ts";

const NONE = decimal<"margin coin">("0");

/** The estimate of the card beside what the exchange shows now. */
export interface EstimateCheck {
  readonly estimated: Price;
  readonly found: Price;
  readonly off: Price;
  /** `off` as a share of `found`. */
  readonly ratio: Ratio;
}

/** What was added to a position through this bot so far. */
export interface Additions {
  readonly count: number;
  readonly amount: Amount;
  /** Of the margin that was seen before the first of these additions. */
  readonly share: Ratio | undefined;
}

/**
 * How far the estimate was off. Undefined where there was none, where there is no liquidation price, or where something
 * else than this adjustment changed the position meanwhile, so that nothing can be compared.
 */
export function checkEstimate({ adjustment, seen, change }: Proposal, after: Position): EstimateCheck | undefined {
  const estimate = change?.after.liquidation;
  const found = after.liquidationPrice;
  if (estimate?.kind !== "price" || found === undefined) return undefined;
  const isOurs =
    compare(after.margin, marginAfter(seen.margin, adjustment)) === 0 && compare(after.total, seen.total) === 0;
  if (!isOurs) return undefined;
  const off = abs(subtract(estimate.price, found));
  const ratio = divide<"ratio">(off, found);
  return ratio && { estimated: estimate.price, found, off, ratio };
}

/**
 * What the position was fed since it was opened, this addition included; undefined for fewer than two additions. What was
 * undone is no addition any more.
 */
export async function additionsSoFar(
  { events, projections }: Pick<Deps, "events" | "projections">,
  proposal: Proposal,
  after: Position,
): Promise<Additions | undefined> {
  const since = after.openedAt ?? 0;
  const done = await projections.done(proposal.adjustment.position, { limit: DEEDS_MAX, since });
  const taken = sumUndone(done);
  const additions = done
    .filter(({ direction }) => direction === "add")
    .map(({ adjustment, amount }) => ({ adjustment, amount: subtract(amount, taken.get(adjustment) ?? NONE) }))
    .filter(({ amount }) => sign(amount) > 0);
  const [first] = additions.slice(-1);
  if (first === undefined || additions.length < 2) return undefined;
  const amount = additions.map((each) => each.amount).reduce((a, b) => add(a, b));
  const before = proposalOf((await events.of(first.adjustment))[0])?.seen.margin;
  return { count: additions.length, amount, share: before && divide<"ratio">(amount, before) };
}

/** Whether the adjustment can be undone as the position stands; what is asked then is checked anew. */
export function isUndoable({ rules }: Deps, { direction, amount }: MarginAdjustment, after: Position): boolean {
  if (direction === "remove") return true;
  const newMargin = subtract(after.margin, amount);
  const terms = { tiers: undefined, floor: rules.removeFloor };
  return sign(newMargin) > 0 && floorRefusal(after, newMargin, terms) === undefined;
}

/** Positions that live on the same free balance: crossed ones, and those that Bitget tops up from it by itself. */
export interface Neighbours {
  readonly free: Amount;
  readonly positions: readonly Position[];
}

/** Whom the free balance has to serve besides this position; undefined where there is nobody, or it cannot be read. */
export async function neighboursOf({ exchange }: Deps, key: PositionKey): Promise<Neighbours | undefined> {
  const [positions, balance] = await Promise.all([exchange.positions(key.account), exchange.balance(key)]);
  if (!positions.ok || !balance.ok) return undefined;
  const others = positions.value.positions.filter(
    (each) =>
      each.marginCoin === key.marginCoin &&
      (each.marginMode === "crossed" || each.autoMargin === true) &&
      (each.symbol !== key.symbol || each.holdSide !== key.holdSide),
  );
  const { free } = balance.value;
  return others.length === 0 || free === undefined ? undefined : { free, positions: others };
}
