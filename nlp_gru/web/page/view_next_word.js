// The tab of autocomplete: three words at every key, a text that goes on, and a memory that stays in this browser.

import { chooser, el, examples, newest, percent, tool } from "./dom.js";

const STORED = "nlp-gru memory";
const SURE = 0.03; // Tab takes no word less likely than this for the letters typed: they are meant as they stand there
const COUNTED = "A word taken counts as one keystroke.";
const EXAMPLES = ["I would like to ", "The weather is ", "See you "];

export function mount(models) {
  const box = el("textarea", { id: "next-word-text", maxlength: 100000, placeholder: "Start typing", autocomplete: "off", oninput: typed, onkeydown: key });
  const chips = [0, 1, 2].map((i) => el("button", { type: "button", "aria-label": "No word yet", disabled: true, onclick: () => take(i) }, "\u00a0"));
  const saved = el("p", { class: "note" }, COUNTED);
  const keysHelp = el("p", { class: "note" }, "Tab takes the first word if it is likely, Alt and 1 to 3 any of them; after Escape, Tab leaves the box.");
  const on = el("button", { type: "button", onclick: goOn }, "Go on from here");
  const learn = el("button", { type: "button", onclick: () => remember("learn", box.value) }, "Learn this text");
  const forget = el("button", { type: "button", onclick: () => remember("forget") }, "Forget");
  const [known, mended] = [el("span", { class: "note" }), el("p", { class: "note", role: "status" })];
  const correct = el("button", { type: "button", onclick: mend }, "Mend slips");
  const keyboard = () => tool(select.value);
  const select = chooser(models, () => suggest(upTo()));
  const once = el("input", { type: "checkbox", id: "next-word-once" });
  let [begun, offered] = ["", new Set()]; // the text before the word, and what has been offered for it
  let [words, keys, length, writing, armed] = [[], 0, 0, false, true];

  const suggest = newest(async (text) => {
    const word = text.replace(/\S*$/, "");
    if (word !== begun) [begun, offered] = [word, new Set()];
    const found = await (await keyboard()).suggest(text, { skip: once.checked ? [...offered].slice(-100) : [] });
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
    saved.className = "note";
    saved.textContent = length ? `${percent(Math.max(0, 1 - keys / length))} of ${length} keystrokes saved` : COUNTED;
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
    try {
      for await (const part of (await keyboard()).generate(box.value, { maxWords: 30, stream: true })) {
        if (!writing) break;
        box.value += part;
        box.scrollTop = box.scrollHeight;
      }
    } catch (error) {
      failed(error);
    }
    [writing, on.textContent, box.readOnly] = [false, "Go on from here", false];
    box.selectionStart = box.value.length;
    keys = box.value.length; // not typed, so not saved
    changed();
  }

  async function remember(method, ...args) {
    try {
      const own = await keyboard();
      await own[method](...args);
      if (method !== "loadMemory") keep(await own.saveMemory());
      if (own.learned) known.textContent = `${own.learned.toLocaleString("en")} words learned, kept in this browser alone`;
      else known.textContent = "";
    } catch (error) {
      return failed(error);
    }
    suggest(upTo());
  }

  function keep(file) {
    try {
      localStorage.setItem(STORED, file);
    } catch {
      throw new Error("This browser has no room to keep what was learned: it is forgotten when the page is closed.");
    }
  }

  /** The text with its slips mended, and what was changed. */
  async function mend() {
    try {
      const before = box.value;
      const { text, changes } = await (await keyboard()).correct(before);
      if (box.value !== before) return; // typed on meanwhile
      box.value = text;
      mended.textContent = changes.map(({ before: old, after }) => `${old} → ${after}`).join(", ") || "No slips found.";
      keys = Math.min(keys + 1, box.value.length);
      box.focus();
      changed();
    } catch (error) {
      failed(error);
    }
  }

  function failed(error) {
    saved.className = "note error";
    saved.textContent = error.message;
  }

  async function first() {
    try {
      const stored = localStorage.getItem(STORED);
      if (stored) await (await keyboard()).loadMemory(stored);
    } catch {
      known.textContent = "What was learned earlier could not be read.";
    }
    const { learned } = await keyboard();
    if (learned) known.textContent = `${learned.toLocaleString("en")} words learned, kept in this browser alone`;
    await suggest(upTo());
  }

  const form = el("div", { class: "card" }, el("label", { for: "next-word-text" }, "Text"), box, el("div", { class: "chips" }, ...chips), saved, keysHelp, el("p"), examples(box, EXAMPLES));
  const rare = el("label", { class: "row plain-label", for: once.id }, once, "Never offer a word twice: for who reads every suggestion");
  const more = el("div", { class: "card row" }, on, correct, learn, forget, known, mended, rare);
  box.addEventListener("click", () => suggest(upTo()));
  return { title: "Autocomplete", parts: [select, form, more], first };
}
