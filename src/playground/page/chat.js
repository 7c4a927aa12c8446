// The chat page: who writes, where, what is on the screen. The server holds the truth; this shows it.
import { element, firstLine, renderCommand, renderMessage } from "./message.js";
import { refreshTimes } from "./text.js";

const $ = (id) => document.getElementById(id);
const log = $("log");
const input = $("text");

/** All of the server's state, and what this window looks at: a person, a chat and perhaps a topic of it. */
let world = { bot: {}, people: [], chats: [] };
const here = { person: 0, chat: 0, topic: undefined, replyTo: undefined };
const unread = new Set();
let toastTimer = 0;
let typingTimer = 0;

const chat = () => world.chats.find(({ id }) => id === here.chat);
const isHere = (message) => message.topic === here.topic || (chat()?.topics.length === 0 && here.topic === undefined);
const placeKey = (chatId, topic) => `${chatId}/${topic ?? ""}`;

async function reload() {
  const response = await fetch("/playground/state");
  world = await response.json();
  const [person, place, topic] = location.hash.slice(1).split("/").map(Number);
  const known = world.people.find(({ id }) => id === (here.person || person)) ?? world.people[0];
  here.person = known?.id ?? 0;
  go(here.chat || place || here.person, here.chat ? here.topic : topic || undefined);
}

function go(chatId, topic) {
  const places = placesOf(here.person);
  const place = places.find((one) => one.chat === chatId && one.topic === topic) ?? places[0];
  Object.assign(here, { chat: place?.chat, topic: place?.topic });
  history.replaceState(null, "", `#${[here.person, here.chat, here.topic].filter(Boolean).join("/")}`);
  unread.delete(placeKey(here.chat, here.topic));
  setReply(undefined);
  hideCommands();
  renderTabs(places);
  renderLog();
}

/** The chats of a person: the one with the bot, then the groups, a forum once for each of its topics. */
function placesOf(person) {
  const mine = world.chats.filter(({ members }) => members.includes(person));
  return mine.flatMap(({ id, title, topics }) => [
    { chat: id, topic: undefined, title },
    ...topics.map((topic) => ({ chat: id, topic: topic.id, title: `${title} · ${topic.name}` })),
  ]);
}

function renderTabs(places) {
  const isNew = (place) => unread.has(placeKey(place.chat, place.topic));
  $("people").replaceChildren(
    ...world.people.map(({ id, name }) => {
      const news = id !== here.person && placesOf(id).some((place) => place.chat === id && isNew(place));
      return tab(name, { chosen: id === here.person, news }, () => {
        here.person = id;
        go(here.chat > 0 ? id : here.chat, here.topic);
      });
    }),
  );
  const chosen = (place) => place.chat === here.chat && place.topic === here.topic;
  $("chats").replaceChildren(
    ...places.map((place) =>
      tab(place.title, { chosen: chosen(place), news: isNew(place) }, () => go(place.chat, place.topic)),
    ),
  );
}

function tab(name, { chosen, news }, onClick) {
  const button = element("button", news ? "news" : "", name);
  button.type = "button";
  button.setAttribute("aria-pressed", String(chosen));
  if (news) button.append(element("span", "unseen", ", new messages"));
  button.addEventListener("click", onClick);
  return button;
}

function renderLog() {
  const shown = (chat()?.messages ?? []).filter((message) => isHere(message) && !message.deleted);
  log.replaceChildren(...shown.map(renderOne));
  $("empty").hidden = shown.length > 0 || here.chat < 0;
  log.scrollTop = log.scrollHeight;
  const last = shown.at(-1);
  if (last) askForReply(last);
}

function renderOne(message) {
  const { messages, id } = chat();
  const replied = messages.find((one) => one.id === message.replyTo && !one.deleted);
  const node = renderMessage(
    message,
    { me: here.person, chat: id, replied },
    {
      press: (button, row, column) => press(button, message, { row, column }),
      reply: () => setReply(message),
      command: (words) => say(words),
      copy,
    },
  );
  node.id = `message-${message.id}`;
  return node;
}

/** Puts a new or changed message on the screen, without moving what is read or where the focus is. */
function show(chatId, message) {
  const target = world.chats.find(({ id }) => id === chatId);
  if (!target) return;
  const index = target.messages.findIndex(({ id }) => id === message.id);
  if (index >= 0) target.messages[index] = message;
  else target.messages.push(message);
  if (chatId !== here.chat || !isHere(message)) {
    if (index < 0) unread.add(placeKey(chatId, message.topic));
    renderTabs(placesOf(here.person));
    return;
  }
  $("typing").hidden = true;
  $("empty").hidden = true;
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  replaceOne(message);
  if (atEnd || message.from.id === here.person) log.scrollTop = log.scrollHeight;
  if (index < 0) askForReply(message);
}

