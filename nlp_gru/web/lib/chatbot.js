// Replies to a dialogue, and scores for replies that are given. As nlp_gru/tools/chat/chatbot.py.

import { argmax, dot, largest, rows as asRows, softmax } from "./arrays.js";
import { Bank, stems, turnVector } from "./bank.js";
import { letters } from "./characters.js";
import { number, seed as checkSeed, text as checkText, texts as checkTexts, UserError, wholeNumber } from "./checks.js";
import { chatbot as C, limits, ranking as R } from "./constants.js";
import { isSound, saidBefore, stale } from "./faults.js";
import { instead, isAboutTheBot, isClaim, isOutOfPlace } from "./honesty.js";
import { drawn, random } from "./random.js";
import { Ranking } from "./ranking.js";
import { isAsked, recalled } from "./recall.js";
import { Alarm, parts, reply as help } from "./safety.js";
import { sampleMany } from "./search.js";
import { Seq2Seq } from "./seq2seq.js";
import { BOS, EOS, TURN } from "./tokenizer.js";
import { WordList } from "./words.js";

const BATCH_TOKENS = 512; // of replies that are scored at once, with padding

export class ChatBot {
  /** encoder: a TextEncoder; contacts: whom a person in danger is told to call. */
  constructor(model, { encoder, contacts = {} }) {
    Object.assign(this, { model, encoder, contacts, seq2seq: new Seq2Seq(model) });
    this.readyVectors = model.tables.ready ? model.rows("ready") : [];
    this.alarm = Alarm.of(model);
    this.bank = Bank.of(model);
    this.ranking = Ranking.of(model);
  }

  /** Reads the list of English words, of which a sound reply is made. */
  async ready() {
    const packed = this.model.content["words.bin"];
    this.model.english ??= packed ? WordList.read(packed).then(({ folded }) => new Set(folded)) : null;
    this.english = await this.model.english;
  }

  /** {text, score, candidates: [[text, share]], answered}. history: the dialogue so far, the user's turn last. */
  async reply(history, { candidates = 8, temperature = 0.8, topP = 0.9, maxWords = 40, seed } = {}) {
    wholeNumber("candidates", candidates, 1, limits.MAX_SAMPLES);
    wholeNumber("maxWords", maxWords, 1, limits.MAX_REPLY_WORDS);
    if (candidates * maxWords > limits.MAX_SAMPLED_WORDS)
      throw new UserError(`candidates times maxWords is ${candidates * maxWords}; the most is ${limits.MAX_SAMPLED_WORDS}`);
    number("temperature", temperature, 0, limits.MAX_TEMPERATURE);
    number("topP", topP, 0, 1, true);
    const own = checkSeed(seed);
    const turns = readTurns(history);
    const said = new Set(turns.map(letters));
    const first = await this.#prepared(turns, said, temperature, random(own));
    if (first) return first;
    const { tokenizer } = this.model;
    const context = this.#join(turns.map((turn) => tokenizer.encode(turn)));
    const isFit = ([text]) => !isClaim(text) && !isOutOfPlace(text, turns) && isSound(text, turns, this.english);
    const sampled = (rows, settings, drawing) => this.#sampled(context, rows, { topP, maxWords, ...settings }, drawing);
    const made = await sampled(temperature > 0 ? candidates : 1, { temperature }, own);
    const { place, written } = await this.#written(turns, maxWords, temperature > 0 ? random(own) : () => 0);
    const given = [...written.keys()].map((text) => [text, tokenizer.encode(text)]);
    let fresh = [...new Map([...made, ...given])].filter(isFit);
    if (!fresh.length) // all repeat something, or claim what no program has: others are looked for
      fresh = (await sampled(Math.max(candidates, 8), { temperature: Math.max(temperature, 0.8) }, own ?? 0)).filter(isFit);
    if (!fresh.length) return answer([instead(turns.at(-1), random(own ?? 0), new Set(turns))], [0], 0, []);
    const texts = fresh.map(([text]) => text);
    const match = await this.#match(context, fresh.map(([, ids]) => ids));
    const meant = (await this.ranking?.scores(this.encoder, place, texts)) ?? texts.map(() => [0, 0]);
    const gain = (text) => (written.get(text) ?? 0) - C.AGAIN * (saidBefore(text, turns) + stale(text, turns));
    const before = texts.map((text, i) => C.MATCH * match[i] + C.MEANT * meant[i][0] - C.CLASH * meant[i][1] + gain(text));
    const last = largest(before, C.FINALISTS).sort((a, b) => a - b); // what comes next takes longer
    const likely = await this.#likely(context, last.map((i) => fresh[i][1]));
    const shares = softmax(last.map((i, n) => before[i] + likely[n]));
    return answer(last.map((i) => texts[i]), shares, argmax(shares));
  }

