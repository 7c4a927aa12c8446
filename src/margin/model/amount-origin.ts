/** How the amount of an adjustment came about, where it was not typed as it stands. */
import type { Amount, Price, Ratio } from "./decimal.ts";
import type { Drift } from "./refusal.ts";

/** How an amount was computed. `of` says which whole a part was taken of. */
export type How =
  | { readonly kind: "typed" }
  | { readonly kind: "share"; readonly share: Ratio; readonly of: "free" | "removable"; readonly whole: Amount }
  | { readonly kind: "max"; readonly reserve: Ratio; readonly of: "free" | "removable"; readonly whole: Amount }
  | { readonly kind: "target"; readonly margin: Amount }
  | { readonly kind: "times"; readonly factor: Ratio; readonly margin: Amount }
  | { readonly kind: "liquidation"; readonly price: Price; readonly margin: Amount }
  | { readonly kind: "distance"; readonly ratio: Ratio; readonly margin: Amount };

/** How the amount of a card came about; `again`: this has changed since it was computed, or since it was confirmed. */
export type Origin =
  | How
  | { readonly kind: "again"; readonly what: Drift; readonly before: string; readonly now: string };
