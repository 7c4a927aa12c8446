/** Where conversations are kept between updates: in the database, by lane, until they are too old to go on. */
import type { ConversationData, VersionedState, VersionedStateStorage } from "@grammyjs/conversations";
import type { Store } from "../../store/database.ts";
import type { Outside } from "../messaging/context.ts";
import { laneOf } from "../messaging/update-origin.ts";

/** How long a question waits for its answer, in ms. */
const DIALOGUE_MS = 600_000;

type State = VersionedState<ConversationData>;

/** The store as the conversations see it: by the update that they handle. */
export function byUpdate(dialogues: DialogueStore): VersionedStateStorage<Outside, ConversationData> {
  // What was called off leaves nothing behind: its person has ended the dialogue, and may have begun another one.
  const unlessOff = async ({ turn }: Outside, write: () => Promise<void>) => {
    if (!turn.isCalledOff()) await write();
  };
  return {
    read: (ctx) => dialogues.read(laneOf(ctx)),
    write: (ctx, state) => unlessOff(ctx, () => dialogues.write(laneOf(ctx), state)),
    delete: (ctx) => unlessOff(ctx, () => dialogues.delete(laneOf(ctx))),
  };
}

/** Where dialogues stand, kept in the database so that a restart loses none. */
export interface DialogueStore {
  read(key: string): Promise<State | undefined>;
  write(key: string, state: State): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Dialogues in the table of `store`; those older than `DIALOGUE_MS` at `now` are none any more. */
export function createDialogueStore({ prisma, writes }: Store, now: () => number): DialogueStore {
  return {
    async read(key) {
      const row = await prisma.conversationState.findUnique({ where: { key } });
      if (row === null || now() - Number(row.updatedAt) > DIALOGUE_MS) return undefined;
      return JSON.parse(row.value) as State;
    },
    async write(key, state) {
      const data = { value: JSON.stringify(state), updatedAt: BigInt(now()) };
      await writes.run(() =>
        prisma.conversationState.upsert({ where: { key }, create: { key, ...data }, update: data }),
      );
    },
    async delete(key) {
      await writes.run(() => prisma.conversationState.deleteMany({ where: { key } }));
    },
  };
}
