// Suggestions, ghost text and corrections for any text field: attach(field), or <gru-complete for="id"></gru-complete>.

import { load } from "./index.js";

const SURE = 0.03; // Tab takes no word less likely than this for the letters typed: they are meant as they stand there
const PAUSE = 700; // milliseconds without a key after which slips are looked for
const READ = 1000; // characters before the cursor that are looked at
const COPIED = ["font", "letterSpacing", "lineHeight", "padding", "textIndent", "textAlign", "direction", "tabSize", "wordSpacing"];
const STYLE = `
.gru-list { display: flex; flex-wrap: wrap; gap: .35rem; margin: .35rem 0 0; padding: 0; min-height: 2.2rem; color-scheme: light dark; }
.gru-list [role=option] {
  font: inherit; padding: .25rem .7rem; border-radius: 1rem; cursor: pointer; color: light-dark(#0f172a, #e2e8f0);
  background: light-dark(#f1f5f9, #1e293b); border: 1px solid light-dark(#64748b, #94a3b8);
}
.gru-list [aria-selected=true] { outline: 3px solid light-dark(#0f766e, #5eead4); }
.gru-list .gru-slip { border-style: dashed; }
.gru-ghost {
  position: absolute; overflow: hidden; pointer-events: none; white-space: pre-wrap; overflow-wrap: break-word; box-sizing: border-box;
  border: solid transparent; background: none; color: light-dark(#64748b, #b6c2d2); margin: 0;
}
.gru-ghost > span { visibility: hidden; }
.gru-hint { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
const ATTRIBUTES = ["role", "aria-autocomplete", "aria-controls", "aria-expanded", "aria-activedescendant", "aria-describedby"]; // of the field that are changed
let [count, styled] = [0, false];

/** See attach.d.ts. */
export function attach(field, options = {}) {
  return new Completion(field, options);
}

class Completion {
  #listening = new AbortController();
  #words = [];
  #slip = null;
  #active = -1;
  #armed = true;
  #asked = 0;
  #timer = 0;

  constructor(field, { keyboard, suggestions = 3, ghost = true, correct = true, memory, label = "Suggestions", ...loading }) {
    Object.assign(this, { field, suggestions, ghost, correct, memory });
    this.isInput = field.tagName === "INPUT";
    this.id = `gru-${++count}`;
    style();
    this.#build(label);
    this.ready = this.#open(keyboard, loading);
    this.ready.catch((error) => (this.hint.textContent = error.message));
  }

  async #open(keyboard, loading) {
    this.keyboard = keyboard ?? (await load("autocomplete", loading));
    const kept = this.memory && localStorage.getItem(this.memory);
    if (kept) await this.keyboard.loadMemory(kept).catch(() => localStorage.removeItem(this.memory)); // damaged: it begins anew
    if (document.activeElement === this.field) this.#typed();
    return this.keyboard;
  }

  /** Takes everything away again. */
  detach() {
    this.#listening.abort();
    clearTimeout(this.#timer);
    for (const element of [this.list, this.shadow, this.hint]) element.remove();
    for (const [name, value] of this.before)
      if (value === null) this.field.removeAttribute(name);
      else this.field.setAttribute(name, value);
  }

  #build(label) {
    const { field, id } = this;
    this.before = ATTRIBUTES.map((name) => [name, field.getAttribute(name)]); // to give them back
    const element = (tag, attributes) => {
      const made = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      return made;
    };
    this.list = element("div", { class: "gru-list", id: `${id}-list`, role: "listbox", "aria-label": label });
    this.shadow = element("div", { class: "gru-ghost", "aria-hidden": "true" });
    this.hint = element("span", { class: "gru-hint", id: `${id}-hint` });
    this.hint.textContent = `Tab takes the first suggestion if it is likely, Alt and 1 to ${this.suggestions} any; Alt and the arrows go through them; Escape hides them.`;
    field.after(this.shadow, this.list, this.hint);
    field.setAttribute("aria-autocomplete", this.ghost ? "both" : "list");
    field.setAttribute("aria-controls", this.list.id);
    field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), this.hint.id].filter(Boolean).join(" "));
    if (this.isInput) field.setAttribute("role", "combobox"); // a field of several lines stays a textbox
    this.#show([]);
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.#listening.signal });
    on(field, "input", (event) => !event.isComposing && this.#typed());
    on(field, "compositionstart", () => this.#show([]));
    on(field, "compositionend", () => this.#typed());
    on(field, "click", () => this.#typed());
    on(field, "keydown", (event) => this.#key(event));
    on(field, "scroll", () => this.#place());
    on(field, "blur", () => this.#show([]));
    on(field, "change", () => this.#learn());
    on(this.list, "mousedown", (event) => event.preventDefault()); // the field keeps the focus
    on(this.list, "click", (event) => this.#take([...this.list.children].indexOf(event.target.closest("[role=option]"))));
  }

  /** The text before the cursor; null where something is selected. */
  #before() {
    const { selectionStart: start, selectionEnd: end, value } = this.field;
    return start === end ? value.slice(Math.max(0, start - READ), start) : null;
  }

  async #typed() {
    this.#armed = true;
    clearTimeout(this.#timer);
    const before = this.#before();
    if (!this.keyboard || before === null) return this.#show([]);
    const question = ++this.#asked;
    const words = await this.keyboard.suggest(before, { k: this.suggestions });
    if (question !== this.#asked || before !== this.#before()) return; // typed on meanwhile
    this.#show(words);
    if (this.correct) this.#timer = setTimeout(() => this.#lookForSlips(before, question), PAUSE);
  }

  /** The last slip before the cursor, in words that are finished. */
  async #lookForSlips(before, question) {
    const finished = before.replace(/\S+$/, "");
    const { changes } = await this.keyboard.correct(finished);
    if (question !== this.#asked || before !== this.#before() || !changes.length) return;
    const { start, end, ...change } = changes.at(-1);
    const first = this.field.selectionStart - before.length;
    this.#show(this.#words, { ...change, start: first + start, end: first + end });
  }

  #show(words, slip = null) {
    [this.#words, this.#slip, this.#active] = [words, slip, -1];
    if (!words.length) this.#asked++;
    const texts = words.map(({ text }) => text);
    const options = [...texts, ...(slip ? [`${slip.before} → ${slip.after}`] : [])].map((text, i) => {
      const option = document.createElement("span");
      option.textContent = text;
      option.id = `${this.id}-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      if (i === words.length) option.className = "gru-slip";
      return option;
    });
    this.list.replaceChildren(...options);
    this.list.inert = !options.length;
    if (this.isInput) this.field.setAttribute("aria-expanded", String(options.length > 0));
    this.field.removeAttribute("aria-activedescendant");
    this.#place();
  }

  /** The rest of the first word in grey behind the cursor, at the end of a line. */
  #place() {
    const { field, shadow } = this;
    const before = this.#before();
    const typed = before === null ? "" : /[^\s]*$/.exec(before)[0];
    const [first] = this.#words;
    const goesOn = this.ghost && first?.score >= SURE && /^$|^\n/.test(field.value.slice(field.selectionStart));
    const rest = goesOn && first.text.toLowerCase().startsWith(typed.toLowerCase()) ? first.text.slice(typed.length) : "";
    shadow.hidden = !rest;
    shadow.style.display = rest ? "" : "none";
    if (!rest) return;
    const computed = getComputedStyle(field);
    for (const name of COPIED) shadow.style[name] = computed[name];
    Object.assign(shadow.style, {
      left: `${field.offsetLeft}px`, top: `${field.offsetTop}px`, width: `${field.offsetWidth}px`, height: `${field.offsetHeight}px`,
      borderWidth: computed.borderWidth, whiteSpace: this.isInput ? "pre" : "pre-wrap",
    });
    const known = document.createElement("span");
    known.textContent = field.value.slice(0, field.selectionStart);
    shadow.replaceChildren(known, rest);
    [shadow.scrollTop, shadow.scrollLeft] = [field.scrollTop, field.scrollLeft];
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return; // what an input method is given is its own
    const options = this.list.children.length;
    const act = this.#action(event, options);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #action({ key, code, altKey, shiftKey, ctrlKey, metaKey }, options) {
    if (ctrlKey || metaKey || !options) return null;
    if (key === "Escape") return () => (this.#show([]), (this.#armed = false));
    const digit = altKey && /^Digit[1-9]$/.test(code) ? Number(code[5]) - 1 : -1;
    if (digit >= 0 && digit < options) return () => this.#take(digit);
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && (altKey || this.isInput)) return () => this.#activate((this.#active + step + options + (this.#active < 0 && step < 0)) % options);
    if (key === "Enter" && this.#active >= 0) return () => this.#take(this.#active);
    const begun = /[\p{L}\p{N}]$/u.test(this.#before() ?? "");
    const sure = this.#words.length && this.field.value && (!begun || this.#words[0].score >= SURE);
    return key === "Tab" && !shiftKey && !altKey && this.#armed && sure ? () => this.#take(Math.max(this.#active, 0)) : null;
  }

  #activate(i) {
    this.#active = i;
    [...this.list.children].forEach((option, j) => option.setAttribute("aria-selected", String(i === j)));
    this.field.setAttribute("aria-activedescendant", this.list.children[i].id);
  }

  #take(i) {
    if (i < 0) return;
    const { field } = this;
    const at = field.selectionStart;
    if (i < this.#words.length) {
      const typed = /\S*$/.exec(this.#before())[0].replace(/^[^\p{L}\p{N}_]+/u, "").length; // a quotation mark before it stays
      this.#replace(at - typed, at, `${this.#words[i].text} `);
    } else {
      const { start, end, after } = this.#slip;
      const rest = field.value.slice(end, at);
      this.#replace(start, at, after + rest);
    }
  }

  /** As if it had been typed, so that it can be undone. */
  #replace(start, end, text) {
    const { field } = this;
    field.focus();
    field.setSelectionRange(start, end);
    if (document.execCommand("insertText", false, text)) return; // tells of itself by an event
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  async #learn() {
    if (!this.memory || !this.keyboard) return;
    await this.keyboard.learn(this.field.value);
    try {
      localStorage.setItem(this.memory, await this.keyboard.saveMemory());
    } catch {
      // no room to keep it: it is known until the page is closed
    }
  }
}

/** Once a page; a sheet of its own is allowed whatever the page's policy for inline styles. */
function style() {
  if (styled) return;
  styled = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** <gru-complete for="id" from="models/" layout="qwerty" suggestions="3" memory="name"></gru-complete>; no-ghost, no-correct. */
class Complete extends HTMLElement {
  connectedCallback() {
    const field = document.getElementById(this.getAttribute("for"));
    if (!field) throw new Error(`<gru-complete for="${this.getAttribute("for")}">: there is no such field`);
    const given = (name, as = String) => (this.hasAttribute(name) ? { [name]: as(this.getAttribute(name)) } : {});
    this.completion = attach(field, {
      ...given("from"), ...given("layout"), ...given("memory"), ...given("label"), ...given("runtime"), ...given("suggestions", Number),
      ghost: !this.hasAttribute("no-ghost"), correct: !this.hasAttribute("no-correct"),
    });
  }

  disconnectedCallback() {
    this.completion?.detach();
  }
}

customElements.define("gru-complete", Complete);
