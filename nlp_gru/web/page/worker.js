// Runs the models beside the page, so that a long answer never holds up typing. One question at a time, in order.

import { ChatBot } from "./chatbot.js";
import { Keyboard } from "./keyboard.js";
import { Model } from "./model.js";
import { Classifier } from "./sentiment.js";
import { Translator } from "./translator.js";

const KINDS = { sentiment: Classifier, next_word: Keyboard, translation: Translator, chat: ChatBot };
const tools = new Map();
let before = Promise.resolve();

const entries = fetch(new URL("models.json", self.location.href)).then((response) => response.json());

function tool(name) {
  if (!tools.has(name)) tools.set(name, open(name).catch((error) => (tools.delete(name), Promise.reject(error))));
  return tools.get(name);
}

async function open(name) {
  const entry = (await entries).find((e) => e.name === name);
  if (!entry) throw new Error(`there is no model ${name} here`);
  const model = await Model.open(entry, (bytes) => postMessage({ progress: name, share: Math.min(bytes / entry.bytes, 1) }));
  return new KINDS[entry.head](model, smallTalk);
}

/** The first model for small talk, if there is one, for bots whose questions have no answer. */
async function smallTalk() {
  const entry = (await entries).find((e) => e.head === "chat");
  return entry && tool(entry.name);
}

async function ask({ id, name, method, args }) {
  const found = await (await tool(name))[method](...args);
  if (!found?.[Symbol.asyncIterator]) return found;
  for await (const part of found) postMessage({ id, part });
}

self.onmessage = ({ data }) => {
  before = before.then(async () => {
    try {
      postMessage({ id: data.id, result: data.memory ? await memory(data) : await ask(data) });
    } catch (error) {
      postMessage({ id: data.id, error: String(error?.message ?? error) });
    }
  });
};

/** The keyboard's memory, which the page keeps: learn a text, forget all, give it out, take it in. */
async function memory({ name, memory: method, args }) {
  const { memory } = await tool(name);
  memory[method](...args);
  return { learned: memory.learned, file: JSON.stringify(memory) };
}
