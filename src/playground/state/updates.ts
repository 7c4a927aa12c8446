/** getUpdates: long polling, confirmation by offset, and one poller at a time. */
import { type Answer, accept, conflict, type News, type Update } from "./bot-api-types.ts";
import { createQueue } from "./update-queue.ts";

interface Poll {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutMs: number;
  allowed?: string[];
}

/** The ways by which updates reach the bot: section "Getting updates". */
export interface Updates {
  /** Queues news under the next id; undefined when the bot did not ask for this kind of update. */
  push(news: News): number | undefined;
  /** Hands an update that was confirmed long ago to the bot once more, under its old id. */
  redeliver(updateId: number): void;
  /** Answers one getUpdates; `gone` ends it when the caller hangs up. */
  poll(poll: Poll, gone: AbortSignal): Promise<Answer>;
  /** Where the bot wants its updates sent, which the playground never does; empty: it polls. */
  webhookUrl: string;
  /** The kinds of updates that the bot asked for; empty: all. */
  allowed: string[];
  drop(): void;
  pending(): Update[];
  /** True when nothing waits to be read and the bot waits for something to read. */
  isQuiet(): boolean;
  /** Ends a waiting poll with nothing. */
  close(): void;
}

interface Waiting {
  end(answer: Answer): void;
  readonly limit: number;
}

const OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running";
const WEBHOOK_ACTIVE =
  "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";

/** `firstId`: the id of the first update. `onTurn`: called when a poll begins to wait or ends. */
export function createUpdates(firstId: number, onTurn: () => void): Updates {
  const queue = createQueue(firstId);
  let waiting: Waiting | undefined;
  const serve = () => waiting?.end(accept(queue.take(waiting.limit)));
  const setWaiting = (next: Waiting | undefined) => {
    waiting = next;
    onTurn();
  };
  const updates: Updates = {
    webhookUrl: "",
    allowed: [],
    push(news) {
      const kind = Object.keys(news)[0] ?? "";
      if (updates.allowed.length > 0 && !updates.allowed.includes(kind)) return undefined;
      const id = queue.push(news);
      serve();
      return id;
    },
    redeliver(updateId) {
      queue.repeat(updateId);
      serve();
    },
    async poll(poll, gone) {
      if (updates.webhookUrl !== "") return conflict(WEBHOOK_ACTIVE);
      waiting?.end(conflict(OTHER_POLLER));
      if (poll.allowed) updates.allowed = poll.allowed;
      queue.confirm(poll.offset);
      if (!queue.isEmpty() || poll.timeoutMs === 0 || gone.aborted) return accept(queue.take(poll.limit));
      return await waitForNews(poll, gone, setWaiting);
    },
    drop: queue.drop,
    pending: queue.pending,
    isQuiet: () => waiting !== undefined && queue.isEmpty(),
    close: () => waiting?.end(accept([])),
  };
  return updates;
}

/** Resolves when the poll is ended: by news, by another poller, by the clock or by the caller. */
function waitForNews(
  poll: Poll,
  gone: AbortSignal,
  setWaiting: (waiting: Waiting | undefined) => void,
): Promise<Answer> {
  return new Promise((resolve) => {
    const end = (answer: Answer) => {
      clearTimeout(timer);
      gone.removeEventListener("abort", endEmpty);
      setWaiting(undefined);
      resolve(answer);
    };
    const endEmpty = () => end(accept([]));
    const timer = setTimeout(endEmpty, poll.timeoutMs);
    gone.addEventListener("abort", endEmpty);
    setWaiting({ end, limit: poll.limit });
  });
}
