/** Entities of a text: checked as the Bot API does. */
import { badRequest, type Entity, type Refusal } from "./bot-api-types.ts";

// Section "MessageEntity". Those of `DETECTED_KINDS` are found by Telegram itself; a bot may name them, and nothing comes of it.
const DETECTED_KINDS = ["mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"];
const INLINE_KINDS = ["bold", "italic", "underline", "strikethrough", "spoiler"];
const QUOTE_KINDS = ["blockquote", "expandable_blockquote"];
const VERBATIM_KINDS = ["code", "pre"];
const LINKED_KINDS = ["text_link", "text_mention", "custom_emoji", "date_time"];
const KNOWN_KINDS = new Set([...DETECTED_KINDS, ...INLINE_KINDS, ...QUOTE_KINDS, ...VERBATIM_KINDS, ...LINKED_KINDS]);

/** Of more than these Telegram keeps the first, and says nothing. */
const ENTITIES_MAX = 100;
const DATE_TIME_FORMAT = /^(r|w?[dD]?[tT]?)$/;

/** The entities a bot sent with `text`, sorted; or why Telegram refuses them. */
export function readEntities(text: string, given: object): Entity[] | Refusal {
  if (!Array.isArray(given)) return badRequest("can't parse entities: expected an Array");
  const entities: Entity[] = [];
  for (const entity of given as unknown[]) {
    const refusal = refuseEntity(text, entity as Entity);
    if (refusal) return refusal;
    if ((entity as Entity).length > 0) entities.push(entity as Entity);
  }
  entities.sort((a, b) => a.offset - b.offset || b.length - a.length);
  return refuseNesting(entities) ?? entities;
}

/** The entities that Telegram finds by itself, together with the `given` ones. */
export function detectEntities(text: string, given: Entity[]): Entity[] {
  const taken = given.filter((entity) => !INLINE_KINDS.includes(entity.type) && !QUOTE_KINDS.includes(entity.type));
  const found: Entity[] = [];
  for (const [type, pattern] of DETECTORS) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      if (![...taken, ...found].some((other) => overlap(entity, other))) found.push(entity);
    }
  }
  return [...given, ...found].sort((a, b) => a.offset - b.offset || b.length - a.length).slice(0, ENTITIES_MAX);
}

// Before and after a word that Telegram makes a link of there may be no letter and no digit.
const DETECTORS: [string, RegExp][] = [
  ["url", /\bhttps?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g],
  ["bot_command", /(?<![\w/<>])\/\w{1,64}(@\w{3,32})?(?![\w/])/g],
  ["mention", /(?<![\w@/])@[A-Za-z]\w{3,31}(?!\w)/g],
  ["hashtag", /(?<![\p{L}\p{N}_#])#(?=[\p{L}\p{N}_]*\p{L})[\p{L}\p{N}_]{1,256}/gu],
  ["cashtag", /(?<![\w$])\$[A-Z]{1,8}(?!\w)/g],
];

function refuseEntity(text: string, entity: Entity): Refusal | undefined {
  if (typeof entity !== "object" || entity === null || !KNOWN_KINDS.has(entity.type))
    return badRequest("can't parse MessageEntity: Unsupported type specified");
  const { offset, length } = entity;
  if (!Number.isInteger(offset) || offset < 0) return badRequest(`Receive an entity with incorrect offset ${offset}`);
  if (!Number.isInteger(length) || length < 0) return badRequest(`Receive an entity with incorrect length ${length}`);
  const end = offset + length;
  if (end > text.length)
    return badRequest(
      `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`,
    );
  if (splitsSymbol(text, offset)) return badRequest(`entity begins in a middle of a UTF-16 symbol at offset ${offset}`);
  if (splitsSymbol(text, end))
    return badRequest(
      `entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol at offset ${end}`,
    );
  return refuseDetails(entity);
}

function refuseDetails(entity: Entity): Refusal | undefined {
  if (entity.type === "text_link" && !isLink(entity.url)) return badRequest("can't parse MessageEntity: wrong URL");
  if (entity.type === "text_mention" && typeof entity.user?.id !== "number")
    return badRequest('can\'t parse MessageEntity: Field "user" must be of type Object');
  if (entity.type === "custom_emoji" && !entity.custom_emoji_id)
    return badRequest("can't parse MessageEntity: invalid custom emoji identifier specified");
  if (entity.type !== "date_time") return undefined;
  if (!Number.isInteger(entity.unix_time)) return badRequest("can't parse MessageEntity: wrong unix_time");
  if (!DATE_TIME_FORMAT.test(entity.date_time_format ?? ""))
    return badRequest("can't parse MessageEntity: wrong date_time_format");
  return undefined;
}

// Section "Formatting options": two entities with common characters are one inside the other; pre and code hold
// nothing and are not inside a style; quotes are not nested; of the rest none contains another. Telegram repairs some
// of this in silence; here it is refused, because what it repairs looks different from what the bot meant.
function refuseNesting(sorted: Entity[]): Refusal | undefined {
  for (const [index, inner] of sorted.entries()) {
    for (const outer of sorted.slice(0, index)) {
      if (!overlap(outer, inner)) continue;
      if (inner.offset + inner.length > outer.offset + outer.length || !mayContain(outer.type, inner.type))
        return badRequest(`can't parse entities: ${inner.type} can't be nested in ${outer.type}`);
    }
  }
  return undefined;
}

function mayContain(outer: string, inner: string): boolean {
  if (VERBATIM_KINDS.includes(outer)) return false;
  if (QUOTE_KINDS.includes(outer)) return !QUOTE_KINDS.includes(inner);
  if (VERBATIM_KINDS.includes(inner)) return false;
  return INLINE_KINDS.includes(outer) || INLINE_KINDS.includes(inner);
}

function overlap(a: Entity, b: Entity): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

function splitsSymbol(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
}

/** Whether Telegram takes this as the address of a link or of a button: no name without a dot, so not localhost. */
export function isLink(url: unknown): boolean {
  const parsed = typeof url === "string" ? URL.parse(url) : null;
  if (parsed === null) return false;
  return /^https?:$/.test(parsed.protocol) ? parsed.hostname.includes(".") : /^(tg|ton):$/.test(parsed.protocol);
}
