/** What the rooms say to the log: one event with named plain fields, never an error object and never a secret. */
type Level = "debug" | "info" | "warn" | "error";
/** Takes one event. The name is in snake case; fields are plain. */
export type Log = (level: Level, event: string, fields?: Readonly<Record<string, string | number | boolean>>) => void;
