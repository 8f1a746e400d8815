// A text -> its passages, a few sentences each. As nlp_gru/text/passages.py.

import { passages as P } from "./constants.js";
import { segment } from "./segment.js";

const encoder = new globalThis.TextEncoder();
const bytes = (text) => encoder.encode(text).length;

/** The passages of a text, in order: of a blank text none, of a short one the whole without blanks around. */
export function passages(text) {
  const whole = text.trim();
  if (!whole) return [];
  if (text.length <= P.MAX_BYTES && bytes(whole) <= P.MAX_BYTES) return [whole];
  return packed(text).map((part) => part.trim()).filter(Boolean);
}

/** As many sentences a passage as fit; a blank line ends one, so that no passage has two subjects. */
function packed(text) {
  const found = [];
  let held = "";
  for (const part of segment(text, "en")) {
    if (!part.isSentence && part.text.split("\n").length > 2) {
      found.push(held);
      held = "";
      continue;
    }
    if (held && bytes(held + part.text) > P.MAX_BYTES) {
      found.push(held);
      held = "";
    }
    held += part.text;
    while (bytes(held) > P.MAX_BYTES) { // what has no sentences, or letters of several bytes each
      const cut = fitting(held);
      found.push(held.slice(0, cut));
      held = held.slice(cut);
    }
  }
  return [...found, held];
}

/** How many characters of a text make a passage, one at least. */
function fitting(text) {
  let [size, cut] = [0, 0];
  for (const character of text) {
    size += bytes(character);
    if (size > P.MAX_BYTES && cut) break;
    cut += character.length;
  }
  return cut;
}
