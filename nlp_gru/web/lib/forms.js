// Small letters, capitals and open ends, as people type them. As nlp_gru/text/casing.py.

import { isUpper } from "./characters.js";
import { forms as F } from "./constants.js";

/** What to translate for a sentence, each form with `restore`: one, or, where its end is open, one for each mark. */
export function forms(sentence) {
  const shouted = isUpper(sentence) && (sentence.match(/\p{L}/gu) ?? []).length > 3;
  const lower = shouted ? sentence[0] + sentence.slice(1).toLowerCase() : sentence;
  const lowered = /^\p{Ll}/u.test(lower);
  const text = lower[0].toUpperCase() + lower.slice(1);
  const open = /[\p{L}\p{N}]$/u.test(text) && text.split(/\s+/).length < 40;
  return (open ? F.ADDED : [""]).map((added) => ({ text: text + added, restore: (t) => restore(t, added, shouted, lowered) }));
}

function restore(translation, added, shouted, lowered) {
  const text = added ? translation.replace(F.ADDED_END, "") : translation;
  if (shouted) return text.toUpperCase();
  return lowered && text.split(" ")[0].split("'")[0] !== "I" ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}
