/** The words of a message as Telegram takes them: cleaned, trimmed, and with entities that moved along. */
import { badRequest, type Entity, isRefusal, type Refusal } from "../state/bot-api-types.ts";
import { readEntities } from "../state/entities.ts";
import { type Params, readStructure, readText } from "../state/params.ts";

/** A text and its entities; offsets and lengths in UTF-16 units. */
export interface Wording {
  readonly text: string;
  readonly entities: Entity[];
}

const TEXT_UNITS_MAX = 4096;
const CAPTION_UNITS_MAX = 1024;

/** The text of a message, or why Telegram refuses it. What it is too long for is judged after the trimming. */
export function readMessageText(params: Params): Wording | Refusal {
  const wording = readWording(params, "text", "entities");
  if (isRefusal(wording)) return wording;
  if (wording.text === "") return badRequest("message text is empty");
  return wording.text.length > TEXT_UNITS_MAX ? badRequest("message is too long") : wording;
}

/** The caption of a document, which may be empty. */
export function readCaption(params: Params): Wording | Refusal {
  const wording = readWording(params, "caption", "caption_entities");
  if (isRefusal(wording)) return wording;
  return wording.text.length > CAPTION_UNITS_MAX ? badRequest("message caption is too long") : wording;
}

function readWording(params: Params, name: string, entitiesName: string): Wording | Refusal {
  if (readText(params, "parse_mode") !== "")
    return badRequest("unsupported parse_mode: the playground takes entities, which need no escaping");
  const given = readStructure(params, entitiesName) ?? [];
  if (isRefusal(given)) return given;
  const words = readText(params, name);
  const entities = readEntities(words, given);
  return isRefusal(entities) ? entities : trimmed(cleaned({ text: words, entities }));
}

// What follows is how TDLib, on which the Bot API server is built, treats texts: `fix_formatted_text` in
// td/telegram/MessageEntity.cpp.

/** Return, separators of lines, signs of direction, and marks that draw lines above or below: they vanish. */
const VANISHING = /\r|[\u2028-\u202e]|\u0333|\u033f|\u030a/g;
/** Control characters but the end of a line; those from 7F on are let through. */
const BLANKS = /[^\P{Cc}\n\u007f-\u009f]/gu;
/** Nothing here that a person could see. */
const INVISIBLE = /^[\s\p{Cf}]*$/u;

function cleaned({ text, entities }: Wording): Wording {
  const vanish = [...text.matchAll(VANISHING)].map((match) => match.index);
  const moved = (at: number) => at - vanish.filter((index) => index < at).length;
  return {
    text: text.replace(VANISHING, "").replace(BLANKS, " "),
    entities: entities.map((entity) => between(entity, moved(entity.offset), moved(entity.offset + entity.length))),
  };
}

/** Without the blanks around it, except where an entity begins in the first ones: they are part of what is marked. */
function trimmed({ text, entities }: Wording): Wording {
  if (INVISIBLE.test(text)) return { text: "", entities: [] };
  const marking = entities.filter(({ offset, length }) => /[^ \n]/.test(text.slice(offset, offset + length)));
  const end = text.replace(/[ \n]+$/, "").length;
  const first = Math.min(text.search(/[^ \n]/), ...marking.map(({ offset }) => offset));
  return {
    text: text.slice(first, end),
    entities: marking.map((entity) =>
      between(entity, entity.offset - first, Math.min(entity.offset + entity.length, end) - first),
    ),
  };
}

function between(entity: Entity, from: number, to: number): Entity {
  return { ...entity, offset: from, length: to - from };
}
