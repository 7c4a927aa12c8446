/** The log: JSON lines on stdout, one event a line, and no secret in any of them in whatever spelling. */
import pino from "pino";

type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Writes lines of named fields, secrets taken out; below the level that is set nothing is written but the ready line.
 */
export interface Logger {
  log(level: "debug" | "info" | "warn" | "error", event: string, fields?: Fields): void;
  /** The one line that is written at every log level. */
  ready(fields: Fields): void;
}

/** Gives each line to `write` once `redact` has taken the secrets out: the whole line, names of fields and all. */
export function createLogger(level: string, redact: (text: string) => string, write: (line: string) => void): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(options, { write: (line: string) => write(redact(line)) });
  return {
    log: (at, event, fields = {}) => logger[at]({ event, ...fields }),
    ready: (fields) => logger.child({}, { level: "info" }).info({ event: "ready", ...fields }),
  };
}
