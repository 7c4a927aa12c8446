/** The environment, read once: every variable of the contract checked, and all faults named together. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const MODES = ["paper", "demo", "live"] as const;

const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace"] as const;
const PRODUCT_TYPES = ["USDT-FUTURES", "USDC-FUTURES", "COIN-FUTURES"] as const;

/** Each of these may be given as NAME_FILE, too: the path of a file that holds it. */
export const SECRETS = [
  "TELEGRAM_BOT_TOKEN",
  "TELEGRAM_WEBHOOK_SECRET",
  "BITGET_API_KEY",
  "BITGET_API_SECRET",
  "BITGET_API_PASSPHRASE",
] as const;

/** Part of the contract, and not built yet. To ignore one of them could cost money, so it stops the start. */
export const UNBUILT = [
  "TELEGRAM_WEBHOOK_URL",
  "TELEGRAM_WEBHOOK_SECRET",
  "TELEGRAM_WEBHOOK_PORT",
  "BITGET_ALLOW_WIDE_KEY",
  "APPROVAL_TTL_S",
  "LIMIT_PER_USER_PER_DAY",
  "LIMIT_PER_ACCOUNT_PER_DAY",
  "APPROVALS_ADD",
  "APPROVALS_REMOVE",
  "BREAK_GLASS_DISTANCE_PERCENT",
  "GROUP_PRIVACY",
] as const;

/** A window under this many seconds could call a late request "not applied": for stand-ins only. */
const SETTLE_WINDOW_SAFE_S = 90;
/** Ids that Telegram gives to many people at once: anonymous admins, channels, forwards of linked channels. */
const SHARED_IDS: ReadonlySet<string> = new Set(["1087968824", "136817688", "777000"]);
const SECRET_BYTES_MAX = 4096;

const isLoopback = (host: string) => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host);

const base = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const safe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (url !== undefined && safe && url.search === "" && url.username === "" && url.password === "")
    return text.replace(/\/+$/, "");
  context.addIssue({ code: "custom", message: "must be an https URL, or http on the loopback" });
  return z.NEVER;
});

