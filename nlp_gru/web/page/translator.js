// Texts of any length, sentence by sentence, with alternatives. As nlp_gru/tools/translation/translator.py.

import { Seq2Seq } from "./seq2seq.js";
import { rewritten } from "./conventions.js";
import { phrase } from "./letters.js";
import { forms, isUnknown, mark, pieces, segment, unmark, unwrapped, withoutMarks } from "./text.js";
import { BOS, EOS } from "./tokenizer.js";

const RECENT = 256; // sentences whose translations are kept: a text that is being typed comes again and again
const BATCH = 24; // sources read at once

export class Translator {
  constructor(model) {
    this.model = model;
    this.seq2seq = new Seq2Seq(model);
    this.known = model.tables.known ? model.table("known").data : [];
    this.recent = new Map();
    this.isName = (word, begins) => isUnknown(word, begins, this.known);
  }

  /** {text, score, sentences: [{source, text, score, alternatives: [[text, score]]}]}. */
  async translate(text, beam = 5, alternatives = 0) {
    const parts = segment(text.toWellFormed(), this.model.options.source);
    const key = (source) => `${beam} ${alternatives} ${source}`;
    const asked = [...new Set(parts.filter((p) => p.isSentence).map((p) => p.text))];
    const done = new Map(asked.map((source) => [source, this.recent.get(key(source))]));
    const fresh = asked.filter((source) => !done.get(source));
    for (const sentence of await this.#sentences(fresh, beam, alternatives + 1)) done.set(sentence.source, sentence);
    for (const [source, sentence] of done) {
      this.recent.delete(key(source));
      this.recent.set(key(source), sentence);
    }
    for (const old of [...this.recent.keys()].slice(0, -RECENT)) this.recent.delete(old);
    const sentences = parts.filter((p) => p.isSentence).map((p) => done.get(p.text));
    return {
      text: parts.map((p) => (p.isSentence ? done.get(p.text).text : p.text)).join(""),
      score: sentences.length ? sentences.reduce((sum, s) => sum + s.score, 0) / sentences.length : 1,
      sentences,
    };
  }

  /** Where the model looks while it writes: {source, target: pieces, weights: rows of numbers}, of one sentence. */
  async attention(source, target) {
    const { tokenizer } = this.model;
    const ids = [...tokenizer.encode(source), EOS];
    const written = [...tokenizer.encode(target), EOS];
    const { looks } = await this.seq2seq.whole(await this.seq2seq.read([ids]), [[BOS, ...written.slice(0, -1)]], [written]);
    const shown = (list) => list.slice(0, -1).map((id) => tokenizer.pieces[id].replaceAll("▁", " "));
    const weights = written.map((_, t) => Array.from(looks.data.subarray(t * ids.length, (t + 1) * ids.length)));
    return { source: shown(ids), target: shown(written), weights: weights.slice(0, -1).map((row) => row.slice(0, -1)) };
  }

  async #sentences(sources, beam, best) {
    const { tokenizer } = this.model;
    const { source: from, target: to } = this.model.options;
    const found = new Map();
    for (const source of sources) {
      const text = phrase(source, from, to);
      if (text) found.set(source, { source, text, score: 1, alternatives: [] });
    }
    const readable = sources.filter((source) => {
      if (found.has(source)) return false;
      const ids = tokenizer.encode(source); // in a script that is known by its bytes alone, no translation can come
      return !(ids.length > [...source].length && ids.filter((id) => tokenizer.bytes[id] >= 0).length > ids.length / 4);
    });
    for (const sentence of await this.#read(readable, beam, best)) found.set(sentence.source, sentence);
    return sources.map((source) => found.get(source) ?? { source, text: source, score: 0, alternatives: [] });
  }

  async #read(sources, beam, best) {
    const { source: from, target: to } = this.model.options;
    const results = new Map();
    const wrapped = new Map(sources.map((source) => [source, unwrapped(withoutMarks(source))]));
    const tried = sources.flatMap((source) => forms(wrapped.get(source)[1]).map((form) => ({ source, form })));
    const marked = tried.map(({ form }) => mark(form.text, this.isName, from));
    const found = await this.#search(marked.map(({ text }) => text), beam, beam); // all, since some may lose a mark
    tried.forEach(({ source, form }, i) => {
      const back = marked[i].kept.map((string) => rewritten(string, from, to));
      const texts = new Map();
      for (const [hypothesis, p] of found[i]) {
        const text = unmark(hypothesis, back, marked[i].text);
        const restored = text === null ? "" : form.restore(text);
        if (restored && !texts.has(restored)) texts.set(restored, p);
      }
      const [first, ...alternatives] = [...texts].slice(0, best);
      if (first && !(results.get(source)?.score >= first[1]))
        results.set(source, { source, text: first[0], score: first[1], alternatives });
    });
    for (const source of sources) {
      const [before, core, after] = wrapped.get(source);
      const sentence = results.get(source) ?? (await this.#inPieces(source, core, beam));
      const around = (text) => `${before}${text}${after}`;
      const alternatives = sentence.alternatives.map(([text, p]) => [around(text), p]);
      results.set(source, { ...sentence, text: around(sentence.text), alternatives });
    }
    return sources.map((source) => results.get(source));
  }

  /** Where marks do not come through, what stands between them is translated by itself. */
  async #inPieces(source, core, beam) {
    const { source: from, target: to } = this.model.options;
    const parts = pieces(core, this.isName, from);
    if (!parts.some(([, kept]) => kept)) return { source, text: source, score: 0, alternatives: [] };
    let [text, score] = ["", 1];
    for (const [part, kept] of parts) {
      if (kept || !/\p{L}/u.test(part)) {
        text += kept ? rewritten(part, from, to) : part;
        continue;
      }
      const inner = part.trim();
      const [translated] = await this.#read([inner], beam, 1);
      const at = part.indexOf(inner);
      text += part.slice(0, at) + translated.text + part.slice(at + inner.length);
      score = Math.min(score, translated.score);
    }
    return { source, text, score, alternatives: [] };
  }

  /** The best translations of each source: [[text, the mean probability of its pieces]]. */
  async #search(sources, beam, best) {
    const { tokenizer } = this.model;
    const ids = sources.map((source) => [...tokenizer.encode(source), EOS]);
    const order = ids.map((_, i) => i).sort((a, b) => ids[b].length - ids[a].length);
    const found = [];
    for (let i = 0; i < order.length; i += BATCH) {
      const rows = order.slice(i, i + BATCH);
      const hypotheses = await this.seq2seq.search(rows.map((row) => ids[row]), beam, best);
      rows.forEach((row, n) => {
        found[row] = hypotheses[n].map((h) => [tokenizer.decode(h.pieces).trim(), Math.exp(h.logP / (h.pieces.length + 1))]);
      });
    }
    return found;
  }
}
