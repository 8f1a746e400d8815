// Opens models and asks them, one question at a time: in a worker, or in the thread of its caller.

import { UserError } from "./checks.js";
import { ALIASES } from "./constants.js";
import { Files } from "./fetching.js";
import { Model } from "./model.js";
import { openRuntime } from "./runtime.js";

export const FORMAT = 3; // of models.json
const KINDS = {
  // each is fetched when it is needed
  sentiment: async () => (await import("./sentiment.js")).Classifier,
  similarity: async () => (await import("./similarity.js")).TextEncoder,
  next_word: async () => (await import("./keyboard.js")).Keyboard,
  translation: async () => (await import("./translator.js")).Translator,
  chat: async () => (await import("./chatbot.js")).ChatBot,
  faq: async () => (await import("./faq.js")).FaqBot,
};
const BREATH = 40; // milliseconds of work after which others get a turn, a cancellation among them

export class Host {
  #before = Promise.resolve();
  #models = new Map();
  #tools = new Map();
  #signal = null;
  #last = performance.now();

  /** from: the URL of the folder with models.json; onProgress(model's name, share). See `load` for the others. */
  constructor({ from, runtime, cache, integrity, onProgress = () => {} }) {
    Object.assign(this, { from, runtime, integrity, onProgress, files: new Files(from, cache) });
  }

  /** The models that are there. */
  entries() {
    this.listing ??= this.#entries();
    this.listing.catch(() => (this.listing = undefined));
    return this.listing;
  }

  async #entries() {
    const found = await this.files.json("models.json", this.integrity ? { sha256: this.integrity } : {});
    if (found?.format !== FORMAT)
      throw new UserError(`${this.from}models.json is of another version than this library; write the folder anew: nlp-gru export --web`);
    return found.models;
  }

  /** The entry of a model by its name, or of the first one for a task. */
  async entry(name) {
    const entries = await this.entries();
    const task = ALIASES[name] ?? name;
    const found = entries.find((e) => e.name === name) ?? entries.find((e) => e.head === task);
    if (!found) throw new UserError(`there is no model ${name} in ${this.from}; there are ${entries.map((e) => e.name).join(", ")}`);
    return found;
  }

  /** Opens a tool of its own, which later questions call by this handle: its entry, and what its object shows. */
  async open(handle, name, options = {}) {
    const entry = await this.entry(name);
    const [kind, model, helpers] = await Promise.all([KINDS[entry.head](), this.model(entry.name), this.#helpers(entry)]);
    const tool = new kind(model, { ...options, ...helpers });
    await tool.ready?.();
    this.#tools.set(handle, tool);
    return { entry, shown: tool.shown ?? {} };
  }

  close(handle) {
    this.#tools.delete(handle);
  }

  /** A model by its name, opened once. */
  model(name) {
    if (!this.#models.has(name)) {
      const opening = this.#open(name);
      opening.catch(() => this.#models.delete(name)); // the next try begins anew
      this.#models.set(name, opening);
    }
    return this.#models.get(name);
  }

  async #open(name) {
    const entry = await this.entry(name);
    const progress = (share) => this.onProgress(name, share);
    const model = Model.open(entry, this.files, progress, () => this.#turn());
    const [found] = await Promise.all([model, openRuntime(this.runtime, this.from)]);
    return found;
  }

  /** The tools that a tool stands on: a chat's or a bot's encoder, a bot's small talk. */
  async #helpers({ needs = {} }) {
    if (!needs.encoder) return {};
    const [kind, model] = await Promise.all([KINDS.similarity(), this.model(needs.encoder)]);
    const encoder = new kind(model);
    if (!needs.smallTalk) return { encoder };
    const [talk, chat] = await Promise.all([KINDS.chat(), this.model(needs.smallTalk)]);
    const smallTalk = new talk(chat, { encoder });
    await smallTalk.ready();
    return { encoder, smallTalk };
  }

  /** What a tool's method answers; the parts of one that yields them go to onPart. */
  ask({ handle, method, args, signal, onPart }) {
    const answer = this.#before.then(() => this.#ask({ handle, method, args, signal, onPart }));
    this.#before = answer.catch(() => {});
    return answer;
  }

  async #ask({ handle, method, args, signal, onPart }) {
    signal?.throwIfAborted();
    this.#signal = signal;
    try {
      const tool = this.#tools.get(handle);
      if (!tool) throw new UserError("this tool has been closed");
      const found = await tool[method](...args);
      if (!found?.[Symbol.asyncIterator]) return found;
      for await (const part of found) onPart(part);
    } finally {
      this.#signal = null;
    }
  }

  /** Before each run of a graph: lets others have a turn now and then, and stops what has been cancelled. */
  async #turn() {
    if (performance.now() - this.#last > BREATH) {
      await breath();
      this.#last = performance.now();
    }
    this.#signal?.throwIfAborted();
  }
}

/** Back behind whatever waits for this thread, without the 4 ms of a timer. */
function breath() {
  if (typeof setImmediate === "function") return new Promise((go) => setImmediate(go));
  return new Promise((go) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      go();
    };
    port2.postMessage(null);
  });
}
