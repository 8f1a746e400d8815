// The words that a keyboard knows, with how often they are used, and those that it never offers. As nlp_gru/text/word_list.py.

import { bisect } from "./arrays.js";
import { casefold } from "./characters.js";
import { words as W } from "./constants.js";
import { hex, sha256 } from "./sha256.js";
import { key, letterNumber } from "./slips.js";

const LETTERS = 27;

/** Words in the order of their keys: those that begin with the same letters stand together. */
export class WordList {
  /** words, with their counts, in that order. */
  constructor(words, counts) {
    this.words = words;
    this.counts = Float64Array.from(counts, (count) => Math.max(count, 1));
    this.keys = words.map(key);
    this.folded = words.map(casefold);
    this.place = new Map(this.folded.map((word, i) => [word, i]));
    const sum = Math.max(this.counts.reduce((a, b) => a + b, 0), 1);
    this.shares = this.counts.map((count) => count / sum);
  }

  /** From the file that nlp_gru.text.word_list.WordList.packed writes. */
  static async read(packed) {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    const lines = (await new Response(stream).text()).split("\n").filter(Boolean).map((line) => line.split(" "));
    return new WordList(lines.map(([word]) => word), lines.map(([, level]) => halfEven(Math.exp(level / W.STEPS))));
  }

  /** How often each key has each letter from a to z, and others: (W * 27). */
  get letters() {
    if (!this.counted) {
      this.counted = new Uint8Array(LETTERS * this.keys.length);
      this.keys.forEach((own, i) => { for (const c of own) this.counted[LETTERS * i + letterNumber(c)]++; });
    }
    return this.counted;
  }

  /** The half-open range of the words whose keys begin with `start`. */
  startingWith(start) {
    const low = bisect(this.keys, start);
    return this.keys[low]?.startsWith(start) ? [low, bisect(this.keys, `${start}\u{10ffff}`, low)] : [low, low];
  }

  /** first: the id of each word's first token behind a blank; each word's share among all that begin so is kept beside it. */
  setFirst(first, vocabulary) {
    const total = new Float64Array(vocabulary);
    first.forEach((id, i) => (total[id] += this.counts[i]));
    this.first = first;
    this.firstShare = this.counts.map((count, i) => count / Math.max(total[first[i]], 1));
  }
}

/** As Python's round. */
function halfEven(value) {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 ? down + 1 : down;
}

/** Words that are not offered, by their sums. */
export class Blocklist {
  constructor(sums) {
    this.sums = new Set();
    this.known = new Map();
    for (let at = 0; at < sums.length; at += W.SUM_BYTES) this.sums.add(hex(sums.subarray(at, at + W.SUM_BYTES)));
  }

  has(word) {
    if (!this.known.has(word)) {
      if (this.known.size > 5000) this.known.clear();
      this.known.set(word, this.sums.has(checksum(word)));
    }
    return this.known.get(word);
  }
}

/** The first bytes of the SHA-256 of a word in small letters, without a possessive's ending. */
export function checksum(word) {
  const folded = casefold(word).replaceAll("’", "'").replace(/'s$/, "").replace(/^'+|'+$/g, "");
  return hex(sha256(new TextEncoder().encode(folded)).subarray(0, W.SUM_BYTES));
}
