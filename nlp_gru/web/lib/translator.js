// Texts of any length, sentence by sentence, with alternatives. As nlp_gru/tools/translation/translator.py.

import { align } from "./alignment.js";
import { all, letters } from "./characters.js";
import { text as checkText, texts as checkTexts, UserError, wholeNumber } from "./checks.js";
import { limits, placeholders, translator as T } from "./constants.js";
import { polished, prepared, rewritten } from "./conventions.js";
import { forms } from "./forms.js";
import { bucket } from "./framing.js";
import { CERTAIN, confidence, hint, isUnsure, Languages, OTHER } from "./language.js";
import { label, listed } from "./labels.js";
import { isClosing, isSignature, phrase, withNames, withStandIns } from "./letters.js";
import { inDigits, lost } from "./number_words.js";
import { isIntact, isUnknown, protect, restore, segments, unwrapped, withoutPlaceholders } from "./placeholders.js";
import { segment } from "./segment.js";
import { Seq2Seq } from "./seq2seq.js";
import { EOS } from "./tokenizer.js";

const [fact, name] = [all(T.FACT), all(placeholders.NAME)];
const facts = (text) => (text.match(fact) ?? []).sort().join();

/** Whether a translation differs from another in its words, but in no number and no name. */
const saysTheSame = (text, other) => letters(text) !== letters(other) && facts(text) === facts(other);
const asIs = (source, text, score, chance) => ({ source, text, score, alternatives: [], confidence: chance });
const [BATCH_TOKENS, BATCH] = [1024, 24]; // with padding, and sources, read at once

export class Translator {
  constructor(model) {
    this.model = model;
    this.seq2seq = new Seq2Seq(model);
    this.known = model.tables.known ? model.table("known").data : [];
    this.languages = model.tables.languages ? new Languages(model.tokenizer, model.table("languages").data) : null;
    this.words = model.content["words.json"];
    this.recent = new Map();
    this.shown = { source: model.options.source, target: model.options.target };
    this.isName = (word, begins) => isUnknown(word, begins, this.known);
  }

  /** {text, score, sentences: [{source, text, score, alternatives: [[text, score]], confidence, unsure}], language, hint}: of one text, or an array
   * of them for several. */
  async translate(texts, { beam = 5, alternatives = 0 } = {}) {
    wholeNumber("beam", beam, 1, limits.MAX_BEAM);
    wholeNumber("alternatives", alternatives, 0, beam - 1, " (beam - 1)");
    if (typeof texts === "string") return this.#translate(checkText(texts), beam, alternatives);
    const found = [];
    for (const text of checkTexts(texts)) found.push(await this.#translate(text, beam, alternatives));
    return found;
  }

  async #translate(text, beam, alternatives) {
    const parts = this.#segmented(text.toWellFormed());
    const key = (source) => `${beam} ${alternatives} ${source}`;
    const asked = [...new Set(parts.filter((p) => p.isSentence).map((p) => p.text))];
    const done = new Map(asked.map((source) => [source, this.recent.get(key(source))]));
    const fresh = asked.filter((source) => !done.get(source));
    for (const sentence of await this.#sentences(fresh, beam, alternatives + 1)) done.set(sentence.source, sentence);
    for (const [source, sentence] of done) {
      this.recent.delete(key(source));
      this.recent.set(key(source), sentence);
    }
    for (const old of [...this.recent.keys()].slice(0, -T.RECENT)) this.recent.delete(old);
    const language = this.languages?.recognise(text) ?? "";
    const { source: from, target: to } = this.model.options;
    const sentences = parts.filter((p) => p.isSentence).map((p) => {
      const { confidence: chance, ...sentence } = done.get(p.text);
      const own = language === OTHER ? 0 : chance;
      return { ...sentence, confidence: own, unsure: isUnsure(own) };
    });
    const isSame = 2 * sentences.filter((s) => s.text === s.source).length > sentences.length;
    return {
      text: parts.map((p) => (p.isSentence ? done.get(p.text).text : p.text)).join(""),
      score: sentences.length ? sentences.reduce((sum, s) => sum + s.score, 0) / sentences.length : 1,
      sentences,
      language,
      hint: language !== to || isSame ? hint(language, from, to) : "",
    };
  }

  /** The parts of a text; the name below a letter's last words is none to translate. */
  #segmented(text) {
    const { source } = this.model.options;
    const parts = segment(text, source);
    let closed = false;
    parts.forEach((part, i) => {
      if (!part.isSentence) return;
      if (closed && parts[i - 1]?.text.includes("\n") && isSignature(part.text)) part.isSentence = false;
      closed = isClosing(part.text, source);
    });
    return parts;
  }

