// What tells that a person is in danger, and the one reply that points to help. As nlp_gru/tools/chat/safety.py.

import { argmax, dot } from "./arrays.js";
import { all, casefold, crc32 } from "./characters.js";
import { danger as D, safety as S } from "./constants.js";
import { segment } from "./segment.js";

const word = all(D.WORD);

export class Alarm {
  /** A chat model: it holds the network (hidden, output: rows with their biases; words: weights by their hashes, and a bias; threshold), or else examples with their kinds. */
  static of(model) {
    if (!model.tables["danger.hidden"]) return new Alarm({ kinds: model.content["danger.json"] ?? [], examples: model.tables.danger ? model.rows("danger") : [] });
    const layer = (name) => ({ rows: model.rows(`danger.${name}`), bias: model.table(`danger.${name}.bias`).data });
    const words = { weights: model.rows("danger.words")[0], bias: model.table("danger.words.bias").data[0] };
    return new Alarm({ network: { hidden: layer("hidden"), output: layer("output"), words, threshold: model.table("danger.threshold").data[0] } });
  }

  constructor({ network = null, kinds = [], examples = [] }) {
    Object.assign(this, { network, kinds, examples });
  }

  /** The kind of danger that a turn speaks of, by its `parts` and their vectors: that of the plainest; or null. */
  of(texts, vectors) {
    if (this.network) return this.#read(texts, vectors);
    if (!this.kinds.length) return null;
    const cosines = this.examples.map((example) => Math.max(...vectors.map((vector) => dot(example, vector))));
    const nearest = argmax(cosines);
    return this.kinds[nearest] === S.HARMLESS || cosines[nearest] < S.MIN_COSINE ? null : this.kinds[nearest];
  }

  #read(texts, vectors) {
    const { hidden, output, words, threshold } = this.network;
    const through = ({ rows, bias }, x) => rows.map((row, i) => dot(row, x) + bias[i]);
    const logits = vectors.map((vector) => through(output, through(hidden, vector).map((value) => Math.max(value, 0))));
    const odds = logits.map((own, i) => logOdds(own) + said(texts[i], words));
    const plainest = argmax(odds);
    return odds[plainest] > threshold ? S.KINDS[1 + argmax(logits[plainest].slice(1))] : null;
  }
}

/** What the words of a text, and each two that follow each other, add to the log-odds of danger. */
export function said(text, { weights, bias }) {
  const own = casefold(text).replaceAll("’", "'").match(word) ?? [];
  const grams = [...own, ...own.slice(1).map((second, i) => `${own[i]} ${second}`)];
  const places = new Set(grams.map((gram) => crc32(gram) % weights.length));
  return [...places].reduce((sum, place) => sum + weights[place], 0) / Math.sqrt(Math.max(places.size, 1)) + bias;
}

/** Logits, of which the first is that of no danger -> the log-odds of any. */
export function logOdds([harmless, ...kinds]) {
  const most = Math.max(...kinds);
  return most + Math.log(kinds.reduce((sum, value) => sum + Math.exp(value - most), 0)) - harmless;
}

/** The turn, and its sentences where there are several. */
export function parts(turn) {
  const sentences = segment(turn, "en").filter((part) => part.isSentence).map((part) => part.text).slice(-S.MOST_SENTENCES);
  return sentences.length > 1 ? [turn, ...sentences] : [turn];
}

/** The reply to a kind of danger. contacts: whom to call; what it lacks is HELP's. */
export function reply(kind, contacts = {}) {
  const all = { ...S.HELP, ...contacts };
  return S.REPLIES[kind].replace(/\{([^}]+)\}/g, (_, name) => all[name]);
}
