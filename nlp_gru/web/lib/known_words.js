// Which words a keyboard may offer, and how it writes them. As nlp_gru/tools/keyboard/known_words.py. Words come in small letters.

import { capitalized, LETTER } from "./characters.js";
import { knownWords as K } from "./constants.js";

const someLetter = new RegExp(`[${LETTER}]`, "u");

export class KnownWords {
  /** words: a WordList, or null: then every word is known; blocklist: a Blocklist; blocks: whether its words are never offered. */
  constructor(words, memory, blocklist, blocks = true) {
    Object.assign(this, { words, memory, blocklist, blocks });
  }

  mayOffer(word) {
    return !this.blocks || !(this.blocklist.has(word) || word.split("-").some((part) => this.blocklist.has(part)));
  }

  /** Whether a word may be offered as one: it or its parts are on the list, it was taught, or it is a number. */
  knows(word) {
    if (!this.words || this.words.place.has(word) || this.taught(word)) return true;
    if (/^\p{Nd}/u.test(word) || !someLetter.test(word)) return true; // 4pm, 3rd
    if (!this.blocks && this.blocklist.has(word)) return true;
    const base = word.replace(/'s?$/, "");
    if (base !== word) return base !== "" && this.knows(base);
    return word.includes("-") && word.split("-").every((part) => part && this.knows(part));
  }

  /** Whether the user has written a word twice. */
  taught(word) {
    return (this.memory.counts.get("*")?.get(word) ?? 0) >= K.TAUGHT;
  }

  /** A word as it is to be offered. spelling: the model's, of the same word, which has a capital after a full stop. */
  written(word, spelling) {
    if (!this.words || this.memory.counts.get("*")?.has(word)) return spelling;
    const usual = this.words.words[this.words.place.get(word)];
    if (usual === undefined) return spelling;
    if (usual !== word) return usual;
    return spelling === capitalized(word) || spelling.slice(1) === usual.slice(1) ? spelling : usual;
  }

  /** How a word, offered as `text`, begins a sentence of a typist who begins them all so. Names keep their capital. */
  asTypistBegins(word, text, small) {
    if (this.words?.words[this.words.place.get(word)] !== word || text.slice(1) !== word.slice(1)) return text;
    return small ? word : word.slice(0, 1).toUpperCase() + word.slice(1);
  }
}
