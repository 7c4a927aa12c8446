/** What the guided conversation asks and answers, in English. */
import type { FormattedString } from "@grammyjs/parse-mode";
import type { AmountExpression, Fault } from "../../margin/input/expression.ts";
import type { Direction } from "../../margin/model/adjustment.ts";
import { isDollar } from "../../margin/model/coin.ts";
import type { Amount } from "../../margin/model/decimal.ts";
import type { Position, Unread } from "../../margin/model/position.ts";
import type { Refusal } from "../../margin/model/refusal.ts";
import type { Unresolved } from "../../margin/sizing/resolve-amount.ts";
import { coins, known } from "./figures.ts";
import { unreadLines } from "./lists.ts";
import { adjustmentTitle, bold, lines, positionName } from "./parts.ts";
import { refusal } from "./reasons.ts";
import { amountFault, expressionButton, lineFault, resolveFault } from "./typing.ts";

/** What is known when an amount is asked for. */
interface Asked {
  readonly position: Position;
  readonly free?: Amount;
  readonly removable?: Amount;
  readonly direction: Direction;
}

function askAmount({ position, free, removable, direction }: Asked): FormattedString {
  const { baseCoin, holdSide, marginCoin, margin } = position;
  const [example, other] = isDollar(marginCoin) ? ["50", "20"] : ["0.005", "0.002"];
  const [verb, sign] = direction === "add" ? ["add to", `-${other} removes`] : ["remove from", `+${other} adds`];
  const most =
    removable === undefined ? "nobody can say how much can go" : `about ${coins(removable, marginCoin)} can go`;
  return lines(
    bold(`How much to ${verb} ${positionName(baseCoin, holdSide)}?`),
    `Margin ${coins(margin, marginCoin)} · ${direction === "add" ? `free ${known(free, marginCoin)}` : most}`,
    `Choose, or type an amount such as ${example}. ${sign}.`,
  );
}

/** The questions of the conversation, and what their buttons say. */
export const questionWords = {
  /** `unread`: what may be meant as well, and could not be read. */
  askPosition: (unread: readonly Unread[] = []) =>
    lines("Which position? The one nearest to liquidation is on top.", ...unreadLines(unread)),
  /** The line named no position that can be adjusted: these may have been meant, or nothing is done. */
  askInstead: (why: Refusal, isNear: boolean): FormattedString =>
    lines(
      bold("Not done: nothing was changed."),
      refusal(why),
      isNear ? "Did you mean one of these?" : "Open isolated positions:",
    ),
  pressPosition: () =>
    lines("For which position? Press one of them above, or type a coin that names just one, such as BTC."),
  chosenPosition: ({ baseCoin, holdSide }: Position) => lines(positionName(baseCoin, holdSide)),
  askAmount,
  presetButton: (direction: Direction, amount: Amount, marginCoin: string): string =>
    `${direction === "add" ? "+" : "-"}${amount} ${marginCoin}`,
  removeInsteadButton: "Remove instead",
  addInsteadButton: "Add instead",
  chosenAmount: (position: Position, found: { readonly direction: Direction; readonly amount: Amount }) =>
    lines(adjustmentTitle({ position, ...found }, position.baseCoin)),
  /** Before the card of a removal of everything that can go: a slip of the thumb must not come that far. */
  askAll: ({ baseCoin, holdSide, marginCoin }: Position, amount: Amount): FormattedString =>
    lines(
      bold(`Remove all that can go from ${positionName(baseCoin, holdSide)}?`),
      `That is about ${coins(amount, marginCoin)}. The card that follows shows what it does.`,
    ),
  allButton: ({ marginCoin }: Position, amount: Amount): string => `Remove ${amount} ${marginCoin}`,
  otherButton: "Another amount",
  askMeaning: () => lines("Two readings are possible. Which one did you mean?"),
  expressionButton,
  chosenMeaning: (expression: AmountExpression, marginCoin: string) => lines(expressionButton(expression, marginCoin)),
  answeredOtherwise: () => lines("Answered in another way."),
  amountFault: (fault: Fault, marginCoin: string) => lines(amountFault(fault, marginCoin)),
  lineFault: (fault: Fault) => lines(lineFault(fault)),
  resolveFault: (fault: Unresolved, marginCoin: string) => lines(resolveFault(fault, marginCoin)),
  dialogueCancelled: () => lines("Cancelled. Nothing was changed."),
  /** After `/cancel`: whether a question or card was ended, and what else of the person's was stopped. */
  cancelling: (ended: boolean, { running, waiting }: { readonly running: boolean; readonly waiting: number }) => {
    const dropped = waiting === 1 ? "1 message that waited is dropped" : `${waiting} messages that waited are dropped`;
    if (running || waiting > 0) {
      return lines(
        "Cancelled: what you sent before leads to no question and no card any more.",
        ...(waiting > 0 ? [`${dropped}. Send it again if you still want it.`] : []),
      );
    }
    return lines(ended ? "Cancelled. Nothing was changed." : "There is nothing to cancel.");
  },
  tooManyTries: () => lines("That took too many tries. Nothing was changed. /margin starts again."),
  textOnly: () => lines("I read text and presses of buttons, nothing else. Nothing was changed."),
  notAsked: () => lines("Nothing is being asked right now. /margin starts an adjustment, /help lists what I can do."),
};
