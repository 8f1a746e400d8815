// Autocomplete: suggestions while typing, corrections, text generation, and a memory of its user. As nlp_gru/tools/keyboard/keyboard.py.

import { Ahead, setPhrase } from "./ahead.js";
import { flag, number, seed as checkSeed, text as checkText, texts as checkTexts, UserError, wholeNumber } from "./checks.js";
import { casefold } from "./characters.js";
import { keyboard as K, limits } from "./constants.js";
import { Corrector } from "./correction.js";
import { KnownWords } from "./known_words.js";
import { Memory } from "./memory.js";
import { mend, mixed } from "./mending.js";
import { random } from "./random.js";
import { floats, ints } from "./runtime.js";
import { sample } from "./search.js";
import { LAYOUTS, oneApostrophe } from "./slips.js";
import { Spelling, WordSearch } from "./suggest.js";
import { Decoder, EOS, SPECIAL } from "./tokenizer.js";
import { beginsSmall, matchCase, MOST_READ, split, withApostrophe } from "./typing.js";
import { Blocklist, WordList } from "./words.js";

export class Keyboard {
  constructor(model, { blocklist = true, layout = "qwerty" } = {}) {
    flag("blocklist", blocklist);
    if (!Object.hasOwn(LAYOUTS, layout)) throw new UserError(`layout is one of ${Object.keys(LAYOUTS).join(", ")}, not ${layout}`);
    Object.assign(this, { model, blocks: blocklist, layout, memory: new Memory() });
  }

  /** Reads its list of words; what several keyboards over one model share is made once. */
  async ready() {
    const { content, tokenizer, tables } = this.model;
    this.model.spelling ??= new Spelling(tokenizer);
    this.model.words ??= content["words.bin"] ? WordList.read(content["words.bin"]) : null;
    this.model.blocklist ??= new Blocklist(content["blocklist.bin"] ?? new Uint8Array());
    const words = await this.model.words;
    if (words && tables["words.first"] && !words.first) words.setFirst(this.model.table("words.first").data, tokenizer.size);
    this.search = new WordSearch(this, tokenizer, this.model.spelling);
    this.known = new KnownWords(words, this.memory, this.model.blocklist, this.blocks);
    this.ahead = new Ahead(new WordSearch(this, tokenizer, this.model.spelling), this.known, this.memory);
    this.corrector = words && new Corrector(words, this.layout);
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

  /** The k likeliest words {text, score}, best first, but for the one that stands there already and those to skip. The word begins at
   * the last blank, quotation mark, bracket or slash of context and prefix, which are read as one text. */
  async suggest(context = "", { prefix = "", k = 3, skip = [], correct = true } = {}) {
    const typed = split(checkText(context).slice(-MOST_READ) + checkText(prefix));
    const hidden = hiding(skip);
    flag("correct", correct);
    const count = Math.min(wholeNumber("k", k, 0, Number.MAX_SAFE_INTEGER), limits.MAX_SUGGESTIONS);
    if (count === 0 || typed.ended) return [];
    const folded = casefold(typed.word);
    const wanted = count + (typed.word ? 1 : 0) + [...hidden].filter((word) => word.startsWith(folded)).length;
    const found = await this.#candidates(typed, wanted, correct);
    const best = Math.max(0, ...found.map(({ p }) => p));
    const offered = found
      .filter(({ word, p }) => !hidden.has(word) && p >= K.LEAST * best && this.known.mayOffer(word))
      .map(({ text, p }) => ({ text: withApostrophe(text, typed.apostrophe), score: p }));
    // A finished word is confirmed only where nothing else is to be said of it.
    const literal = withApostrophe(typed.word, typed.apostrophe);
    const others = offered.filter(({ text }) => text !== literal);
    return (others.length ? others : offered).slice(0, count);
  }

  /** {text, score} of the two to four words that go on with the text, a word that it ends in being the first; null where the keyboard is
   * not sure of them, as most often. skip: words with which none begins. */
  async phrase(text, { skip = [] } = {}) {
    const hidden = hiding(skip);
    const typed = split(checkText(text).slice(-MOST_READ));
    if (typed.ended || !typed.spaced) return null;
    let { words, p } = setPhrase(typed.context, typed.word);
    const [best] = await this.#candidates(typed, 1, false);
    if (best && this.ahead.fits(best.word)) {
      const grown = await this.ahead.grown(typed.context, best.text, best.p);
      if (grown.words.length > words.length) ({ words, p } = grown);
    }
    if (!words.length || hidden.has(casefold(oneApostrophe(words[0])))) return null;
    const found = [matchCase(words[0], typed.word), ...words.slice(1)].join(" ");
    return { text: withApostrophe(found, typed.apostrophe), score: p };
  }

  /** {word in small letters, text as it is to be written, p}, best first. */
  async #candidates(typed, wanted, correct) {
    const listed = await this.#listed(typed, wanted, correct);
    let words = await this.#search(typed, wanted, listed.length ? K.ROUNDS_BESIDE_LIST : K.ROUNDS);
    if (listed.length && listed.every(({ slip }) => slip) && Math.max(...listed.map(({ p }) => p)) < words.mass)
      words = await this.#search(typed, wanted, K.ROUNDS); // it may be a word that is not on the list
    const share = this.memory.trust(typed.context);
    let scores = new Map([...words.p].map(([word, p]) => [word, (1 - share) * p]));
    const spelling = new Map(words.spelling);
    let mass = (1 - share) * words.mass;
    for (const [word, p] of this.memory.words(typed.context, typed.word, wanted)) {
      scores.set(word, (scores.get(word) ?? 0) + p);
      mass += p;
      if (!spelling.has(word)) spelling.set(word, this.memory.spelling.get(word) ?? word);
    }
    scores = this.#unknownLast(scores, mass);
    for (const { word, text, p, slip } of listed) {
      if (scores.has(word)) continue;
      scores.set(word, (1 - share) * p);
      spelling.set(word, text);
      if (slip) mass += (1 - share) * p;
    }
    const small = /^\p{Uppercase}/u.test(typed.word) ? null : beginsSmall(typed.context);
    return [...scores]
      .sort(([, a], [, b]) => b - a)
      .map(([word, p]) => {
        const text = matchCase(this.known.written(word, spelling.get(word)), typed.word);
        const begun = small === null ? text : this.known.asTypistBegins(word, text, small);
        return { word, text: begun, p: Math.min(p / Math.max(mass, 1e-30), 1) };
      });
  }

