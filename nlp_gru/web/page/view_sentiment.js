// The tab of sentiment: a verdict while you type, and what each word does to it. Green is positive and red negative, as on all pages.

import { chooser, el, examples, newest, percent, remember, tool } from "./dom.js";

const COLORS = { negative: "229 72 77", neutral: "139 141 152", positive: "48 164 108" };
const OTHER = "13 148 136"; // of labels of one's own
const MOST_WORDS = 40; // of a text whose words are left out one by one
const EXAMPLES = ["I loved every minute of it.", "The plot is thin, but the actors save the day.", "It arrived late and broken."];

export function mount(models) {
  const box = el("textarea", { id: "sentiment-text", maxlength: 100000, placeholder: "A review, a message, a sentence", oninput: changed });
  const [verdict, bars, words] = [el("p", { class: "verdict" }), el("div", { class: "bars" }), el("div", { class: "words" })];
  const note = el("p", { class: "note" });
  const answer = el("div", { class: "card", "aria-live": "polite", hidden: true }, verdict, bars);
  const detail = el("div", { class: "card", hidden: true }, el("h2", {}, "What each word does"), words, note);
  const select = chooser(models, changed);
  let pause;

  const judge = newest(async (text, isStale) => {
    const found = await (await tool(select.value))(text);
    answer.hidden = false;
    verdict.className = "verdict";
    verdict.style.color = found.label in COLORS ? `rgb(${COLORS[found.label]})` : "";
    verdict.replaceChildren(found.label, found.unsure ? el("span", { class: "note" }, " unsure") : "");
    const rows = Object.entries(found.scores).flatMap(([label, p]) => [
      el("span", {}, label), el("div", { class: "track" }, el("span", { style: `width: ${100 * p}%; background: rgb(${COLORS[label] ?? OTHER})` })), el("span", {}, percent(p)),
    ]);
    bars.replaceChildren(...rows);
    clearTimeout(pause);
    if (!isStale() && text.trim().split(/\s+/).length <= MOST_WORDS) pause = setTimeout(() => explain(text, found.label, "positive" in found.scores), 500);
  }, failed);

  // Green is positive: of a negative text, what lifts its verdict is red, which tells more than what positive gains.
  const explain = newest(async (text, verdict, isFeeling) => {
    const isNegative = isFeeling && verdict === "negative";
    const label = isFeeling ? "positive" : verdict;
    const lifted = await (await tool(select.value)).explain(text, isNegative ? verdict : label);
    const found = lifted.map(([word, weight]) => [word, isNegative ? -weight : weight]);
    if (box.value !== text) return;
    const most = Math.max(...found.map(([, weight]) => Math.abs(weight)), 0.5);
    words.replaceChildren(...found.map(([word, weight]) => {
      const color = `rgb(${weight > 0 ? COLORS.positive : COLORS.negative} / ${((0.45 * Math.abs(weight)) / most).toFixed(3)})`;
      return word.trim() ? el("span", { style: `background: ${color}`, title: weight.toFixed(2) }, word) : word;
    }));
    note.textContent = `Green pulls toward “${label}”, red away from it: how much likelier or less likely it would be without the word.`;
    detail.hidden = false;
  }, failed);

  function changed() {
    clearTimeout(pause);
    detail.hidden = true;
    if (box.value.trim()) judge(box.value);
    else answer.hidden = true;
  }

  function failed(error) {
    answer.hidden = false;
    verdict.className = "verdict error";
    verdict.style.color = "";
    verdict.textContent = error.message;
    bars.replaceChildren();
  }

  async function first() {
    await (await tool(select.value))("");
    changed();
  }

  remember("sentiment", box);
  const form = el("div", { class: "card" }, el("label", { for: "sentiment-text" }, "Text"), box, el("p"), examples(box, EXAMPLES));
  return { title: "Sentiment", parts: [select, form, answer, detail], first };
}
