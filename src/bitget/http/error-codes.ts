/**
 * What Bitget's codes prove about the money. A code that is not listed proves nothing.
 *
 * Classes: C the caller must change something, A key or set-up, M mode of account or position, X state of the exchange
 * (all four: certainly not applied); R too many requests, U it may or may not have been applied.
 */
import type { Rejection } from "../../margin/model/rejection.ts";

/** Where a row comes from. The tables themselves say nothing of what was applied: that is our judgement. */
const SOURCES = {
  rest: "https://www.bitget.com/api-doc/contract/error-code/restapi",
  unified: "https://www.bitget.com/api-doc/uta/error_code",
  live: "seen live in 2026",
} as const;
type Source = keyof typeof SOURCES;

interface Described {
  readonly code: string;
  readonly meaning: string;
  readonly source: Source;
}
export type CertainCode = Described & { readonly class: "C" | "A" | "M" | "X"; readonly why: Rejection };
export type OpenCode = Described & { readonly class: "R" | "U" };

/** A generic check of values; whether it proves anything is in its text. See `certain`. */
const VALUE_CHECK = "40808";

/** Codes (apart by spaces), class, reason, meaning, source. */
type CertainRow = readonly [string, CertainCode["class"], Rejection, string, Source];
type OpenRow = readonly [string, OpenCode["class"], string, Source];

const CERTAIN_ROWS: readonly CertainRow[] = [
  ["40001", "A", "key", "header ACCESS-KEY missing", "rest"],
  ["40002 40003", "A", "signature", "header ACCESS-SIGN missing", "rest"],
  ["40011", "A", "passphrase", "header ACCESS-PASSPHRASE missing", "rest"],
  ["40005", "A", "clock", "timestamp invalid", "rest"],
  ["40004 40008", "A", "clock", "timestamp more than 30 s off", "rest"],
  ["40006 40037 40041", "A", "key", "no such key", "rest"],
  ["40007", "A", "request", "wrong Content-Type", "rest"],
  ["40009", "A", "signature", "wrong signature", "live"],
  ["40012", "A", "key", "wrong key, or wrong passphrase", "live"],
  ["40036", "A", "passphrase", "wrong passphrase", "rest"],
  ["40018", "A", "ip", "address not on the key's list", "live"],
  ["40038 22010", "A", "ip", "address not on the key's list", "rest"],
  ["40014", "A", "permission", "the key lacks the permission named in the message", "live"],
  ["40013 40024 40026 40031 40710 40760", "A", "restricted", "account abnormal, frozen, disabled or closed", "rest"],
  ["40022 40023 40025 40752 40753 40916", "A", "restricted", "account barred from this business", "rest"],
  ["40035", "A", "restricted", "identity check wanted", "live"],
  ["40000 40100 40101 40103 40104 40111", "A", "restricted", "identity check or region", "rest"],
  ["30032", "A", "request", "version 1 of the API, which is gone", "live"],
  ["40404", "A", "request", "no such path", "live"],
  ["40061 40068", "M", "restricted", "not for sub-accounts", "rest"],
  ["40126", "M", "restricted", "not for this type of account", "live"],
  ["40085", "M", "account_mode", "unified account: only version 3 serves it", "live"],
  ["40084", "M", "account_mode", "classic account: only version 2 serves it", "live"],
  ["25245", "M", "account_mode", "classic account: only version 2 serves it", "unified"],
  ["40099", "M", "environment", "demo key on live trading, or the reverse", "live"],
  ["40105 40110 22030", "M", "environment", "not offered in demo trading", "rest"],
  ["40017 43058 48001 48002 50011", "C", "parameter", "parameter check failed", "rest"],
  ["400171 400172", "C", "parameter", "parameter check failed", "live"],
  ["40019 40020 40724", "C", "parameter", "parameter empty or wrong", "rest"],
  ["40811 40812 40813", "C", "parameter", "parameter missing or condition not met", "rest"],
  ["40034", "C", "symbol", "parameter does not exist; given for an unknown symbol", "live"],
  ["40072 40102 43048 40822", "C", "symbol", "no such contract", "rest"],
  ["22012 40778 45025 43049", "C", "symbol", "wrong product type or margin coin for the contract", "rest"],
  ["01001", "C", "amount", "must be above zero", "rest"],
  ["01002 49024", "C", "decimals", "too many decimals", "rest"],
  ["40053 40057 40409 41002 41101 41103", "C", "parameter", "out of range or of a wrong format", "rest"],
  ["40875 40727", "M", "cross_margin", "cross margin: no adjustment", "rest"],
  ["40802 40714", "C", "no_position", "position is zero", "rest"],
  ["43043 22002 40757 45003", "C", "no_position", "no position, or not enough of it", "rest"],
  ["43075 45109 40774 45021", "C", "hold_side", "one-way and hedge mode mixed up", "rest"],
  ["40798 40711 40754 43012 45002 43132", "C", "balance", "futures balance too small", "rest"],
  ["40800", "C", "removing_too_much", "margin too small; text seen for a removal", "live"],
  ["40712", "C", "removing_too_much", "margin too small", "rest"],
  ["40801 40713 43117", "C", "removing_too_much", "more than the margin that can be taken out", "rest"],
  ["40799", "C", "amount", "less than the smallest amount", "rest"],
  ["40803 45047", "C", "leverage", "leverage lowered, amount does not fit", "rest"],
  ["22025", "C", "restricted", "account of a trial voucher: no adding", "rest"],
  ["40879 40880 45009 22067 40780", "X", "risk_engine", "the risk engine is at work on the position", "rest"],
  ["40844 40845 40308 40309 45043 41113 41114", "X", "halted", "contract in maintenance or removed", "rest"],
  ["40839 40842 40846 40847 40878", "X", "halted", "not to be adjusted at the moment", "rest"],
  ["25202 25203 25219", "C", "balance", "balance or margin too small", "unified"],
  ["25242", "C", "removing_too_much", "more than the margin that can be taken out", "unified"],
  ["25008 25011 25012 95001", "X", "risk_engine", "in liquidation or at risk", "unified"],
  ["25200 25236 25240", "C", "parameter", "check failed, wrong type or not supported", "unified"],
  ["25620", "A", "permission", "permission denied", "unified"],
];

