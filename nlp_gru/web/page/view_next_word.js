// The tab of autocomplete: three words at every key, a text that goes on, and a memory that stays in this browser.

import { ask, chooser, el, examples, memory, newest, percent, stream } from "./dom.js";

const STORED = "nlp-gru memory";
const SURE = 0.03; // Tab takes no word less likely than this for the letters typed: they are meant as they stand there
const EXAMPLES = ["I would like to ", "The weather is ", "See you "];

export function mount(models) {
  const box = el("textarea", { id: "next-word-text", maxlength: 100000, placeholder: "Start typing", autocomplete: "off", oninput: typed, onkeydown: key });
  const chips = [0, 1, 2].map((i) => el("button", { type: "button", "aria-label": "No word yet", disabled: true, onclick: () => take(i) }, "\u00a0"));
  const saved = el("p", { class: "note" }, "A word taken counts as one keystroke.");
  const keysHelp = el("p", { class: "note" }, "Tab takes the first word if it is likely, Alt and 1 to 3 any of them; after Escape, Tab leaves the box.");
  const on = el("button", { type: "button", onclick: goOn }, "Go on from here");
  const learn = el("button", { type: "button", onclick: () => remember("learn", box.value) }, "Learn this text");
  const forget = el("button", { type: "button", onclick: () => remember("forget") }, "Forget");
  const known = el("span", { class: "note" });
  const select = chooser(models, typed);
  const once = el("input", { type: "checkbox", id: "next-word-once" });
  let [begun, offered] = ["", new Set()]; // the text before the word, and what has been offered for it
  let [words, keys, length, writing, armed] = [[], 0, 0, false, true];

  const suggest = newest(async (text) => {
    const word = text.replace(/\S*$/, "");
    if (word !== begun) [begun, offered] = [word, new Set()];
    const found = await ask(select.value, "suggest", text, 3, once.checked ? [...offered] : []);
    if (text !== upTo()) return;
    words = found;
    for (const { text } of words) offered.add(text);
    chips.forEach((chip, i) => {
      chip.disabled = !words[i];
      chip.ariaLabel = words[i] ? `Take the word ${words[i].text}` : "No further word";
      chip.replaceChildren(words[i]?.text ?? "\u00a0", ...(words[i] ? [el("small", {}, percent(words[i].score))] : []));
    });
  }, failed);

  const upTo = () => box.value.slice(0, box.selectionStart);

  function typed() {
    const more = box.value.length - length;
    keys = box.value ? keys + Math.max(1, more) : 0; // what is pasted saves nothing
    armed = true;
    changed();
  }

  function changed() {
    words = [];
    length = box.value.length;
    if (length) saved.textContent = `${percent(Math.max(0, 1 - keys / length))} of ${length} keystrokes saved`;
    suggest(upTo());
  }

  function key(event) {
    if (event.key === "Escape") armed = false;
    const number = event.altKey && /^Digit[123]$/.test(event.code) ? Number(event.code[5]) - 1 : -1;
    const letters = /[\p{L}\p{N}]\S*$/u.test(upTo()); // of a word that has begun
    const sure = words.length && (!letters || words[0].score >= SURE);
    const tab = event.key === "Tab" && !event.shiftKey && armed && box.value && sure;
    if (!tab && !words[number]) return;
    event.preventDefault();
    take(tab ? 0 : number);
  }

  function take(i) {
    if (!words[i]) return;
    const typedPart = /\S*$/.exec(upTo())[0].replace(/^[^\p{L}\p{N}_]+/u, "").length; // a quotation mark before it stays
    const end = box.selectionStart;
    box.setRangeText(`${words[i].text} `, end - typedPart, end, "end");
    keys += 1;
    box.focus();
    changed();
  }

  async function goOn() {
    if (writing) return (writing = false);
    writing = true;
    on.textContent = "Stop";
    box.readOnly = true;
    const write = (part) => {
      if (!writing) return;
      box.value += part;
      box.scrollTop = box.scrollHeight;
    };
    await stream(select.value, "generate", [box.value, { maxWords: 30 }], write).catch(failed);
    [writing, on.textContent, box.readOnly] = [false, "Go on from here", false];
    box.selectionStart = box.value.length;
    keys = box.value.length; // not typed, so not saved
    changed();
  }

  async function remember(method, ...args) {
    const found = await memory(select.value, method, ...args).catch(failed);
    if (!found) return;
    if (method !== "load") {
      try {
        localStorage.setItem(STORED, found.file);
      } catch {
        known.textContent = "This browser has no room to keep it: it is forgotten when the page is closed.";
        return suggest(upTo());
      }
    }
    known.textContent = found.learned ? `${found.learned.toLocaleString("en")} words learned, kept in this browser alone` : "";
    suggest(upTo());
  }

  function failed(error) {
    saved.className = "note error";
    saved.textContent = error.message;
  }

  async function first() {
    try {
      const stored = localStorage.getItem(STORED);
      if (stored) await remember("load", JSON.parse(stored));
    } catch {
      known.textContent = "What was learned earlier could not be read.";
    }
    await suggest(upTo());
  }

  const form = el("div", { class: "card" }, el("label", { for: "next-word-text" }, "Text"), box, el("div", { class: "chips" }, ...chips), saved, keysHelp, el("p"), examples(box, EXAMPLES));
  const rare = el("label", { class: "row plain-label", for: once.id }, once, "Never offer a word twice: for who reads every suggestion");
  const more = el("div", { class: "card row" }, on, learn, forget, known, rare);
  box.addEventListener("click", () => suggest(upTo()));
  return { title: "Autocomplete", parts: [select, form, more], first };
}
