/** `/margin`, alone or with a line behind it: finds the position that is meant, and asks only for what is missing. */

import type { AmountExpression } from "../../margin/input/expression.ts";
import { type LineReading, readLine } from "../../margin/input/parse.ts";
import { refuse } from "../../margin/lifecycle/propose.ts";
import type { Position } from "../../margin/model/position.ts";
import { present } from "../../margin/model/present.ts";
import { AMOUNT_REFUSALS } from "../../margin/model/refusal.ts";
import { type FoundPositions, findPositions } from "../../margin/reads/find-positions.ts";
import { isAll } from "../../margin/sizing/resolve-amount.ts";
import { resolveNow } from "../../margin/sizing/resolve-now.ts";
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

/** The card at once, where the line says everything; false where something is to be asked. */
async function offerLine(chat: Chat, ctx: Outside, found: Position, expression: AmountExpression): Promise<boolean> {
  const resolved = await resolveNow(chat.deps, found, expression, "add");
  // What needs a question, the conversation asks: two readings, or whether all that can go is meant.
  if (resolved.kind !== "resolved" || isAll(resolved)) return false;
  const proposed = await offer(chat, { ...requestOf(ctx, found, resolved), isCalledOff: ctx.turn.isCalledOff });
  // Another amount may get a card: it is asked for, so that nobody has to type the line again.
  if (proposed.kind === "refused" && AMOUNT_REFUSALS.has(proposed.refusal.code)) {
    await enterDialogue(ctx, { positions: [found], direction: resolved.direction });
  }
  return true;
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
  const decided = found.positions.length === 1 && line.said?.kind === "wish";
  if (decided && (await offerLine(chat, ctx, found.positions[0], line.said.expression))) return;
  if (deps.killSwitch.frozen() !== undefined) return askInstead(chat, ctx, FROZEN, line);
  await enterDialogue(ctx, { positions: found.positions, ...expressed(line) });
}

/** True for a text that says position and amount: in a private chat it needs no command in front of it. */
export function saysEverything(text: string): boolean {
  const line = readLine(text);
  return line.kind === "line" && line.symbol !== undefined && line.said !== undefined;
}