  /** The reply to danger, to a question about what was told, or to one that has a ready answer. */
  async #prepared(turns, said, temperature, draw) {
    const turn = turns.at(-1);
    const vectors = await this.encoder.encode(parts(turn));
    const kind = this.alarm.of(parts(turn), vectors);
    if (kind) return answer([help(kind, this.contacts)], [1], 0, []);
    if (isAsked(turn)) {
      const own = turns.slice(0, -2).reverse().filter((_, i) => i % 2 === 0).reverse();
      const told = await recalled(own, turn, this.encoder);
      if (told) return answer([told], [1], 0, []);
    }
    const known = [...this.#known(turn, vectors[0])].filter(([text]) => !said.has(letters(text)));
    if (!known.length) return null;
    const shares = softmax(known.map(([, cosine]) => C.SHARP * cosine));
    return answer(known.map(([text]) => text), shares, temperature > 0 ? drawn(shares, draw) : argmax(shares));
  }

  /** Sampled replies to a context with their tokens, each once: [[text, ids]]. */
  async #sampled(context, rows, { temperature, topP, maxWords }, seed) {
    const reading = await this.seq2seq.read([context], rows);
    const found = await sampleMany(this.seq2seq.step, reading, rows, C.TOKENS_A_WORD * maxWords, { temperature, topP }, random(seed));
    const texts = new Map(found.filter((ids) => ids.length).map((ids) => [this.model.tokenizer.decode(ids).trim(), ids]));
    texts.delete("");
    return [...texts];
  }

  /** How well each candidate follows the dialogue, -1 to 1. Of a long one, the start is read. */
  async score(history, candidates) {
    const turns = readTurns(history);
    const { tokenizer } = this.model;
    const replies = checkTexts(candidates, limits.MAX_CANDIDATES);
    const ids = replies.map((reply) => tokenizer.encode(reply.slice(0, C.MAX_TURN)).slice(0, C.REPLY_TOKENS));
    const context = this.#join(turns.map((turn) => tokenizer.encode(turn)));
    const found = [];
    const rows = Math.max(Math.floor(BATCH_TOKENS / Math.max(1, ...ids.map((own) => own.length))), 1);
    for (let i = 0; i < ids.length; i += rows) found.push(...(await this.#match(context, ids.slice(i, i + rows))));
    return found;
  }

  /** The last turns' tokens as one source that ends with EOS; of what is too long, the end is kept. */
  #join(turns) {
    const { context_turns: most, context_tokens: tokens } = this.model.options;
    const ids = turns.slice(-most).flatMap((turn, i) => (i ? [TURN, ...turn] : turn));
    return [...ids.slice(-tokens), EOS];
  }

  /** Where sequences lie on the unit sphere, as "context" or as "reply". */
  async #places(which, sequences) {
    const { data, dims } = (await this.seq2seq.encode(sequences))[which];
    return asRows(data, dims[1]);
  }

  async #match(context, replies) {
    const [place] = await this.#places("context", [context]);
    return (await this.#places("reply", replies.map((ids) => [...ids, EOS]))).map((own) => dot(own, place));
  }

  /** The ready answers of questions that are like the turn, each with the nearest one's cosine. */
  #known(turn, vector) {
    const least = isAboutTheBot(turn) || (C.GREETING.test(turn) && parts(turn).length === 1) ? C.PERSONAL_MIN_COSINE : C.READY_MIN_COSINE;
    const near = new Map();
    this.readyVectors.forEach((question, i) => {
      const [, text] = this.model.options.ready[i];
      const cosine = dot(question, vector);
      if (cosine >= least) near.set(text, Math.max(Math.round(cosine * 1000) / 1000, near.get(text) ?? 0));
    });
    const best = Math.max(0, ...near.values());
    return new Map([...near].filter(([, cosine]) => cosine > best - C.READY_SPREAD));
  }

  /** Where the dialogue lies, and written replies with what each gains in rank by that. draw: of the general ones, half are drawn. */
  async #written(turns, maxWords, draw) {
    const told = stems(turns.join(" "));
    const found = new Map();
    const add = (text, gain) => text.split(" ").length > maxWords || found.set(text, Math.max(gain, found.get(text) ?? 0));
    if (!this.bank && !this.ranking) return { written: found };
    const vectors = await this.encoder.encode(turns.slice(-R.TURNS).reverse());
    const place = this.ranking?.read(vectors);
    const near = this.bank?.nearest(turnVector(vectors), C.BANK_NEAREST) ?? [];
    for (const [i, cosine] of near)
      if (cosine >= C.BANK_MIN_COSINE)
        for (const [text, about] of this.bank.replies[i]) if (about.every((stem) => told.has(stem))) add(text, C.NEAR * cosine);
    for (const [kind, cosine] of this.ranking ? kinds(turns.at(-1)) : [])
      for (const text of this.ranking.nearest(place, kind, C.GENERAL).filter(() => draw() < 0.5)) add(text, C.NEAR * cosine);
    return { place, written: found };
  }

  /** How likely each reply is after a context, and how unlikely after nothing, for each token. */
  async #likely(context, replies) {
    const given = await this.#logP(context, replies);
    const alone = await this.#logP([EOS], replies);
    return replies.map((ids, i) => (given[i] - C.UNEXPECTED * alone[i]) / (ids.length + 1));
  }

  async #logP(context, replies) {
    const reading = await this.seq2seq.read([context], replies.length);
    const { logP } = await this.seq2seq.whole(reading, replies.map((r) => [BOS, ...r]), replies.map((r) => [...r, EOS]));
    return replies.map((r, i) => logP.data.subarray(i * logP.dims[1], i * logP.dims[1] + r.length + 1).reduce((a, b) => a + b, 0));
  }
}

