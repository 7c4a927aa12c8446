/** Where the card of each adjustment is shown. */
import type { Place } from "../../margin/model/audit-event.ts";
import type { Chat } from "../messaging/context.ts";

/** Where the card of an adjustment is shown; undefined when it was never posted. */
export function cardPlace({ store }: Chat, adjustment: string): Place | undefined {
  return store.journal.card(adjustment);
}

/** Remembers the message that shows a card. */
export async function rememberCard({ store }: Chat, adjustment: string, place: Place): Promise<void> {
  const where = { chat: place.chat, topic: place.topic, message: place.message };
  await store.writes.run(() =>
    store.prisma.card.upsert({ where: { adjustment }, create: { adjustment, ...where }, update: where }),
  );
}
