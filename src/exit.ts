/** The exit codes of the program, and the errors that carry one. */
export const EXIT = { failed: 1, usage: 64, unavailable: 69, locked: 75, configuration: 78 } as const;

/** A start that cannot be: the exit code says which kind, the message what is wrong. */
export class StartError extends Error {
  readonly exitCode: number;
  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const GOOD = 0;

export const BAD = 1;

export const UNCHECKED = 2;

export class UsageError extends Error {}
