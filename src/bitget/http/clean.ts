/** Makes text that came back from the exchange fit to store and to show. */

const MESSAGE_MAX = 200;

/** Takes the secrets of the process out of a text, and those that are given along, in every spelling. */
export type Redact = (text: string, more?: readonly string[]) => string;

/** Makes text of Bitget's fit to store and to show. */
export type Clean = (text: string) => string;

/**
 * Removes control and invisible characters and anything secret, and cuts at 200 characters. `signature` is that of the
 * request which was answered: it is no lasting secret, but for half a minute it is good for moving money.
 */
export function createClean(redact: Redact, signature = ""): Clean {
  return (text) => {
    const visible = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "");
    return redact(visible, [signature]).slice(0, MESSAGE_MAX).toWellFormed();
  };
}
