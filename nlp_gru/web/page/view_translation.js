// The tab of translation: as you pause, with other translations and where the model looked.

import { chooser, el, examples, newest, percent, tool } from "./dom.js";

const NAMES = new Intl.DisplayNames(["en"], { type: "language" });
const EXAMPLES = { en: ["Where is the nearest station?", "I would like a cup of tea, please."], fr: ["Où est la gare ?", "Je voudrais du pain."] };
const END = "</s>";
const MOST_WORDS = 40; // of a sentence whose attention is shown

export function mount(models) {
  const box = el("textarea", { id: "translation-text", maxlength: 100000, placeholder: "A sentence or a whole letter", oninput: changed });
  const output = el("div", { class: "output", role: "region", "aria-label": "Translation", "aria-live": "polite", tabindex: 0 });
  const swap = el("button", { type: "button", "aria-label": "Swap languages", onclick: turn }, "⇄");
  const [from, to] = [el("label", { for: "translation-text" }), el("label", {})];
  const list = el("ul", { class: "plain" });
  const others = el("div", { class: "card", hidden: true }, el("h2", {}, "Other translations"), list);
  const heat = el("div", { class: "heat", tabindex: 0, role: "region", "aria-label": "Where the model looked" });
  const looks = el("div", { class: "card", hidden: true }, el("h2", {}, "Where it looked while it wrote"), heat);
  const copy = el("button", { type: "button", onclick: copied }, "Copy");
  const select = chooser(models, show);
  const tries = el("div");
  let pause;

  const translate = newest(async (text, isStale) => {
    output.classList.add("busy");
    const found = await (await tool(select.value))(text, { alternatives: 3 });
    if (isStale() || text !== box.value) return;
    output.classList.remove("busy", "error");
    output.textContent = found.text;
    const sentence = found.sentences.at(-1);
    others.hidden = !sentence?.alternatives.length;
    list.replaceChildren(...(sentence?.alternatives ?? []).map(([t, p]) => el("li", {}, `${t} `, el("span", { class: "note" }, percent(p)))));
    looks.hidden = true;
    if (found.sentences.length === 1) await lookAt(sentence);
  }, (error) => {
    output.classList.remove("busy");
    output.classList.add("error");
    output.textContent = error.message;
  });

  async function lookAt({ source, text }) {
    const { source: read, target: written, weights } = await (await tool(select.value)).align(source, text);
    if (!written.length || Math.max(read.length, written.length) > MOST_WORDS) return;
    const cells = (row) => row.map((w) => el("td", { title: percent(w), style: `background: rgb(13 148 136 / ${w.toFixed(3)})` }));
    const head = el("tr", {}, el("td"), ...read.map((word) => el("th", { scope: "col" }, word === END ? "end" : word)));
    const rows = written.map((word, i) => el("tr", {}, el("th", { scope: "row" }, word === END ? "end" : word), ...cells(weights[i])));
    heat.replaceChildren(el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows)));
    looks.hidden = false;
  }

  function changed() {
    clearTimeout(pause);
    if (box.value.trim()) pause = setTimeout(() => translate(box.value), 150);
    else clear();
  }

  function clear() {
    output.textContent = "";
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

  select.hidden ||= models.length === 2 && Boolean(opposite()); // swapping is enough
  show();
  const boxes = el("div", { class: "two" }, el("div", {}, from, box), swap, el("div", {}, to, output, el("p"), copy));
  return { title: "Translation", parts: [select, el("div", { class: "card" }, boxes, el("p"), tries), others, looks], first: async () => (await tool(select.value))("Yes.") };
}
