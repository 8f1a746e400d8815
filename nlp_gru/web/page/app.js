// The page: a tab for each tool of models.json, and what makes it stay without a network.

import { about } from "./card.js";
import { el, forgetTyped, tool, watchLoading } from "./dom.js";
import { models as listed } from "./lib/index.js";
import * as chat from "./view_chat.js";
import * as nextWord from "./view_next_word.js";
import * as search from "./view_search.js";
import * as sentiment from "./view_sentiment.js";
import * as translation from "./view_translation.js";

const VIEWS = [[sentiment, "sentiment"], [nextWord, "next_word"], [translation, "translation"], [chat, "chat", "faq"], [search, "similarity"]];
const [tabs, main] = [document.querySelector("nav"), document.querySelector("main")];
const [status, keep, install, forget] = ["status", "keep", "install", "forget"].map((id) => document.getElementById(id));
const models = await listed();
const opened = new Set();

const views = VIEWS.map(([view, ...heads]) => [view, heads, models.filter(({ head }) => heads.includes(head))])
  .filter(([, , own]) => own.length)
  .map(([view, heads, own], i) => {
    const { title, parts, first } = view.mount(own);
    const id = heads[0];
    const tab = el("button", { role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, onclick: () => open(i) }, title);
    const panel = el("section", { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": tab.id }, ...parts, about(own));
    tabs.append(tab);
    main.append(panel);
    return { id, title, tab, panel, first };
  });

async function open(i) {
  views.forEach(({ tab, panel }, j) => {
    tab.setAttribute("aria-selected", j === i);
    tab.tabIndex = j === i ? 0 : -1;
    panel.hidden = j !== i;
  });
  const { id, title, first, tab } = views[i];
  if (location.hash !== `#${id}`) history[opened.size ? "pushState" : "replaceState"](null, "", `#${id}`); // Back leads to the tool before
  document.title = `${title} · nlp-gru`;
  if (opened.has(id)) return;
  opened.add(id);
  const start = performance.now();
  say(`Loading ${title.toLowerCase()} …`);
  try {
    await first();
    tab.dataset.ready = Math.round(performance.now() - start);
    say(`${title} is ready.`);
  } catch (error) {
    opened.delete(id);
    say(`${title} could not be loaded: ${error.message}`, true);
  }
  offer();
}

function say(text, isError = false) {
  status.textContent = text;
  status.classList.toggle("error", isError);
}

watchLoading((name, share) => {
  const { title } = models.find((model) => model.name === name);
  if (share < 1) say(`Loading ${title}: ${Math.round(100 * share)} %`);
});

tabs.addEventListener("keydown", ({ key }) => {
  const now = views.findIndex(({ tab }) => tab === document.activeElement);
  const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: views.length - 1 }[key];
  if (next === undefined) return;
  const place = (next + views.length) % views.length;
  open(place);
  views[place].tab.focus();
});

/** The files of models that this browser has not kept yet. */
async function missing() {
  const store = await caches.open("nlp-gru models");
  const files = [...new Set(models.flatMap(({ files }) => Object.keys(files)))];
  const kept = await Promise.all(files.map((file) => store.match(new URL(file, location.href))));
  return files.filter((_, i) => !kept[i]);
}

async function offer() {
  if (!self.caches || !("serviceWorker" in navigator)) return;
  const left = await missing().catch(() => []);
  const sizes = new Map(models.flatMap(({ files }) => Object.entries(files)).map(([file, { bytes }]) => [file, bytes]));
  const size = left.reduce((sum, file) => sum + sizes.get(file), 0);
  keep.hidden = !left.length;
  keep.disabled = false;
  keep.textContent = `Keep all tools for offline use (${(size / 1e6).toFixed(0)} MB)`;
}

keep.addEventListener("click", async () => {
  keep.disabled = true;
  try {
    const store = await caches.open("nlp-gru models");
    for (const file of await missing()) {
      say(`Fetching ${file} …`);
      await store.add(new URL(file, location.href));
    }
    await navigator.storage?.persist?.();
    say("All tools are kept in this browser.");
  } catch (error) {
    say(`They could not be kept: ${error.message}`, true);
  }
  offer();
});

let asking = null; // the browser's question whether to install the page as an app
self.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  asking = event;
  install.hidden = false;
});
self.addEventListener("appinstalled", () => (install.hidden = true));
install.addEventListener("click", async () => {
  install.hidden = true;
  await asking?.prompt();
  asking = null; // it may be asked once
});
forget.addEventListener("click", forgetTyped);

navigator.serviceWorker?.register("sw.js").catch(() => {}); // without it the page works, but needs its server
self.nlpGru = { tool, models }; // for other scripts, and the console
const wanted = () => Math.max(0, views.findIndex(({ id }) => `#${id}` === location.hash));
self.addEventListener("hashchange", () => open(wanted()));
open(wanted());
