// Labels, signs and buttons, which are no sentences. As nlp_gru/text/labels.py.

import { all, isUpper, start, whole } from "./characters.js";
import { dictionary, labels as L } from "./phrases.js";

const [ending, verbs] = [whole(L.END), new Set(L.VERBS)];
const [notANoun, withArticle, infinitive] = [L.NOT_A_NOUN, L.WITH_ARTICLE, L.INFINITIVE].map(start);
const article = Object.fromEntries(Object.entries(L.ARTICLE).map(([language, pattern]) => [language, start(pattern)]));
const frames = [L.VERB_FRAME, L.NOUN_FRAME].map(([text, pattern]) => [text, whole(pattern)]);
const small = all(/(?<= )[A-ZÀ-Þ](?=[a-zß-ÿ])/u);
const begun = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
const words = (text) => text.match(/\S+/gu) ?? [];

/** The translation of one of the common labels; null for any other text. One word alone must have a capital. */
export function label(text, source, target) {
  const found = ending.exec(text)?.groups;
  if (!found || ![source, target].includes("en") || ![source, target].includes("fr") || source === target) return null;
  const core = found.core.replaceAll("’", "'");
  const day = L.CALENDAR[source][source === "en" ? core : core.toLowerCase()];
  if (day) return day + end(found.end, target);
  let known = Object.hasOwn(L.LABELS[source], core.toLowerCase()) ? L.LABELS[source][core.toLowerCase()] : null;
  const isSmall = /^\p{Ll}/u.test(core);
  if (known === null || (isSmall && !core.includes(" "))) return null;
  if (isUpper(core) && core.length > 1) known = known.toUpperCase();
  else if (isSmall) known = known.slice(0, 1).toLowerCase() + known.slice(1);
  return known + end(found.end, target);
}

/** A label and what ends it, such as a colon; null for what is a sentence, or may be one. */
export function split(text, language) {
  const found = ending.exec(text)?.groups;
  if (!found || !L.SENTENCE[language] || ["?", "*"].includes(found.end.trim())) return null;
  const core = found.core;
  if (!/^\p{Lu}/u.test(text) || words(core).length > L.MOST_WORDS) return null;
  return L.SENTENCE[language].test(core.replaceAll("’", "'")) || /[,;.!?:]/.test(core) ? null : [core, found.end];
}

/** The texts of which a label's translation may come: [text, what the translation must match, tokens that are not the label's]. */
export function asked(core, source) {
  const lower = core.replace(small, (c) => c.toLowerCase());
  const found = lower === core ? [] : [[core, null, 0]];
  found.push([lower, null, 0], [`${lower}.`, null, 1], [lower + (source === "en" ? ":" : " :"), null, 1]);
  const [first, ...others] = words(lower);
  if (!others.length) found.push([lower + (source === "en" ? "!" : " !"), null, 1]);
  else if (source === "en") {
    const framed = first.toLowerCase() + lower.slice(first.length);
    const isVerb = verbs.has(first.toLowerCase());
    const [index, extra] = isVerb ? [0, L.ADDED_BY_VERB] : [1, L.ADDED_BY_NOUN];
    if (isVerb ? !L.PRONOUN.test(lower) : !notANoun.test(first.toLowerCase()))
      found.push([frames[index][0].replace("{}", () => framed), frames[index][1], extra]);
  }
  return found;
}

/** A translation without its frame and end mark; "" where the frame is not there. */
export function bare(translation, frame) {
  if (!frame) return translation.replace(/[.!?: ]+$/, "");
  const core = frame.exec(translation)?.groups.core;
  return core === undefined ? "" : begun(core.replace(/^m'(?=[\p{L}\p{N}_])/u, "s'").replace(/^me (?=[\p{L}\p{N}_])/u, "se "));
}

/** A label's translation as labels are written: without an article that its source lacks. */
export function finished(translation, core, target) {
  const found = core.includes(" ") && !withArticle.test(core) ? article[target].exec(translation) : null;
  return found ? begun(translation.slice(found[0].length)) : translation;
}

/** The factor of a translation's likelihood: French buttons have the infinitive. */
export function gain(translation, core, target) {
  const isButton = target === "fr" && verbs.has(words(core)[0].toLowerCase());
  return isButton && infinitive.test(translation.toLowerCase()) ? L.INFINITIVE_GAIN : 1;
}

/** What ends a label as the target language writes it: French sets a blank before a colon and a question mark. */
export function end(mark, target) {
  const sign = mark.trim();
  return target === "fr" && [":", "?"].includes(sign) ? ` ${sign}` : sign;
}

const one = whole(dictionary.WORD);

/** The translation of a word that stands alone, by the list {source: {word: translation}}; null for any other text. */
export function listed(text, list, target) {
  const found = one.exec(text)?.groups;
  const word = found?.word ?? "";
  const other = Object.hasOwn(list, word.toLowerCase()) ? list[word.toLowerCase()] : null;
  if (other === null) return null;
  const isShouted = isUpper(word) && [...word].length > 1;
  return (isShouted ? other.toUpperCase() : /^\p{Lu}/u.test(word) ? begun(other) : other) + end(found.end, target);
}