/** What can stand in a header. */
const credential = z.string().regex(/^[\x20-\x7e]+$/, "must be printable ASCII");

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`);

const list = (pattern: RegExp, what: string) =>
  z
    .string()
    .transform((text) => text.split(",").map((item) => item.trim()))
    .refine(
      (items) => items.length <= 200 && items.every((item) => pattern.test(item)),
      `must be ${what}, comma separated`,
    );

const schema = z.object({
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, "is not a token as BotFather gives it")
    .optional(),
  TELEGRAM_API_ROOT: base.default("https://api.telegram.org"),
  TELEGRAM_ADMIN_IDS: list(/^[1-9]\d{0,15}$/, "numeric user ids")
    .refine((ids) => !ids.some((id) => SHARED_IDS.has(id)), "names an id that Telegram gives to many people")
    .default([]),
  TELEGRAM_CHAT_IDS: list(/^-[1-9]\d{0,15}$/, "numeric group ids, each below zero").default([]),
  BITGET_MODE: z.enum(MODES, `must be one of ${MODES.join(", ")}`).default("paper"),
  BITGET_API_KEY: credential.optional(),
  BITGET_API_SECRET: credential.optional(),
  BITGET_API_PASSPHRASE: credential.optional(),
  BITGET_BASE_URL: base.default("https://api.bitget.com"),
  BITGET_ACCOUNT: z
    .string()
    .regex(/^[\w-]{1,32}$/, "must be 1 to 32 letters, digits, - or _")
    .default("main"),
  BITGET_PRODUCT_TYPES: z
    .string()
    .transform((text) => [...new Set(text.split(",").map((item) => item.trim()))])
    .pipe(z.array(z.enum(PRODUCT_TYPES, `must be any of ${PRODUCT_TYPES.join(",")}`)))
    .default(["USDT-FUTURES"]),
  BITGET_TIMEOUT_MS: whole(1, 60_000).default(10_000),
  DATABASE_URL: z
    .string()
    .regex(/^file:(?!\/\/)[^?]+$/, "must be file: and a path")
    .default("file:./data/margin-bot.db"),
  HTTP_HOST: z.string().default("127.0.0.1"),
  HTTP_PORT: whole(0, 65_535).default(8790),
  CONFIRM_TTL_S: whole(1, 600).default(60),
  SETTLE_WINDOW_S: whole(1, 86_400).default(SETTLE_WINDOW_SAFE_S),
  LIMIT_PER_ADJUSTMENT: z
    .string()
    .regex(/^(?!0+(?:\.0+)?$)\d{1,12}(?:\.\d{1,8})?$/, "must be a plain amount above zero")
    .default("1000"),
  REMOVE_FLOOR_PERCENT: z
    .string()
    .regex(/^(?:100|\d{1,2}(?:\.\d{1,4})?)$/, "must be a percentage from 0 to 100")
    .default("3"),
  LOG_LEVEL: z.enum(LEVELS, `must be one of ${LEVELS.join(", ")}`).default("info"),
  // Not for people: set by `start` for the bot that it runs beside the embedded exchange.
  PAPER_EXCHANGE_URL: base.refine((url) => isLoopback(new URL(url).hostname), "must be on the loopback").optional(),
});

/**
 * The environment as the bot uses it: every variable of the contract that this version serves, checked, with its
 * default.
 */
export type Settings = z.output<typeof schema>;
/** Every variable that has a meaning, those that this version does not serve yet included. */
export const NAMES: readonly string[] = [...Object.keys(schema.shape), ...UNBUILT];

/** Variables as a process has them; unset ones are absent. */
export type Environment = Readonly<Record<string, string | undefined>>;
export type Configured =
  | { readonly ok: true; readonly settings: Settings; readonly secrets: readonly string[] }
  | { readonly ok: false; readonly faults: readonly string[] };

function readSecret(name: string, path: string): { value: string } | { fault: string } {
  try {
    const value = readFileSync(path, "utf8").trim();
    if (value === "" || value.length > SECRET_BYTES_MAX)
      return { fault: `${name}_FILE names a file without a usable secret` };
    return { value };
  } catch {
    return { fault: `${name}_FILE names a file that cannot be read` };
  }
}

/** The variables that are set, secrets from their files among them. */
function collect(environment: Environment): { values: Map<string, string>; faults: string[] } {
  const values = new Map<string, string>();
  const faults: string[] = [];
  for (const name of NAMES) {
    const value = environment[name]?.trim();
    if (value !== undefined && value !== "") values.set(name, value);
  }
  for (const name of SECRETS) {
    const path = environment[`${name}_FILE`]?.trim();
    if (path === undefined || path === "") continue;
    if (values.has(name)) faults.push(`${name} is set twice: as itself and as ${name}_FILE`);
    const read = readSecret(name, path);
    if ("fault" in read) faults.push(read.fault);
    else values.set(name, read.value);
  }
  return { values, faults };
}

/** What single variables cannot say: which of them belong together. */
function crossFaults(settings: Settings): string[] {
  const faults: string[] = [];
  const mode = settings.BITGET_MODE;
  const token = settings.TELEGRAM_BOT_TOKEN;
  if (token === undefined && mode !== "paper")
    faults.push(`TELEGRAM_BOT_TOKEN is required in ${mode}: the playground is for paper only`);
  if (token !== undefined && settings.TELEGRAM_ADMIN_IDS.length === 0) {
    faults.push("TELEGRAM_ADMIN_IDS must name at least one admin when there is a token");
  }
  for (const name of ["BITGET_API_KEY", "BITGET_API_SECRET", "BITGET_API_PASSPHRASE"] as const) {
    if (mode !== "paper" && settings[name] === undefined) faults.push(`${name} is required in ${mode}`);
  }
  if (mode !== "paper" && settings.PAPER_EXCHANGE_URL !== undefined) {
    faults.push("PAPER_EXCHANGE_URL belongs to paper mode");
  }
  const standIn = mode === "paper" || isLoopback(new URL(settings.BITGET_BASE_URL).hostname);
  if (settings.SETTLE_WINDOW_S < SETTLE_WINDOW_SAFE_S && !standIn) {
    faults.push(`SETTLE_WINDOW_S must be ${SETTLE_WINDOW_SAFE_S} or more: a request may still arrive before that`);
  }
  return faults;
}

/** Checks the environment. Each fault is one line that begins with the variable's name and never shows its value. */
export function configure(environment: Environment): Configured {
  const { values, faults } = collect(environment);
  for (const name of UNBUILT)
    if (values.has(name)) faults.push(`${name} is set, and this version cannot honour it yet`);
  const parsed = schema.safeParse(Object.fromEntries(values));
  const malformed = new Map(parsed.error?.issues.map((issue) => [String(issue.path[0]), issue.message]));
  for (const [name, message] of malformed) faults.push(`${name} ${message}`);
  // What is malformed counts as absent, so that the rest is looked at in the same go.
  const rest = new Map([...values].filter(([name]) => !malformed.has(name)));
  const settings = parsed.data ?? schema.parse(Object.fromEntries(rest));
  faults.push(...crossFaults(settings).filter((fault) => !malformed.has(fault.split(" ", 1)[0] ?? "")));
  if (faults.length > 0) return { ok: false, faults: [...new Set(faults)] };
  const secrets = SECRETS.flatMap((name) => values.get(name) ?? []);
  return { ok: true, settings, secrets };
}
