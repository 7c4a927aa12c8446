/** What is said when the kill switch is pulled and let go, in English. */
import type { FormattedString } from "@grammyjs/parse-mode";
import type { Actor } from "../../margin/model/audit-event.ts";
import type { FreezeCode } from "../../margin/ports/kill-switch.ts";
import { bold, lines } from "./parts.ts";

const FREEZES: Readonly<Record<FreezeCode, string>> = {
  asked: "somebody asked for it",
  disk: "the disk is nearly full",
  file_lost:
    "the database file is not in its place any more, or lacks rows that were written; stop the bot and put the file back",
  write_failed: "the audit table could not be written; look at the disk",
  guards: "a guard of the database is broken",
  chain: "the audit table does not verify",
  restored:
    "Bitget or an anchor knows of margin changes that this database does not: it may be an old copy, or somebody changed margin in Bitget's app",
};

/** What is said of a freeze and of its end. */
export const killSwitchWords = {
  frozen: (by: Actor): FormattedString =>
    lines(bold(`Frozen by ${by.name}: nothing is sent any more.`), "An admin lets go with /unfreeze."),
  frozenByBot: (code: FreezeCode): FormattedString =>
    lines(bold(`Frozen: ${FREEZES[code]}.`), "Nothing is sent until an admin has looked and types /unfreeze."),
  freezeUnkept: () =>
    lines(
      "The freeze could not be written down anywhere: it holds until the bot ends. Do not restart it before the disk takes files again, and then /freeze once more.",
    ),
  unfrozen: (by: Actor): FormattedString => lines(`${by.name} let go of the brake. Margin can be adjusted again.`),
  databaseHeld: () =>
    lines(
      "Another program holds the bot's database: a backup, or a snapshot tool? Until it lets go nothing is sent, and what was typed waits. Nothing is frozen.",
    ),
  notFrozen: () => lines("The bot is not frozen."),
};
