// A text's class. As nlp_gru/tools/sentiment.py and nlp_gru/onnx_engine/sentiment.py.

import { all, whole } from "./characters.js";
import { text as checkText, texts as checkTexts, UserError } from "./checks.js";
import { sentiment as S } from "./constants.js";
import { bucket, frame } from "./framing.js";
import { padded } from "./runtime.js";

const BATCH_TOKENS = 2048; // read at once, with padding
const CLIP = 40_000; // characters of a text that are looked at

const [word, address, noAnswer, part] = [all(S.WORD), all(S.ADDRESS), whole(S.NO_ANSWER), all(S.PART)];
const sentenceEnds = S.SENTENCE_ENDS;

export class Classifier {
  constructor(model) {
    this.model = model;
    this.labels = model.options.labels;
    this.shown = { labels: this.labels };
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
    const framed = texts.map((text) => this.#frame(text));
    const found = [];
    for (const rows of bucket(framed.map((ids) => ids.length), BATCH_TOKENS)) {
      const { ids, mask } = padded(rows.map((row) => framed[row]));
      const { data } = (await this.model.run("classifier", { ids, mask })).probabilities;
      rows.forEach((row, i) => (found[row] = Array.from(data.subarray(i * this.labels.length, (i + 1) * this.labels.length))));
    }
    return found;
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
