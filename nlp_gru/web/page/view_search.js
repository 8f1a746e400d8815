// The tab of search: of lines of text, those that say what is asked for, in whatever words.

import { chooser, el, newest, percent, remember, tool } from "./dom.js";

const SHOWN = 5;
const MOST_LINES = 500;
const EXAMPLE = [
  "We open at nine and close at six.", "Parking is free for two hours.", "Dogs are welcome on the terrace.",
  "You can pay by card from five euros on.", "Un menu végétarien est servi tous les jours.", "The kitchen closes an hour before we do.",
];

export function mount(models) {
  const box = el("textarea", { id: "search-texts", maxlength: 100000, oninput: changed });
  const query = el("input", { type: "text", id: "search-query", maxlength: 2000, autocomplete: "off", placeholder: "Ask in your own words", oninput: changed });
  const list = el("ol", { class: "plain", "aria-live": "polite" });
  const answer = el("div", { class: "card", hidden: true }, el("h2", {}, "What comes closest"), list);
  const select = chooser(models, changed);
  const vectors = new Map(); // of the lines, by their text: only what is new is read
  let pause;

  const search = newest(async (asked, isStale) => {
    const encoder = await tool(select.value);
    const lines = [...new Set(box.value.split("\n").map((line) => line.trim()).filter(Boolean))].slice(0, MOST_LINES);
    const key = (line) => `${select.value} ${line}`;
    const fresh = lines.filter((line) => !vectors.has(key(line)));
    (await encoder.encode(fresh)).forEach((vector, i) => vectors.set(key(fresh[i]), vector));
    const vector = await encoder.encode(asked);
    if (isStale() || asked !== query.value.trim()) return;
    const cosine = (line) => vectors.get(key(line)).reduce((sum, v, i) => sum + v * vector[i], 0);
    const hits = lines.map((line) => [line, cosine(line)]).sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
    list.replaceChildren(...hits.map(([line, score]) => el("li", {}, `${line} `, el("span", { class: "note" }, percent(Math.max(score, 0))))));
    answer.hidden = !hits.length;
  }, (error) => {
    answer.hidden = false;
    list.replaceChildren(el("li", { class: "error" }, error.message));
  });

  function changed() {
    clearTimeout(pause);
    const asked = query.value.trim();
    if (asked) pause = setTimeout(() => search(asked), 150);
    else answer.hidden = true;
  }

  async function first() {
    await (await tool(select.value)).encode("Hello");
    changed();
  }

  box.value = EXAMPLE.join("\n");
  remember("search texts", box);
  remember("search", query);
  const form = el("div", { class: "card" }, el("label", { for: query.id }, "Search for"), query, el("p"), el("label", { for: box.id }, "Texts, one a line"), box);
  return { title: "Search", parts: [select, form, answer], first };
}
