// A bot of questions and answers: it finds the answer, asks what was meant, or says that it has none. As nlp_gru/tools/faq/bot.py.

import { argmax, dot, largest } from "./arrays.js";
import { letters } from "./characters.js";
import { readTurns } from "./chatbot.js";
import { number, seed as checkSeed, texts as checkTexts } from "./checks.js";
import { chatbot, faq as F, faqDecide as D, faqManners as M, limits } from "./constants.js";
import { Index } from "./faq_index.js";
import { words } from "./faq_words.js";
import { WordList } from "./words.js";

export class FaqBot {
  /** encoder: a TextEncoder; smallTalk: a ChatBot where the bot chats when it has no answer. */
  constructor(model, { encoder, smallTalk }) {
    Object.assign(this, { model, encoder, smallTalk, options: model.options });
    this.index = new Index(model);
    const { manners } = model.content["bot.json"];
    this.polite = manners.flatMap(({ reply, examples }) => examples.map((example) => ({ example: letters(example), reply })));
    this.politeVectors = model.rows("manners");
    this.shown = { questions: this.index.questions, answers: this.index.texts };
  }

  /** Reads the list of English words, which are not taken for misspelled ones. */
  async ready() {
    const packed = this.model.content["words.bin"];
    this.model.english ??= packed ? WordList.read(packed).then(({ folded }) => new Set(folded)) : new Set();
    this.index.known.usual = await this.model.english;
  }

  /** {text, score, candidates: [[text, fit]], answered, closest, offered}: the answer to the last turn; where none fits well enough, the
   * nearest questions or a refusal. */
  async reply(history, { threshold = this.options.threshold, seed } = {}) {
    const turns = readTurns(typeof history === "string" ? [history] : history);
    checkSeed(seed);
    const [reply] = await this.#replies([turns.at(-1)], number("threshold", threshold, 0, 1));
    if (reply.answered || !this.smallTalk) return reply;
    const { text, score } = await this.smallTalk.reply(turns, { seed });
    return { ...reply, text, score, offered: false };
  }

  /** A reply to each question, in order, without small talk. */
  async replies(questions, { threshold = this.options.threshold } = {}) {
    return this.#replies(checkTexts(questions, limits.MAX_CANDIDATES), number("threshold", threshold, 0, 1));
  }

  async #replies(asked, threshold) {
    const texts = asked.map((text) => text.slice(-chatbot.MAX_TURN).toWellFormed().trim());
    const meant = texts.map((text) => this.index.known.corrected(text));
    const forms = texts.map((text, i) => (meant[i] === text ? [text] : [text, meant[i]]));
    const vectors = await this.encoder.encode(forms.flat());
    return forms.map((own) => {
      const read = own.map((text) => {
        const vector = vectors.shift();
        const fits = this.index.fits(text, vector);
        return { text, vector, fits, shares: this.index.probabilities(fits) };
      });
      const best = read.length > 1 && Math.max(...read[1].shares) > Math.max(...read[0].shares) ? read[1] : read[0];
      const nearest = Math.max(...this.index.raw.map((other) => dot(other, read[0].vector)));
      return this.#reply(best, this.#manners(read[0].text, read[0].vector, nearest), threshold);
    });
  }

  #reply({ text, fits, shares }, polite, threshold) {
    const said = words(text).length > 0; // emoji and marks alone say nothing that could be looked up
    const fit = (i) => (said ? Math.round(shares[i] * 1e4) / 1e4 : 0);
    const candidates = largest(said ? shares : shares.map(() => 0), F.SHOWN).map((i) => [this.index.texts[i], fit(i)]);
    const closest = this.#closest(fits.nearest);
    const score = candidates[0][1];
    const reply = { text: this.options.refusal, score, candidates, answered: false, closest, offered: false };
    if (polite) return { ...reply, text: polite, score: 1, answered: true };
    if (score >= threshold && said) return { ...reply, text: candidates[0][0], answered: true };
    if (score < D.OFFERED * threshold || !said) return reply;
    return { ...reply, text: `Did you mean ${closest.map((question) => `“${question}”`).join(" or ")}?`, offered: true };
  }

  /** The nearest questions of different answers, the best first. */
  #closest(nearest) {
    const found = new Map();
    for (const row of largest(nearest, nearest.length)) {
      if (!found.has(this.index.target[row])) found.set(this.index.target[row], this.index.questions[row]);
      if (found.size === F.CLOSEST) break;
    }
    return [...found.values()];
  }

  /** The reply to a greeting, thanks or a goodbye, "" to anything else. As nlp_gru/tools/faq/manners.py. */
  #manners(text, vector, nearest) {
    const exact = this.polite.findLast(({ example }) => example === letters(text));
    if (exact) return nearest > 1 - 1e-3 ? "" : exact.reply;
    const length = text.split(/\s+/).filter(Boolean).length;
    if (!length || length > M.LONGEST) return "";
    const cosines = this.politeVectors.map((other) => dot(other, vector));
    const best = argmax(cosines);
    return cosines[best] >= M.SAME && cosines[best] > nearest ? this.polite[best].reply : "";
  }
}
