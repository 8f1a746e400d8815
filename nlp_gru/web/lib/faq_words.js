// Words by their letters, for the bot of questions and answers: a typing error changes a word's vector little. As nlp_gru/tools/faq/words.py.

import { dot, unit } from "./arrays.js";
import { casefold, crc32, WORD } from "./characters.js";
import { faqWords as F, slips as S } from "./constants.js";
import { slips } from "./slips.js";

const word = new RegExp(`[${WORD}]+`, "gu");

/** The words of a text in small letters, in order. */
export const words = (text) => (casefold(text).match(word) ?? []).slice(0, F.MOST_WORDS).map((own) => [...own].slice(0, F.LONGEST_WORD).join(""));

/** What is known of words: how rare each is, its vector, and what a misspelled one was meant to be. */
export class Words {
  #vectors = new Map();

  /** background: in how many of so many ordinary questions each word is; own: the words of each of the bot's texts; usual: English words. */
  constructor(background, backgroundRows, own, usual = new Set()) {
    Object.assign(this, { background: new Map(Object.entries(background)), backgroundRows, own: new Map(), rows: own.length, usual });
    for (const some of own) for (const one of new Set(some)) this.own.set(one, (this.own.get(one) ?? 0) + 1);
  }

  /** From about 0.5, a word of every question, to about 8, a word that nobody used. */
  weight(one) {
    const usual = ((this.background.get(one) ?? 0) + 0.5) / (this.backgroundRows + 1);
    const here = (this.own.get(one) ?? 0) / (this.rows + F.OWN_ROWS);
    return -Math.log(Math.min(0.5 * usual + 0.5 * here, 0.6));
  }

  /** A unit vector: a bag of its letter n-grams, hashed. */
  vector(one) {
    let found = this.#vectors.get(one);
    if (found) return found;
    const marked = [..." ", ...one, " "];
    const sums = new Float32Array(F.SIZE);
    const add = (gram) => {
      const hash = crc32(gram);
      sums[hash % F.SIZE] += (hash >>> 16) & 1 ? 1 : -1;
    };
    add(marked.join(""));
    for (const n of [2, 3, 4, 5]) for (let i = 0; i + n <= marked.length; i++) add(marked.slice(i, i + n).join(""));
    found = unit(sums);
    if (this.#vectors.size < 50_000) this.#vectors.set(one, found);
    return found;
  }

  /** The words of a text -> its vector; zeros where there is no word. */
  text(some) {
    const sums = new Float32Array(F.SIZE);
    for (const one of new Set(some)) {
      const [weight, vector] = [this.weight(one), this.vector(one)];
      for (let i = 0; i < F.SIZE; i++) sums[i] += weight * vector[i];
    }
    return unit(sums);
  }

  /** The text with unknown words replaced by known ones that are a slip away; as it was where there are none. */
  corrected(text) {
    return text.replace(word, (typed) => {
      const one = casefold(typed);
      if (Object.hasOwn(F.SHORTHAND, one) && !this.own.has(one)) return F.SHORTHAND[one];
      return this.#meant(one) || typed;
    });
  }

  #meant(one) {
    const size = one.length;
    if (size < F.MIN_CORRECTED || size > F.LONGEST_WORD || !/^\p{L}+$/u.test(one)) return "";
    if (this.own.has(one) || this.background.has(one)) return "";
    if (this.usual.has(one) || (size > F.MIN_USUAL && one.endsWith("s") && this.usual.has(one.slice(0, -1)))) {
      if (size < F.MIN_SWAPPED) return "";
      return [...slips(one, { cheap: true })].map(([meant]) => meant).find((meant) => this.own.has(meant)) ?? "";
    }
    const near = oneSlip(one);
    const best = (table, worth) => {
      const found = [...near.keys()].filter((meant) => table.has(meant) && (size >= F.MIN_USUAL || (table === this.own && meant.length > size)));
      return found.length ? found.reduce((first, other) => (worth(other) > worth(first) ? other : first)) : "";
    };
    const price = (meant) => near.get(meant);
    const found = best(this.own, price) || best(this.background, (meant) => price(meant) * this.background.get(meant)) || best(this.usual, price);
    if (found || size < F.MIN_TWO_SLIPS) return found;
    const isNear = (w) => Math.abs(w.length - size) <= 2 && w[0] === one[0] && w.length > F.MIN_USUAL;
    return closest(one, [...this.own.keys()].filter(isNear));
  }
}

/** What may have been meant by a word in which one letter is left out, added, wrong or swapped, each with its price: a Map. */
function oneSlip(one) {
  const found = new Map();
  const ends = [...S.LETTERS].map((letter) => [one + letter, letter === one.at(-1) ? S.PRICES.single : S.PRICES.missing]);
  for (const [meant, price] of [...slips(one), [one[0] + one, S.PRICES.single], ...ends]) found.set(meant, Math.max(found.get(meant) ?? 0, price));
  return found;
}

/** As difflib.get_close_matches(word, some, 1, CLOSE). */
function closest(one, some) {
  let [best, highest] = ["", 0];
  for (const other of some) {
    const ratio = (2 * matching(other, one)) / (other.length + one.length);
    if (ratio >= F.CLOSE && (ratio > highest || (ratio === highest && other > best))) [best, highest] = [other, ratio];
  }
  return best;
}

/** How many letters stand in common blocks: the longest one, and what lies before and behind it (Ratcliff and Obershelp). */
function matching(a, b) {
  let [at, to, size] = [0, 0, 0];
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < b.length; j++) {
      let n = 0;
      while (i + n < a.length && a[i + n] === b[j + n]) n++;
      if (n > size) [at, to, size] = [i, j, n];
    }
  return size && size + matching(a.slice(0, at), b.slice(0, to)) + matching(a.slice(at + size), b.slice(to + size));
}

/** How much of a question's words each of several texts has, in whatever spelling. */
export class Coverage {
  /** split: the words of each text. */
  constructor(known, split) {
    const place = new Map();
    for (const one of split.flat()) if (!place.has(one)) place.set(one, place.size);
    this.known = known;
    this.vectors = [...place.keys()].map((one) => known.vector(one));
    this.sets = split.map((some) => [...new Set(some)].map((one) => place.get(one)));
  }

  /** The share of the weight of a question's words that each text has, from 0 to 1. */
  of(asked) {
    const different = [...new Set(asked)];
    const weights = different.map((one) => this.known.weight(one));
    const sum = weights.reduce((a, b) => a + b, 0);
    const found = new Float64Array(this.sets.length);
    different.forEach((one, row) => {
      const own = this.known.vector(one);
      const alike = this.vectors.map((vector) => dot(own, vector)).map((cosine) => (cosine >= F.ALIKE ? cosine : 0));
      this.sets.forEach((places, i) => {
        let best = 0;
        for (const place of places) if (alike[place] > best) best = alike[place];
        found[i] += (weights[row] * best) / sum;
      });
    });
    return found;
  }
}
