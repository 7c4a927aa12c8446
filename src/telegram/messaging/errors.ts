/** What may be said of a failed call: never the error itself. */
import { GrammyError } from "grammy";

/** What to say of a failed call: Telegram's own words, or that it was not reached. Never the error itself. */
export function faultOf(error: unknown): string {
  if (error instanceof GrammyError) return `${error.error_code} ${error.description}`;
  return error instanceof Error ? error.name : "unknown";
}
