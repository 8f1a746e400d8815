// Where the models run: in a worker, or in this thread. Both are asked alike.

import { UserError } from "./checks.js";
import { Host } from "./host.js";

/** In this thread. */
export class Here {
  constructor(settings) {
    this.watchers = new Set();
    this.host = new Host({ ...settings, onProgress: (name, share) => this.watchers.forEach((watch) => watch(name, share)) });
  }

  entries = () => this.host.entries();
  open = (...args) => this.host.open(...args);
  close = async (handle) => this.host.close(handle);
  ask = (question) => this.host.ask(question);
}

/** In a worker of this library. */
export class Beside {
  constructor(settings) {
    Object.assign(this, { watchers: new Set(), waiting: new Map(), last: 0 });
    this.worker = started();
    this.worker.onmessage = ({ data }) => this.#heard(data);
    this.worker.onerror = (event) => this.#failed(new Error(event.message || "the models could not be started"));
    this.#post("start", settings);
  }

  entries = () => this.#post("entries");
  open = (handle, name, options) => this.#post("open", { handle, name, options });
  close = (handle) => this.#post("close", { handle });

  ask({ signal, onPart, ...question }) {
    signal?.throwIfAborted();
    const answer = this.#post("ask", question, onPart);
    const id = this.last;
    if (!signal) return answer;
    const stop = () => {
      this.waiting.get(id)?.reject(signal.reason);
      this.waiting.delete(id);
      this.#post("cancel", { question: id });
    };
    signal.addEventListener("abort", stop);
    return answer.finally(() => signal.removeEventListener("abort", stop));
  }

  #post(what, content = {}, onPart = () => {}) {
    if (this.broken) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => {
      this.waiting.set(++this.last, { resolve, reject, onPart });
      this.worker.postMessage({ ...content, id: this.last, do: what });
    });
  }

  #heard({ id, progress, share, part, result, error, ...rest }) {
    if (progress) return this.watchers.forEach((watch) => watch(progress, share));
    const asked = this.waiting.get(id);
    if (!asked) return; // it has been cancelled
    if (part !== undefined) return asked.onPart(part);
    this.waiting.delete(id);
    if (error) asked.reject(rebuilt(error));
    else asked.resolve(result);
  }

  #failed(error) {
    this.broken = error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

function started() {
  const url = new URL("./worker.js", import.meta.url);
  if (url.origin === globalThis.location.origin) return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  const begin = new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" }); // a worker of another origin is refused
  return new Worker(URL.createObjectURL(begin), { type: "module" });
}

const ERRORS = { UserError, TypeError };

function rebuilt({ name, message }) {
  return new (ERRORS[name] ?? Error)(message);
}
