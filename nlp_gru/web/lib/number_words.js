// Numbers written in words, 20 to 99, which a translation easily gets wrong. As nlp_gru/text/number_words.py.

import { all, start } from "./characters.js";
import { numberWords as N } from "./phrases.js";

const found = Object.fromEntries(Object.entries(N.FOUND).map(([language, pattern]) => [language, all(pattern)]));
const large = start(N.LARGE);

/** What a number in words says. */
export function value(word, language) {
  const plain = word.toLowerCase().replaceAll(" ", "-").replaceAll("-et-", " et ").replace(/une$/, "un");
  return N.VALUES[language][plain === "quatre-vingt" ? "quatre-vingts" : plain];
}

/** Where numbers in words stand in a text, those alone that are not a part of a larger one: [start, end]. */
export function spans(text, language) {
  if (!found[language]) return [];
  const all = [...text.matchAll(found[language])].map((m) => [m.index, m.index + m[0].length]);
  return all.filter(([from, to]) => !large.test(text.slice(to)) && !N.LARGE_BEFORE.test(text.slice(0, from)));
}

/** A text with digits for its numbers in words. */
export function inDigits(text, language) {
  return spans(text, language).reduceRight((all, [from, to]) => all.slice(0, from) + value(text.slice(from, to), language) + all.slice(to), text);
}

/** How many of the numbers in words of a text its translation lacks, in words and in digits. */
export function lost(text, translation, [source, target]) {
  const wanted = spans(text, source).map(([from, to]) => value(text.slice(from, to), source));
  if (!wanted.length || !found[target]) return 0;
  const held = [...translation.matchAll(found[target])].map(([word]) => value(word, target));
  held.push(...(translation.match(/(?<!\p{Nd})\p{Nd}\p{Nd}(?!\p{Nd})/gu) ?? []).map(Number));
  let missing = 0;
  for (const number of wanted) {
    const at = held.indexOf(number);
    if (at < 0) missing++;
    else held.splice(at, 1);
  }
  return missing;
}
