// Phrases: up to four words ahead, where the model is sure of them or a set phrase has been begun. As nlp_gru/tools/keyboard/phrases.py.

import { casefold } from "./characters.js";
import { ahead as A } from "./constants.js";
import { sentences } from "./memory.js";
import { SET_PHRASES } from "./set_phrases.js";

const fitting = new RegExp(`^(?:${A.WORD.source})$`, "u");
let table = null; // begun -> [{words, shares}], read when it is asked for

function setPhrases() {
  if (table) return table;
  table = new Map();
  for (const line of SET_PHRASES.split("\n").filter(Boolean)) {
    const [begun, words, shares] = line.split("|");
    if (!table.has(begun)) table.set(begun, []);
    table.get(begun).push({ words: words.split(" "), shares: shares.split(" ").map((share) => Number(share) / 100) });
  }
  return table;
}

/** {words, p}: the words, two at least, that go on with a set phrase and may be expected to save most letters, where their probability is
 * `least` or more; else none and 0. */
export function setPhrase(context, prefix, least = A.SET_SURE) {
  const folded = (sentences(context.slice(-A.LOOKED_AT), true).at(-1) ?? []).map(casefold);
  const letters = casefold(prefix);
  let best = { words: [], p: 0 };
  for (let n = Math.min(folded.length, A.SET_LONGEST); n >= A.SET_BEGUN && !best.words.length; n--) {
    for (const { words, shares } of setPhrases().get(folded.slice(-n).join(" ")) ?? []) {
      const first = casefold(words[0]);
      if (!first.startsWith(letters) || first === letters) continue;
      const odds = (shares[0] / (1 - Math.min(shares[0], 0.99))) * A.LETTER ** Math.min(letters.length, A.MOST_LETTERS);
      const more = odds / (1 + odds) / shares[0];
      for (let size = 2; size <= words.length; size++) {
        const some = { words: words.slice(0, size), p: Math.min(more * shares[size - 1], 1) };
        if (some.p >= least && worth(some) > worth(best)) best = some;
      }
    }
  }
  return best; // what fits more words fits better
}

/** The letters that a phrase may be expected to write. */
const worth = ({ words, p }) => p * words.reduce((sum, word) => sum + [...word].length, 0);

export class Ahead {
  /** search: a WordSearch of its own, which keeps its states while the keyboard's keeps those of single words. */
  constructor(search, known, memory) {
    Object.assign(this, { search, known, memory });
  }

  /** {words, p}: the phrase that `word`, of probability p after `context`, begins and that may be expected to save most letters, where it
   * is as likely as `least`; else none and 0. */
  async grown(context, word, p, least = A.SURE) {
    let found = { words: [], p: 0 };
    let words = [word];
    while (p >= least && words.at(-1)) {
      if (words.length > 1 && worth({ words, p }) > worth(found)) found = { words, p };
      if (words.length === A.MOST_WORDS) break;
      const next = await this.#next(`${context}${words.join(" ")} `);
      words = [...words, next.word];
      p *= next.p;
    }
    return found;
  }

  /** The likeliest word and its probability among all that may follow, marks and the end too. */
  async #next(context) {
    const known = (word) => this.known.knows(word);
    const found = await this.search.search(context, "", 1, { rounds: A.ROUNDS, known });
    const share = this.memory.trust(context);
    const scores = new Map([...found.p].filter(([word]) => known(word)).map(([word, p]) => [word, (1 - share) * p]));
    const spelling = new Map(found.spelling);
    for (const [word, p] of this.memory.words(context, "", 1)) {
      scores.set(word, (scores.get(word) ?? 0) + p);
      if (!spelling.has(word)) spelling.set(word, this.memory.spelling.get(word) ?? word);
    }
    const usual = this.memory.usual(context);
    if (usual.p > (scores.get(usual.word) ?? 0)) {
      scores.set(usual.word, usual.p);
      if (!spelling.has(usual.word)) spelling.set(usual.word, this.memory.spelling.get(usual.word) ?? usual.word);
    }
    let best = { word: "", p: 0 };
    for (const [word, p] of scores)
      if (this.fits(word) && (p > best.p || (p === best.p && word > best.word))) best = { word, p };
    return best.word ? { ...best, word: this.known.written(best.word, spelling.get(best.word)) } : best;
  }

  /** Whether a word, in small letters, may stand in a phrase. */
  fits(word) {
    return fitting.test(word) && this.known.mayOffer(word);
  }
}
