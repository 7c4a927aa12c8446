/** Writes `expired` for cards whose time is over, and takes their buttons away. */
import { expireCards } from "../../margin/lifecycle/expire.ts";
import type { Chat } from "../messaging/context.ts";
import { faultOf } from "../messaging/errors.ts";
import { closeCard } from "./cards.ts";

/** The row must be there within five seconds of the expiry. */
const ROUND_MS = 1000;

/** Looks through the open cards every second until it is stopped. */
export function startCardExpiry(chat: Chat): { stop(): void } {
  let busy = false;
  const round = async () => {
    for (const { adjustment } of await expireCards(chat.deps)) chat.background(closeCard(chat, adjustment));
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    round()
      .catch((error: unknown) => chat.log("error", "sweep_failed", { fault: faultOf(error) }))
      .finally(() => {
        busy = false;
      });
  }, ROUND_MS);
  return { stop: () => clearInterval(timer) };
}
