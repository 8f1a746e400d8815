// The page inside.py: which word is chosen, by click, focus or arrow keys, and the value of the cell that is pointed at.
// Gradio runs it when the panel is there, with `element` (the panel), `trigger`, `props` and `watch`.
const stop = new AbortController();
const on = (target, name, handler) => target.addEventListener(name, handler, { signal: stop.signal });
const steps = () => [...element.querySelectorAll(".step")];
let names = ""; // the words shown, to keep the chosen one where only the gate changes
let chosen = 0;

function choose(step) {
  if (step.getAttribute("aria-pressed") === "true") return;
  steps().forEach((other, i) => {
    other.setAttribute("aria-pressed", other === step);
    other.tabIndex = other === step ? 0 : -1;
    if (other === step) chosen = i;
  });
  const [said, sums] = step.parentElement.querySelectorAll("[hidden]"); // a <template> would keep an earlier answer's
  element.querySelector(".said").replaceChildren(...said.cloneNode(true).childNodes);
  element.querySelector(".sums").replaceChildren(...sums.cloneNode(true).childNodes);
}

function reveal(step) { // in the list alone: the page stays where it is
  const list = step.closest(".steps"), inner = step.getBoundingClientRect(), outer = list.getBoundingClientRect();
  if (inner.left < outer.left || inner.right > outer.right) list.scrollLeft += inner.left - outer.left - outer.width / 2;
  if (inner.top < outer.top || inner.bottom > outer.bottom) list.scrollTop += inner.top - outer.top - outer.height / 2;
}

watch("value", () => {
  const all = steps();
  const now = all.map((step) => step.querySelector(".name").textContent).join("\n");
  if (now === names && all[chosen]) choose(all[chosen]);
  else chosen = Math.max(0, all.findIndex((step) => step.getAttribute("aria-pressed") === "true"));
  names = now;
  if (all[chosen]) reveal(all[chosen]);
});
on(element, "click", (event) => {
  const [step, save] = [event.target.closest(".step"), event.target.closest(".save")];
  if (step) choose(step);
  if (save) (save.dataset.kind === "csv" ? csv : png)();
});
on(element, "focusin", (event) => {
  if (event.target.matches(".step")) choose(event.target);
});
on(element, "keydown", (event) => {
  if (!event.target.matches?.(".step")) return;
  const all = steps(), at = all.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all[Math.min(all.length - 1, Math.max(0, to))].focus();
});
on(element, "pointerover", (event) => {
  if (!event.target.matches?.(".cells i")) return;
  const cell = event.target, list = cell.closest(".steps");
  const unit = list.dataset.units.split(" ")[[...cell.parentElement.children].indexOf(cell)];
  cell.title = `unit ${unit}: ${valueOf(cell, list.dataset.scale).toFixed(2).replace("-", "−")}`;
});

/** The words with their figures and the units that are drawn, as a table for spreadsheets. */
function csv() {
  const { scale, units } = element.querySelector(".steps").dataset;
  const quoted = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`; // no formula
  const rows = [...element.querySelectorAll("tbody tr")].map((row, i) => {
    const [kept, reset, moves] = [...row.querySelectorAll("td[data-value]")].map((cell) => cell.dataset.value);
    const values = [...steps()[i].querySelectorAll(".cells i")].map((cell) => valueOf(cell, scale).toFixed(3));
    return [quoted(row.querySelector("th").textContent), kept, reset, moves, quoted(row.lastElementChild.textContent), ...values].join(",");
  });
  const head = ["word", "kept", "reset", "moves", "tokens", ...units.split(" ").map((unit) => `unit ${unit}`)].join(",");
  window.nlpGru.save("gates.csv", "text/csv", `${head}\n${rows.join("\n")}\n`);
}

const valueOf = (cell, scale) => (cell.matches(".n") ? -1 : 1) * Number(cell.style.getPropertyValue("--w")) * Number(scale);

/** The picture of the words, drawn as it stands in the page: name, share kept, units. */
function png() {
  const [wide, name, bar, high, all] = [44, 150, 60, 9, steps()];
  const count = all[0].querySelectorAll(".cells i").length;
  const canvas = document.createElement("canvas");
  const [width, height] = [all.length * wide + 20, name + bar + count * high + 60];
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  const context = canvas.getContext("2d");
  const style = getComputedStyle(element);
  const color = (property) => `rgb(${style.getPropertyValue(property)})`;
  const back = [...ancestors(element)].map((e) => getComputedStyle(e).backgroundColor).find((c) => !/, 0\)|transparent/.test(c));
  context.scale(2, 2);
  context.fillStyle = back ?? "#fff";
  context.fillRect(0, 0, width, height);
  context.font = "14px system-ui, sans-serif";
  all.forEach((step, i) => {
    const x = 10 + i * wide;
    context.fillStyle = style.color;
    context.save();
    context.translate(x + wide / 2 + 5, name);
    context.rotate(-Math.PI / 2);
    context.fillText(step.querySelector(".name").textContent, 0, 0, name - 20);
    context.restore();
    context.textAlign = "center";
    context.font = "11px system-ui, sans-serif";
    context.fillText(step.querySelector(".percent").textContent, x + wide / 2, name + 18);
    context.textAlign = "start";
    context.font = "14px system-ui, sans-serif";
    const kept = Number(step.querySelector(".bar span").style.getPropertyValue("--k")) * bar;
    context.fillStyle = color("--heat");
    context.fillRect(x + 4, name + 25 + bar - kept, wide - 8, kept);
    step.querySelectorAll(".cells i").forEach((cell, j) => {
      context.globalAlpha = Number(cell.style.getPropertyValue("--w"));
      context.fillStyle = color(cell.matches(".n") ? "--cold" : "--heat");
      context.fillRect(x + 2, name + bar + 35 + j * high, wide - 4, high - 1);
    });
    context.globalAlpha = 1;
  });
  canvas.toBlob((blob) => window.nlpGru.save("gates.png", "image/png", blob));
}

function* ancestors(from) {
  for (let e = from; e; e = e.parentElement) yield e;
}

element.stopInside?.(); // this script, where it has run for the element before
element.stopInside = () => stop.abort();
trigger("ask");
