// A text's class. As nlp_gru/onnx_engine/sentiment.py.

import { bisect, linear, softmax } from "./arrays.js";
import { casefold } from "./characters.js";
import { text as checkText, texts as checkTexts, UserError } from "./checks.js";
import { TITLE, UPPER } from "./constants.js";
import { frame } from "./framing.js";
import { padded } from "./runtime.js";
import { BOS, EOS, PAD, SPECIAL } from "./tokenizer.js";

const ROWS = 16; // texts read at once
const CLIP = 40_000; // characters of a text that are looked at
const MULTIPLIERS = [0x2545f4914f6cdd1dn, 0x1b873593cc9e2d51n, 0x5851f42d4c957f2dn];
const NONE = (1n << 31n) - 1n;

export class Classifier {
  constructor(model) {
    this.model = model;
    this.labels = model.options.labels;
    this.shown = { labels: this.labels };
    this.folded = model.tokenizer.pieces.map((piece, i) =>
      i < SPECIAL || model.tokenizer.bytes[i] >= 0 ? i : (model.tokenizer.ids.get(casefold(piece)) ?? i),
    );
  }

  /** {label, score, scores}: of one text, or an array of them for several. Of a long text, start and end are read. */
  async predict(texts) {
    if (typeof texts === "string") return (await this.predict([texts]))[0];
    const some = checkTexts(texts);
    const found = [];
    for (let i = 0; i < some.length; i += ROWS) found.push(...(await this.#logits(some.slice(i, i + ROWS))));
    return found.map((logits) => {
      const p = softmax(logits);
      const best = p.indexOf(Math.max(...p));
      return { label: this.labels[best], score: p[best], scores: Object.fromEntries(this.labels.map((label, i) => [label, p[i]])) };
    });
  }

  /** Every word and gap, each word with how much less likely (in log-odds) `label` is without it: [[text, weight]]. */
  async explain(text, label) {
    const parts = checkText(text).match(/\s+|\S+/g) ?? [];
    const chosen = label ?? (await this.predict(text)).label;
    if (!this.labels.includes(chosen)) throw new UserError(`unknown label ${chosen}; the model has ${this.labels.join(", ")}`);
    const words = parts.flatMap((part, i) => (part.trim() ? [i] : []));
    const read = await this.predict([text, ...words.map((i) => parts.filter((_, j) => j !== i).join(""))]);
    const odds = read.map(({ scores }) => Math.log(scores[chosen] / (1 - scores[chosen])));
    const found = parts.map((part) => [part, 0]);
    words.forEach((word, i) => (found[word][1] = odds[0] - odds[i + 1]));
    return found;
  }

  #frame(text) {
    const clipped = text.length <= CLIP ? text : text.slice(0, CLIP / 2) + text.slice(-CLIP / 2);
    return frame(this.model.tokenizer.encode(clipped), this.model.options.max_length);
  }

  async #logits(texts) {
    const framed = texts.map((text) => this.#frame(text));
    const found = await this.#gru(framed);
    const [a, b, c, d] = this.model.options.blend;
    return found.map((gru, row) => {
      const x = Math.log(framed[row].length / 32);
      const logits = Array.from(gru, (v) => Math.exp(a + b * x) * v);
      const weight = Math.max(c + d * x, 0);
      if (this.model.tables["ngrams.keys"] && weight) this.#ngrams(framed[row]).forEach((v, i) => (logits[i] += weight * v));
      return logits;
    });
  }

  async #gru(framed) {
    const size = this.model.config.model.window || Infinity;
    const parts = framed.flatMap((ids, row) => {
      const own = [];
      for (let i = 0; i < ids.length; i += size) own.push({ row, part: ids.slice(i, i + size) });
      return own;
    });
    const { ids, mask } = padded(parts.map(({ part }) => part));
    const { states, embedded } = await this.model.run("encoder", { ids, mask });
    const rows = ({ data, dims: [, steps, width] }, row) =>
      parts.flatMap(({ row: owner, part }, n) =>
        owner === row ? part.map((_, t) => data.subarray((n * steps + t) * width, (n * steps + t + 1) * width)) : [],
      );
    return framed.map((_, row) => this.#classes(rows(states, row), rows(embedded, row)));
  }

  /** What was read of one text, state by state, and its pieces' vectors -> logits: see nlp_gru/backbone/pooling.py. */
  #classes(states, embedded) {
    const table = (name) => this.model.table(name);
    const query = { data: table("query").data, shape: [1, states[0].length] };
    const focus = softmax(states.map((state) => linear(query, table("query.bias"), state)[0]));
    const pooled = [...mean(states), ...highest(states), ...mean(states, focus), ...mean(embedded)];
    const dense = linear(table("dense"), table("dense.bias"), pooled).map((v) => Math.max(v, 0));
    return linear(table("classes"), table("classes.bias"), dense);
  }

  /** The linear classifier over hashed n-grams of one to three pieces: see nlp_gru/heads/ngrams.py. */
  #ngrams(framed) {
    const pieces = framed.map((id) => this.folded[id]).filter((id) => ![TITLE, UPPER].includes(this.model.tokenizer.pieces[id]));
    const own = new Set();
    let rolling = pieces.map(() => 0n);
    for (let n = 0; n < 3; n++) {
      const multiplier = BigInt.asIntN(64, MULTIPLIERS[n]);
      rolling = rolling.map((r, i) => BigInt.asIntN(64, (r + BigInt((pieces[i + n] ?? PAD) + n + 1)) * multiplier));
      rolling.forEach((r, i) => {
        const real = n ? i + n < pieces.length : ![PAD, BOS, EOS].includes(pieces[i]);
        if (!real) return;
        const mixed = BigInt.asIntN(64, (r ^ (r >> 29n)) * BigInt.asIntN(64, MULTIPLIERS[0]));
        const hash = (mixed >> 20n) & NONE;
        own.add(Number(hash === NONE ? NONE - 1n : hash));
      });
    }
    const { data: keys } = this.model.table("ngrams.keys");
    const places = [...own].map((key) => [key, bisect(keys, key)]).filter(([key, place]) => keys[place] === key).map(([, place]) => place);
    const { data: weight, shape } = this.model.table("ngrams.weight");
    const { data: scale } = this.model.table("ngrams.scale");
    const root = Math.sqrt(Math.max(places.length, 1));
    return this.model.table("ngrams.bias").data.map((bias, c) => {
      const sum = places.reduce((total, place) => total + weight[c * shape[1] + place], 0);
      return bias + (sum * scale[c]) / root;
    });
  }
}

function mean(rows, weights) {
  const found = new Float64Array(rows[0].length);
  rows.forEach((row, t) => row.forEach((v, i) => (found[i] += v * (weights ? weights[t] : 1 / rows.length))));
  return found;
}

function highest(rows) {
  const found = Float64Array.from(rows[0]);
  for (const row of rows) row.forEach((v, i) => (found[i] = Math.max(found[i], v)));
  return found;
}