/** The kinds of general replies to a turn, and the cosine that they are taken to have. */
function kinds(turn) {
  if (!C.QUESTION.test(turn)) return [["usual", C.GENERAL_COSINE], ["safe", C.SAFE_COSINE]];
  return [[isAboutTheBot(turn) && !C.OPINION.test(turn) ? "own" : "open", C.SAFE_COSINE]];
}

function answer(texts, shares, chosen, candidates) {
  const order = texts.map((_, i) => i).sort((a, b) => (b === chosen) - (a === chosen) || shares[b] - shares[a]);
  return { text: texts[chosen], score: shares[chosen], candidates: candidates ?? order.map((i) => [texts[i], shares[i]]), answered: true };
}

/** The turns with something in them, each cut to its end. */
export function readTurns(history) {
  if (typeof history === "string" || !history?.[Symbol.iterator]) throw new TypeError("a history is an array of turns, not one text");
  const turns = [...history].map((turn) => checkText(turn));
  if (turns.length > limits.MAX_TURNS) throw new UserError(`a dialogue of more than ${limits.MAX_TURNS} turns is too long`);
  const read = turns.slice(-100).map((turn) => turn.slice(-C.MAX_TURN).toWellFormed().trim());
  if (!read.at(-1)) throw new UserError("there is no turn to reply to: the last one is empty");
  return read.filter(Boolean);
}
