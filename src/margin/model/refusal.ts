/** Why this bot did not send: expected failures as values, free of language. `code` is what the audit table says. */
import type { Step } from "./adjustment.ts";
import type { NoEstimate } from "./change.ts";
import type { Amount, Ratio, Usd } from "./decimal.ts";
import type { HoldSide } from "./position.ts";
import type { Rejection } from "./rejection.ts";
import type { ResponseFacts } from "./response-facts.ts";

/** What of a position differs from what was shown. */
export const DRIFTS = ["size", "leverage", "mode", "margin", "opening", "entry"] as const;
/** What of a position has changed since its person was shown it. */
export type Drift = (typeof DRIFTS)[number];

/** Why this bot says no, free of language. Nothing was sent. */
export type Refusal =
  | { readonly code: "unknown_symbol"; readonly symbol: string }
  | { readonly code: "no_position"; readonly symbol: string; readonly holdSide: HoldSide | "" }
  | { readonly code: "cross_margin"; readonly symbol: string; readonly holdSide: HoldSide }
  | { readonly code: "zero" }
  | { readonly code: "decimals"; readonly marginCoin: string; readonly decimalsMax: number }
  | { readonly code: "over_limit"; readonly limit: Usd; readonly value: Usd }
  | { readonly code: "balance"; readonly free: Amount; readonly marginCoin: string }
  | { readonly code: "whole_margin"; readonly margin: Amount; readonly marginCoin: string }
  | FloorRefusal
  | { readonly code: "locked"; readonly open: string; readonly step: Step }
  | UnreadableRefusal
  | { readonly code: "changed"; readonly what: Drift; readonly before: string; readonly now: string }
  /** Other adjustments moved money during each look, or after the card while the position still reads as it was. */
  | { readonly code: "overtaken" }
  /** The bot was started again with another account or mode. */
  | { readonly code: "other_account" }
  /** What would be undone was not done, or was undone before. */
  | { readonly code: "nothing_to_undo" }
  | { readonly code: "undone" }
  /** A bug of ours, before anything was sent. */
  | { readonly code: "broken" }
  /** The limit cannot be judged: a coin is worth what its mark price says. */
  | { readonly code: "no_mark" }
  | { readonly code: "frozen" }
  | { readonly code: "waited" }
  /** Another program held the audit table, so no row could say that it is being sent. */
  | { readonly code: "table_busy" }
  | { readonly code: "closing" }
  | { readonly code: "restart" }
  | { readonly code: "not_member" }
  /** Its person cancelled it, or went on to something newer, before there was a card. */
  | { readonly code: "called_off" };

/** What could not be read, named where it is not the position at hand; `exchanged`: what came back in its place. */
export interface UnreadableRefusal {
  readonly code: "unreadable";
  readonly why: Rejection | "no_answer";
  readonly exchanged?: ResponseFacts;
  readonly name?: string;
}

/** Refusals that another amount may cure: the guided conversation asks for one. */
export const AMOUNT_REFUSALS: ReadonlySet<Refusal["code"]> = new Set([
  "zero",
  "decimals",
  "over_limit",
  "balance",
  "whole_margin",
  "remove_floor",
]);

/** Why a removal is refused, free of language. */
export type FloorRefusal =
  | { readonly code: "remove_floor"; readonly floor: Ratio; readonly distance: Ratio | undefined }
  /** Nobody can say where liquidation would be, not even at worst; `missing`: figures that could not be read. */
  | { readonly code: "no_bound"; readonly why: NoEstimate["why"]; readonly missing?: readonly Figure[] };

/** Figures that a removal needs and an addition does not, `markPrice` apart where margin is a coin. */
export const FIGURES = ["leverage", "entryPrice", "markPrice", "liquidationPrice", "maintenanceRate"] as const;
/** A figure of a position that an adjustment may need and that could not be read. */
export type Figure = (typeof FIGURES)[number];
