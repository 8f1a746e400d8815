// A text's class. As nlp_gru/tools/sentiment.py and nlp_gru/onnx_engine/sentiment.py.

import { bisect, linear, softmax } from "./arrays.js";
import { all, casefold, whole } from "./characters.js";
import { text as checkText, texts as checkTexts, UserError } from "./checks.js";
import { sentiment as S, TITLE, UPPER } from "./constants.js";
import { frame } from "./framing.js";
import { padded } from "./runtime.js";
import { BOS, EOS, PAD, SPECIAL } from "./tokenizer.js";

const ROWS = 16; // texts read at once
const CLIP = 40_000; // characters of a text that are looked at
const MULTIPLIERS = [0x2545f4914f6cdd1dn, 0x1b873593cc9e2d51n, 0x5851f42d4c957f2dn];
const NONE = (1n << 31n) - 1n;

const [word, address, noAnswer, part] = [all(S.WORD), all(S.ADDRESS), whole(S.NO_ANSWER), all(S.PART)];
const sentenceEnds = S.SENTENCE_ENDS;

export class Classifier {
  constructor(model) {
    this.model = model;
    this.labels = model.options.labels;
    this.shown = { labels: this.labels };
    this.folded = model.tokenizer.tokens.map((token, i) =>
      i < SPECIAL || model.tokenizer.bytes[i] >= 0 ? i : (model.tokenizer.ids.get(casefold(token)) ?? i),
    );
  }

