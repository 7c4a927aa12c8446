/** The command `/whatif`: a table of what an amount would do, without a card. */
import { readLine } from "../../margin/input/parse.ts";
import { findPositions } from "../../margin/reads/find-positions.ts";
import { whatIf } from "../../margin/reports/whatif.ts";
import type { Chat, Outside } from "../messaging/context.ts";
import { post } from "../messaging/messages.ts";
import { locationOf } from "../messaging/update-origin.ts";
import type { Text } from "../words/english.ts";

/** The table for the position that the line names; where it names several, for the riskiest of them. */
async function table({ deps, words }: Chat, typed: string): Promise<Text> {
  const line = readLine(typed);
  if (line.kind === "fault" && typed.trim() !== "") return words.lineFault(line);
  const [account = ""] = deps.exchange.accounts;
  const named = await findPositions(deps, account, line.kind === "line" ? line : {});
  if (named.kind === "none") return words.refusal(named.refusal);
  const [position] = named.positions;
  const expression = line.kind === "line" && line.said?.kind === "expression" ? line.said.expression : undefined;
  const found = await whatIf(deps, position, expression);
  if (found.kind === "refused") return words.refusal(found.refusal);
  return found.kind === "fault" ? words.resolveFault(found, position.marginCoin) : words.whatIf(found);
}

/** Answers `/whatif`: `typed` is what stands behind the command. Proposes nothing. */
export async function whatIfCommand(chat: Chat, ctx: Outside, typed: string): Promise<void> {
  const location = locationOf(ctx);
  await post(chat, location, await table(chat, typed), { replyTo: location.message });
}
