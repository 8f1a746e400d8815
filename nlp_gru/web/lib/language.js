// Whether a text is English, French or neither, and how likely a translation is right. As nlp_gru/tools/translation/language.py and
// confidence.py.

import { all, isUpper } from "./characters.js";
import { confidence as C, language as L, placeholders } from "./constants.js";

export const { OTHER, CERTAIN } = L;
const [kept, word] = [all(placeholders.KEPT), all(L.WORD)];
const isLower = (text) => text === text.toLowerCase() && text !== text.toUpperCase();

export class Languages {
  /** logP: the log-probability of each token in English, then in French. */
  constructor(tokenizer, logP) {
    Object.assign(this, { tokenizer, logP });
  }

  /** The log-odds of a text to be English rather than French; 0 for one without letters. */
  odds(text) {
    const [en, fr] = this.#summed(text);
    return en - fr;
  }

  /** "en", "fr", "other" for a third language, or "" where it cannot be told: a word, a name, a number. */
  recognise(text) {
    const read = text.slice(0, L.READ);
    const plain = plainWords(read);
    const [en, fr] = this.#summed(plain);
    const size = Math.max([...plain].length, 1);
    const [ofP, ofOdds, start] = L.FOREIGN;
    const isLong = size >= L.LEAST_LETTERS && (read.match(word) ?? []).length >= L.LEAST_WORDS;
    if (isLong && (ofP * Math.max(en, fr)) / size + (ofOdds * Math.abs(en - fr)) / size + start > 0) return OTHER;
    if (Math.abs(en - fr) < CERTAIN) return "";
    return en > fr ? "en" : "fr";
  }

  #summed(text) {
    const half = this.logP.length / 2;
    let [en, fr] = [0, 0];
    for (const id of this.tokenizer.encode(text)) {
      en += this.logP[id];
      fr += this.logP[half + id];
    }
    return [en, fr];
  }
}

/** A text's words in small letters: names, which are of no language, and what is no word are left out. */
function plainWords(text) {
  const bare = text.replace(kept, " ");
  const [first, ...others] = (isUpper(bare) ? bare.toLowerCase() : bare).match(word) ?? [];
  return [...(first === undefined ? [] : [first.toLowerCase()]), ...others.filter(isLower)].join(" ");
}

/** What to tell who gave a text of `language` to be translated from `source` to `target`; "" if nothing is wrong. */
export function hint(language, source, target) {
  const isBoth = Object.keys(L.NAMES).every((name) => [source, target].includes(name));
  if (language === OTHER && isBoth) return "This looks like neither English nor French; I only know these two.";
  if (language !== target || !isBoth) return "";
  return `This looks like ${L.NAMES[target]} already; translate it from ${L.NAMES[target]} to ${L.NAMES[source]} instead?`;
}

export const isUnsure = (chance) => chance < C.UNSURE;

/** The chance that a translation is right. score: the mean probability of its tokens; weights: constant, of score, of length. */
export function confidence(score, text, [constant, ofScore, ofLength]) {
  const value = constant + ofScore * Math.log(Math.max(score, C.LEAST_SCORE)) + ofLength * Math.log(Math.max([...text].length, C.SHORTEST));
  return 1 / (1 + Math.exp(-Math.max(Math.min(value, 50), -50)));
}
