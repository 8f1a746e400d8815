// Texts of any length, sentence by sentence, with alternatives. As nlp_gru/translator.py.

import { Seq2Seq } from "./seq2seq.js";
import { forms, isUnknown, mark, segment, unmark, withoutMarks } from "./text.js";
import { BOS, EOS } from "./tokenizer.js";

const RECENT = 256; // sentences whose translations are kept: a text that is being typed comes again and again
const BATCH = 24; // sources read at once

export class Translator {
  constructor(model) {
    this.model = model;
    this.seq2seq = new Seq2Seq(model);
    this.known = model.tables.known ? model.table("known").data : [];
    this.recent = new Map();
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
    const readable = sources.filter((source) => {
      const ids = tokenizer.encode(source); // in a script that is known by its bytes alone, no translation can come
      return !(ids.length > [...source].length && ids.filter((id) => tokenizer.bytes[id] >= 0).length > ids.length / 4);
    });
    const found = new Map((await this.#read(readable, beam, best)).map((sentence) => [sentence.source, sentence]));
    return sources.map((source) => found.get(source) ?? { source, text: source, score: 0, alternatives: [] });
  }

  async #read(sources, beam, best) {
    const results = new Map();
    const keepBest = (source, form, hypotheses) => {
      const texts = new Map();
      for (const [text, p] of hypotheses) {
        const restored = text === null ? "" : form.restore(text);
        if (restored && !texts.has(restored)) texts.set(restored, p);
      }
      const [first, ...alternatives] = [...texts];
      if (first && !(results.get(source)?.score >= first[1]))
        results.set(source, { source, text: first[0], score: first[1], alternatives });
    };
    const tried = sources.flatMap((source) => forms(withoutMarks(source)).map((form) => ({ source, form })));
    const isName = (word, begins) => isUnknown(word, begins, this.known);
    const marked = tried.map(({ form }) => mark(form.text, isName));
    const found = await this.#search(marked.map(({ text }) => text), beam, best);
    tried.forEach(({ source, form }, i) =>
      keepBest(source, form, found[i].map(([text, p]) => [unmark(text, marked[i].kept), p])),
    );
    const lost = tried.filter(({ source }) => !results.has(source)); // the marks did not come through: without them
    const again = await this.#search(lost.map(({ form }) => form.text), beam, best);
    lost.forEach(({ source, form }, i) => keepBest(source, form, again[i].map(([text, p]) => [withoutMarks(text), p])));
    return sources.map((source) => results.get(source) ?? { source, text: source, score: 0, alternatives: [] });
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
