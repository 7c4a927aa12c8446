/**
 * Which rule an adjustment breaks first, in the one order in which all are asked: of the position, then of the amount. A
 * card is judged when it is made, and once more just before it is sent.
 */
import type { MarginAdjustment } from "../model/adjustment.ts";
import { present } from "../model/present.ts";
import type { Proposal } from "../model/proposal.ts";
import type { Refusal } from "../model/refusal.ts";
import type { PositionReading, PositionSnapshot } from "../model/snapshot.ts";
import type { Deps } from "../ports/deps.ts";
import { amountRefusal } from "./amount.ts";
import { driftRefusal } from "./drift.ts";
import { removalRefusal } from "./floor.ts";
import { lockRefusal } from "./in-flight.ts";
import { marginModeRefusal } from "./margin-mode.ts";
import { undoRefusal } from "./undo.ts";

/** What a look found, or why there is nothing that could be adjusted. */
export type Judged = (PositionReading & { readonly ok: true }) | { readonly refusal: Refusal };

/**
 * Why nothing can be adjusted on this position, whatever the amount; else the look. `shown`: what a card showed of it.
 * What is in flight comes first: it explains whatever else looks odd.
 */
export async function judgePosition(
  deps: Deps,
  key: MarginAdjustment["position"],
  look: PositionReading,
  shown?: PositionSnapshot,
): Promise<Judged> {
  const locked = await lockRefusal(deps, key);
  if (locked !== undefined) return { refusal: locked };
  if (!look.ok) return { refusal: look.refusal };
  const refusal = (shown && driftRefusal(shown, look.seen)) ?? marginModeRefusal(look.position);
  return refusal === undefined ? look : { refusal };
}

/**
 * Why this amount is not moved on the position that was looked at; undefined when it may be. The limit is judged at the
 * price that the card `shown` had, where there is one: a price that moved must not block a rescue.
 */
export async function amountRefusalOf(
  deps: Deps,
  { adjustment, undoes }: Pick<Proposal, "adjustment" | "undoes">,
  look: PositionReading & { readonly ok: true },
  shown = look.seen,
): Promise<Refusal | undefined> {
  const { perAdjustment, removeFloor } = deps.rules;
  const bounds = { decimalsMax: deps.exchange.decimals(adjustment.position.marginCoin), perAdjustment };
  return (
    (await undoRefusal(deps, undoes, look.position)) ??
    amountRefusal(adjustment, { ...look.seen, ...present({ markPrice: shown.markPrice }) }, bounds) ??
    removalRefusal(adjustment, look, removeFloor)
  );
}
