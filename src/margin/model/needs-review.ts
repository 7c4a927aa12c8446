/** What a person has to decide about, where bills and position do not settle an unknown outcome. */

/** Each kind of doubt, by the name it is stored under. */
export const NEEDS_REVIEW = [
  "two_bills",
  "late_bill",
  "edge_bill",
  "contested_bill",
  "bill_without_margin",
  "unread_bill",
  "margin_without_bill",
  "position_changed",
] as const;

/** Why the evidence does not decide. */
export type NeedsReview = (typeof NEEDS_REVIEW)[number];
