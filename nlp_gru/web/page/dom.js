// Elements in a line each, and questions to the models.

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

const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
const waiting = new Map();
const watchers = new Set();
let last = 0;

worker.onmessage = ({ data }) => {
  if (data.progress) return watchers.forEach((watch) => watch(data.progress, data.share));
  const { resolve, reject, onPart } = waiting.get(data.id);
  if ("part" in data) return onPart(data.part);
  waiting.delete(data.id);
  if ("error" in data) reject(new Error(data.error));
  else resolve(data.result);
};
worker.onerror = (event) => {
  for (const { reject } of waiting.values()) reject(new Error(event.message || "the models could not be started"));
  waiting.clear();
};

function post(message, onPart) {
  return new Promise((resolve, reject) => {
    waiting.set(++last, { resolve, reject, onPart });
    worker.postMessage({ id: last, ...message });
  });
}

/** What a model's method answers. */
export const ask = (name, method, ...args) => post({ name, method, args });
/** The same for a method that yields parts, each of which goes to onPart. */
export const stream = (name, method, args, onPart) => post({ name, method, args }, onPart);
export const memory = (name, method, ...args) => post({ name, memory: method, args });
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