  /** Where the model looks in `source`, one sentence, while it writes `target`: {source, target: words, weights}. */
  async align(source, target) {
    const sizes = [source, target].map((text) => this.model.tokenizer.encode(checkText(text, limits.MAX_ALIGNED)).length);
    if (sizes[0] * sizes[1] > limits.MAX_ALIGNED_TOKENS)
      throw new UserError(`sentences of ${sizes[0]} and ${sizes[1]} tokens are too long to be compared; take one sentence`);
    return align(this.seq2seq, this.isName, source, target);
  }

  async #sentences(sources, beam, best) {
    const { tokenizer } = this.model;
    const { source: from, target: to } = this.model.options;
    const found = new Map();
    for (const source of sources) {
      const text = phrase(source, from, to) || label(source, from, to) || (this.words && listed(source, this.words, to));
      if (text) found.set(source, asIs(source, text, 1, 1));
    }
    const readable = sources.filter((source) => {
      if (found.has(source)) return false;
      const ids = tokenizer.encode(source); // in a script that is known by its bytes alone, no translation can come
      if (ids.length > [...source].length && ids.filter((id) => tokenizer.bytes[id] >= 0).length > ids.length / 4) return false;
      if (!this.#isDone(source)) return true;
      found.set(source, asIs(source, source, 1, 1));
      return false;
    });
    for (const sentence of await this.#read(readable, beam, best)) found.set(sentence.source, sentence);
    return sources.map((source) => found.get(source) ?? asIs(source, source, 0, 0));
  }

  /** Whether a sentence is in the target language already. */
  #isDone(source) {
    const odds = this.languages?.odds(source) ?? 0;
    return (this.model.options.target === "en" ? odds : -odds) >= CERTAIN;
  }

  async #read(sources, beam, best) {
    const { source: from, target: to } = this.model.options;
    const wrapped = new Map(sources.map((source) => [source, unwrapped(withoutPlaceholders(source))]));
    const cores = new Map(sources.map((source) => [source, wrapped.get(source)[1]]));
    const results = await this.#attempt(cores, beam, best);
    await this.#mendNumbers(results, cores, beam, best);
    await this.#mendNames(results, cores, beam);
    for (const source of sources) {
      const [before, core, after] = wrapped.get(source);
      const sentence = results.get(source) ?? (await this.#inSegments(source, core, beam));
      const around = (text) => `${before}${text}${after}`;
      const alternatives = sentence.alternatives.map(([text, p]) => [around(text), p]);
      const chance = Math.min(sentence.confidence, confidence(sentence.score, sentence.text, this.model.options.confidence));
      results.set(source, { ...sentence, text: around(sentence.text), alternatives, confidence: chance });
    }
    return sources.map((source) => results.get(source));
  }

