// The tab of chat: a dialogue, which is kept nowhere.

import { ask, chooser, el, examples, percent } from "./dom.js";

const EXAMPLES = ["Hi, how are you?", "What is your favorite movie?", "I have a dog."];

export function mount(models) {
  const log = el("div", { class: "log", role: "log", "aria-label": "Dialogue", tabindex: 0 });
  const box = el("input", { type: "text", id: "chat-text", "aria-label": "Your message", maxlength: 2000, autocomplete: "off" });
  const send = el("button", { class: "main" }, "Send");
  const list = el("ul", { class: "plain" });
  const others = el("details", { class: "card", hidden: true }, el("summary", {}, "What else it might have said"), list);
  const tries = examples(box, EXAMPLES);
  const note = el("p", { class: "note" }, "A small model that has learned small talk: it knows no facts, and forgets the dialogue with the page.");
  const select = chooser(models, restart);
  let turns = [];
  let dialogue = 0;

  function say(text, kind) {
    log.append(el("p", { class: kind }, text));
    log.scrollTop = log.scrollHeight;
  }

  async function submit(event) {
    event.preventDefault();
    const text = box.value.trim();
    if (!text || send.disabled) return;
    const now = dialogue;
    box.value = "";
    turns.push(text);
    say(text, "me");
    send.disabled = true;
    try {
      const reply = await ask(select.value, "reply", turns);
      if (now !== dialogue) return;
      turns.push(reply.text);
      say(reply.text, reply.answered ? "bot" : "bot unsure");
      const rest = reply.candidates.filter(([other]) => other !== reply.text);
      others.hidden = !rest.length;
      list.replaceChildren(...rest.map(([other, share]) => el("li", {}, `${other} `, el("span", { class: "note" }, percent(share)))));
    } catch (error) {
      turns.pop();
      say(error.message, "bot error");
    } finally {
      send.disabled = false;
      box.focus();
    }
  }

  function restart() {
    turns = [];
    dialogue += 1;
    log.replaceChildren();
    others.hidden = true;
    show();
    box.focus();
  }

  function show() {
    const talks = models.find(({ name }) => name === select.value).head === "chat";
    box.placeholder = talks ? "Say something" : "Ask something";
    tries.hidden = note.hidden = !talks;
  }

  const form = el("form", { class: "row", onsubmit: submit }, box, send, el("button", { type: "button", onclick: restart }, "New dialogue"));
  show();
  return { title: "Chat", parts: [select, el("div", { class: "card" }, log), form, tries, others, note], first: () => ask(select.value, "reply", ["Hi"]) };
}
