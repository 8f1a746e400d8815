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
let shown = []; // of each sentence, the translation that stands in the box
let wanted = null; // a translation to be put into the box: [sentence, text]

function soon(delay) {
  clearTimeout(timer);
  timer = setTimeout(() => trigger("ask"), delay);
  known = box().value;
  dim(true);
}

function dim(waiting) {
  document.querySelector("#translation-target")?.classList.toggle("waiting", waiting);
}

// Gradio's label of the translation holds the button that copies, and would name and press that one: it is made to name the box.
function label() {
  const area = document.querySelector("#translation-target textarea");
  const around = area?.closest("label");
  if (!around) return;
  area.id = "translation-result";
  around.htmlFor = area.id;
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

// Puts the translation that was clicked in place of the one that stands in the box.
function take(i, text) {
  if (shown[i] === text) return;
  wanted = [i, text];
  trigger("take");
}

function taken(target) {
  const [i, text] = wanted ?? [];
  let from = 0;
  for (let s = 0; s < shown.length; s++) {
    const at = target.indexOf(shown[s], from);
    if (at < 0) break;
    if (s === i) {
      const before = shown[s];
      shown[s] = text;
      return target.slice(0, at) + text + target.slice(at + before.length);
    }
    from = at + shown[s].length;
  }
  return target;
}

function say(target, direction) {
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(target);
  said.lang = direction.split("-")[1];
  speechSynthesis.speak(said);
  return [];
}

function chosen() {
  const part = element.querySelectorAll(".sentence")[sentence];
  const button = part?.querySelectorAll(".option")[option];
  return button ? [part.querySelector(".source").textContent, button.firstElementChild.textContent] : ["", ""];
}

// After an answer the sentence that is new or edited is looked at, or else the one of before.
watch("value", () => {
  label();
  const now = [...element.querySelectorAll(".source")].map((source) => source.textContent);
  const edited = now.findIndex((source, i) => source !== sources[i]);
  sources = now;
  shown = [...element.querySelectorAll(".sentence")].map((part) => part.querySelector(".option span").textContent);
  choose(edited >= 0 ? edited : Math.min(sentence, Math.max(0, now.length - 1)), 0);
});
on(element, "click", (event) => {
  const button = event.target.closest(".option");
  const part = button?.closest(".sentence");
  if (!part) return;
  const i = [...element.querySelectorAll(".sentence")].indexOf(part);
  choose(i, [...part.querySelectorAll(".option")].indexOf(button));
  take(i, button.firstElementChild.textContent);
});
on(document, "input", (event) => {
  if (event.target === box()) soon(PAUSE);
}, { capture: true });
window.translation?.stop();
window.translation = { sent, answered, changed, chosen, taken, say, again: () => soon(AT_ONCE), stop: () => stop.abort() };
label();
changed(); // what was typed before this script ran
