// Small GRU language tools: const analyse = await load("sentiment", { from: "models/" }); (await analyse("I loved it")).label

import { Beside, Here } from "./channel.js";
import { text } from "./checks.js";
import { builtIn, isNode } from "./fetching.js";
import { tool } from "./tools.js";

export { UserError } from "./checks.js";
export const VERSION = "0.2.0";

const channels = new Map(); // one for each folder and setting: its models are opened once
let last = 0;

/** A tool by its task or its model's name. See index.d.ts for the options. */
export async function load(name, options = {}) {
  const { onProgress, signal, blocklist, layout, contacts, ...where } = options;
  text(name);
  signal?.throwIfAborted();
  const channel = await channelTo(where);
  const watch = onProgress && ((model, share) => onProgress(share, model));
  if (watch) channel.watchers.add(watch);
  try {
    const handle = ++last;
    const settings = Object.fromEntries(Object.entries({ blocklist, layout, contacts }).filter(([, value]) => value !== undefined));
    const { entry, shown } = await cancellable(channel.open(handle, name, settings), signal);
    return tool(entry, shown, asking(channel, handle), () => channel.close(handle));
  } finally {
    channel.watchers.delete(watch);
  }
}

/** The models that are in a folder: [{name, title, head, ...}]. */
export async function models(options = {}) {
  const { onProgress, signal, ...where } = options;
  const channel = await channelTo(where);
  return cancellable(channel.entries(), signal);
}

async function channelTo({ from, runtime, cache = true, integrity, worker = typeof Worker === "function" && typeof document === "object" }) {
  const isModule = typeof runtime === "object" && !(runtime instanceof URL); // which cannot be handed to a worker
  const settings = { from: await folder(from), runtime: isModule ? runtime : runtime && String(runtime), cache, integrity };
  const key = JSON.stringify([{ ...settings, runtime: isModule || settings.runtime }, worker]);
  if (!channels.has(key)) channels.set(key, worker && !isModule ? new Beside(settings) : new Here(settings));
  return channels.get(key);
}

/** The URL of the folder with the models, with a slash at its end; without a name the one above this library. */
async function folder(from) {
  if (from === undefined) return new URL("../", import.meta.url).href;
  const place = String(from).endsWith("/") ? String(from) : `${from}/`;
  if (from instanceof URL || /^[a-z][a-z\d+.-]+:/i.test(place)) return new URL(place).href;
  if (!isNode) return new URL(place, globalThis.document?.baseURI ?? globalThis.location.href).href;
  return (await builtIn("url")).pathToFileURL(place).href;
}

/** How a tool asks its model: at once, or in parts. */
function asking(channel, handle) {
  const question = (method, args, { signal, ...settings } = {}) => ({
    handle, method, args: Object.keys(settings).length ? [...args, settings] : args, signal,
  });
  return {
    ask: async (...q) => channel.ask(question(...q)),
    stream: (...q) => parts((onPart, stopped) => {
      const { signal, ...rest } = question(...q);
      return channel.ask({ ...rest, signal: signal ? AbortSignal.any([signal, stopped]) : stopped, onPart });
    }),
  };
}

/** What comes piece by piece, as something to go through; who stops going through it stops the work. */
async function* parts(start) {
  const stop = new AbortController();
  const come = [];
  let [wake, over] = [() => {}, null];
  const end = (found) => {
    over = found;
    wake();
  };
  start((part) => (come.push(part), wake()), stop.signal).then(() => end({}), (error) => end({ error }));
  try {
    for (;;) {
      while (come.length) yield come.shift();
      if (over?.error) throw over.error;
      if (over) return;
      await new Promise((go) => (wake = go));
    }
  } finally {
    stop.abort();
  }
}

function cancellable(work, signal) {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
