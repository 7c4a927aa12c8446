/** The exit codes of the program, and the errors that carry one. */

/** Exit codes of what could not be done, as docs/operating.md says them. */
export const EXIT = { failed: 1, usage: 64, unavailable: 69, locked: 75, configuration: 78 } as const;

/** A start that cannot be: the exit code says which kind, the message what is wrong. */
export class StartError extends Error {
  readonly exitCode: number;
  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Exit code: it was done, or the checked thing is good. */
export const GOOD = 0;

/** Exit code: the checked thing is bad, or a running bot broke. */
export const BAD = 1;

/** Exit code: it could not be checked. */
export const UNCHECKED = 2;

/** Wrong usage of the command line: the message goes to stderr, with the help, and the exit code is 64. */
export class UsageError extends Error {}
