// The tab of autocomplete: three words and a phrase at every key, the likeliest of them in grey behind the caret, a text that goes on, and
// a memory that stays in this browser.

import { chooser, el, examples, newest, percent, remember, tool } from "./dom.js";
import { ghost } from "./ghost.js";

const STORED = "nlp-gru memory";
const SURE = 0.03; // Tab takes no word less likely than this for the letters typed: they are meant as they stand there
const COUNTED = "A word taken counts as one keystroke.";
const EXAMPLES = ["I would like to ", "The weather is ", "See you "];
const PHRASE = 3; // the place of its chip, behind those of three words
const MOST_LISTED = 200; // of the words learned

export function mount(models) {
  const box = el("textarea", { id: "next-word-text", maxlength: 100000, placeholder: "Start typing", autocomplete: "off", "aria-describedby": "next-word-keys", oninput: typed, onkeydown: key });
  const { place, show: showGhost } = ghost(box);
  const chips = [0, 1, 2, PHRASE].map((i) => el("button", { type: "button", class: i === PHRASE ? "phrase" : "", disabled: true, onclick: () => take(i), onmousedown: (event) => event.preventDefault() }));
  const saved = el("p", { class: "note" }, COUNTED);
  const keysHelp = el("p", { class: "note keys", id: "next-word-keys" }, el("kbd", {}, "Tab"), " takes a phrase, or else the first word if it is likely, ", el("kbd", {}, "Alt 1"), " to ", el("kbd", {}, "3"), " any; ", el("kbd", {}, "Esc"), " ", el("kbd", {}, "Tab"), " leaves the box.");
  const on = el("button", { type: "button", onclick: goOn }, "Go on from here");
  const learn = el("button", { type: "button", onclick: () => teach("learn", box.value) }, "Learn this text");
  const forget = el("button", { type: "button", onclick: () => teach("forget") }, "Forget all");
  const [known, mended] = [el("span", { class: "note" }), el("p", { class: "note", role: "status" })];
  const listed = el("div", { class: "row learned" });
  const learned = el("details", { hidden: true }, el("summary", {}, known), listed, el("p"), forget);
  const correct = el("button", { type: "button", onclick: mend }, "Mend slips");
  const keyboard = () => tool(select.value);
  const select = chooser(models, () => ask(true));
  const once = el("input", { type: "checkbox", id: "next-word-once" });
  let [begun, offered] = ["", new Set()]; // the text before the word, and what has been offered for it
  let found = { text: null, words: [] }; // the last answer, and the text that it is about
  let asked = null; // the text that the last question was about
  let [keys, length, writing, armed] = [0, 0, false, false];

  const suggest = newest(async (text) => {
    const own = await keyboard();
    const word = text.replace(/\S*$/, "");
    if (word !== begun) [begun, offered] = [word, new Set()];
    const before = [...offered].slice(-100);
    const words = await own.suggest(text, { skip: once.checked ? before : [] });
    const phrase = await own.phrase(text, { skip: before });
    if (text !== upTo()) return;
    for (const { text: word } of words) offered.add(word);
    found = { text, words };
    if (phrase) found.words[PHRASE] = phrase;
    render();
  }, failed);

  /** The words for the text up to the caret, unless they have been asked for; again: what is known has changed. */
  function ask(again = false) {
    if (!again && upTo() === asked) return;
    asked = upTo();
    suggest(asked);
  }
  const upTo = () => box.value.slice(0, box.selectionStart);
  const beginning = (text) => /\S*$/.exec(text)[0].replace(/^[^\p{L}\p{N}_]+/u, ""); // a quotation mark before a word is none of it

  /** The letters typed of the word that an answer is about; null where the answer is about another place. */
  function letters() {
    if (found.text === null) return null;
    const start = found.text.length - beginning(found.text).length;
    const text = upTo();
    const rest = text.slice(start);
    const goesOn = text.startsWith(found.text) && !/\s/.test(rest);
    return goesOn || text === found.text ? rest : null;
  }

  /** Whether a word still fits: an answer about fewer letters keeps those words that begin with all of them. */
  function fits(i) {
    const rest = letters();
    const word = found.words[i];
    return Boolean(word) && rest !== null && (found.text === upTo() || word.text.toLowerCase().startsWith(rest.toLowerCase()));
  }

  /** The place of what Tab takes, or -1. */
  function forTab() {
    if (fits(PHRASE)) return PHRASE;
    const first = [0, 1, 2].find(fits) ?? -1;
    return first >= 0 && (!letters() || found.words[first].score >= SURE) ? first : -1;
  }

  function render() {
    const first = forTab();
    chips.forEach((chip, i) => {
      const word = found.words[i];
      const kind = i === PHRASE ? "phrase" : "word";
      chip.disabled = !fits(i);
      chip.classList.toggle("first", i === first);
      chip.ariaLabel = chip.disabled ? `No ${kind} yet` : `Take the ${kind} ${word.text}`;
      chip.replaceChildren(chip.disabled ? "\u00a0" : word.text, ...(chip.disabled ? [] : [el("small", {}, i === first ? "Tab" : percent(word.score))]));
    });
    const rest = letters() ?? "";
    const word = found.words[first]?.text ?? "";
    showGhost(armed && word.toLowerCase().startsWith(rest.toLowerCase()) ? word.slice(rest.length) : "");
  }

  function typed() {
    const more = box.value.length - length;
    keys = box.value ? keys + Math.max(1, more) : 0; // what is pasted saves nothing
    armed = true;
    changed();
  }

  function changed() {
    length = box.value.length;
    saved.className = "note";
    saved.textContent = length ? `${percent(Math.max(0, 1 - keys / length))} of ${length} keystrokes saved` : COUNTED;
    moved();
  }

  function moved() {
    render();
    ask();
  }

  function key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      armed = false;
      return render();
    }
    const number = event.altKey && /^Digit[123]$/.test(event.code) ? Number(event.code[5]) - 1 : -1;
    const first = event.key === "Tab" && !event.shiftKey && !event.altKey && armed && box.value ? forTab() : -1;
    if (first < 0 && !fits(number)) return;
    event.preventDefault();
    take(first < 0 ? number : first);
  }

  function take(i) {
    if (!fits(i)) return;
    const [start, end] = [box.selectionStart - letters().length, box.selectionStart];
    const kept = found.words[i].text.startsWith(letters()) ? letters().length : 0; // so that undo does not touch what was typed
    write(start + kept, end, `${found.words[i].text.slice(kept)} `);
    keys += 1;
    armed = true;
    changed();
  }

  /** execCommand keeps the browser's undo, which assigning a value would empty. */
  function write(start, end, text) {
    const before = keys;
    box.focus();
    box.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) box.setRangeText(text, start, end, "end");
    keys = before; // it is no typing
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

  async function teach(method, ...args) {
    try {
      const own = await keyboard();
      await own[method](...args);
      if (method !== "loadMemory") keep(await own.saveMemory());
      await list();
    } catch (error) {
      return failed(error);
    }
    ask(true);
  }

  /** The words that were learned, each of which can be forgotten by itself. */
  async function list() {
    const words = await (await keyboard()).learnedWords();
    learned.hidden = !words.length;
    known.textContent = `${words.length.toLocaleString("en")} ${words.length === 1 ? "word" : "words"} learned, kept in this browser alone`;
    const button = ([word, count]) => el("button", { type: "button", "aria-label": `Forget ${word}`, title: `Used ${count} times`, onclick: () => teach("forget", word) }, word, el("span", { "aria-hidden": "true" }, " ×"));
    listed.replaceChildren(...words.slice(0, MOST_LISTED).map(button));
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
      await list();
    } catch {
      saved.textContent = "What was learned earlier could not be read.";
    }
    ask(true);
  }

  remember("autocomplete", box);
  keys = length = box.value.length; // not typed now, so nothing saved
  const bar = el("div", { class: "chips", role: "group", "aria-label": "Suggestions" }, ...chips);
  const form = el("div", { class: "card" }, el("label", { for: "next-word-text" }, "Text"), place, bar, saved, keysHelp, el("p"), examples(box, EXAMPLES));
  const rare = el("label", { class: "row plain-label", for: once.id }, once, "Never offer a word twice: for who reads every suggestion");
  const more = el("div", { class: "card row" }, on, correct, learn, mended, rare, learned);
  box.addEventListener("pointerdown", () => (armed = true));
  document.addEventListener("selectionchange", () => document.activeElement === box && moved());
  for (const name of ["focus", "blur"]) box.addEventListener(name, render);
  self.addEventListener("resize", render);
  render();
  return { title: "Autocomplete", parts: [select, form, more], first };
}