  /** A translation of each source in which all that is kept came through; others are left out. cores: by source, without tags around it. */
  async #attempt(cores, beam, best) {
    const { source: from, target: to } = this.model.options;
    const results = new Map();
    const likeliest = new Map();
    const tried = [...cores].flatMap(([source, core]) => forms(core, from, to).map((form) => ({ source, core, form })));
    const safe = tried.map(({ form }) => protect(prepared(form.text, from, to), this.#isNameIn(form), from));
    const found = await this.#search(safe.map(({ text }) => text), beam, beam); // all, since some may lose a placeholder
    tried.forEach(({ source, core, form }, i) => {
      const back = safe[i].kept.map((string) => rewritten(string, from, to));
      const texts = new Map();
      for (const [hypothesis, p, tokens] of found[i]) {
        const text = restore(hypothesis, back, safe[i].text);
        const restored = text === null ? "" : form.restore(text);
        const final = restored && isIntact(core, restored) ? polished(core, restored, to) : "";
        if (final && !texts.has(final)) texts.set(final, [p, tokens]);
      }
      const [first, ...others] = [...texts].map(([text, [p]]) => [text, p]);
      if (!first) return;
      const same = ([text, p]) => p >= T.FAR_BELOW * first[1] && saysTheSame(first[0], text);
      const likelihood = form.likelihood(first[0], ...texts.get(first[0]));
      if (likelihood <= (likeliest.get(source) ?? 0)) return;
      likeliest.set(source, likelihood);
      const alternatives = others.filter(same).slice(0, best - 1);
      results.set(source, { source, text: first[0], score: first[1], alternatives, confidence: 1 });
    });
    return results;
  }

  /** Where a number in words was lost, try it in digits. */
  async #mendNumbers(results, cores, beam, best) {
    const { source: from, target: to } = this.model.options;
    const isLost = (core, text) => lost(core, text, [from, to]) > 0;
    const wrong = [...results].filter(([source, { text }]) => isLost(cores.get(source), text)).map(([source]) => source);
    if (!wrong.length) return;
    const again = await this.#attempt(new Map(wrong.map((source) => [source, inDigits(cores.get(source), from)])), beam, best);
    for (const [source, sentence] of again) if (!isLost(cores.get(source), sentence.text)) results.set(source, sentence);
  }

  /** Where a name did not come through, try one that the model knows in its place. */
  async #mendNames(results, cores, beam) {
    const { source: from, target: to } = this.model.options;
    const given = new Map();
    for (const [source, core] of cores) {
      const names = results.has(source) || !this.languages ? [] : this.#names(core);
      if (names.length) given.set(source, { names, ...withStandIns(core, names, from) });
    }
    if (!given.size) return;
    const again = await this.#attempt(new Map([...given].map(([source, { text }]) => [source, text])), beam, 1);
    for (const [source, sentence] of again) {
      const { names, standIns } = given.get(source);
      const text = withNames(sentence.text, standIns, to);
      if (text && names.every((name) => text.includes(name))) results.set(source, { ...sentence, text });
    }
  }

  /** Which words of a form are kept as names: not its first, where that was typed in small letters. */
  #isNameIn(form) {
    return form.lowered ? (word, begins) => !form.text.startsWith(word) && this.isName(word, begins) : this.isName;
  }

  #names(text) {
    return [...text.matchAll(name)].filter((m) => this.isName(m[0], m.index === 0)).map((m) => m[0]);
  }

  /** Where marks do not come through, what stands between them is translated by itself. */
  async #inSegments(source, core, beam) {
    const { source: from, target: to } = this.model.options;
    const parts = segments(core, this.isName, from);
    if (!parts.some(([, kept]) => kept)) return asIs(source, source, 0, 0);
    let [text, score] = ["", 1];
    for (const [part, kept] of parts) {
      if (kept || !/\p{L}/u.test(part)) {
        text += kept ? rewritten(part, from, to) : part;
        continue;
      }
      const inner = part.trim();
      const [translated] = await this.#read([inner], beam, 1);
      const at = part.indexOf(inner);
      text += part.slice(0, at) + translated.text + part.slice(at + inner.length);
      score = Math.min(score, translated.score);
    }
    return asIs(source, text, score, Number(isIntact(core, text)));
  }

  /** The best translations of each source: [[text, the mean probability of its tokens, how many these are]]. */
  async #search(sources, beam, best) {
    const { tokenizer, options } = this.model;
    const rank = (h) => h.logP / (h.tokens.length + 1) + options.coverage * h.coverage; // less for what of the source is left out
    const ids = sources.map((source) => [...tokenizer.encode(source), EOS]);
    const found = [];
    for (const rows of bucket(ids.map((own) => own.length), BATCH_TOKENS, BATCH)) {
      const hypotheses = await this.seq2seq.search(rows.map((row) => ids[row]), beam, best);
      rows.forEach((row, n) => {
        const sorted = hypotheses[n].sort((a, b) => rank(b) - rank(a)).map((h) => [h, h.tokens.length + 1]);
        found[row] = sorted.map(([h, size]) => [tokenizer.decode(h.tokens).trim(), Math.exp(h.logP / size), size]);
      });
    }
    return found;
  }
}
