// Elements in a line each, and the models' tools.

import { load } from "./lib/index.js";

/** An element with attributes ("class", "onclick", ...) and children, which are elements or text. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const opened = new Map();
const watchers = new Set();

/** A model's tool, opened once; the library runs it in a worker. */
export function tool(name) {
  if (!opened.has(name)) {
    const opening = load(name, { onProgress: (share, model) => watchers.forEach((watch) => watch(model, share)) });
    opening.catch(() => opened.delete(name)); // the next try begins anew
    opened.set(name, opening);
  }
  return opened.get(name);
}

/** watch(name, share): how much of a model has come. */
export const watchLoading = (watch) => watchers.add(watch);

/** `work` for the newest input alone: while it runs, only the last of those that come meanwhile waits. */
export function newest(work, onError) {
  let [running, next] = [false, null];
  return async function run(...args) {
    next = args;
    if (running) return;
    running = true;
    while (next) {
      const now = next;
      next = null;
      await work(...now, () => next !== null).catch(onError);
    }
    running = false;
  };
}

export const percent = (share) => (share > 0 && share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(share && share < 0.1 ? 1 : 0)} %`);

/** Buttons that put a text into a box. */
export function examples(box, texts) {
  const put = (text) => {
    box.value = text;
    box.dispatchEvent(new Event("input"));
    box.focus();
  };
  return el("div", { class: "row examples" }, ...texts.map((text) => el("button", { type: "button", onclick: () => put(text) }, text)));
}

/** A choice between models of one kind; nothing to see where there is but one. */
export function chooser(models, onChange) {
  const options = models.map(({ name, title }) => el("option", { value: name }, title));
  const select = el("select", { "aria-label": "Model", onchange: () => onChange(select.value) }, ...options);
  select.hidden = models.length < 2;
  return select;
}

const KEPT = "nlp-gru typed ";

/** What the browser kept under a name; null if nothing. */
export function kept(name) {
  try {
    return localStorage.getItem(KEPT + name);
  } catch {
    return null; // a browser that keeps nothing
  }
}

/** Let the browser keep a text; an empty one is forgotten. */
export function keepAs(name, text) {
  try {
    if (text) localStorage.setItem(KEPT + name, text);
    else localStorage.removeItem(KEPT + name);
  } catch {
    // it is full: the page works without
  }
}

/** Let the browser keep a field's value, so that it is there again when the page is. */
export function remember(name, field) {
  const before = kept(name);
  if (before !== null) field.value = before;
  if (field.tagName === "SELECT" && !field.value) field.selectedIndex = 0; // a model that is here no more
  const keep = () => keepAs(name, field.value);
  for (const event of ["input", "change"]) field.addEventListener(event, keep);
  self.addEventListener("pagehide", () => document.body.dataset.forgotten || keep());
}

/** Forget what was kept so; what was learned and the models stay. */
export function forgetTyped() {
  document.body.dataset.forgotten = true;
  for (const name of Object.keys(localStorage)) if (name.startsWith(KEPT)) localStorage.removeItem(name);
  location.reload();
}
