// The tab of translation: as you pause, with other translations, where the model looked, and what it is unsure of.

import { chooser, el, examples, newest, percent, remember, tool } from "./dom.js";

const NAMES = new Intl.DisplayNames(["en"], { type: "language" });
const EXAMPLES = { en: ["Where is the nearest station?", "I would like a cup of tea, please."], fr: ["Où est la gare ?", "Je voudrais du pain."] };
const END = "</s>";
const MOST_WORDS = 40; // of a sentence whose attention is shown
const UNSURE = "Unsure: rather wrong than right";

export function mount(models) {
  const box = el("textarea", { id: "translation-text", maxlength: 100000, placeholder: "A sentence or a whole letter", oninput: changed });
  const [from, to] = [el("label", { for: "translation-text" }), el("div", { class: "label", id: "translation-to" })];
  const output = el("div", { class: "output", role: "region", "aria-labelledby": "translation-to", "aria-live": "polite", tabindex: 0 });
  const swap = el("button", { type: "button", "aria-label": "Swap languages", onclick: turn }, "⇄");
  const [hint, list] = [el("p", { class: "note hint", role: "status" }), el("div", { class: "options" })];
  const others = el("div", { class: "card", hidden: true }, el("h2", {}, "Each sentence, and what else it could be"), list, el("p", { class: "note" }, "Press one to put it into the translation. The figure is the mean probability of its tokens."));
  const heat = el("div", { class: "heat", tabindex: 0, role: "region", "aria-label": "Where the model looked" });
  const looks = el("div", { class: "card", hidden: true }, el("h2", {}, "Where it looked while it wrote"), heat);
  const copy = el("button", { type: "button", onclick: copied }, "Copy");
  const select = chooser(models, show);
  const tries = el("div");
  let pause;
  let parts = []; // of the translation: texts between sentences, and places of sentences
  let sentences = [];
  let looking = 0; // counts the looks, of which the last is shown

  const translate = newest(async (text, isStale) => {
    output.classList.add("busy");
    const found = await (await tool(select.value))(text, { alternatives: 3 });
    if (isStale() || text !== box.value) return;
    output.classList.remove("busy", "error");
    sentences = found.sentences.map((sentence) => ({ ...sentence, options: [[sentence.text, sentence.score], ...sentence.alternatives], chosen: 0 }));
    parts = partsOf(found.text);
    write();
    advise(found.hint);
    listAll();
    others.hidden = !sentences.some(({ options, unsure }) => options.length > 1 || unsure);
    looks.hidden = true;
    if (sentences.length) await lookAt(sentences.length - 1);
  }, (error) => {
    output.classList.remove("busy");
    output.classList.add("error");
    output.textContent = error.message;
  });

  /** What stands between the sentences of a translation, and each sentence's number. */
  function partsOf(text) {
    const found = [];
    let from = 0;
    for (const [i, sentence] of sentences.entries()) {
      const at = text.indexOf(sentence.text, from);
      if (at < 0 || !sentence.text) continue;
      found.push(text.slice(from, at), i);
      from = at + sentence.text.length;
    }
    return [...found, text.slice(from)];
  }

  /** The translation as it is chosen; what is unsure is underlined. */
  function write() {
    output.replaceChildren(...parts.map((part) => {
      if (typeof part === "string") return part;
      const { options, chosen, unsure } = sentences[part];
      return unsure && !chosen ? el("u", { title: UNSURE }, options[chosen][0]) : options[chosen][0];
    }));
    output.normalize();
  }

  function listAll() {
    const option = (i, j, [text, p]) => {
      const isUnsure = !j && sentences[i].unsure;
      const words = isUnsure ? el("u", { title: UNSURE }, text) : text;
      return el("button", { type: "button", class: "option", "aria-pressed": String(sentences[i].chosen === j), onclick: () => take(i, j) }, el("span", {}, words), el("span", { class: "note" }, isUnsure ? `unsure, ${percent(p)}` : percent(p)));
    };
    list.replaceChildren(...sentences.flatMap(({ source, options }, i) => [el("p", { class: "note" }, source), ...options.map((one, j) => option(i, j, one))]));
  }

  async function take(i, j) {
    sentences[i].chosen = j;
    const place = [...list.children].indexOf(document.activeElement);
    write();
    listAll();
    list.children[place]?.focus();
    await lookAt(i);
  }

  /** The hint of a text in another language, with a button where there is a way from it. */
  function advise(text) {
    const way = text.includes("instead") && opposite();
    const go = () => {
      select.value = way.name;
      show();
      box.focus();
    };
    hint.replaceChildren(text, ...(way ? [" ", el("button", { type: "button", onclick: go }, `Translate from ${NAMES.of(way.source)}`)] : []));
  }

  async function lookAt(i) {
    const own = ++looking;
    const { source, options, chosen } = sentences[i];
    const { source: read, target: written, weights } = await (await tool(select.value)).align(source, options[chosen][0]);
    if (own !== looking || sentences[i]?.source !== source) return; // another sentence or text by now
    looks.hidden = !written.length || Math.max(read.length, written.length) > MOST_WORDS;
    if (looks.hidden) return;
    const cells = (row) => row.map((w) => el("td", { title: percent(w), style: `background: rgb(13 148 136 / ${w.toFixed(3)})` }));
    const head = el("tr", {}, el("td"), ...read.map((word) => el("th", { scope: "col" }, word === END ? "end" : word)));
    const rows = written.map((word, i) => el("tr", {}, el("th", { scope: "row" }, word === END ? "end" : word), ...cells(weights[i])));
    heat.replaceChildren(el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows)));
  }

  function changed() {
    clearTimeout(pause);
    if (box.value.trim()) pause = setTimeout(() => translate(box.value), 150);
    else clear();
  }

  function clear() {
    [parts, sentences] = [[], []];
    output.replaceChildren();
    hint.replaceChildren();
    output.classList.remove("busy", "error");
    others.hidden = looks.hidden = true;
  }

  async function copied() {
    await navigator.clipboard.writeText(output.textContent);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 2000);
  }

  const opposite = () => {
    const { source, target } = models.find(({ name }) => name === select.value);
    return models.find((other) => other.source === target && other.target === source);
  };

  function show() {
    const { source, target } = models.find(({ name }) => name === select.value);
    [from.textContent, to.textContent] = [NAMES.of(source), NAMES.of(target)];
    swap.disabled = !opposite();
    tries.replaceChildren(examples(box, EXAMPLES[source] ?? []));
    box.lang = source;
    output.lang = target;
    clear();
    changed();
  }

  function turn() {
    const text = output.matches(".error, .busy") ? box.value : output.textContent; // an error is no translation
    select.value = opposite().name;
    box.value = text;
    show();
    box.focus();
  }

  async function first() {
    await (await tool(select.value))("Yes.");
    changed();
  }

  remember("translation", box);
  remember("translation model", select);
  select.hidden ||= models.length === 2 && Boolean(opposite()); // swapping is enough
  show();
  clearTimeout(pause); // what was kept is translated when the tab is opened
  const boxes = el("div", { class: "two" }, el("div", {}, from, box), swap, el("div", {}, to, output, el("p"), copy));
  return { title: "Translation", parts: [select, el("div", { class: "card" }, boxes, hint, tries), others, looks], first };
}
