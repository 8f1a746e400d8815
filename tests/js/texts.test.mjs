// Sentences, passages, forms, characters, words of an alignment: as in Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { casefold, crc32, letters } from "../../nlp_gru/web/lib/characters.js";
import { forms } from "../../nlp_gru/web/lib/forms.js";
import { polished, prepared } from "../../nlp_gru/web/lib/conventions.js";
import { label, listed } from "../../nlp_gru/web/lib/labels.js";
import { isClosing, isSignature, withNames, withStandIns } from "../../nlp_gru/web/lib/letters.js";
import { inDigits, lost } from "../../nlp_gru/web/lib/number_words.js";
import { confidence, hint, Languages } from "../../nlp_gru/web/lib/language.js";
import { passages } from "../../nlp_gru/web/lib/passages.js";
import { isIntact, isUnknown } from "../../nlp_gru/web/lib/placeholders.js";
import { saysSomething } from "../../nlp_gru/web/lib/sentiment.js";
import { greeting, segment } from "../../nlp_gru/web/lib/segment.js";
import { coverage } from "../../nlp_gru/web/lib/seq2seq.js";
import { hex, sha256 } from "../../nlp_gru/web/lib/sha256.js";
import { key } from "../../nlp_gru/web/lib/slips.js";
import { words } from "../../nlp_gru/web/lib/alignment.js";
import { Tokenizer } from "../../nlp_gru/web/lib/tokenizer.js";
import { load, near, vectors } from "./fake.mjs";

test("characters folded, and keys of words", () => {
  for (const [text, folded, alone, own, name] of vectors("characters")) {
    for (const [i, c] of [...folded].entries()) assert.equal([...casefold(text)][i], c, text);
    assert.equal(casefold(text), folded);
    assert.equal(letters(text), alone, text);
    assert.equal(key(text), own, text);
    assert.equal(crc32(`${text} 1`) >>> 1, name, text);
  }
});

test("a name is a word none of whose parts is known", () => {
  const keys = ["paris 0", "lee 0"].map((word) => crc32(word) >>> 1).sort((a, b) => a - b);
  assert.deepEqual(["Paris", "Green-Lee", "Oslo"].map((word) => isUnknown(word, false, keys)), [false, false, true]);
  assert.equal(isUnknown("Paris", true, keys), true);
  assert.equal(isUnknown("Oslo", false, []), false);
});

test("sentences, passages, and the forms of a sentence", () => {
  for (const [text, sentences, some, tried] of vectors("sentences")) {
    const parts = segment(text, "en");
    assert.equal(parts.map((part) => part.text).join(""), text);
    assert.deepEqual(parts.filter((part) => part.isSentence).map((part) => part.text), sentences, text);
    assert.deepEqual(passages(text), some, text);
    const found = text.trim() ? forms(text.trim()) : [];
    assert.deepEqual(found.map((form) => [form.text, form.restore("Le Chat dort.")]), tried, text);
  }
});

test("whether a text says something", () => {
  for (const [text, found] of vectors("sayings")) assert.equal(saysSomething(text), found, text);
});

test("the words that tokens belong to", () => {
  const tokenizer = new Tokenizer(load("../../nlp_gru/pretrained/tokenizer.json"));
  for (const [text, found] of vectors("alignment")) assert.deepEqual(words(tokenizer, tokenizer.encode(text), ["Sam"]), found, text);
});

test("languages, and how sure a translation is", () => {
  const tokenizer = new Tokenizer(load("../../nlp_gru/pretrained/tokenizer.json"));
  const made = (factor) => Array.from({ length: tokenizer.size }, (_, id) => -(9 + ((id * factor) % 31) / 8));
  const languages = new Languages(tokenizer, [...made(7), ...made(11)]);
  const found = vectors("languages");
  for (const [text, odds, language] of found.texts) {
    near(languages.odds(text), odds, text);
    assert.equal(languages.recognise(text), language, text);
  }
  for (const [language, source, target, told] of found.hints) assert.equal(hint(language, source, target), told);
  for (const [score, text, weights, chance] of found.confidence) near(confidence(score, text, weights), chance, text);
});

test("what is made of a translation, and how much of a source it covers", () => {
  const found = vectors("conventions");
  for (const [source, target, language, text] of found.polished) assert.equal(polished(source, target, language), text, target);
  for (const [source, target, is] of found.intact) assert.equal(isIntact(source, target), is, target);
  for (const [text, language, is] of found.closings) assert.equal(isClosing(text, language), is, text);
  for (const [line, is] of found.signatures) assert.equal(isSignature(line), is, line);
  for (const [word, begins, is] of found.names) assert.equal(isUnknown(word, begins, found.keys), is, word);
  const [looked, mask, covered] = found.coverage;
  near(coverage(looked, { dims: [mask.length, mask[0].length], data: Uint8Array.from(mask.flat()) }), covered, "coverage");
});

test("labels, single words, and what is asked for them", () => {
  const english = load("../../nlp_gru/pretrained/words_en_fr.json");
  const words = { en: english, fr: Object.fromEntries(Object.entries(english).map(([word, french]) => [french, word])) };
  for (const [text, source, target, common, word, tried] of vectors("conventions").labels) {
    assert.equal(label(text, source, target), common, text);
    assert.equal(listed(text, words[source], target), word, text);
    const found = forms(text, source, target);
    assert.deepEqual(found.map((form) => [form.text, form.lowered]), tried.map(([asked, lowered]) => [asked, lowered]), text);
    const answers = ["Le Chat dort.", "Je veux me coucher.", "C'est la salle bleue.", "Fermer :", "The blue room", "I sleep!"];
    found.forEach((form, i) =>
      answers.forEach((answer, k) => {
        const [restored, likelihood] = tried[i][2][k];
        assert.equal(form.restore(answer), restored, text);
        near(form.likelihood(restored, 0.5, 6), likelihood, text);
      }),
    );
  }
});

test("what is written out before a translation, numbers in words, names that stand in for others, greetings", () => {
  const found = vectors("conventions");
  for (const [text, source, target, after] of found.prepared) assert.equal(prepared(text, source, target), after, text);
  for (const [text, translation, source, target, digits, missing] of found.numbers) {
    assert.equal(inDigits(text, source), digits, text);
    assert.equal(lost(text, translation, [source, target]), missing, text);
  }
  for (const [text, names, language, after, standIns, said, named] of found.standIns) {
    assert.deepEqual(withStandIns(text, names, language), { text: after, standIns }, text);
    assert.equal(withNames(said, standIns, "fr"), named, said);
  }
  for (const [text, language, parts] of found.greetings)
    assert.deepEqual(greeting(text, language)?.slice(1) ?? null, parts, text);
});

test("SHA-256 without the browser's", async () => {
  for (const size of [0, 1, 55, 56, 63, 64, 65, 1000]) {
    const data = Uint8Array.from({ length: size }, (_, i) => (i * 37) % 256);
    assert.equal(hex(sha256(data)), hex(new Uint8Array(await crypto.subtle.digest("SHA-256", data))));
  }
});
