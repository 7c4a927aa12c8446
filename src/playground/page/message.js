// A message as an element: who, the quote it answers, the text, the buttons under it. And a line of the command menu.
import { renderText } from "./text.js";

/**
 * `hands` says what the page does: `press(button, row, column)`, `reply()`, `command(text)`, `copy(text)`.
 * `context` says what is around: `me`, the id of the reader; `chat`; `replied`, the message this one answers, if known.
 */
export function renderMessage(message, context, hands) {
  if (message.service) return element("p", "service", message.service);
  const article = element("article", message.from.id === context.me ? "mine" : "theirs");
  article.dataset.message = message.id;
  article.dataset.bot = message.byBot;
  article.setAttribute("aria-label", `${message.from.name}, ${clock(message.date)}`);
  article.append(renderBubble(message, context, hands));
  for (const [row, buttons] of message.buttons.entries()) {
    const line = element("div", "row");
    for (const [column, button] of buttons.entries()) line.append(renderButton(button, { row, column }, hands));
    article.append(line);
  }
  return article;
}

function renderBubble(message, context, hands) {
  const bubble = element("div", "bubble");
  if (message.from.id !== context.me) bubble.append(element("p", "name", message.from.name));
  if (message.forwardedFrom) bubble.append(element("p", "forwarded", `Forwarded from ${message.forwardedFrom}`));
  if (message.replyTo !== undefined) bubble.append(renderQuote(context.replied));
  if (message.document) bubble.append(renderDocument(message, context.chat));
  const text = element("div", "text");
  text.append(renderText(message.text, message.entities, hands.command));
  bubble.append(text, renderFoot(message, context, hands));
  return bubble;
}

function renderQuote(replied) {
  const quote = element("div", "quote");
  quote.append(element("strong", "", replied?.from.name ?? "Deleted message"), firstLine(replied?.text ?? ""));
  return quote;
}

function renderDocument({ document: file, id }, chat) {
  const link = element("a", "file", `${file.name} (${Math.ceil(file.size / 1024)} kB)`);
  link.href = `/playground/file?chat=${chat}&message=${id}`;
  link.download = file.name;
  return link;
}

function renderFoot(message, { me }, hands) {
  const foot = element("div", "foot");
  if (message.reactions.length > 0) foot.append(element("span", "reactions", message.reactions.join(" ")));
  if (message.from.id !== me) foot.append(renderReply(message, hands));
  const edited = message.editDate === undefined ? "" : "edited ";
  foot.append(element("span", "time", `${edited}${clock(message.date)}`));
  return foot;
}

function renderReply(message, hands) {
  const reply = element("button", "answer", "Reply");
  reply.type = "button";
  reply.setAttribute("aria-label", `Reply to ${message.from.name}: ${firstLine(message.text)}`);
  reply.addEventListener("click", hands.reply);
  return reply;
}

function renderButton(button, { row, column }, hands) {
  if (button.url) {
    const link = element("a", "key", button.text);
    link.href = /^https?:/.test(button.url) ? button.url : "#";
    link.rel = "noopener noreferrer";
    link.target = "_blank";
    return link;
  }
  const key = element("button", `key ${button.style ?? ""}`.trim(), button.text);
  key.type = "button";
  key.disabled = button.disabled;
  key.addEventListener("click", () => (button.copies ? hands.copy(button.copies) : hands.press(key, row, column)));
  return key;
}

export function renderCommand({ command, description }, onChoose) {
  const button = element("button", "");
  button.type = "button";
  button.append(element("strong", "", `/${command}`), element("span", "", description));
  button.addEventListener("click", onChoose);
  const item = element("li", "");
  item.append(button);
  return item;
}

export function firstLine(text) {
  const [line] = text.split("\n");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

export function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function clock(unix) {
  return new Date(unix * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
