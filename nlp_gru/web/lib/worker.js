// Runs the models beside the page, so that a long answer never holds up typing.

import { Host } from "./host.js";

const running = new Map(); // questions that can be cancelled
let host;

/** {id, do, ...}: start, entries, open, ask, cancel or close. */
self.onmessage = async ({ data: { id, do: what, ...rest } }) => {
  try {
    postMessage({ id, result: await actions[what](rest, id) });
  } catch (error) {
    postMessage({ id, error: { name: error?.name ?? "Error", message: String(error?.message ?? error) } });
  } finally {
    if (what === "ask") running.delete(id);
  }
};

const actions = {
  start: (settings) => void (host = new Host({ ...settings, onProgress: (progress, share) => postMessage({ progress, share }) })),
  entries: () => host.entries(),
  open: ({ handle, name, options }) => host.open(handle, name, options),
  close: ({ handle }) => host.close(handle),
  cancel: ({ question }) => running.get(question)?.abort(),
  ask: ({ handle, method, args }, id) => {
    const controller = new AbortController();
    running.set(id, controller);
    return host.ask({ handle, method, args, signal: controller.signal, onPart: (part) => postMessage({ id, part }) });
  },
};
