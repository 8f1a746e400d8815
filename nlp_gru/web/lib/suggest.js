// Whole words from a model of tokens: those that go on with the letters typed. As nlp_gru/decoding/word_search.py.

import { canonical, expectsWord, plain, read } from "./canonical.js";
import { bisect } from "./arrays.js";
import { casefold } from "./characters.js";
import { BLANK, JOINING, suggest, TITLE, UPPER } from "./constants.js";
import { BOS, EOS, SPECIAL } from "./tokenizer.js";

const { BLOCK, CONTEXT, LEAST_CASE } = suggest;
const INNER = /^[\p{L}\p{N}_'-]/u; // what may go on within a word

/** What each token spells, ready to be looked up by its first letters without regard to case. */
export class Spelling {
  constructor({ tokens, bytes }) {
    this.text = tokens.map((p, i) => (i < SPECIAL || bytes[i] >= 0 ? "" : p.replaceAll("▁", " ")));
    const entries = this.text.map((text, id) => [casefold(text), id]).filter(([text]) => text);
    entries.sort(([a, i], [b, j]) => (a < b ? -1 : a > b ? 1 : i - j));
    this.folded = entries.map(([text]) => text);
    this.order = entries.map(([, id]) => id);
    this.begins = this.text.map((t) => /^ ?[\p{L}\p{N}_]/u.test(t) || t === " "); // may open a word
    this.starts = this.text.flatMap((t, i) => (this.begins[i] ? [i] : []));
    this.case = this.text.flatMap((t, i) => (t === TITLE || t === UPPER ? [i] : [])); // stand before a word and spell nothing
    this.inner = this.text.flatMap((t, i) => (INNER.test(t) ? [i] : [])); // ids that go on with the word before
    this.ends = [EOS, ...this.text.flatMap((t, i) => (t && !INNER.test(t) ? [i] : []))]; // the word before is over
    const same = new Map(this.text.map((text, i) => [text.replace(/^ +/, ""), i]));
    this.alike = this.text.map((text, i) => (text.trim() ? same.get(text.replace(/^ +/, "")) : i)); // with a blank before it or not
  }

  /** Ids of the tokens that begin with `text`, the whole of which they spell. */
  startingWith(text) {
    return this.order.slice(bisect(this.folded, text), bisect(this.folded, `${text}\u{10ffff}`));
  }

  /** Ids of the tokens that spell a part of `text` from its start, but not all of it. */
  beginningOf(text) {
    const found = [];
    for (let n = 1; n < text.length; n++) {
      const part = text.slice(0, n);
      for (let i = bisect(this.folded, part); this.folded[i] === part; i++) found.push(this.order[i]);
    }
    return found;
  }
}

/** Whether a letter of the word stands there already. */
const begun = (text) => text.replaceAll(TITLE, "").replaceAll(UPPER, "").trim() !== "";

/** Words by their small letters: probability and the likeliest spelling. mass: that of all that fits the prefix; known: whether a word
 * is one that is looked for. */
class Words {
  constructor(prefix, known) {
    Object.assign(this, { prefix, known, mass: 0, p: new Map(), spelling: new Map(), best: new Map() });
  }

  add(text, p) {
    const word = read(text.replaceAll(" ", BLANK)).trim().replace(/[^\p{L}\p{N}_]+$/u, "");
    const key = casefold(word);
    if (!key || !key.startsWith(this.prefix)) return;
    this.p.set(key, (this.p.get(key) ?? 0) + p);
    if (p <= (this.best.get(key) ?? 0)) return;
    this.best.set(key, p);
    this.spelling.set(key, word);
  }

  /** The probability of the k-th best word that is looked for: 0 while there are fewer. */
  threshold(k) {
    if (this.p.size < k) return 0;
    const fitting = [...this.p].filter(([word]) => this.known(word)).map(([, p]) => p);
    return fitting.sort((a, b) => b - a)[k - 1] ?? 0;
  }
}

/** Words after a context, with the model's state kept between keystrokes. */
export class WordSearch {
  /** reader: read(ids, state) -> {p, state}; stepMany(ids, states) -> [{p, state}]. */
  constructor(reader, tokenizer, spelling) {
    Object.assign(this, { reader, tokenizer, spelling, ids: [], known: new Map(), steps: new Map() });
  }

  /** {p, state}: the probabilities of the token after `text`, and the state there; reads only what is new. */
  async context(text) {
    const ids = [BOS, ...this.tokenizer.encode(window(text))];
    let same = 0;
    while (same < ids.length && ids[same] === this.ids[same]) same++;
    if (same < ids.length || same < this.ids.length) this.steps.clear();
    this.known = new Map([...this.known].slice(-64).filter(([n]) => n <= same));
    const start = Math.max(0, ...this.known.keys());
    if (start < ids.length) this.known.set(ids.length, await this.reader.read(ids.slice(start), this.known.get(start)?.state));
    this.ids = ids;
    return this.known.get(ids.length);
  }

  /** {p, title}: the probability of each word of a list after `context`, an estimate (see nlp_gru/text/word_list.py), and whether it would have
   * a capital. */
  async knownWords(context, words) {
    const { p, state } = await this.context(context.replace(/ +$/, ""));
    const title = new Float64Array(p.length);
    const cases = this.spelling.case.filter((id) => p[id] > LEAST_CASE).map((id) => ({ ids: [id], p: p[id] }));
    const rows = cases.length ? await this.#step(cases, state) : [];
    cases.forEach((h, row) => rows[row].forEach((value, id) => (title[id] += h.p * value)));
    const found = new Float64Array(words.words.length);
    for (let i = 0; i < found.length; i++) found[i] = words.firstShare[i] * (p[words.first[i]] + title[words.first[i]]);
    return { p: found, title: (place) => title[words.first[place]] > p[words.first[place]] };
  }

  /** The probability of the likeliest tokens of `word` after `context`. */
  async spelled(context, word) {
    let { p, state } = await this.context(context.replace(/ +$/, ""));
    const ids = this.tokenizer.encode(window(context) + word).slice(this.ids.length - 1); // what it adds to those of the context
    let result = 1;
    for (const id of ids) {
      result *= p[id];
      [{ p, state }] = await this.reader.stepMany([id], [state]);
    }
    return result;
  }

  /** At least the k likeliest words (when there are so many) that begin with `prefix`, whatever its case. known: whether a word, in
   * small letters, is one of those that are looked for: others are found on the way. */
  async search(context, prefix, k, { width = 12, rounds = 5, known = () => true } = {}) {
    const lead = /^[^\p{L}\p{N}_]*/u.exec(prefix)[0]; // marks before a word are not part of it
    [context, prefix] = [context + lead, prefix.slice(lead.length)];
    const spaced = context.replace(/ +$/, "");
    const root = await this.context(spaced);
    const words = new Words(casefold(prefix), known);
    let open = [];
    this.#extend(words, open, { ids: [], text: "", p: 1, rest: this.#target(spaced, context, prefix) }, root.p, width, 0);
    for (let round = 0; round < rounds; round++) {
      let least = words.threshold(k);
      open = open.filter((h) => h.p > least).sort((a, b) => b.p - a.p);
      const batch = open.splice(0, width);
      if (!batch.length) break;
      const rows = await this.#step(batch, root.state);
      batch.forEach((h, i) => {
        if (h.rest || !begun(h.text) || this.#joins(h)) return;
        let over = 0; // the word ends here
        for (const id of this.spelling.ends) over += rows[i][id];
        words.add(h.text, h.p * over);
      });
      least = words.threshold(k);
      batch.forEach((h, i) => this.#extend(words, open, h, rows[i], width, least));
    }
    return words;
  }

  /** What the tokens of the next word must spell: its letters, behind the blank, typed or understood. */
  #target(spaced, context, prefix) {
    const typed = spaced !== context;
    if (this.tokenizer.edition === 1) return (spaced && typed && !spaced.endsWith("\n") ? " " : "") + casefold(prefix);
    const form = canonical(casefold(plain(prefix))).replaceAll(BLANK, " ").replace(/^ /, "");
    return (typed || expectsWord(plain(spaced.slice(-20))) ? " " : "") + form;
  }

  /** Whether a word follows that belongs to this one and has a token with a blank all the same: "well-". */
  #joins(h) {
    return this.tokenizer.edition > 1 && begun(h.text) && JOINING.includes(h.text.at(-1));
  }

  /** Put the likeliest continuations of `h` by one token on the open list; p (V,) are their probabilities. */
  #extend(words, open, h, p, width, least) {
    const { spelling } = this;
    const goOn = (id, rest) => {
      if (h.p * p[id] > least) open.push({ ids: [...h.ids, id], text: h.text + spelling.text[id], p: h.p * p[id], rest });
    };
    let ids = this.#joins(h) ? spelling.starts : spelling.inner;
    if (h.rest || !h.ids.length) {
      ids = spelling.startingWith(h.rest);
      if (!begun(h.text)) ids = ids.filter((id) => spelling.begins[id]);
      for (const id of ids) words.mass += h.p * p[id];
      if (!h.ids.length) for (const id of spelling.case) goOn(id, h.rest);
      for (const id of spelling.beginningOf(h.rest)) goOn(id, h.rest.slice(spelling.text[id].length));
    }
    const likely = ids.filter((id) => h.p * p[id] > least);
    if (likely.length > width) likely.sort((a, b) => p[b] - p[a]);
    for (const id of likely.slice(0, width)) goOn(id, "");
  }

  /** Probabilities after each hypothesis; those met at an earlier key of the same word are remembered. */
  async #step(batch, root) {
    if (this.steps.size > 512) this.steps.clear();
    const fresh = batch.filter((h) => !this.steps.has(h.ids.join()));
    const before = fresh.map((h) => (h.ids.length > 1 ? this.steps.get(h.ids.slice(0, -1).join())?.state : root));
    if (before.includes(undefined)) return this.#again(batch, root);
    if (fresh.length) {
      const found = await this.reader.stepMany(fresh.map((h) => h.ids.at(-1)), before);
      fresh.forEach((h, i) => this.steps.set(h.ids.join(), found[i]));
    }
    return batch.map((h) => this.steps.get(h.ids.join()).p);
  }

  /** The same for hypotheses whose beginnings have been forgotten. */
  async #again(batch, root) {
    const rows = [];
    for (const h of batch) {
      const found = await this.reader.read(h.ids, root);
      this.steps.set(h.ids.join(), found);
      rows.push(found.p);
    }
    return rows;
  }
}

/** The last CONTEXT to CONTEXT + BLOCK characters, from a word's start on. */
function window(text) {
  if (text.length <= CONTEXT + BLOCK) return text;
  const start = Math.floor((text.length - CONTEXT) / BLOCK) * BLOCK;
  const blank = /\s/.exec(text.slice(start, start + 100));
  return text.slice(blank ? start + blank.index + 1 : start);
}