  /** {label, score, scores, unsure}: of one text, or an array of them for several. Of a long text, start and end are read. */
  async predict(texts) {
    if (typeof texts === "string") return (await this.predict([texts]))[0];
    const some = checkTexts(texts).map((text) => text.trim());
    return (await this.#probabilities(some)).map((read, i) => {
      const said = saysSomething(some[i]);
      const p = said || !this.labels.includes(S.NEUTRAL) ? read : this.labels.map((label) => +(label === S.NEUTRAL));
      const best = p.indexOf(Math.max(...p));
      const unsure = !said || spread(p) > S.UNSURE_SPREAD || this.#isSpelledOut(some[i]);
      return { label: this.labels[best], score: p[best], scores: Object.fromEntries(this.labels.map((label, c) => [label, p[c]])), unsure };
    });
  }

  async #probabilities(texts) {
    const found = [];
    for (let i = 0; i < texts.length; i += ROWS) found.push(...(await this.#logits(texts.slice(i, i + ROWS))));
    return found.map(softmax);
  }

  /** Whether most of the words are no tokens but are put together from parts, letters or bytes. */
  #isSpelledOut(text) {
    const { tokenizer } = this.model;
    const parts = [...text.slice(0, S.SPELLING_READ).matchAll(word)].map(
      ([own]) => tokenizer.encode(own).filter((id) => !S.CASE.includes(tokenizer.tokens[id])).length,
    );
    return parts.length > 0 && parts.filter((n) => n > 1).length > S.SPELLED_SHARE * parts.length;
  }

  /** The text's words and gaps, each with how far (in logits) it lifts `label` in its sentence: [[text, weight]]. */
  async explain(text, label) {
    const parts = [...checkText(text).matchAll(part)].map((m) => [m.index, m.index + m[0].length]);
    const chosen = this.labels.indexOf(label ?? (await this.predict(text)).label);
    if (chosen < 0) throw new UserError(`unknown label ${label}; the model has ${this.labels.join(", ")}`);
    const every = parts.flatMap(([from, to], i) => (says(text.slice(from, to)) ? [i] : []));
    const stop = every.length > S.MAX_EXPLAINED ? parts[every[S.MAX_EXPLAINED]][0] : text.length;
    const words = every.slice(0, S.MAX_EXPLAINED);
    const [versions, ofWord] = [[], []];
    for (const { from, to, own } of sentences(text, words.map((i) => parts[i]), stop)) {
      const whole = versions.push(text.slice(from, to).trim()) - 1;
      for (const [start, end] of own) ofWord.push([whole, versions.push((text.slice(from, start) + text.slice(end, to)).trim()) - 1]);
    }
    const lift = (await this.#probabilities(versions)).map((p) => lifted(p, chosen));
    const weights = new Map(words.map((i, n) => [i, lift[ofWord[n][0]] - lift[ofWord[n][1]]]));
    const found = [];
    let at = 0;
    parts.forEach(([from, to], i) => {
      found.push([text.slice(at, from), 0], [text.slice(from, to), weights.get(i) ?? 0]);
      at = to;
    });
    return [...found, [text.slice(at), 0]].filter(([own]) => own);
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

  /** What was read of one text, state by state, and its tokens' vectors -> logits: see nlp_gru/backbone/pooling.py. */
  #classes(states, embedded) {
    const table = (name) => this.model.table(name);
    const query = { data: table("query").data, shape: [1, states[0].length] };
    const focus = softmax(states.map((state) => linear(query, table("query.bias"), state)[0]));
    const pooled = [...mean(states), ...highest(states), ...mean(states, focus), ...mean(embedded)];
    const dense = linear(table("dense"), table("dense.bias"), pooled).map((v) => Math.max(v, 0));
    return linear(table("classes"), table("classes.bias"), dense);
  }

  /** The linear classifier over hashed n-grams of one to three tokens: see nlp_gru/heads/ngrams.py. */
  #ngrams(framed) {
    const tokens = framed.map((id) => this.folded[id]).filter((id) => ![TITLE, UPPER].includes(this.model.tokenizer.tokens[id]));
    const own = new Set();
    let rolling = tokens.map(() => 0n);
    for (let n = 0; n < 3; n++) {
      const multiplier = BigInt.asIntN(64, MULTIPLIERS[n]);
      rolling = rolling.map((r, i) => BigInt.asIntN(64, (r + BigInt((tokens[i + n] ?? PAD) + n + 1)) * multiplier));
      rolling.forEach((r, i) => {
        const real = n ? i + n < tokens.length : ![PAD, BOS, EOS].includes(tokens[i]);
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

/** Whether there is a word, a number, an emoji or a smiley in a text beside web addresses and "n/a". */
export function saysSomething(text) {
  const said = text.replace(address, "");
  if (noAnswer.test(said.trim())) return false;
  return says(said);
}

/** Whether a part of a text is a word, a number, an emoji or a smiley. */
const says = (said) => /[\p{L}\p{N}]/u.test(said) || S.PICTURES.some((sign) => said.includes(sign));

/** Start, end and words of each sentence that holds one, up to `stop`; what is long is cut between two words. */
function* sentences(text, words, stop) {
  let own = [];
  for (const word of words) {
    if (own.length) {
      const end = own.at(-1)[1];
      if (sentenceEnds.test(text.slice(end, word[0])) || own.length === S.READ_TOGETHER || word[1] - own[0][0] > S.READ_CHARACTERS) {
        yield { from: own[0][0], to: Math.min(word[0], end + S.READ_CHARACTERS), own };
        own = [];
      }
    }
    own.push(word);
  }
  if (own.length) yield { from: own[0][0], to: Math.min(stop, own.at(-1)[1] + S.READ_CHARACTERS), own };
}

/** How far a class's logit lies above the mean of the others'. */
function lifted(p, chosen) {
  const logits = p.map((v) => Math.log(Math.max(v, 1e-9)));
  const others = logits.reduce((sum, v) => sum + v, 0) - logits[chosen];
  return logits[chosen] - others / (logits.length - 1);
}

/** The entropy of probabilities, as a share of the greatest that there can be. */
const spread = (p) => -p.reduce((sum, v) => sum + v * Math.log(Math.max(v, 1e-12)), 0) / Math.log(Math.max(p.length, 2));

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
