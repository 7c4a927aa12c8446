/** Whether the machine's clock is right: the bot goes by the corrected one, and people should know all the same. */
import type { Clock } from "../margin/ports/clock.ts";
import { notifyAdmins } from "../telegram/messaging/admins.ts";
import type { Chat } from "../telegram/messaging/context.ts";

/** From here on it is wrong, and from half of it on right again: on the border nobody is told every minute. */
const OFF_MS = 5000;
const RIGHT_MS = OFF_MS / 2;
/** Times as far off as the admins know: that is worth another message. */
const WORSE = 2;

/** Watches the machine's clock. */
export interface ClockWatch {
  /** What is wrong with it, for `/readyz`; empty when nothing is. */
  doubts(): string[];
  /** Tells the admins where it is off, once; again where it is much worse, and when it is right again. */
  look(chat: Chat): Promise<void>;
}

function isNews(aheadMs: number, told: number | undefined): boolean {
  if (Math.abs(aheadMs) <= OFF_MS) return false;
  return told === undefined || aheadMs / told >= WORSE || aheadMs / told < 0;
}

/** Has told nobody anything yet. What nobody got is said again at the next look. */
export function createClockWatch(clock: Clock): ClockWatch {
  let told: number | undefined;

  async function tell(chat: Chat, aheadMs: number | undefined): Promise<void> {
    const { words } = chat;
    const text = aheadMs === undefined ? words.clockRight() : words.clockOff(aheadMs);
    if (await notifyAdmins(chat, text)) told = aheadMs;
  }

  return {
    doubts() {
      const aheadMs = clock.aheadMs();
      const [far, way] = [Math.round(Math.abs(aheadMs) / 1000), aheadMs > 0 ? "ahead" : "behind"];
      return Math.abs(aheadMs) > OFF_MS ? [`the machine's clock is ${far} s ${way}`] : [];
    },
    async look(chat) {
      const aheadMs = clock.aheadMs();
      if (Math.abs(aheadMs) > OFF_MS) chat.log("warn", "clock_off", { aheadMs });
      if (isNews(aheadMs, told)) await tell(chat, aheadMs);
      else if (told !== undefined && Math.abs(aheadMs) <= RIGHT_MS) await tell(chat, undefined);
    },
  };
}
