/** The log: JSON lines on stdout, one event a line, and no secret in any of them in whatever spelling. */
import pino from "pino";

type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Logger {
  log(level: "debug" | "info" | "warn" | "error", event: string, fields?: Fields): void;
  /** The one line that is written at every log level. */
  ready(fields: Fields): void;
}

/** A secret shorter than this would blot out ordinary words. */
const SECRET_LENGTH_MIN = 4;

/** The spellings in which a secret could slip into a line. */
function spellings(secret: string): string[] {
  const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
  const json = escaped(secret);
  const base64 = Buffer.from(secret).toString("base64");
  return [secret, json, escaped(json), encodeURIComponent(secret), base64, Buffer.from(secret).toString("hex")];
}

/** Replaces every spelling of every secret. */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const all = secrets.filter((secret) => secret.length >= SECRET_LENGTH_MIN).flatMap(spellings);
  const found = [...new Set(all)].sort((a, b) => b.length - a.length);
  return (text) => found.reduce((clean, spelling) => clean.replaceAll(spelling, "[redacted]"), text);
}

export function createLogger(level: string, secrets: readonly string[], write: (line: string) => void): Logger {
  const scrub = createScrubber(secrets);
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(options, { write: (line: string) => write(scrub(line)) });
  return {
    log: (at, event, fields = {}) => logger[at]({ event, ...fields }),
    ready: (fields) => logger.child({}, { level: "info" }).info({ event: "ready", ...fields }),
  };
}
