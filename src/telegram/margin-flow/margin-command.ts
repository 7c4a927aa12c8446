/** `/margin`, alone or with a line behind it: finds the position that is meant, and asks only for what is missing. */
import type { AmountExpression, ParsedAmount } from "../../margin/input/expression.ts";
import { type LineReading, readLine } from "../../margin/input/parse.ts";
import { refuse } from "../../margin/lifecycle/propose.ts";
import type { Position } from "../../margin/model/position.ts";
import { present } from "../../margin/model/present.ts";
import { adjustmentOf } from "../../margin/model/proposal.ts";
import { AMOUNT_REFUSALS } from "../../margin/model/refusal.ts";
import { type FoundPositions, findPositions } from "../../margin/reads/find-positions.ts";
import { offer, requestOf } from "../cards/cards.ts";
import type { Chat, Outside } from "../messaging/context.ts";
import { post } from "../messaging/messages.ts";
import { actorOf, locationOf } from "../messaging/update-origin.ts";
import type { Start } from "./position-step.ts";

/** Name of the one conversation there is, as it is stored. */
export const MARGIN_DIALOGUE = "margin";

/** Begins the dialogue, unless its person has cancelled since they asked for it. */
export async function enterDialogue(ctx: Outside, start: Start): Promise<void> {
  if (!ctx.turn.isCalledOff()) await ctx.conversation.enter(MARGIN_DIALOGUE, start);
}

/** The card at once, where the line says everything; else the question that it leads to. */
async function offerLine(chat: Chat, ctx: Outside, found: Position, expression: AmountExpression): Promise<void> {
  const { words } = chat;
  const proposed = await offer(chat, { ...requestOf(ctx, found, expression), isCalledOff: ctx.turn.isCalledOff });
  const positions = [found];
  const said: ParsedAmount = { kind: "expression", expression };
  const direction = "direction" in expression ? expression.direction : undefined;
  switch (proposed.kind) {
    case "proposed":
      return;
    case "asked":
      return enterDialogue(ctx, { positions, said: { kind: "ask", choices: proposed.choices } });
    case "needs_second_step":
      return enterDialogue(ctx, { positions, said, second: proposed });
    case "fault": {
      if (ctx.turn.isCalledOff()) return;
      await post(chat, locationOf(ctx), words.resolveFault(proposed, found.marginCoin));
      return enterDialogue(ctx, { positions, ...present({ direction }) });
    }
    case "refused": {
      // Another amount may get a card: it is asked for, so that nobody has to type the line again.
      if (!AMOUNT_REFUSALS.has(proposed.refusal.code)) return;
      const refused = adjustmentOf(proposed.event)?.direction;
      return enterDialogue(ctx, { positions, ...present({ direction: refused }) });
    }
  }
}

/** Nothing is asked while no answer could lead anywhere. */
const FROZEN: FoundPositions & { kind: "none" } = {
  kind: "none",
  refusal: { code: "frozen" },
  instead: [],
  isNear: false,
};

/** Where the line is about nothing that can be adjusted: says why, and asks about positions that may have been meant. */
async function askInstead(
  chat: Chat,
  ctx: Outside,
  none: FoundPositions & { kind: "none" },
  line: LineReading & { kind: "line" },
): Promise<void> {
  const { refusal, instead, isNear } = none;
  const [askedBy, location, said] = [actorOf(ctx), locationOf(ctx), chat.words.refusal(refusal)];
  const symbol = "symbol" in refusal ? refusal.symbol : "";
  await refuse(chat.deps, { askedBy, location, terms: { symbol } }, refusal, said.text);
  if (instead.length === 0) return void (await post(chat, location, said, { replyTo: location.message }));
  // What was said of another position is not meant for these, unless the name was just a slip.
  await enterDialogue(ctx, {
    positions: instead,
    instead: { refusal, isNear },
    ...(isNear ? expressed(line) : {}),
  });
}

function expressed({ said, direction }: LineReading & { kind: "line" }): Pick<Start, "said" | "direction"> {
  return present({ said, direction });
}

/** Starts the conversation, or shows the card at once where the line says everything. */
export async function marginCommand(chat: Chat, ctx: Outside, typed: string): Promise<void> {
  const { deps, words } = chat;
  const location = locationOf(ctx);
  const line = readLine(typed);
  if (line.kind === "fault")
    return void (await post(chat, location, words.lineFault(line), { replyTo: location.message }));
  const [account = ""] = deps.exchange.accounts;
  const found = await findPositions(deps, account, line);
  if (found.kind === "none") return askInstead(chat, ctx, found, line);
  const decided = found.positions.length === 1 && found.unread.length === 0 && line.said?.kind === "expression";
  if (decided) return offerLine(chat, ctx, found.positions[0], line.said.expression);
  if (deps.killSwitch.frozen() !== undefined) return askInstead(chat, ctx, FROZEN, line);
  const { positions, unread } = found;
  await enterDialogue(ctx, { positions, unread, ...expressed(line) });
}

/** True for a text that says position and amount: in a private chat it needs no command in front of it. */
export function saysEverything(text: string): boolean {
  const line = readLine(text);
  return line.kind === "line" && line.symbol !== undefined && line.said !== undefined;
}
