/** Every spelling in which people write or paste the name of a contract, brought to one. Pure text: no list is known. */

/** Scripts whose letters nobody takes for ours. */
const OTHER_SCRIPTS = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}";
const OTHER_LETTERS = new RegExp(`[${OTHER_SCRIPTS}]`, "gu");
const PLAIN_NAME = new RegExp(`^[A-Z0-9${OTHER_SCRIPTS}]{1,30}$`, "u");
const NAME_WITH_SIGNS = new RegExp(
  `^[A-Z0-9${OTHER_SCRIPTS}](?:[A-Z0-9/_.${OTHER_SCRIPTS}-]*[A-Z0-9${OTHER_SCRIPTS}])?$`,
  "u",
);
const LINK = /^(?:https?:\/\/)?((?:[a-z0-9-]+\.)*(?:tradingview|bitget)\.com)(\/[^#]*)/i;
const LINK_SYMBOL = /[?&]symbol=([^&#]+)/i;
const LINK_PATH = /^(?:\/[a-z-]{2,6})?\/(?:symbols|(?:futures|mix)\/(?:usdt|usdc|coin))\/([^/?]+)/i;
/** Product line suffixes of Bitget's first API: USDT-M, coin-M, USDC-M. */
const OLD_BITGET = /_(?:UMCBL|DMCBL|CMCBL)$/;
/** ccxt: base, quote and the coin that it settles in. */
const CCXT = /^([A-Z0-9]+)\/(USDT|USDC|USD):([A-Z0-9]+)$/;
/** Names of coins that are no tickers, and tickers that other exchanges use. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["XBT", "BTC"],
  ["BITCOIN", "BTC"],
  ["ETHEREUM", "ETH"],
  ["ETHER", "ETH"],
  ["SOLANA", "SOL"],
  ["RIPPLE", "XRP"],
  ["CARDANO", "ADA"],
  ["DOGECOIN", "DOGE"],
  ["LITECOIN", "LTC"],
]);
/** Coins whose own name begins with a digit. One that is missing here is named by its whole contract: `9xusdt`, or `#9x`. */
const DIGIT_FIRST = new Set(["1INCH", "0G", "2Z", "1MBABYDOGE", "1MCHEEMS"]);
/** Coins so cheap that contracts on Bitget or its like are for 1000 of them or more, and have that in the name. */
const COUNTED = new Set(
  (
    "AIDOGE AKITA APU BABYDOGE BEER BONK BTT CAT CATS CHEEMS COQ ELON FLOKI IQ50 KISHU LADYS LUNC MOG MUMU NEIRO NEIROCTO " +
    "PEIPEI PEPE PUMP QUBIC RATS SATS SHIB STARL TAG TOSHI TROLL TURBO VINU WEN WHY WIN X XEC"
  ).split(" "),
);
const QUOTES = /^(.+?)(USDT|USDC|USD|PERP)$/;

// Letters of other scripts that print like ours, small and capital.
const LOOK_ALIKES = /^[A-Za-zАВЕЅІЈКМНОРСТУХԌԚԜавеѕіјкмнорстухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧορυνικ]+$/;

export type NameRead =
  | { readonly kind: "name"; readonly name: string }
  /** Letters that look like ours, or our letters mixed with others: never taken for the name they look like. */
  | { readonly kind: "look_alike" }
  | { readonly kind: "none" };

function looksAlike(text: string): boolean {
  const letters = (text.replace(OTHER_LETTERS, "").match(/\p{L}/gu) ?? []).join("");
  if (/^[A-Za-z]*$/.test(letters)) return false;
  return LOOK_ALIKES.test(letters) || /[A-Za-z]/.test(letters) || /^[A-Za-z]+$/.test(letters.normalize("NFKC"));
}

// What a link of TradingView or Bitget shows: its symbol parameter, or the part of its path that is a symbol.
function linkedSymbol(path: string): string | undefined {
  return LINK_SYMBOL.exec(path)?.[1]?.replace(/%3a/gi, ":") ?? LINK_PATH.exec(path)?.[1];
}

function settled(base: string, quote: string, settle: string): string | undefined {
  if (quote === "USD") return settle === base ? `${base}USD` : undefined;
  if (settle !== quote) return undefined;
  return quote === "USDC" ? `${base}PERP` : `${base}${quote}`;
}

function unaliased(name: string): string {
  const [, base = name, quote = ""] = QUOTES.exec(name) ?? [];
  return `${ALIASES.get(base) ?? base}${quote}`;
}

function spelled(text: string): string | undefined {
  // Unicode upper-casing could turn a foreign letter into one of ours: only ASCII letters are changed.
  const upper = text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const [, base, quote, settle] = CCXT.exec(upper) ?? [];
  if (base !== undefined) return settled(base, quote ?? "", settle ?? "");
  const local = upper
    .replace(/^BITGET:/, "")
    .replace(/[/_.:]+$/, "")
    // Only in front of a quote: another exchange's `BINANCE:BTC` is no name here.
    .replace(/:(?=(?:USDT|USDC|USD|PERP)$)/, "")
    .replace(OLD_BITGET, "")
    .replace(/\.P$/, "");
  // A sign at either end may be meant for an amount: `-btc` is not `btc`.
  return NAME_WITH_SIGNS.test(local) ? local.replace(/[/_.-]/g, "") : undefined;
}

/** Whether a text is a link to where a contract can be seen: numbers in it are part of an address. */
export function isLink(text: string): boolean {
  return LINK.test(text);
}

/** The name that a spelling means, in the letters of contracts: `BTC/USDT:USDT`, `BITGET:BTCUSDT.P`, `#btc`, a link. */
export function readName(text: string): NameRead {
  const [, host, path = ""] = LINK.exec(text) ?? [];
  const bare = host === undefined ? text.replace(/^[#$]/, "") : (linkedSymbol(path) ?? "");
  if (looksAlike(bare)) return { kind: "look_alike" };
  const name = spelled(bare);
  return name !== undefined && PLAIN_NAME.test(name) ? { kind: "name", name: unaliased(name) } : { kind: "none" };
}

/** Whether a name as typed can be that of a coin, such as `btc`: letters only, and none of them a quote's. */
export function isBareCoin(text: string): boolean {
  return /^[A-Za-z]{2,10}$/.test(text) && !QUOTES.test(text.toUpperCase());
}

/** Whether digits and the letters glued to them are a name, and not an amount in a coin: `1000pepe`, `1inch`, `42xusdt`. */
export function isNumberedName(text: string): boolean {
  const name = text.toUpperCase();
  return /^10{3,6}[A-Z]/.test(name) || DIGIT_FIRST.has(name) || QUOTES.test(name);
}

/**
 * Whether a number as typed and the name behind it may be one name in two pieces: `1000 pepe`, `1 inch`. Only for coins
 * that some exchange lists so: `1000 btc` stays an amount, as words may stand in any order.
 */
export function mayBeNumbered(number: string, text: string): boolean {
  const read = readName(text);
  // A hashtag or cashtag ends where it ends.
  if (read.kind !== "name" || /^[#$]/.test(text)) return false;
  const [, base = read.name] = QUOTES.exec(read.name) ?? [];
  const digits = number.replace(/[^\dkm]/g, "").toUpperCase();
  return (/^10{3,6}$/.test(digits) && COUNTED.has(base)) || DIGIT_FIRST.has(digits + base);
}

/** Names under which a contract may be listed when it is not under this one, likeliest first. */
export function otherNames(name: string): readonly string[] {
  const [, base, quote] = QUOTES.exec(name) ?? [];
  const perpetual = quote === "USDC" ? [`${base}PERP`] : quote === "PERP" ? [`${base}USDC`] : [];
  const counted = /^10{3,6}([A-Z].*)$/.exec(name)?.[1];
  return [...perpetual, ...(counted === undefined ? [`1000${name}`, `10000${name}`, `1000000${name}`] : [counted])];
}
