// What texts mean, as vectors whose cosine says how alike that is. As nlp_gru/tools/similarity/encoder.py.

import { dot, unit } from "./arrays.js";
import { all } from "./characters.js";
import { number, text as checkText, texts as checkTexts, UserError, wholeNumber } from "./checks.js";
import { limits, similarity as S } from "./constants.js";
import { bucket, frame } from "./framing.js";
import { passages } from "./passages.js";
import { padded } from "./runtime.js";

const BATCH_TOKENS = 2048; // read at once, with padding
const word = all(S.WORD);

export class TextEncoder {
  constructor(model) {
    this.model = model;
    this.dimensions = model.options.dimensions;
    this.shown = { dimensions: this.dimensions };
  }

  /** A unit vector for each text, or one for one text: Float32Array. dimensions: the first so many values. */
  async encode(texts, { dimensions = this.dimensions } = {}) {
    if (typeof texts === "string") return (await this.encode([texts], { dimensions }))[0];
    const size = wholeNumber("dimensions", dimensions, 1, this.dimensions);
    const { tokenizer } = this.model;
    const framed = checkTexts(texts).map((text) => frame(tokenizer.encode(ends(text.trim())), S.MAX_TOKENS));
    const found = [];
    for (const rows of bucket(framed.map((ids) => ids.length), BATCH_TOKENS)) {
      const { ids, mask } = padded(rows.map((row) => framed[row]));
      const { data } = (await this.model.run("encoder", { ids, mask })).vectors;
      const width = data.length / rows.length;
      rows.forEach((row, i) => (found[row] = unit(data.subarray(i * width, i * width + size))));
    }
    return found;
  }

  /** The cosines of all pairs, an array for each of the first texts; of single texts, without their axis. */
  async similarity(first, second) {
    const [some, others] = [await this.encode(first), await this.encode(second)];
    const against = (one) => (typeof second === "string" ? dot(one, others) : others.map((other) => dot(one, other)));
    return typeof first === "string" ? against(some) : some.map(against);
  }

  /** The `k` texts that come closest to the query: {text, score, index, passage}, best first; for several queries, a list for each. */
  async search(query, texts, { k = 10 } = {}) {
    const queries = typeof query === "string" ? [checkText(query).toWellFormed()] : checkTexts(query);
    if (!queries.every((own) => own.trim())) throw new UserError("the query is empty; say what is searched");
    wholeNumber("k", k, 1, limits.MAX_HITS);
    const some = checkTexts(texts);
    const places = some.flatMap((text, index) => passages(text).map((passage) => ({ index, passage })));
    const [asked, vectors] = [await this.encode(queries), await this.encode(places.map(({ passage }) => passage))];
    const found = asked.map((vector) => {
      const best = new Map();
      places.forEach(({ index, passage }, i) => {
        const score = Math.max(-1, Math.min(1, dot(vector, vectors[i])));
        if (!(best.get(index)?.score >= score)) best.set(index, { text: some[index], score, index, passage });
      });
      return [...best.values()].sort((a, b) => b.score - a.score || a.index - b.index).slice(0, k);
    });
    return typeof query === "string" ? found[0] : found;
  }

  /** The groups of texts that say the same: {indices, texts, scores}, each compared with the first of its group. */
  async duplicates(texts, { threshold = 0.9 } = {}) {
    number("threshold", threshold, 0, 1, true);
    const some = checkTexts(texts);
    const rows = some.map((_, i) => i).filter((i) => some[i].trim());
    const vectors = await this.encode(rows.map((i) => some[i]));
    const groups = [];
    rows.forEach((row, i) => {
      for (const group of groups) {
        const score = dot(group.vector, vectors[i]);
        if (score >= threshold) return void group.members.push([row, Math.min(score, 1)]);
      }
      groups.push({ vector: vectors[i], members: [[row, 1]] });
    });
    return groups.filter(({ members }) => members.length > 1).map(({ members }) => ({
      indices: members.map(([row]) => row),
      texts: members.map(([row]) => some[row]),
      scores: members.map(([, score]) => score),
    }));
  }

  /** The text's words and gaps, each with how far the cosine with the query falls without it: [[text, weight]]. */
  async explain(query, text) {
    if (!checkText(query).trim()) throw new UserError("the query is empty; say what is searched");
    const asked = await this.encode(query);
    const words = [...checkText(text).matchAll(word)].map((m) => [m.index, m.index + m[0].length]);
    const without = words.slice(0, S.MAX_EXPLAINED).map(([start, end]) => text.slice(0, start) + text.slice(end));
    const cosines = (await this.encode([text, ...without])).map((vector) => dot(vector, asked));
    const found = [];
    let at = 0;
    words.forEach(([start, end], i) => {
      found.push([text.slice(at, start), 0], [text.slice(start, end), i < S.MAX_EXPLAINED ? cosines[0] - cosines[i + 1] : 0]);
      at = end;
    });
    return [...found, [text.slice(at), 0]].filter(([part]) => part);
  }
}

/** The text, or start and end of a long one. */
const ends = (text) => (text.length <= S.MAX_TEXT ? text : `${text.slice(0, S.MAX_TEXT / 2)} ${text.slice(-S.MAX_TEXT / 2)}`);
