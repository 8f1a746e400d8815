// The list of chats above a conversation. Each chat is kept in this browser under a key of its own; a tab goes on with the one that
// it showed. Gradio runs this when the list is there, with `element` (its part of the page) and `trigger`.
const MOST = 60; // characters of a name that is made of what was said first
const page = element.querySelector(".chats").dataset.page;
const [details, list, count, note] = ["details", "ul", ".count", ".told"].map((one) => element.querySelector(one));
const stop = new AbortController();
const index = `${page}-chats`;
const key = (id) => `${page}-chat-${id}`;
const fresh = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
const kept = () => window.nlpGru.read(index).chats ?? []; // [{id, name, named}], the one that was spoken in last on top
const messagesOf = (id) => window.nlpGru.read(key(id)).messages ?? [];
const words = (message) => window.nlpGru.textOf(message);

let current = sessionStorage.getItem(index) ?? kept()[0]?.id ?? fresh();
let stands = false; // what was kept of the current one stands in the page: before, an empty page says nothing about it
let awaited = 0; // messages of the chat that was opened, until the page shows as many: it reports its own empty beginning first
let removed = null; // the chat that was deleted last: {chat, messages}

function open(id) {
  if (id === current && stands) return;
  current = id;
  stands = false;
  sessionStorage.setItem(index, id);
  trigger("open");
}

// What the page shows of the current chat, as Gradio asks for it.
function opened() {
  const messages = messagesOf(current);
  [stands, awaited] = [true, messages.length];
  draw();
  return messages;
}

// Keeps what the page shows. A reply that still comes for the chat that was left is none of the current one's.
function keep(messages) {
  const before = messagesOf(current);
  const differs = (i) => words(before.at(i)) !== words(messages.at(i));
  if (!stands || (messages?.length ?? 0) < awaited || (before.length && messages?.length && differs(0))) return [];
  awaited = 0;
  if (before.length && before.length === messages?.length && !differs(-1)) return []; // it was opened, and nothing said
  const others = kept().filter(({ id }) => id !== current);
  const known = kept().find(({ id }) => id === current);
  const name = known?.named ? known.name : words(messages?.[0]).slice(0, MOST);
  const done = messages?.length
    ? window.nlpGru.write(key(current), { messages }) && window.nlpGru.write(index, { chats: [{ ...known, id: current, name }, ...others] })
    : drop(current);
  element.inert = messages?.at(-1)?.role === "user"; // until it is answered
  say(done === false ? "This browser has no room to keep this chat: it is gone when the page is closed." : "");
  draw();
  return [];
}

function drop(id) {
  window.nlpGru.remove(key(id));
  const chats = kept().filter((chat) => chat.id !== id);
  if (chats.length) window.nlpGru.write(index, { chats });
  else window.nlpGru.remove(index);
}

function say(...parts) {
  note.replaceChildren(...parts.filter(Boolean));
}

function button(kind, text, label, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: kind, textContent: text, onclick: act });
  if (label) made.setAttribute("aria-label", label);
  return made;
}

function draw() {
  const chats = kept();
  details.hidden = !chats.length;
  count.textContent = chats.length;
  list.replaceChildren(...chats.map((chat) => {
    const line = document.createElement("li");
    const opener = button("open", chat.name, "", () => open(chat.id));
    if (chat.id === current) opener.setAttribute("aria-current", "true");
    line.append(opener, button("act", "Rename", `Rename ${chat.name}`, () => rename(line, chat)), button("act", "Delete", `Delete ${chat.name}`, () => remove(chat)));
    return line;
  }));
}

function rename(line, chat) {
  const box = Object.assign(document.createElement("input"), { value: chat.name, maxLength: MOST });
  box.setAttribute("aria-label", "New name");
  let over = false;
  const end = (isMeant) => {
    if (over) return;
    over = true;
    const name = box.value.trim();
    if (isMeant && name) window.nlpGru.write(index, { chats: kept().map((one) => (one.id === chat.id ? { ...one, name, named: true } : one)) });
    const hadFocus = document.activeElement === box;
    draw();
    if (hadFocus) list.querySelector(`[aria-label="Rename ${CSS.escape(isMeant && name ? name : chat.name)}"]`)?.focus();
  };
  box.onkeydown = (event) => {
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault(); // else it would press the button that gets the focus
    end(event.key === "Enter");
  };
  box.onblur = () => end(true);
  line.firstElementChild.replaceWith(box);
  box.focus();
  box.select();
}

function remove(chat) {
  removed = { chat, messages: messagesOf(chat.id) };
  drop(chat.id);
  if (chat.id === current) open(kept()[0]?.id ?? fresh());
  else draw();
  const back = button("back", "Undo", `Bring back ${chat.name}`, () => {
    window.nlpGru.write(key(chat.id), { messages: removed.messages });
    window.nlpGru.write(index, { chats: [removed.chat, ...kept()] });
    say();
    open(chat.id);
  });
  say(`“${chat.name}” is deleted. `, back);
  back.focus();
}

function forget({ detail }) {
  if (detail !== page) return;
  kept().forEach(({ id }) => window.nlpGru.remove(key(id)));
  window.nlpGru.remove(index);
  say();
  open(fresh());
}

element.querySelector(".new").onclick = () => {
  say();
  open(messagesOf(current).length ? fresh() : current);
  document.querySelector(`#${page}-message textarea`)?.focus();
};
document.addEventListener("nlp-gru-forgotten", forget, { signal: stop.signal });
window.chats?.stop();
window.chats = { opened, keep, name: () => kept().find(({ id }) => id === current)?.name ?? "chat", stop: () => stop.abort() };
trigger("open");
