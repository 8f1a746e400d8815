// Replies to a dialogue. As nlp_gru/tools/chat/chatbot.py.

import { linear, softmax } from "./model.js";
import { random, sampleMany } from "./search.js";
import { Seq2Seq } from "./seq2seq.js";
import { letters } from "./text.js";
import { BOS, EOS, TURN } from "./tokenizer.js";

const MAX_TURN = 2000; // characters of a turn that are read: its last ones
const NEAR = 0.9; // the cosine from which a turn is taken for a question that has a ready answer
const SHARP = 50; // on cosines, where several have
const UNEXPECTED = 0.7; // the share of the log-probability after nothing that is taken from that after the dialogue
const MATCH = 8; // what the cosine of the dual encoder counts beside it

export class ChatBot {
  constructor(model) {
    this.model = model;
    this.seq2seq = new Seq2Seq(model);
  }

  /** {text, score, candidates: [[text, share]], answered}. turns: the dialogue so far, the user's last. */
  async reply(turns, { candidates = 8, temperature = 0.8, topP = 0.9, maxWords = 40, seed } = {}) {
    const history = turns.map((turn) => turn.slice(-MAX_TURN).toWellFormed().trim()).filter(Boolean);
    const draw = random(seed);
    const said = new Set(history.map(letters));
    const known = [...(await this.#known(history.at(-1)))].filter(([text]) => !said.has(letters(text)));
    if (known.length) {
      const shares = softmax(known.map(([, cosine]) => SHARP * cosine));
      let point = draw();
      const drawn = shares.findIndex((share) => (point -= share) < 0);
      const first = temperature > 0 && drawn >= 0 ? drawn : shares.indexOf(Math.max(...shares));
      return answer(known.map(([text]) => text), shares, first);
    }
    const { tokenizer } = this.model;
    const context = this.#join(history.map((turn) => tokenizer.encode(turn)));
    const rows = temperature > 0 ? candidates : 1;
    const reading = await this.seq2seq.read([context], rows);
    const found = await sampleMany(this.seq2seq.step, reading, rows, 2 * maxWords, { temperature, topP }, draw);
    const texts = new Map(found.map((ids) => [tokenizer.decode(ids).trim(), ids]).filter(([text]) => text));
    const best = [(text) => !said.has(letters(text)), (text) => !repeatsItself(text)].reduce((kept, isGood) => {
      const good = kept.filter(([text]) => isGood(text));
      return good.length ? good : kept;
    }, [...texts]);
    if (!best.length) return { text: "...", score: 0, candidates: [], answered: true };
    const shares = softmax(await this.#ranks(context, best.map(([, ids]) => ids)));
    return answer(best.map(([text]) => text), shares, shares.indexOf(Math.max(...shares)));
  }

  /** The last turns' pieces as one source that ends with EOS; of what is too long, the end is kept. */
  #join(turns) {
    const { context_turns: most, context_tokens: tokens } = this.model.options;
    const ids = turns.slice(-most).flatMap((turn, i) => (i ? [TURN, ...turn] : turn));
    return [...ids.slice(-tokens), EOS];
  }

  /** Where sequences lie on the unit sphere, by the map for contexts or the one for replies. */
  async #places(map, sequences) {
    const { mean } = await this.seq2seq.encode(sequences);
    const [weight, bias] = [this.model.table(map), this.model.table(`${map}.bias`)];
    return sequences.map((_, i) => {
      const place = linear(weight, bias, mean.data.subarray(i * mean.dims[1], (i + 1) * mean.dims[1]));
      const length = Math.hypot(...place);
      return place.map((v) => v / length);
    });
  }

  /** The ready answers of questions that are like the turn, as typed or in small letters, each with its cosine. */
  async #known(turn) {
    const near = new Map();
    if (!this.model.options.ready.length) return near;
    const typed = [...new Set([turn, turn.toLowerCase().replaceAll("'", "").replace(/[.!?]+$/, "")])];
    const own = await this.#places("context", typed.map((t) => this.#join([this.model.tokenizer.encode(t)])));
    const { data, shape } = this.model.table("ready");
    this.model.options.ready.forEach(([, text], i) => {
      const place = data.subarray(i * shape[1], (i + 1) * shape[1]);
      const cosine = Math.max(...own.map((o) => dot(o, place)));
      if (cosine >= NEAR) near.set(text, Math.max(near.get(text) ?? 0, Math.round(cosine * 1000) / 1000));
    });
    return near;
  }

  async #ranks(context, replies) {
    const given = await this.#logP(context, replies);
    const alone = await this.#logP([EOS], replies);
    const [place] = await this.#places("context", [context]);
    const match = (await this.#places("reply", replies.map((ids) => [...ids, EOS]))).map((p) => dot(p, place));
    return replies.map((ids, i) => (given[i] - UNEXPECTED * alone[i]) / (ids.length + 1) + MATCH * match[i]);
  }

  async #logP(context, replies) {
    const reading = await this.seq2seq.read([context], replies.length);
    const { logP } = await this.seq2seq.whole(reading, replies.map((r) => [BOS, ...r]), replies.map((r) => [...r, EOS]));
    return replies.map((r, i) => logP.data.subarray(i * logP.dims[1], i * logP.dims[1] + r.length + 1).reduce((a, b) => a + b, 0));
  }
}

function answer(texts, shares, chosen) {
  const order = texts.map((_, i) => i).sort((a, b) => (b === chosen) - (a === chosen) || shares[b] - shares[a]);
  return { text: texts[chosen], score: shares[chosen], candidates: order.map((i) => [texts[i], shares[i]]), answered: true };
}

/** Whether three words come twice. */
function repeatsItself(text) {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+(?:'[\p{L}\p{N}_]+)*|[^\p{L}\p{N}_\s]/gu) ?? [];
  const threes = words.slice(2).map((word, i) => [words[i], words[i + 1], word].join(" "));
  return new Set(threes).size < threes.length;
}

const dot = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0);
