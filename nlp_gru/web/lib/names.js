// Names of people, firms and streets that are made of ordinary words. As nlp_gru/text/names.py.

import { all, casefold } from "./characters.js";
import { names as N } from "./phrases.js";

const street = Object.fromEntries(Object.entries(N.STREET).map(([language, pattern]) => [language, all(pattern)]));
const [inside, beginning, full] = [N.INSIDE, N.BEGINNING, N.FULL].map(all);
const [kept, given] = [new Set([...N.WORD_NAMES, ...N.FIRMS]), new Set(N.GIVEN_NAMES)];

/** Where names stand in a sentence that would be translated but for this: [start, end]. */
export function spans(text, language) {
  const found = street[language] ? [...text.matchAll(street[language])].map((m) => [m.index, m.index + m[0].length]) : [];
  if (language !== "en") return found;
  for (const { 0: name, index } of text.matchAll(inside)) if (kept.has(casefold(name))) found.push([index, index + name.length]);
  for (const { 1: name, index } of text.matchAll(beginning)) found.push([index, index + name.length]);
  for (const { 1: first, 2: others, index } of text.matchAll(full)) {
    const rest = given.has(casefold(first)) ? others.replace(N.STOPS_NAME, "") : "";
    if (rest) found.push([index, index + first.length + rest.length]);
  }
  return found;
}