  /** Words with their probabilities, those behind the known ones that the model spells by itself, if they are likely at all among all
   * that goes on with the letters. */
  #unknownLast(scores, mass) {
    const known = new Map([...scores].filter(([word]) => this.known.knows(word)));
    const least = Math.min(1, ...known.values());
    const needed = (known.size ? K.UNKNOWN_LEAST : K.UNKNOWN_ALONE) * mass;
    for (const [word, p] of scores) if (!known.has(word) && p > needed) known.set(word, Math.min(p, least));
    return known;
  }

  /** What goes on with the letters typed; behind a hyphen also what would be a word by itself. */
  async #search(typed, wanted, rounds) {
    const known = (word) => this.known.knows(word);
    const words = await this.search.search(typed.context, typed.word, wanted, { rounds, known });
    const hyphen = typed.word.lastIndexOf("-") + 1;
    if (hyphen > 1 && this.known.words) {
      const [stem, part] = [typed.word.slice(0, hyphen), typed.word.slice(hyphen)];
      const parts = await this.search.search(typed.context + stem, part, wanted, { rounds, known });
      for (const [word, p] of parts.p) {
        if (!known(word)) continue;
        const whole = casefold(stem) + word;
        words.p.set(whole, (words.p.get(whole) ?? 0) + p);
        if (!words.spelling.has(whole)) words.spelling.set(whole, stem + parts.spelling.get(word));
      }
      words.mass += parts.mass;
    }
    return words;
  }

  /** {word, text, p, slip} of known words: those that go on with the letters typed and those that may have been meant. */
  async #listed(typed, k, correct) {
    if (!this.corrector || !/^\p{L}/u.test(typed.word) || !typed.spaced) return [];
    const { words } = this.corrector;
    const { p, title } = await this.search.knownWords(typed.context, words);
    const found = this.corrector.completions(typed.word, p, k).map((m) => ({ ...m, slip: false }));
    if (correct) found.push(...this.corrector.meant(typed.word, mixed(p, words.shares), k).map((m) => ({ ...m, slip: true })));
    return found.map(({ place, p: own, slip }) => {
      const word = words.words[place];
      return { word: words.folded[place], text: title(place) ? word[0].toUpperCase() + word.slice(1) : word, p: own, slip };
    });
  }

  /** {text, changes: [{start, end, before, after}]}: the text with its slips mended. */
  async correct(text) {
    checkText(text);
    return this.corrector ? mend(text, this.corrector, this.known, this.search) : { text, changes: [] };
  }

  /** What may follow `prompt`, at most `maxWords` words; yields parts of the text, none of which splits a character. */
  async *generate(prompt = "", settings = {}) {
    const { maxWords = 60, temperature = 0.7, topK = 0, topP = 0.9, noRepeatNgramSize = 4, seed, stopAtSentence = false } = settings;
    wholeNumber("maxWords", maxWords, 0, limits.MAX_WORDS);
    number("temperature", temperature, 0, limits.MAX_TEMPERATURE);
    wholeNumber("topK", topK, 0, limits.MAX_TOP_K);
    number("topP", topP, 0, 1, true);
    wholeNumber("noRepeatNgramSize", noRepeatNgramSize, 0, limits.MAX_NGRAM);
    flag("stopAtSentence", stopAtSentence);
    const draw = random(checkSeed(seed));
    const search = new WordSearch(this, this.model.tokenizer, this.model.spelling);
    const spaced = checkText(prompt).replace(/ +$/, "");
    // Where the text need not stop at a sentence, it has no end: on to a new sentence.
    const banned = Array.from({ length: SPECIAL }, (_, i) => i).filter((i) => i !== EOS || !stopAtSentence);
    const step = (token, state) => this.read([token], state);
    const decoder = new Decoder(this.model.tokenizer, spaced);
    let [words, text, left] = [0, "", K.TOKENS_A_WORD * maxWords + K.SPARE_TOKENS];
    const chosen = { banned, alike: this.model.spelling.alike, temperature, topP, topK, size: noRepeatNgramSize };
    for await (const token of sample(await search.context(spaced), step, chosen, draw)) {
      if (token === EOS || left-- <= 0) return;
      const part = decoder.step(token);
      if (!part) continue; // a part of a character
      const begins = /^\s/.test(part) || !text;
      if (begins && words === maxWords) return;
      words += begins;
      if (stopAtSentence && /[.!?…]$/.test(text) && /^\s/.test(part)) return;
      text += part;
      yield spaced !== prompt && text === part ? part.replace(/^ +/, "") : part;
    }
  }

  /** How many words have been learned by now. What looks like a password or the number of a card or account is left out. */
  async learn(text) {
    this.memory.learn(checkText(text));
    return this.memory.learned;
  }

  /** Clears the memory, or forgets one word in it, whatever its capitals. */
  async forget(word) {
    if (word === undefined) this.memory.forget();
    else this.memory.delete(checkText(word));
    return this.memory.learned;
  }

  /** Each word that was learned and how often it was used, the most frequent first. */
  async learnedWords() {
    return this.memory.learnedWords();
  }

  /** The memory as the content of a file, which Python reads, too. */
  async saveMemory() {
    return JSON.stringify(this.memory);
  }

  /** Replaces the memory by a file's content. */
  async loadMemory(file) {
    this.memory.load(checkText(file, limits.MAX_MEMORY_BYTES));
    return this.memory.learned;
  }
}

/** Words not to be offered, in small letters. */
function hiding(skip) {
  return new Set(checkTexts(skip, limits.MAX_SKIPPED).map((word) => casefold(oneApostrophe(word))));
}
