/** How the amount of an adjustment came about, where it was not typed as it stands. */
import type { Amount, Price, Ratio } from "./decimal.ts";

/** How an amount was computed. `of` says which whole a part was taken of. */
export type How =
  | { readonly kind: "typed" }
  | { readonly kind: "share"; readonly share: Ratio; readonly of: "free" | "removable"; readonly whole: Amount }
  | { readonly kind: "max"; readonly reserve: Ratio; readonly of: "free" | "removable"; readonly whole: Amount }
  | { readonly kind: "target"; readonly margin: Amount }
  | { readonly kind: "times"; readonly factor: Ratio; readonly margin: Amount }
  | { readonly kind: "liquidation"; readonly price: Price; readonly margin: Amount }
  | { readonly kind: "distance"; readonly ratio: Ratio; readonly margin: Amount };
