// The models' cards: what each was made for, what it learned from under which licences, and its figures. They are Markdown, of which
// they use headings, paragraphs, lists, tables, bold type and code.

import { el } from "./dom.js";

let reading = null; // all cards by the models' names: they are read when the first one is opened

/** What stands under the tools of a tab: the cards of its models. */
export function about(models) {
  const place = el("div", { class: "cards" });
  const details = el("details", { class: "card" }, el("summary", {}, `About the ${models.length > 1 ? "models" : "model"}: data, licences, figures`), place);
  details.addEventListener("toggle", async () => {
    if (!details.open || place.childElementCount) return;
    try {
      const cards = await (reading ??= fetch("cards.json").then((answer) => answer.json()));
      place.replaceChildren(...models.flatMap(({ name, title }) => (cards[name] ? elements(cards[name]) : [el("h2", {}, title), el("p", {}, "This model has no card.")])));
    } catch {
      reading = null;
      place.replaceChildren(el("p", { class: "error" }, "The cards could not be read."));
    }
  });
  return details;
}

/** The elements of a card. */
function elements(card) {
  const blocks = card.replace(/<!--[^]*?-->/g, "").split(/\n\s*\n/).map((block) => block.trim()).filter(Boolean);
  return blocks.map((block) => {
    const lines = block.split("\n");
    if (/^#+ /.test(block)) return el("h2", {}, ...inline(block.replace(/^#+ (Model card: )?/, "")));
    if (lines.every((line) => line.startsWith("|"))) return table(lines);
    if (/^[-*] /.test(block)) return el("ul", {}, ...block.split(/\n[-*] /).map((item) => el("li", {}, ...inline(item.replace(/^[-*] /, "")))));
    return el("p", {}, ...inline(block));
  });
}

function table([head, rule, ...rows]) {
  const cells = (line) => line.replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
  const isNumber = cells(rule).map((cell) => cell.endsWith(":"));
  const row = (line, tag) => el("tr", {}, ...cells(line).map((cell, i) => el(tag, { class: isNumber[i] ? "number" : undefined }, ...inline(cell))));
  const made = el("table", {}, el("thead", {}, row(head, "th")), el("tbody", {}, ...rows.map((line) => row(line, "td"))));
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Table of ${cells(head)[0]}` }, made);
}

function inline(text) {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).filter(Boolean).map((part) => {
    if (part.startsWith("**")) return el("strong", {}, part.slice(2, -2));
    return part.startsWith("`") ? el("code", {}, part.slice(1, -1)) : part;
  });
}
