// What a translation must leave as it is is kept out of the model's hands. As nlp_gru/text/placeholders.py.

import { all, casefold, crc32, whole } from "./characters.js";
import { bisect } from "./arrays.js";
import { placeholders as P, translator } from "./constants.js";
import { spans as knownNames } from "./names.js";

const { PLACEHOLDERS, NOTHING } = P; // control characters, which stand for what must stay as it is
const [exacts, keeps, names] = [all(P.EXACT), all(P.KEPT), all(P.NAME)];
const wrapped = whole(translator.WRAPPED);
const each = (patterns) => Object.fromEntries(Object.entries(patterns).map(([language, pattern]) => [language, all(pattern)]));
const [titled, ranked] = [P.TITLED, P.RANKED].map(each);

/** {text, kept}: the text with placeholders, and the strings that they stand for, in order. isName(word, begins). */
export function protect(text, isName, language = "") {
  const matches = [...text.matchAll(keeps), ...(titled[language] ? text.matchAll(titled[language]) : [])];
  const spans = matches.map((m) => [m.index, m.index + m[0].length]);
  if (ranked[language])
    for (const m of text.matchAll(ranked[language])) spans.push([m.index + m[0].length - m[1].length, m.index + m[0].length]);
  if (titled[language]) spans.push(...knownNames(text, language));
  for (const m of text.matchAll(names))
    if (isName(m[0], P.BEGINS.test(text.slice(0, m.index)))) spans.push([m.index, m.index + m[0].length]);
  spans.sort(([a, b], [c, d]) => a - c || d - b);
  const kept = [];
  let [found, at] = ["", 0];
  for (const [start, end] of spans) {
    const string = text.slice(start, end);
    if (start < at || (!kept.includes(string) && kept.length === PLACEHOLDERS.length)) continue;
    if (!kept.includes(string)) kept.push(string);
    found += text.slice(at, start) + PLACEHOLDERS[kept.indexOf(string)];
    at = end;
  }
  return { text: found + text.slice(at), kept };
}

/** The text in parts, [text, whether it is kept as it is]: what is left where placeholders do not come through. */
export function segments(text, isName, language = "") {
  const found = [];
  for (let rest = text; rest; ) {
    const safe = protect(rest, isName, language);
    const parts = safe.text.split(/([\x01-\x08])/u);
    const full = safe.kept.length === PLACEHOLDERS.length;
    for (const part of full ? parts.slice(0, -1) : parts)
      if (part) found.push(PLACEHOLDERS.includes(part) ? [safe.kept[PLACEHOLDERS.indexOf(part)], true] : [part, false]);
    rest = full ? parts.at(-1) : "";
  }
  return found;
}

const exact = (text) => (text.match(exacts) ?? []).sort().join("\n");

/** Whether the placeholders, tags and addresses of a text stand in its translation, each as often, and no others. */
export const isIntact = (source, target) => exact(source) === exact(target);

const count = (text, placeholder) => text.split(placeholder).length;

/** The text with the kept strings back in place, or null where its placeholders are not those of `kept`, as often as in `source`. */
export function restore(text, kept, source = "") {
  const found = [...PLACEHOLDERS].filter((m) => text.includes(m)).join("");
  if (found !== PLACEHOLDERS.slice(0, kept.length)) return null;
  if (source && [...PLACEHOLDERS].slice(0, kept.length).some((m) => count(text, m) !== count(source, m))) return null;
  if (source && P.GLUED.test(text) && !P.GLUED.test(source)) return null;
  return text.replace(/[\x01-\x08]/g, (m) => kept[PLACEHOLDERS.indexOf(m)]);
}

/** The tags before a sentence, what is between, and those behind it. */
export function unwrapped(text) {
  const { before = "", core = text, after = "" } = wrapped.exec(text)?.groups ?? {};
  return [before, core, after];
}

/** The text with the placeholders of `kept` in the place of its strings: the inverse of `restore`. */
export const protect_again = (text, kept) => kept.reduce((found, string, i) => found.replaceAll(string, PLACEHOLDERS[i]), text);

export const withoutPlaceholders = (text) => text.replace(/[\x01-\x08]/g, "");

/** Whether no part of a word stands among the keys, which are in ascending order; false where there are none. */
export function isUnknown(word, begins, keys) {
  if (!keys.length || keys[0] === NOTHING || (begins && word.length > 5 && P.COMMON_END.test(word))) return false;
  const isKnown = (wanted) => keys[bisect(keys, wanted)] === wanted;
  return !casefold(word).split("-").some((part) => isKnown(Math.min(crc32(`${part} ${+begins}`) >>> 1, NOTHING - 1)));
}
