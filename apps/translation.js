// The Text tab of translation.py: asks for a translation when the typing pauses, then for the attention of the one chosen.
// Gradio runs it when the list of translations is there, with `element` (the list), `trigger`, `props` and `watch`.
const PAUSE = 300; // milliseconds without a key
const AT_ONCE = 30; // an example and a swap report themselves twice, which is one question
const stop = new AbortController();
const on = (target, name, handler, options = {}) => target.addEventListener(name, handler, { ...options, signal: stop.signal });
const box = () => document.querySelector("#translation-source textarea");
const text = () => (box()?.value ?? "").toWellFormed?.() ?? box()?.value ?? ""; // halves of characters cannot be sent

let timer = 0;
let known = ""; // the text as of the last key, to tell a key from a value set by the page
let asked = ""; // the text that the running question is about
let sources = []; // the sentences listed before
let sentence = 0, option = 0; // what the table of attention is about

function soon(delay) {
  clearTimeout(timer);
  timer = setTimeout(() => trigger("ask"), delay);
  known = box().value;
  dim(true);
}

function dim(waiting) {
  document.querySelector("#translation-target")?.classList.toggle("waiting", waiting);
}

function sent() {
  return (asked = text()); // a question that had to wait asks about the text as it is by now
}

function answered() {
  if (asked === text()) dim(false);
}

function changed() {
  if (box() && box().value !== known) soon(AT_ONCE);
}

function choose(i, j) {
  sentence = i;
  option = j;
  element.querySelectorAll(".sentence").forEach((part, s) =>
    part.querySelectorAll(".option").forEach((button, o) => button.setAttribute("aria-pressed", s === i && o === j)));
  trigger("choose");
}

function chosen() {
  const part = element.querySelectorAll(".sentence")[sentence];
  const button = part?.querySelectorAll(".option")[option];
  return button ? [part.querySelector(".source").textContent, button.firstElementChild.textContent] : ["", ""];
}

// After an answer the sentence that is new or edited is looked at, or else the one of before.
watch("value", () => {
  const now = [...element.querySelectorAll(".source")].map((source) => source.textContent);
  const edited = now.findIndex((source, i) => source !== sources[i]);
  sources = now;
  choose(edited >= 0 ? edited : Math.min(sentence, Math.max(0, now.length - 1)), 0);
});
on(element, "click", (event) => {
  const button = event.target.closest(".option");
  const part = button?.closest(".sentence");
  if (part) choose([...element.querySelectorAll(".sentence")].indexOf(part), [...part.querySelectorAll(".option")].indexOf(button));
});
on(document, "input", (event) => {
  if (event.target === box()) soon(PAUSE);
}, { capture: true });
window.translation?.stop();
window.translation = { sent, answered, changed, chosen, again: () => soon(AT_ONCE), stop: () => stop.abort() };
changed(); // what was typed before this script ran
