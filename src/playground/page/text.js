// Turns a text and its entities into nodes. Texts only ever become text nodes: what somebody writes is never markup.

const elementNames = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  spoiler: "span",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

const blocks = ["pre", "blockquote", "expandable_blockquote"];

/** The nodes of `text`; entities are sorted, and one inside another comes after it. */
export function renderText(text, entities, onCommand) {
  const root = document.createDocumentFragment();
  fill(root, text, { start: 0, end: text.length }, [...entities], onCommand);
  return root;
}

/** Brings the relative times under `root` up to date. */
export function refreshTimes(root) {
  for (const time of root.querySelectorAll("time[data-format]"))
    time.textContent = formatTime(Number(time.dataset.unix), time.dataset.format) || time.dataset.text;
}

function fill(parent, text, { start, end }, entities, onCommand) {
  let at = start;
  while (entities.length > 0 && entities[0].offset < end) {
    const entity = entities.shift();
    const close = Math.min(entity.offset + entity.length, end);
    const element = elementOf(entity, text.slice(entity.offset, close), onCommand);
    parent.append(text.slice(at, entity.offset), element);
    if (element.dataset.format === undefined)
      fill(element, text, { start: entity.offset, end: close }, entities, onCommand);
    // A block ends its line by itself.
    at = blocks.includes(entity.type) && text[close] === "\n" ? close + 1 : close;
  }
  parent.append(text.slice(at, end));
}

function elementOf(entity, words, onCommand) {
  if (entity.type === "bot_command") return commandElement(words, onCommand);
  if (entity.type === "date_time") return timeElement(entity, words);
  const address = entity.type === "text_link" ? entity.url : entity.type === "url" ? words : undefined;
  if (address !== undefined && /^https?:/.test(address)) return linkElement(address);
  const element = document.createElement(elementNames[entity.type] ?? "span");
  if (entity.type === "expandable_blockquote") element.className = "expandable";
  if (entity.type === "expandable_blockquote") element.tabIndex = 0;
  return element;
}

function commandElement(words, onCommand) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "command";
  button.addEventListener("click", () => onCommand(words));
  return button;
}

function linkElement(address) {
  const link = document.createElement("a");
  link.href = address;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  return link;
}

function timeElement(entity, words) {
  const time = document.createElement("time");
  time.dateTime = new Date(entity.unix_time * 1000).toISOString();
  time.dataset.unix = entity.unix_time;
  time.dataset.format = entity.date_time_format ?? "";
  time.dataset.text = words;
  time.title = new Date(entity.unix_time * 1000).toLocaleString();
  time.textContent = formatTime(entity.unix_time, time.dataset.format) || words;
  return time;
}

const parts = {
  w: { weekday: "long" },
  d: { day: "2-digit", month: "2-digit", year: "2-digit" },
  D: { day: "numeric", month: "long", year: "numeric" },
  t: { hour: "2-digit", minute: "2-digit" },
  T: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

function formatTime(unix, format) {
  if (format === "") return "";
  if (format === "r") return relativeTime(unix - Date.now() / 1000);
  const options = Object.assign({}, ...[...format].map((letter) => parts[letter] ?? {}));
  return new Date(unix * 1000).toLocaleString("en-GB", options);
}

function relativeTime(seconds) {
  const formatter = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const size = Math.abs(seconds);
  if (size < 60) return formatter.format(Math.round(seconds), "second");
  if (size < 3600) return formatter.format(Math.round(seconds / 60), "minute");
  if (size < 86_400) return formatter.format(Math.round(seconds / 3600), "hour");
  return formatter.format(Math.round(seconds / 86_400), "day");
}
