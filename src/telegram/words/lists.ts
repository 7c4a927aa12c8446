/** The list of positions, in English. */
import { FormattedString } from "@grammyjs/parse-mode";
import { sign } from "../../margin/model/decimal.ts";
import type { OpenPositions, Position, Unread } from "../../margin/model/position.ts";
import { unreadableOf } from "../../margin/reads/unread.ts";
import { clock, coins, known, NOT_KNOWN } from "./figures.ts";
import { away, bold, lines, liquidationPrice, positionName } from "./parts.ts";
import { refusal } from "./reasons.ts";

const CROSSED =
  "Cross margin cannot be changed here: it is the whole free balance, so there is nothing to add or to remove.";

/** Everything that decides whether a position needs margin, on one line, the most pressing first. */
function positionLine(item: Position): FormattedString {
  const { baseCoin, holdSide, margin, marginCoin, marginMode, unrealizedPnl, autoMargin, pricePlaces } = item;
  const { liquidationPrice: level, liquidationUnread } = item;
  const plus = unrealizedPnl !== undefined && sign(unrealizedPnl) > 0 ? "+" : "";
  const auto = autoMargin === undefined ? NOT_KNOWN : autoMargin ? "on" : "off";
  const rest = [
    `margin ${coins(margin, marginCoin)}`,
    `liq. ${liquidationPrice(holdSide, level, pricePlaces, liquidationUnread)}`,
    `PnL ${plus}${known(unrealizedPnl, marginCoin)}`,
    marginMode === "crossed" ? "cross margin" : `auto-margin ${auto}`,
  ];
  return FormattedString.join([bold(`${positionName(baseCoin, holdSide)} · ${away(item)}`), ...rest], " · ");
}

/** Lines about what could not be read. */
const UNREAD_MAX = 5;

/** What could not be read, a sentence each: nobody may take it for a position that is not there. */
export function unreadLines(unread: readonly Unread[]): string[] {
  const shown = unread.slice(0, UNREAD_MAX).map((each) => refusal(unreadableOf(each)));
  return unread.length > UNREAD_MAX ? [...shown, `${unread.length - UNREAD_MAX} more could not be read.`] : shown;
}

/** When the figures were read: a phone that can shows how long ago that is, as time goes by. */
function ageLine(at: number): FormattedString {
  return FormattedString.join(["Read ", FormattedString.time(clock(at), Math.floor(at / 1000), "r")]);
}

function positions({ positions: found, unread }: OpenPositions, readAt: number, more = 0): FormattedString {
  const read = ageLine(readAt);
  const hidden = unreadLines(unread);
  if (found.length === 0) return lines(...(hidden.length > 0 ? hidden : ["There are no open positions."]), read);
  return lines(
    bold("Positions, nearest to liquidation first"),
    ...found.map(positionLine),
    ...hidden,
    ...(more > 0 ? [`${more} more are not shown.`] : []),
    ...(found.some(({ marginMode }) => marginMode === "crossed") ? [CROSSED] : []),
    read,
  );
}

/** The list of positions, and one of them. */
export const listWords = {
  positions,
  /** One position by itself, as the list shows it. */
  positionNow: (found: Position, readAt: number): FormattedString =>
    lines(positionLine(found), ...(found.marginMode === "crossed" ? [CROSSED] : []), ageLine(readAt)),
  /** `BTC long · 2.1 % away`: the position that a press leads to, told from the others that are offered beside it. */
  positionTap: (item: Position, among: readonly Position[]): string => {
    const { baseCoin, holdSide, symbol } = item;
    const isTwin = among.some(
      (other) => other.baseCoin === baseCoin && other.holdSide === holdSide && other.symbol !== symbol,
    );
    return `${positionName(baseCoin, holdSide)}${isTwin ? ` · ${symbol}` : ""} · ${away(item)}`;
  },
  readAgainButton: "Read again",
};
