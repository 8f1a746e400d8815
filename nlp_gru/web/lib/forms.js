// Small letters, capitals, open ends and labels, as people type them. As nlp_gru/text/casing.py.

import { isUpper } from "./characters.js";
import { forms as F } from "./constants.js";
import { asked, bare, end, finished, gain, split } from "./labels.js";

/** What to translate for a sentence: one form or several, of which the likeliest translation is taken. Each has
 * `restore(translation)`, "" where it is none of what was typed, and `likelihood(restored, p, tokens)`. */
export function forms(sentence, source = "", target = "") {
  const shouted = isUpper(sentence) && (sentence.match(/\p{L}/gu) ?? []).length > 3;
  const lower = shouted ? sentence[0] + sentence.slice(1).toLowerCase() : sentence;
  const isBoth = [source, target].includes("en") && [source, target].includes("fr");
  const label = isBoth ? split(lower, source) : null;
  if (label) return asked(label[0], source).map((own) => ofLabel(own, label, target, shouted));
  const lowered = /^\p{Ll}/u.test(lower);
  const text = lower[0].toUpperCase() + lower.slice(1);
  const open = /[\p{L}\p{N}]$/u.test(text) && text.split(/\s+/).length < 40;
  return (open ? F.ADDED : [""]).map((added) => ({
    text: text + added,
    lowered,
    restore: (t) => restore(t, added, shouted, lowered),
    likelihood: (_, p) => p,
  }));
}

function restore(translation, added, shouted, lowered) {
  const text = added ? translation.replace(F.ADDED_END, "") : translation;
  if (shouted) return text.toUpperCase();
  return lowered && text.split(" ")[0].split("'")[0] !== "I" ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

function ofLabel([text, frame, extra], [core, mark], target, shouted) {
  return {
    text,
    lowered: false,
    restore(translation) {
      const found = finished(bare(translation, frame), core, target);
      const whole = found && found + end(mark, target);
      return shouted ? whole.toUpperCase() : whole;
    },
    likelihood: (restored, p, tokens) => p ** (tokens / Math.max(tokens - extra, 1)) * gain(restored, core, target),
  };
}
