/** `/margin`, alone or with a line behind it: finds the position that is meant, and asks only for what is missing. */
import type { HoldSide, Position } from "../margin/position.ts";
import { refuse } from "../margin/propose.ts";
import { readLine } from "../margin/reading-line.ts";
import type { Wish } from "../margin/reading-wish.ts";
import type { Refusal } from "../margin/refusal.ts";
import { byRisk } from "../margin/risk.ts";
import { isListed, namedPositions, readSymbol } from "../margin/symbols.ts";
import { resolveNow } from "../margin/wishes.ts";
import { offer } from "./cards.ts";
import type { Chat, Outside } from "./context.ts";
import type { Start } from "./conversation.ts";
import { post } from "./post.ts";
import { actorOf, placeOf } from "./who.ts";

export const MARGIN_DIALOGUE = "margin";

type Found = { readonly positions: readonly Position[] } | { readonly refusal: Refusal };

async function whyNone(
  { desk }: Chat,
  account: string,
  typed: string | undefined,
  holdSide: HoldSide | undefined,
): Promise<Refusal> {
  const name = typed === undefined ? "" : readSymbol(typed);
  if (name === undefined) return { code: "unknown_symbol", symbol: typed ?? "" };
  if (name === "") return { code: "no_position", symbol: "", holdSide: holdSide ?? "" };
  const contracts = await desk.exchange.contracts(account);
  if (!contracts.ok) return { code: "unreadable", why: contracts.why };
  if (!isListed(contracts.value, name)) return { code: "unknown_symbol", symbol: name };
  return { code: "no_position", symbol: name, holdSide: holdSide ?? "" };
}

async function find(
  chat: Chat,
  account: string,
  typed: string | undefined,
  holdSide: HoldSide | undefined,
): Promise<Found> {
  const reading = await chat.desk.exchange.positions(account);
  if (!reading.ok) return { refusal: { code: "unreadable", why: reading.why } };
  const name = typed === undefined ? undefined : readSymbol(typed);
  const named = typed !== undefined && name === undefined ? [] : namedPositions(reading.value, name, holdSide);
  const isolated = byRisk(named.filter((position) => position.marginMode === "isolated"));
  if (isolated.length > 0) return { positions: isolated };
  const [crossed] = named;
  if (crossed === undefined) return { refusal: await whyNone(chat, account, typed, holdSide) };
  return { refusal: { code: "cross_margin", symbol: crossed.symbol, holdSide: crossed.holdSide } };
}

async function refuseLine(chat: Chat, ctx: Outside, refusal: Refusal): Promise<void> {
  const [askedBy, place, said] = [actorOf(ctx), placeOf(ctx), chat.words.refusal(refusal)];
  const symbol = "symbol" in refusal ? refusal.symbol : "";
  await refuse(chat.desk, { askedBy, place, terms: { symbol } }, refusal, said.text);
  await post(chat, place, said, { replyTo: place.message });
}

/** The card at once, where the line says everything; false where something is to be asked. */
async function offerLine(chat: Chat, ctx: Outside, found: Position, wish: Wish): Promise<boolean> {
  const { account, productType, symbol, marginCoin, holdSide } = found;
  const resolved = await resolveNow(chat.desk, found, wish, "add");
  if (resolved.kind !== "resolved") return false;
  const { direction, amount, how, cutFrom } = resolved;
  const position = { account, productType, symbol, marginCoin, holdSide };
  const origin = { how, ...(cutFrom === undefined ? {} : { cutFrom }) };
  await offer(chat, { position, direction, amount, ...origin, askedBy: actorOf(ctx), place: placeOf(ctx) });
  return true;
}

/** Starts the conversation, or shows the card at once where the line says everything. */
export async function marginCommand(chat: Chat, ctx: Outside, typed: string): Promise<void> {
  const { desk, words } = chat;
  const place = placeOf(ctx);
  const line = readLine(typed);
  if (line.kind === "fault") return void (await post(chat, place, words.lineFault(line), { replyTo: place.message }));
  const [account = ""] = desk.exchange.accounts;
  const found = await find(chat, account, line.symbol, line.holdSide);
  if ("refusal" in found) return refuseLine(chat, ctx, found.refusal);
  const { said, direction } = line;
  const [only] = found.positions;
  const decided = only !== undefined && found.positions.length === 1 && said?.kind === "wish";
  if (decided && (await offerLine(chat, ctx, only, said.wish))) return;
  const start: Start = {
    positions: found.positions,
    ...(said === undefined ? {} : { said }),
    ...(direction === undefined ? {} : { direction }),
  };
  await ctx.conversation.enter(MARGIN_DIALOGUE, start);
}
