// The Write tab of next_word.py: chips, ghost text, keys and the count of keystrokes. Gradio runs it when the chips are there,
// with `element` (theirs), `trigger`, `props` and `watch`. It listens on the document: the text box may come later, or anew.
const LIMIT = 4000;
const SURE = 0.03; // Tab takes no word less likely than this for the letters typed: they are meant as they stand there
const EATS_BLANK = ".,!?;:…)]}”’%\n ";
const chips = [...element.querySelectorAll(".chip")];
const saved = element.querySelector(".saved span");
const stop = new AbortController();
const on = (target, name, handler, options = {}) => target.addEventListener(name, handler, { ...options, signal: stop.signal });
const box = () => document.querySelector("#next-word-text textarea");

const PHRASE = 3; // the place of its chip, behind those of three words
let words = []; // what the chips offer now: {text, live, sure}, or nothing
let letters = 0; // typed of the current word
let waiting = false; // for an answer to the text as it stands
let armed = false; // Tab takes a word: from the first key or click in the box until Escape or leaving
let taking = false; // the script itself is writing
let blank = -1; // the caret's place after a blank that came with a word
let asked = null; // the text that the last question was about
let known = ""; // the text as of the last key, to tell a key from a value set by the page
let pressed = 0, written = 0;

function upTo() {
  const text = box() ? box().value.slice(0, box().selectionStart).slice(-LIMIT) : "";
  return text.replace(/^[\udc00-\udfff]/, ""); // half a character, cut by the limit
}

function ask(again = false) {
  if (!again && upTo() === asked) return;
  asked = upTo();
  trigger("ask");
}

function sent() {
  return (asked = upTo()); // a question that had to wait asks about the text as it is by now
}

// An answer for an earlier text keeps only the words that still fit the letters typed since.
function render() {
  const answer = props.value;
  const text = upTo();
  waiting = !answer || text !== answer.context + answer.prefix;
  let rest = null;
  if (answer?.words && text.startsWith(answer.context)) {
    rest = text.slice(answer.context.length);
    if (!rest.startsWith(answer.prefix) || (waiting && /\s/.test(rest))) rest = null;
  }
  const fits = (word) => rest !== null && (!waiting || word.toLowerCase().startsWith(rest.toLowerCase()));
  letters = rest === null ? 0 : rest.length;
  if (answer?.words) {
    words = answer.words.map((word) => ({ text: word.text, live: fits(word.text), sure: !answer.prefix || word.score >= SURE }));
    if (answer.phrase) words[PHRASE] = { text: answer.phrase.text, live: fits(answer.phrase.text), sure: true };
  }
  const first = forTab();
  chips.forEach((chip, i) => {
    const word = words[i];
    chip.disabled = !word?.live;
    chip.firstElementChild.textContent = word ? word.text : "\u00a0";
    chip.lastElementChild.textContent = i === first || i === PHRASE ? "Tab" : `Alt ${i + 1}`;
    chip.classList.toggle("first", i === first);
    const kind = i === PHRASE ? "phrase" : "word";
    chip.setAttribute("aria-label", word?.live ? `Take the ${kind} ${word.text}` : `No ${kind} yet`);
  });
  ghost(rest);
}

// The place of what Tab takes, or -1.
function forTab() {
  if (words[PHRASE]?.live) return PHRASE;
  const first = words.findIndex((word) => word?.live);
  return words[first]?.sure ? first : -1;
}

function ghost(rest) {
  const area = box();
  if (!area) return;
  let layer = area.parentElement.querySelector(".ghost");
  if (!layer) {
    layer = document.createElement("div");
    layer.className = "ghost";
    layer.setAttribute("aria-hidden", "true");
    area.setAttribute("aria-describedby", "next-word-keys");
    area.parentElement.style.position = "relative";
    area.parentElement.append(layer);
    on(area, "scroll", () => (layer.scrollTop = area.scrollTop));
  }
  const word = words[forTab()]?.text ?? "";
  const atEnd = area.selectionStart === area.value.length && area.value !== "";
  const goesOn = rest !== null && word.toLowerCase().startsWith(rest.toLowerCase());
  if (!armed || !atEnd || !goesOn || document.activeElement !== area) return layer.replaceChildren();
  const style = getComputedStyle(area);
  for (const name of ["font", "letterSpacing", "lineHeight", "padding", "borderWidth", "tabSize", "wordBreak", "overflowWrap"]) {
    layer.style[name] = style[name];
  }
  const sides = parseFloat(style.borderLeftWidth) + parseFloat(style.borderRightWidth);
  Object.assign(layer.style, {
    left: `${area.offsetLeft}px`,
    top: `${area.offsetTop}px`,
    width: `${area.clientWidth + sides}px`, // without the scroll bar
    height: `${area.offsetHeight}px`,
  });
  const tail = document.createElement("span");
  tail.textContent = word.slice(rest.length);
  // <wbr>: the typed letters stay on their line although the whole word would not fit there
  layer.replaceChildren(area.value, document.createElement("wbr"), tail);
  layer.scrollTop = area.scrollTop;
}

