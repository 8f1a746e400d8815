// How well each answer fits a question that is asked, and whether the best one is right. As nlp_gru/tools/faq/fits.py and faq_decide.py; what
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
    this.mean = model.table("mean").data;
    this.target = bot.rows.map(([, answer]) => place.get(answer));
    this.counts = answers.map((_, i) => this.target.filter((t) => t === i).length);
    this.raw = model.rows("questions").map(unit);
    this.vectors = this.raw.map((vector) => this.centred(vector));
    this.answers = model.rows("answers").map(unit).map((vector) => this.centred(vector));
    this.known = new Words(bot.words, bot.wordRows, [...split, ...spoken]);
    this.letters = split.map((some) => this.known.text(some));
    const said = spoken.map((some, i) => [...some, ...split.filter((_, row) => this.target[row] === i).flat()]);
    this.coverage = new Coverage(this.known, said);
    this.alone = this.counts.map((count) => 1 / Math.sqrt(count)); // one question tells little: then the answer's words count most
    this.fit = model.tables.fit ? asRows(model.table("fit").data, model.table("fit").shape[1]) : null; // (C, D)
    this.background = model.tables.background ? model.rows("background") : [];
    Object.assign(this, { texts: answers, questions, shift: bot.shift });
  }

  /** A vector without what all questions have in common, of length 1. */
  centred(vector) {
    return unit(vector.map((v, i) => v - this.mean[i]));
  }

  /** {totals: how well each answer fits, nearest: cosines with the known questions, signals}. */
  fits(question, vector) {
    const split = words(question);
    const [own, letters] = [this.centred(vector), this.known.text(split)];
    const nearest = this.vectors.map((other) => dot(own, other));
    const covered = this.coverage.of(split);
    const totals = new Float64Array(this.counts.length).fill(-Infinity);
    nearest.forEach((cosine, row) => {
      const alike = cosine + I.LETTERS * dot(letters, this.letters[row]);
      if (alike > totals[this.target[row]]) totals[this.target[row]] = alike;
    });
    const features = this.fit && Float32Array.from([...own, ...letters.map((v) => I.WORDS_IN_FIT * v)]);
    totals.forEach((_, i) => {
      const fitted = this.fit ? I.FITTED * dot(features, this.fit[i]) : 0;
      totals[i] += fitted + this.alone[i] * (I.ANSWER * Math.max(dot(own, this.answers[i]), 0) + I.COVERED * covered[i]);
    });
    return { totals, nearest, signals: this.#signals(totals, nearest, covered, own) };
  }

  #signals(totals, nearest, covered, own) {
    const best = argmax(totals);
    const second = Math.max(...totals.filter((_, i) => i !== best));
    const width = this.background[0]?.length ?? 0;
    const short = unit(own.subarray(0, width));
    const stranger = this.background.reduce((most, other) => Math.max(most, dot(short, other)), width ? -1 : 0);
    const signals = { margin: totals[best] - second, nearest: Math.max(...nearest), stranger, covered: covered[best] - median(covered) };
    return signals;
  }

  /** From 0 to 1: the best answer's probability of being right, and less for the others. */
  probabilities({ totals, signals }) {
    const questions = Math.min(this.target.length / this.counts.length, D.LARGEST[0]);
    const answers = Math.min(this.counts.length, D.LARGEST[1]);
    let logit = D.CONSTANT + Math.log(D.ODDS) + D.BY_QUESTIONS * Math.log(questions) + D.BY_ANSWERS * Math.log(answers) + this.shift;
    for (const [name, weight] of Object.entries(D.WEIGHTS)) logit += weight * signals[name];
    const most = Math.max(...totals);
    return totals.map((total) => 1 / (1 + Math.exp(Math.max(-30, Math.min(30, D.STEEP * (most - total) - logit)))));
  }
}

function median(values) {
  const order = Float64Array.from(values).sort();
  const middle = order.length >> 1;
  return order.length % 2 ? order[middle] : (order[middle - 1] + order[middle]) / 2;
}
