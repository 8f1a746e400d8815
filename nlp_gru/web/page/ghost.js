// Behind the text of a box, in grey: what Tab would write at its end.

import { el } from "./dom.js";

const COPIED = ["font", "letterSpacing", "lineHeight", "padding", "borderWidth", "tabSize", "wordBreak", "overflowWrap"];

/** show(rest): the letters that would follow the text; none hides them. The box stands in a place of its own then. */
export function ghost(box) {
  const layer = el("div", { class: "ghost", "aria-hidden": "true" });
  const place = el("div", { class: "typing" }, box, layer);
  const show = (rest) => {
    const atEnd = box.selectionStart === box.value.length && box.value !== "";
    if (!rest || !atEnd || document.activeElement !== box) return layer.replaceChildren();
    const style = getComputedStyle(box);
    for (const name of COPIED) layer.style[name] = style[name];
    const sides = parseFloat(style.borderLeftWidth) + parseFloat(style.borderRightWidth);
    layer.style.width = `${box.clientWidth + sides}px`; // without the scroll bar
    // <wbr>: the typed letters stay on their line although the whole word would not fit there
    layer.replaceChildren(box.value, el("wbr"), el("span", {}, rest));
    layer.scrollTop = box.scrollTop;
  };
  box.addEventListener("scroll", () => (layer.scrollTop = box.scrollTop));
  return { place, show };
}