function replaceOne(message) {
  const old = $(`message-${message.id}`);
  if (message.deleted) return old?.remove();
  const node = renderOne(message);
  if (!old) return log.append(node);
  const focused = [...old.querySelectorAll("button")].indexOf(document.activeElement);
  old.replaceWith(node);
  if (focused >= 0) ([...node.querySelectorAll("button")][focused] ?? log).focus();
}

function askForReply(message) {
  if (!message.replyBox) return;
  const asked = chat().messages.find(({ id }) => id === message.replyTo);
  if (message.replyBox.selective && asked?.from.id !== here.person) return;
  setReply(message);
  input.focus();
}

function setReply(message) {
  here.replyTo = message?.id;
  $("reply").hidden = !message;
  $("reply-text").textContent = message ? `Reply to ${message.from.name}: ${firstLine(message.text)}` : "";
  input.placeholder = message?.replyBox?.placeholder || "Message";
  if (message) input.focus();
}

async function post(path, body) {
  const { person, chat: chatId, topic } = here;
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ person, chat: chatId, topic, ...body }),
  });
  const answer = await response.json();
  if (!response.ok) toast(answer.error);
  return response.ok ? answer : undefined;
}

async function say(text) {
  if (text.trim() === "") return;
  const { replyTo } = here;
  setReply(undefined);
  hideCommands();
  const said = await post("/playground/say", { text, replyTo }).catch(() => toast("The playground is gone."));
  if (!said) input.value ||= text;
}

async function press(button, message, { row, column }) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const answer = await post("/playground/press", { message: message.id, row, column }).catch(() => undefined);
  button.removeAttribute("aria-busy");
  if (!answer?.text) return;
  if (!answer.showAlert) return toast(answer.text);
  $("alert-text").textContent = answer.text;
  $("alert").showModal();
}

async function copy(text) {
  await navigator.clipboard.writeText(text).then(
    () => toast("Copied"),
    () => toast("The browser did not allow copying."),
  );
}

function toast(text) {
  $("toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => $("toast").replaceChildren(), 5000);
}

function showCommands(prefix) {
  const all = chat()?.commands[here.person] ?? [];
  const fitting = all.filter(({ command }) => `/${command}`.startsWith(prefix));
  $("commands").replaceChildren(
    ...fitting.map((command) =>
      renderCommand(command, () => {
        input.value = "";
        input.focus();
        void say(`/${command.command}`);
      }),
    ),
  );
  $("commands").hidden = fitting.length === 0;
  $("menu").setAttribute("aria-expanded", String(fitting.length > 0));
}

function hideCommands() {
  $("commands").hidden = true;
  $("menu").setAttribute("aria-expanded", "false");
}

function showTyping({ chat: chatId, topic }) {
  if (chatId !== here.chat || topic !== here.topic) return;
  $("typing").textContent = `${world.bot.name} is typing…`;
  $("typing").hidden = false;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => {
    $("typing").hidden = true;
  }, 5000);
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value;
  input.value = "";
  void say(text);
});
input.addEventListener("input", () => (input.value.startsWith("/") ? showCommands(input.value) : hideCommands()));
$("menu").addEventListener("click", () => ($("commands").hidden ? showCommands("/") : hideCommands()));
$("reply-cancel").addEventListener("click", () => setReply(undefined));
$("start").addEventListener("click", () => say("/start"));
$("alert-close").addEventListener("click", () => $("alert").close());
document.addEventListener("keydown", (event) => event.key === "Escape" && hideCommands());

// Reachable by keyboard, so that it can be scrolled and so that the focus can return to it.
log.tabIndex = 0;
const events = new EventSource("/playground/events");
// At the first connection and after each lost one, the whole state is read again: nothing is missed in between.
events.addEventListener("open", reload);
events.addEventListener("reload", reload);
events.addEventListener("message", ({ data }) => {
  const { chat: chatId, message } = JSON.parse(data);
  show(chatId, message);
});
events.addEventListener("typing", ({ data }) => showTyping(JSON.parse(data)));
setInterval(() => refreshTimes(log), 1000);
