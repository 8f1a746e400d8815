// The tab of chat: a dialogue, which is kept nowhere, with the model of small talk or a bot of questions and answers.

import { chooser, el, examples, percent, tool } from "./dom.js";

const NOTES = {
  chat: "A small model that has learned small talk: it knows no facts, and forgets the dialogue with the page.",
  faq: "It answers the questions that it was given, in other words, too, and says so when it has no answer.",
};
const EXAMPLES = ["Hi, how are you?", "What is your favorite movie?", "I have a dog."];

export function mount(models) {
  const log = el("div", { class: "log", role: "log", "aria-label": "Dialogue", tabindex: 0 });
  const box = el("input", { type: "text", id: "chat-text", "aria-label": "Your message", maxlength: 2000, autocomplete: "off" });
  const send = el("button", { class: "main" }, "Send");
  const list = el("ul", { class: "plain" });
  const offers = el("div", { class: "row" });
  const others = el("details", { class: "card", hidden: true }, el("summary", {}, "What else it might have said"), list);
  const tries = examples(box, EXAMPLES);
  const note = el("p", { class: "note" });
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
      const reply = await (await tool(select.value)).reply(turns);
      if (now !== dialogue) return;
      turns.push(reply.text);
      say(reply.text, reply.answered ? "bot" : "bot unsure");
      offer(reply.offered ? reply.closest : []);
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
    offer([]);
    dialogue += 1;
    log.replaceChildren();
    others.hidden = true;
    show();
    box.focus();
  }

  function show() {
    const talks = models.find(({ name }) => name === select.value).head === "chat";
    box.placeholder = talks ? "Say something" : "Ask something";
    tries.hidden = !talks;
    note.textContent = talks ? NOTES.chat : NOTES.faq;
  }

  const form = el("form", { class: "row", onsubmit: submit }, box, send, el("button", { type: "button", onclick: restart }, "New dialogue"));
  show();
  return { title: "Chat", parts: [select, el("div", { class: "card" }, log, offers), form, tries, others, note], first: async () => void (await tool(select.value)) };
}
