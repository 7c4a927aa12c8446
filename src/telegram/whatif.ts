/** `/whatif`: a table without a card; and `/repeat`: the card of the last deed again. */
import { DONE_STEPS } from "../margin/adjustment.ts";
import { adjustmentOf } from "../margin/after.ts";
import { findPositions } from "../margin/find.ts";
import { readLine } from "../margin/reading-line.ts";
import { whatIf } from "../margin/whatif.ts";
import { resolveNow } from "../margin/wishes.ts";
import { offer } from "./cards.ts";
import type { Chat, Outside } from "./context.ts";
import { post } from "./post.ts";
import { actorOf, placeOf } from "./who.ts";
import type { Text } from "./words/english.ts";

/** The table for the position that the line names; where it names several, for the riskiest of them. */
async function table({ desk, words }: Chat, typed: string): Promise<Text> {
  const line = readLine(typed);
  if (line.kind === "fault" && typed.trim() !== "") return words.lineFault(line);
  const [account = ""] = desk.exchange.accounts;
  const named = await findPositions(desk, account, line.kind === "line" ? line : {});
  if (named.kind === "none") return words.refusal(named.refusal);
  const [position] = named.positions;
  const wish = line.kind === "line" && line.said?.kind === "wish" ? line.said.wish : undefined;
  const asked = wish && (await resolveNow(desk, position, wish, "add"));
  if (asked?.kind === "fault") return words.resolveFault(asked, position.marginCoin);
  const found = await whatIf(desk, position, asked?.kind === "resolved" ? asked : undefined);
  return "refusal" in found ? words.refusal(found.refusal) : words.whatIf(found);
}

export async function whatIfCommand(chat: Chat, ctx: Outside, typed: string): Promise<void> {
  const place = placeOf(ctx);
  await post(chat, place, await table(chat, typed), { replyTo: place.message });
}

/**
 * Proposes this person's last done deed on the account of now again: a new card, checked and confirmed like any other.
 */
export async function repeatCommand(chat: Chat, ctx: Outside): Promise<void> {
  const { desk, words } = chat;
  const [askedBy, place] = [actorOf(ctx), placeOf(ctx)];
  const { accounts } = desk.exchange;
  const [last] = await desk.trail.history(askedBy.id, { steps: DONE_STEPS, accounts, limit: 1 });
  const adjustment = adjustmentOf(last);
  if (adjustment === undefined)
    return void (await post(chat, place, words.nothingToRepeat(), { replyTo: place.message }));
  const { position, direction, amount } = adjustment;
  await offer(chat, { position, direction, amount, askedBy, place });
}
