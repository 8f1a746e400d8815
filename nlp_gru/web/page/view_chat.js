// The tab of chat: a dialogue with the model of small talk, or with a bot of questions and answers. This browser keeps it.

import { chooser, el, examples, kept, keepAs, percent, remember, tool } from "./dom.js";

const NOTES = {
  chat: "A small model for small talk. Many of its replies were written beforehand, and it knows no facts. The dialogue is kept in this browser alone.",
  faq: "It answers the questions that it was given, in other words, too, and says so when it has no answer.",
};
const EXAMPLES = ["Hi, how are you?", "What is your favorite movie?", "I have a dog."];

export function mount(models) {
  const log = el("div", { class: "log", role: "log", "aria-label": "Dialogue", tabindex: 0 });
  const box = el("input", { type: "text", id: "chat-text", "aria-label": "Your message", maxlength: 2000, autocomplete: "off" });
  const send = el("button", { class: "main" }, "Send");
  const list = el("div", { class: "options" });
  const offers = el("div", { class: "row" });
  const others = el("details", { class: "card", hidden: true }, el("summary", {}, "What else it might have said"), el("p", { class: "note" }, "Press one to have it said instead. A share is how well each follows the dialogue."), list);
  const tries = examples(box, EXAMPLES);
  const note = el("p", { class: "note" });
  const select = chooser(models, restart);
  let turns = []; // {text, kind}: "me", "bot" or "bot unsure"
  let dialogue = 0;

  function say(text, kind) {
    log.append(el("p", { class: kind }, text));
    log.scrollTop = log.scrollHeight;
  }

  function add(text, kind) {
    turns.push({ text, kind });
    say(text, kind);
  }

  const keep = () => keepAs("chat", turns.length ? JSON.stringify(turns) : "");

  async function submit(event) {
    event.preventDefault();
    const text = box.value.trim();
    if (!text || send.disabled) return;
    const now = dialogue;
    box.value = "";
    add(text, "me");
    send.disabled = true;
    try {
      const reply = await (await tool(select.value)).reply(turns.map(({ text }) => text));
      if (now !== dialogue) return;
      add(reply.text, reply.answered ? "bot" : "bot unsure");
      keep();
      offer(reply.offered ? reply.closest : []);
      consider(reply.candidates.filter(([other]) => other !== reply.text));
    } catch (error) {
      if (now !== dialogue) return;
      turns.pop();
      say(error.message, "bot error");
    } finally {
      send.disabled = false;
      box.focus();
    }
  }

  /** What else could have been said, each to be said by a press. */
  function consider(candidates) {
    const take = (text) => {
      turns.at(-1).text = log.lastElementChild.textContent = text;
      log.lastElementChild.className = turns.at(-1).kind = "bot";
      keep();
    };
    others.hidden = !candidates.length;
    const option = ([text, share]) => el("button", { type: "button", class: "option", onclick: () => take(text) }, el("span", {}, text), el("span", { class: "note" }, percent(share)));
    list.replaceChildren(...candidates.map(option));
  }

  /** The questions that may have been meant, each to be asked by a press. */
  function offer(questions) {
    const put = (text) => {
      box.value = text;
      form.requestSubmit();
    };
    offers.replaceChildren(...questions.map((text) => el("button", { type: "button", onclick: () => put(text) }, text)));
    log.scrollTop = log.scrollHeight;
  }

  function restart() {
    turns = [];
    keep();
    offer([]);
    consider([]);
    dialogue += 1;
    log.replaceChildren();
    show();
    box.focus();
  }

  function show() {
    const talks = models.find(({ name }) => name === select.value).head === "chat";
    box.placeholder = talks ? "Say something" : "Ask something";
    tries.hidden = !talks;
    note.textContent = talks ? NOTES.chat : NOTES.faq;
  }

  /** The dialogue of the last visit. */
  function restore() {
    try {
      for (const { text, kind } of JSON.parse(kept("chat") ?? "[]")) add(String(text), String(kind));
    } catch {
      turns = []; // it was not ours
      log.replaceChildren();
    }
  }

  const form = el("form", { class: "row", onsubmit: submit }, box, send, el("button", { type: "button", onclick: restart }, "New dialogue"));
  remember("chat model", select);
  restore();
  show();
  return { title: "Chat", parts: [select, el("div", { class: "card" }, log, offers), form, tries, others, note], first: async () => void (await tool(select.value)) };
}
