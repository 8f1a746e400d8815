// Which known words somebody may have meant: those a slip away from the letters typed, weighed by the language model.
// As nlp_gru/decoding/correction.py.

import { largest } from "./arrays.js";
import { casefold } from "./characters.js";
import { correction as C } from "./constants.js";
import { key, letterNumber, PRICES, slips } from "./slips.js";

export class Corrector {
  constructor(words, layout = "qwerty", prices = PRICES) {
    Object.assign(this, { words, layout, prices });
  }

  /** The k likeliest words {place, p, whole}, best first, that are one slip away from `typed` or begin so; where there is none, two.
   * p: the probability of each known word here. whole: none with letters to come. */
  meant(typed, p, k, whole = false) {
    const [folded, bare] = [casefold(typed), key(typed)];
    if (!bare || folded.endsWith("'")) return []; // behind an apostrophe a letter is to come
    let ranked = this.#ranked(this.#ranges(folded, bare), p, k, whole);
    const likeliest = Math.max(0, ...ranked.filter((m) => m.whole).map((m) => m.p));
    if (bare.length >= C.SHORTEST_FOR_TWO && likeliest < C.UNLIKELY) {
      const seen = new Set(ranked.map((m) => m.place));
      ranked = [...ranked, ...this.#twoSlips(bare, p, k).filter((m) => !seen.has(m.place))].sort((a, b) => b.p - a.p);
    }
    // What goes on with the letters as they stand is a completion, no correction.
    return ranked.filter((m) => !this.words.folded[m.place].startsWith(folded)).slice(0, k);
  }

  /** The k likeliest words that go on with `typed` as it stands. */
  completions(typed, p, k) {
    const folded = casefold(typed);
    const [low, high] = this.words.startingWith(key(folded));
    return largest(p.subarray(low, high), 4 * k)
      .map((i) => low + i)
      .filter((place) => this.words.folded[place].startsWith(folded))
      .slice(0, k)
      .map((place) => ({ place, p: p[place], whole: this.words.folded[place] === folded }));
  }

  /** [low, high, price, letters that match] of the words that each reading of `bare` begins. */
  #ranges(folded, bare) {
    const { prices, words } = this;
    const quoted = folded.includes("'");
    const found = [];
    const add = (text, price) => {
      const [low, high] = words.startingWith(text);
      if (low < high) found.push([low, high, price, text.length]);
    };
    add(bare, quoted ? prices.misplaced : prices.apostrophe);
    if (bare.length < 2) return found;
    const best = new Map();
    for (const [text, price] of slips(bare, { prices, layout: this.layout, cheap: bare.length < C.SHORTEST }))
      if (price > (best.get(text) ?? 0)) best.set(text, price);
    for (const [text, price] of best) add(text, quoted ? price * prices.misplaced : price);
    return found;
  }

  #ranked(found, p, k, whole) {
    const unfinished = whole ? 0 : C.UNFINISHED;
    const size = found.reduce((sum, [low, high]) => sum + high - low, 0);
    const [score, places, complete] = [new Float64Array(size), new Int32Array(size), new Uint8Array(size)];
    let n = 0;
    for (const [low, high, price, letters] of found)
      for (let place = low; place < high; place++, n++) {
        places[n] = place;
        complete[n] = this.words.keys[place].length === letters;
        score[n] = p[place] * price * (complete[n] ? 1 : unfinished);
      }
    const result = new Map();
    for (const i of largest(score, 3 * k + 20)) // a word may come several times, and some are completions
      if (score[i] > 0 && !result.has(places[i])) result.set(places[i], { place: places[i], p: score[i], whole: complete[i] === 1 });
    return [...result.values()];
  }

  /** Whole words two slips away: those with nearly the same letters, compared one by one. */
  #twoSlips(bare, p, k) {
    const { keys, letters } = this.words;
    const own = new Int16Array(27);
    for (const c of bare) own[letterNumber(c)]++;
    let places = [];
    for (let place = 0; place < keys.length; place++) {
      if (Math.abs(keys[place].length - bare.length) > 2) continue;
      let apart = 0;
      for (let i = 0; i < 27 && apart <= 4; i++) apart += Math.abs(letters[27 * place + i] - own[i]);
      if (apart <= 4) places.push(place);
    }
    if (places.length > C.COMPARED) places = largest(places.map((place) => p[place]), C.COMPARED).map((i) => places[i]);
    return places
      .map((place) => ({ place, p: p[place] * this.#distance(bare, keys[place]), whole: true }))
      .filter((m) => m.p > 0)
      .sort((a, b) => b.p - a.p || a.place - b.place)
      .slice(0, k);
  }

  /** The price of two slips between the two, 0 where it takes more. */
  #distance(typed, word) {
    const needed = distance(typed, word, 2);
    if (needed > 2) return 0;
    const first = typed[0] === word[0] ? 1 : this.prices.first;
    return first * (needed === 2 ? C.SECOND * this.prices.single : 1) * this.prices.single;
  }
}

/** How many letters are swapped, missing, superfluous or wrong between two words; what is more than `most` is `most` + 1. */
export function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [before, row] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const last = before;
    [before, row] = [row, [i]];
    for (let j = 1; j <= b.length; j++) {
      let value = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, last[j - 2] + 1);
      row.push(value);
    }
    if (Math.min(...row) > most) return most + 1;
  }
  return Math.min(row.at(-1), most + 1);
}
