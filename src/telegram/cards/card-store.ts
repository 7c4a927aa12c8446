/** Where the card of each adjustment is shown, in the database. */
import type { Store } from "../../store/database.ts";
import type { CardStore } from "../messaging/context.ts";

/** The card store in the database of `store`. Reading waits for nothing; what is remembered is on disk. */
export function createCardStore({ journal, prisma, writes }: Pick<Store, "journal" | "prisma" | "writes">): CardStore {
  return {
    locationOf: (adjustment) => journal.card(adjustment),
    async remember(adjustment, { chat, topic, message }) {
      const where = { chat, topic, message };
      await writes.run(() =>
        prisma.card.upsert({ where: { adjustment }, create: { adjustment, ...where }, update: where }),
      );
    },
  };
}
