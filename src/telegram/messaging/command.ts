/** Commands as people type them: phones write `/Freeze`, and groups `/freeze@the_bot`. */
import type { Context, NextFunction } from "grammy";

// As Telegram finds commands in a text (Bot API, MessageEntity `bot_command`).
const COMMAND = /^\/(\w{1,64})(?:@(\w+))?(?!\w)/;

/** The command that a message begins with, in lower case; undefined where there is none, or one for another bot. */
export function commandOf({ message, me }: Context): string | undefined {
  const [, name, bot] = COMMAND.exec(message?.text ?? "") ?? [];
  if (bot !== undefined && bot.toLowerCase() !== me.username.toLowerCase()) return undefined;
  return name?.toLowerCase();
}

/** From here on a command is in lower case, whoever looks at it: grammY tells the cases apart. */
export function inLowerCase({ message }: Context, next: NextFunction): Promise<void> {
  if (message?.text !== undefined) message.text = message.text.replace(/^\/\w+/, (name) => name.toLowerCase());
  return next();
}
