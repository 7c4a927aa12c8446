/** Where the card of each adjustment is shown. */
import type { ChatLocation } from "../../margin/model/audit-event.ts";
import type { Chat } from "../messaging/context.ts";

/** Where the card of an adjustment is shown; undefined when it was never posted. */
export function cardLocation({ store }: Chat, adjustment: string): ChatLocation | undefined {
  return store.journal.card(adjustment);
}

/** Remembers the message that shows a card. */
export async function rememberCard({ store }: Chat, adjustment: string, location: ChatLocation): Promise<void> {
  const where = { chat: location.chat, topic: location.topic, message: location.message };
  await store.writes.run(() =>
    store.prisma.card.upsert({ where: { adjustment }, create: { adjustment, ...where }, update: where }),
  );
}