const OPEN_ROWS: readonly OpenRow[] = [
  // Very likely refused before anything was done, but no page says so.
  ["429", "R", "too many requests", "rest"],
  ["25004", "R", "too many requests", "unified"],
  [VALUE_CHECK, "U", "generic check of values; also given while Bitget deploys", "live"],
  ["40908", "U", "concurrent operation failed", "rest"],
  ["25003", "U", "concurrent operation failed", "unified"],
  ["40010 40910", "U", "timed out at Bitget", "rest"],
  ["25001", "U", "timed out at Bitget", "unified"],
  ["40015 40725 45001", "U", "something failed at Bitget", "rest"],
  ["40200 43059 50031 40909 40782", "U", "upgrade, failed request or transfer under way", "rest"],
  ["25000", "U", "something failed at Bitget", "unified"],
];

/** Each known code once. */
export const BITGET_CODES: readonly (CertainCode | OpenCode)[] = [
  ...CERTAIN_ROWS.flatMap(([codes, kind, why, meaning, source]) =>
    codes.split(" ").map((code): CertainCode => ({ code, class: kind, why, meaning, source })),
  ),
  ...OPEN_ROWS.flatMap(([codes, kind, meaning, source]) =>
    codes.split(" ").map((code): OpenCode => ({ code, class: kind, meaning, source })),
  ),
];

const CERTAIN = new Map(BITGET_CODES.flatMap((row) => ("why" in row ? [[row.code, row] as const] : [])));

/** Texts of the value check that name what it found, in lower case, and what that is. */
const VALUE_CHECK_TEXTS: readonly (readonly [string, Rejection])[] = [
  ["margin mode", "cross_margin"],
  ["hold side", "hold_side"],
  ["checkscale", "decimals"],
  ["checkbdscale", "decimals"],
];

/** The reason why certainly nothing was applied; undefined when the code does not prove that. */
export function certain(code: string, message: string): Rejection | undefined {
  if (code !== VALUE_CHECK) return CERTAIN.get(code)?.why;
  const text = message.toLowerCase();
  return VALUE_CHECK_TEXTS.find(([words]) => text.includes(words))?.[1];
}

/** Whether this code is given before anything of a request can be carried out: for key, address, signature, time, rights. */
export function isAtTheDoor(code: string): boolean {
  return CERTAIN.get(code)?.class === "A";
}
