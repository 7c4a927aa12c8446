/** Takes credentials out of text that came back from the exchange, in every spelling in which they may stand there. */
import type { Credentials } from "./sign.ts";

const MESSAGE_MAX = 200;

/** Makes text of Bitget's fit to store and to show. */
export type Clean = (text: string) => string;

/** The spellings in which a text may come back: longer ones first, as one can hold another. */
function spellings(text: string): string[] {
  const bytes = Buffer.from(text);
  const json = JSON.stringify(text).slice(1, -1);
  const all = [
    text,
    json,
    encodeURIComponent(text),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
  return [...new Set([...all, bytes.toString("hex").toUpperCase()])].sort((a, b) => b.length - a.length);
}

/** Removes control and invisible characters and anything of the credentials, and cuts at 200 characters. */
export function createClean({ key, secret, passphrase }: Credentials): Clean {
  const secrets = [key, secret, passphrase].filter((text) => text !== "").flatMap(spellings);
  return (text) => {
    let clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "");
    for (const secret of secrets) clean = clean.replaceAll(secret, "[redacted]");
    return clean.slice(0, MESSAGE_MAX).toWellFormed();
  };
}