// execCommand keeps the browser's undo, which assigning a value would empty.
function write(start, end, text) {
  const area = box();
  taking = true;
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  taking = false;
}

function take(index) {
  const area = box();
  const word = words[index];
  if (!area || !word?.live) return;
  const length = area.value.length;
  let end = area.selectionEnd;
  const after = area.value.slice(end);
  if (letters) end += after.match(/^[\p{L}\p{N}'’-]*/u)[0].length; // the caret was inside the word
  const next = area.value[end] ?? "";
  if (next === " ") end += 1; // the blank that is there already
  const addBlank = next === "" || next === " " || !/[\s.,!?;:…)\]}”]/.test(next);
  const typed = area.value.slice(area.selectionStart - letters, area.selectionStart);
  const kept = word.text.startsWith(typed) ? letters : 0; // so that undo does not touch what was typed
  write(area.selectionStart - letters + kept, end, word.text.slice(kept) + (addBlank ? " " : ""));
  blank = addBlank && next !== " " ? area.selectionStart : -1;
  armed = true;
  count(1, area.value.length - length);
}

// Punctuation typed after a word taken moves to the word; a blank typed from habit is not doubled.
function tidy(area, event) {
  const caret = area.selectionStart;
  const key = area.value[caret - 1];
  if (blank < 0 || caret !== blank + 1 || event.isComposing || !EATS_BLANK.includes(key)) return;
  write(blank - 1, caret, key);
}

function count(keys, characters) {
  pressed += keys;
  written = Math.max(0, written + characters);
  if (!known) pressed = written = 0; // an emptied box: a new text
  saved.replaceChildren();
  if (!pressed) return saved.append("A word taken counts as one keystroke.");
  const percent = document.createElement("b");
  percent.textContent = `${written ? Math.round(100 * (1 - pressed / written)) : 0} % saved`.replace("-", "−");
  saved.append(percent, ` ${pressed} keystroke${pressed === 1 ? "" : "s"} for ${written} character${written === 1 ? "" : "s"}`);
}

function changed() {
  const area = box();
  if (area && area.value !== known) { // an example
    known = area.value;
    pressed = written = 0;
    count(0, 0);
    blank = -1;
    armed = true;
    area.focus();
    area.setSelectionRange(known.length, known.length);
  }
  ask();
  render();
}

on(document, "input", (event) => {
  const area = box();
  if (event.target !== area) return;
  const before = known.length;
  known = area.value;
  if (!taking) {
    tidy(area, event);
    blank = -1;
    armed = true;
    const given = /^insertFrom(Paste|Drop|Yank)/.test(event.inputType); // neither typed nor saved
    if (!given) count(1, known.length - before);
  }
  ask();
  render();
});
on(document, "selectionchange", () => {
  const area = box();
  if (!area || document.activeElement !== area) return;
  if (area.selectionStart !== blank) blank = -1;
  ask();
  render();
});
on(document, "keydown", (event) => {
  if (event.target !== box() || event.isComposing || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") {
    armed = false;
    render();
  } else if (event.key === "Tab" && !event.shiftKey && !event.altKey && armed && box().value) {
    const first = forTab();
    if (first < 0 && !waiting) return;
    event.preventDefault();
    take(first);
  } else if (event.altKey && /^Digit[123]$/.test(event.code) && !event.getModifierState("AltGraph")) {
    event.preventDefault();
    take(Number(event.code[5]) - 1);
  }
}, { capture: true });
on(document, "pointerdown", (event) => {
  if (event.target === box()) armed = true;
});
on(document, "focusout", (event) => {
  if (event.target !== box()) return;
  armed = false;
  render();
});
on(window, "resize", render);
on(element, "mousedown", (event) => event.preventDefault()); // the box keeps the focus
on(element, "click", (event) => {
  const index = chips.indexOf(event.target.closest(".chip"));
  if (index >= 0) take(index);
  if (event.target.closest(".reset")) {
    pressed = written = 0;
    count(0, 0);
  }
});
watch("value", render);
window.nextWord?.stop();
window.nextWord = { ask, sent, changed, stop: () => stop.abort() };
ask(true);
