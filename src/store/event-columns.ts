/** A row of the audit table, and its columns under the names of the program. */

/** A row as it is stored: text and whole numbers only. */
export interface Row {
  readonly seq: number;
  readonly version: number;
  /** In ms; the two clients of the database give it in two types. */
  readonly at: number | bigint;
  readonly adjustment: string;
  readonly step: string;
  readonly stepNumber: number;
  readonly actor: string;
  readonly actorName: string;
  readonly chat: string;
  readonly topic: string;
  readonly message: string;
  readonly account: string;
  readonly productType: string;
  readonly symbol: string;
  readonly marginCoin: string;
  readonly holdSide: string;
  readonly direction: string;
  readonly amount: string;
  readonly code: string;
  readonly detail: string;
  readonly prevHash: string;
  readonly hash: string;
}

/** Columns by the names of the program. */
const COLUMNS: Readonly<Record<keyof Row, string>> = {
  seq: "seq",
  version: "version",
  at: "at",
  adjustment: "adjustment",
  step: "step",
  stepNumber: "step_number",
  actor: "actor",
  actorName: "actor_name",
  chat: "chat",
  topic: "topic",
  message: "message",
  account: "account",
  productType: "product_type",
  symbol: "symbol",
  marginCoin: "margin_coin",
  holdSide: "hold_side",
  direction: "direction",
  amount: "amount",
  code: "code",
  detail: "detail",
  prevHash: "prev_hash",
  hash: "hash",
};

const NAMES = Object.entries(COLUMNS);

/** What to select for whole rows. */
export const ALL_COLUMNS = NAMES.map(([name, column]) => `"${column}" AS "${name}"`).join(", ");

/** Adds one row, whose values are bound by the names of the program. */
export const INSERT_EVENT = `INSERT INTO audit_event (${NAMES.map(([, column]) => `"${column}"`).join(", ")})
  VALUES (${NAMES.map(([name]) => `@${name}`).join(", ")})`;
