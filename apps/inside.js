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
  const step = event.target.closest(".step");
  if (step) choose(step);
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
  const value = Number(cell.style.getPropertyValue("--w")) * Number(list.dataset.scale);
  cell.title = `unit ${unit}: ${cell.matches(".n") ? "−" : ""}${value.toFixed(2)}`;
});
window.inside?.stop();
window.inside = { stop: () => stop.abort() };
trigger("ask");
