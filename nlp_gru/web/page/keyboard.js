// Autocomplete: suggestions while typing, text generation, and a memory of its user. As nlp_gru/tools/keyboard/keyboard.py.

import { Memory } from "./memory.js";
import { floats, ints } from "./model.js";
import { random, sample } from "./search.js";
import { Spelling, WordSearch } from "./suggest.js";
import { Decoder, EOS, SPECIAL } from "./tokenizer.js";
import { apostrophe, matchCase, oneApostrophe } from "./typing.js";

const LEAST = 1e-3; // a word so much less likely than the best is noise
const PIECES_A_WORD = 6;

export class Keyboard {
  constructor(model) {
    this.model = model;
    this.spelling = new Spelling(model.tokenizer);
    this.memory = new Memory();
    this.search = new WordSearch(this, model.tokenizer, this.spelling);
  }

  /** ids, state (L, 1, H) or none -> the probabilities (V,) of what follows the last of them, and the state there. */
  async read(ids, state) {
    const { layers, hidden } = this.model.config.model;
    const before = state ?? floats(new Float32Array(layers * hidden), [layers, 1, hidden]);
    const { p, after } = await this.model.run("decoder", { ids: ints(ids, [1, ids.length]), hidden: before });
    return { p: p.data, state: after };
  }

  /** The same for one id after each of several states. */
  async stepMany(ids, states) {
    const [layers, , size] = states[0].dims;
    const together = new Float32Array(layers * ids.length * size);
    states.forEach(({ data }, i) => {
      for (let l = 0; l < layers; l++) together.set(data.subarray(l * size, (l + 1) * size), (l * ids.length + i) * size);
    });
    const hidden = floats(together, [layers, ids.length, size]);
    const { p, after } = await this.model.run("decoder", { ids: ints(ids, [ids.length, 1]), hidden });
    const vocabulary = p.dims[1];
    return ids.map((_, i) => {
      const own = new Float32Array(layers * size);
      for (let l = 0; l < layers; l++) {
        const start = (l * ids.length + i) * size;
        own.set(after.data.subarray(start, start + size), l * size);
      }
      return { p: p.data.subarray(i * vocabulary, (i + 1) * vocabulary), state: floats(own, [layers, 1, size]) };
    });
  }

  /** The k likeliest words after a text (its last blank is where the word begins), best first, but for the one that stands there
   * already and those to skip: [{text, score}]. */
  async suggest(text, k = 3, skip = []) {
    const recent = text.slice(-4000);
    const typed = oneApostrophe(recent.split(/\s/).at(-1));
    const context = recent.slice(0, recent.length - typed.length);
    const prefix = typed.slice(-100);
    if (/[^\p{L}\p{N}_'-]$/u.test(prefix)) return []; // after "word." no letters are left to add
    const hidden = new Set(skip.map((word) => word.toLowerCase()));
    const fitting = [...hidden].filter((word) => word.startsWith(prefix.toLowerCase())).length;
    const words = await this.search.search(context, prefix, k + (prefix ? 1 : 0) + fitting);
    const share = this.memory.trust(context);
    const scores = new Map([...words.p].map(([word, p]) => [word, (1 - share) * p]));
    let mass = (1 - share) * words.mass;
    for (const [word, p] of this.memory.words(context, prefix)) {
      scores.set(word, (scores.get(word) ?? 0) + p);
      mass += p;
      if (!words.spelling.has(word)) words.spelling.set(word, this.memory.spelling.get(word) ?? word);
    }
    const ranked = [...scores].sort(([, a], [, b]) => b - a);
    return ranked
      .filter(([word, p]) => !hidden.has(word) && p >= LEAST * ranked[0][1])
      .map(([word, p]) => ({ text: matchCase(words.spelling.get(word), prefix), score: Math.min(p / Math.max(mass, 1e-30), 1) }))
      .filter(({ text }) => text !== prefix)
      .map(({ text, score }) => ({ text: text.replaceAll("'", apostrophe(recent)), score }))
      .slice(0, k);
  }

  /** What may follow `prompt`, at most `maxWords` words; yields parts of the text, none of which splits a character. */
  async *generate(prompt, { maxWords = 40, temperature = 0.7, topP = 0.9, seed } = {}) {
    const search = new WordSearch(this, this.model.tokenizer, this.spelling);
    const spaced = prompt.replace(/ +$/, "");
    const banned = Array.from({ length: SPECIAL }, (_, i) => i); // EOS too: a text has no end
    const step = (piece, state) => this.read([piece], state);
    const decoder = new Decoder(this.model.tokenizer, spaced);
    let [words, text, left] = [0, "", PIECES_A_WORD * maxWords];
    const settings = { banned, alike: this.spelling.alike, temperature, topP };
    for await (const piece of sample(await search.context(spaced), step, settings, random(seed))) {
      if (piece === EOS || left-- <= 0) return;
      const part = decoder.step(piece);
      if (!part) continue; // a part of a character
      const begins = /^\s/.test(part) || !text;
      if (begins && words === maxWords) return;
      words += begins;
      text += part;
      yield spaced !== prompt && text === part ? part.replace(/^ +/, "") : part;
    }
  }
}
