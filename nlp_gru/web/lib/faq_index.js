// How well each answer fits a question that is asked, and whether the best one is right. As nlp_gru/tools/faq/fits.py and nlp_gru/tools/faq/decide.py; what
// is learned of the bot's own questions comes from there.

import { argmax, dot, rows as asRows, unit } from "./arrays.js";
import { faqDecide as D, faqIndex as I } from "./constants.js";
import { Coverage, Words, words } from "./faq_words.js";

export class Index {
  /** model: with bot.json and the tables of the exporter. */
  constructor(model) {
    const bot = model.content["bot.json"];
    const [questions, answers] = [bot.rows.map(([question]) => question), [...new Set(bot.rows.map(([, answer]) => answer))]];
    const place = new Map(answers.map((answer, i) => [answer, i]));
    const split = questions.map(words);
    const spoken = answers.map(words);
    this.ordinary = model.table("mean").data;
    this.target = bot.rows.map(([, answer]) => place.get(answer));
    this.counts = answers.map((_, i) => this.target.filter((t) => t === i).length);
    this.raw = model.rows("questions").map(unit);
    const sum = (i) => this.raw.reduce((all, vector) => all + vector[i], I.ORDINARY * this.ordinary[i]);
    this.mean = Float32Array.from(this.ordinary, (_, i) => sum(i) / (this.raw.length + I.ORDINARY));
    this.vectors = this.raw.map((vector) => this.centred(vector));
    this.answers = model.rows("answers").map(unit).map((vector) => this.centred(vector));
    this.known = new Words(bot.words, bot.wordRows, [...split, ...spoken]);
    this.letters = split.map((some) => this.known.text(some));
    const said = spoken.map((some, i) => [...some, ...split.filter((_, row) => this.target[row] === i).flat()]);
    this.coverage = new Coverage(this.known, said);
    const alone = this.counts.map((count) => 1 / Math.sqrt(count)); // one question tells little: then the answer's words count most
    const varied = different(this.answers);
    this.shares = alone.map((own) => ({ answer: I.ANSWER * varied * own, covered: I.COVERED * own }));
    this.telling = (varied * alone.reduce((a, b) => a + b, 0)) / alone.length; // how much the answers' own texts say beside the questions
    this.fit = model.tables.fit ? asRows(model.table("fit").data, model.table("fit").shape[1]) : null; // (C, D)
    this.background = model.tables.background ? model.rows("background") : [];
    Object.assign(this, { texts: answers, questions, shift: bot.shift });
  }

  /** A vector without what all questions have in common, of length 1. */
  centred(vector) {
    return without(vector, this.mean);
  }

  /** {totals: how well each answer fits, nearest: cosines with the known questions, signals}. */
  fits(question, vector) {
    const split = words(question);
    const [own, letters] = [this.centred(vector), this.known.text(split)];
    const nearest = this.vectors.map((other) => dot(own, other));
    const covered = this.coverage.of(split);
    const spoken = this.answers.map((answer) => Math.max(dot(own, answer), 0));
    const totals = new Float64Array(this.counts.length).fill(-Infinity);
    nearest.forEach((cosine, row) => {
      const alike = cosine + I.LETTERS * dot(letters, this.letters[row]);
      if (alike > totals[this.target[row]]) totals[this.target[row]] = alike;
    });
    const features = this.fit && Float32Array.from([...own, ...letters.map((v) => I.WORDS_IN_FIT * v)]);
    const fitted = this.counts.map((_, i) => (this.fit ? dot(features, this.fit[i]) : 0));
    this.shares.forEach((share, i) => (totals[i] += I.FITTED * fitted[i] + share.answer * spoken[i] + share.covered * covered[i]));
    return { totals, nearest, signals: this.#signals({ totals, nearest, fitted, spoken, covered, vector }) };
  }

  /** What tells whether the best answer is right. */
  #signals({ totals, nearest, fitted, spoken, covered, vector }) {
    const best = argmax(totals);
    const second = Math.max(...totals.filter((_, i) => i !== best));
    const highest = Math.max(...fitted);
    const share = fitted.reduce((sum, value) => sum + Math.exp(value - highest), 0);
    return {
      margin: Math.min(totals[best] - second, I.MARGIN),
      nearest: Math.max(...nearest),
      said: spoken[best] * this.telling,
      covered: covered[best] - median(covered),
      stranger: this.#stranger(vector),
      sure: this.fit ? fitted[best] - highest - Math.log(share) : 0,
    };
  }

  /** The highest cosine with a question that has nothing to do with the bot. */
  #stranger(vector) {
    const width = this.background[0]?.length;
    if (!width) return 0;
    const short = unit(without(vector, this.ordinary).subarray(0, width));
    return Math.max(...this.background.map((other) => dot(short, other)));
  }

  /** From 0 to 1: the best answer's probability of being right, and less for the others. */
  probabilities({ totals, signals }) {
    const questions = Math.min(this.target.length / this.counts.length, D.LARGEST[0]);
    const answers = Math.min(this.counts.length, D.LARGEST[1]);
    const values = { ...signals, answers: Math.log(answers), constant: 1 };
    let logit = Math.log(D.ODDS) + this.shift;
    for (const [name, [weight, byQuestions, byTelling]] of Object.entries(D.WEIGHTS))
      logit += values[name] * (weight + byQuestions * Math.log(questions) + byTelling * this.telling);
    const most = Math.max(...totals);
    return totals.map((total) => 1 / (1 + Math.exp(Math.max(-30, Math.min(30, D.STEEP * (most - total) - logit)))));
  }
}

const without = (vector, common) => unit(vector.map((v, i) => v - common[i]));

/** From 0 to 1: one less the mean cosine of texts with each other; 0 where all say the same. */
function different(vectors) {
  const count = vectors.length;
  const sums = vectors[0].map((_, i) => vectors.reduce((sum, vector) => sum + vector[i], 0));
  const alike = (dot(sums, sums) - count) / Math.max(count * (count - 1), 1);
  return Math.min(Math.max(1 - alike, 0), 1);
}

function median(values) {
  const order = Float64Array.from(values).sort();
  const middle = order.length >> 1;
  return order.length % 2 ? order[middle] : (order[middle - 1] + order[middle]) / 2;
}
