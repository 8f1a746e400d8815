// Autocomplete without its model: what is typed, slips, known words, the search for words, mending, the memory.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Ahead, setPhrase } from "../../nlp_gru/web/lib/ahead.js";
import { Corrector, distance } from "../../nlp_gru/web/lib/correction.js";
import { Keyboard } from "../../nlp_gru/web/lib/keyboard.js";
import { KnownWords } from "../../nlp_gru/web/lib/known_words.js";
import { Memory } from "../../nlp_gru/web/lib/memory.js";
import { mend } from "../../nlp_gru/web/lib/mending.js";
import { hex } from "../../nlp_gru/web/lib/sha256.js";
import { withoutSecrets } from "../../nlp_gru/web/lib/private.js";
import { oneApostrophe, slips } from "../../nlp_gru/web/lib/slips.js";
import { Spelling, WordSearch } from "../../nlp_gru/web/lib/suggest.js";
import { Tokenizer } from "../../nlp_gru/web/lib/tokenizer.js";
import { apostrophe, beginsSmall, matchCase, split } from "../../nlp_gru/web/lib/typing.js";
import { Blocklist, checksum, WordList } from "../../nlp_gru/web/lib/words.js";
import { Fake, load, near, vectors } from "./fake.mjs";

const tokenizer = new Tokenizer(load("../../nlp_gru/pretrained/tokenizer.json"));
const spelling = new Spelling(tokenizer);
const [words, counts, packed, first, firstShare, meant, apart, sums] = vectors("corrections");
const bytes = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const none = new Blocklist(new Uint8Array());

function list() {
  const found = new WordList(words, counts);
  found.setFirst(Int32Array.from(first), tokenizer.size);
  return found;
}

test("apostrophes of all kinds are one, and are offered in the kind that the text uses", () => {
  assert.equal(oneApostrophe("a’b`c´d‘e"), "a'b'c'd'e");
  const texts = ["it’s a", "it's a", "it’s, isn't", "isn't, it’s", "don’", "plain"];
  assert.equal(texts.map(apostrophe).join(""), "’''’’'");
});

test("capitals follow the letters typed", () => {
  assert.deepEqual(["or", "Or", "OR", "O", ""].map((p) => matchCase("order", p)), ["order", "Order", "ORDER", "Order", "order"]);
  assert.equal(matchCase("Paris", "p"), "Paris");
  assert.equal(matchCase("I'm", "I'"), "I'm");
  assert.equal(matchCase("I'm", "IM"), "I'M");
});

test("what stands before the cursor", () => {
  for (const [text, context, word, kind, ended, spaced] of vectors("typing"))
    assert.deepEqual(split(text), { context, word, apostrophe: kind, ended, spaced }, JSON.stringify(text));
});

test("sentences begin as their typist begins them, and secrets are left out", () => {
  const [begun, begins, kept] = vectors("begun");
  for (const [text, found] of begun) assert.equal(beginsSmall(text), found, JSON.stringify(text));
  const known = new KnownWords(list(), new Memory(), none);
  for (const [word, text, small, found] of begins) assert.equal(known.asTypistBegins(word, text, small), found, text);
  assert.equal(new KnownWords(null, new Memory(), none).asTypistBegins("the", "The", true), "The");
  for (const [text, found] of kept) assert.equal(withoutSecrets(text), found, text);
});

test("slips and their prices", () => {
  for (const [typed, layout, cheap, found] of vectors("slips")) near([...slips(typed, { layout, cheap })], found, typed);
});

test("the list of words, its file and its first tokens", async () => {
  const found = list();
  near([...found.firstShare], firstShare, "shares");
  const unpacked = await WordList.read(bytes(packed));
  assert.deepEqual(unpacked.words, words);
  unpacked.counts.forEach((count, i) => assert.ok(Math.abs(Math.log(count / found.counts[i])) < 0.1, words[i]));
  assert.deepEqual(found.startingWith("zz"), [found.startingWith("zz")[0], found.startingWith("zz")[0]]);
});

test("which words may have been meant", () => {
  const known = list();
  const corrector = new Corrector(known);
  for (const [typed, whole, found, completed] of meant) {
    near(corrector.meant(typed, known.shares, 5, whole).map((m) => [m.place, m.p, m.whole]), found, typed);
    near(corrector.completions(typed, known.shares, 3).map((m) => [m.place, m.p, m.whole]), completed, typed);
  }
  for (const [a, b, letters] of apart) assert.equal(distance(a, b, 2), letters, `${a} ${b}`);
});

test("blocked words are known by their sums alone", () => {
  for (const [word, sum] of sums) assert.equal(checksum(word), sum, word);
  const blocklist = new Blocklist(bytes(checksum("darn")));
  const known = new KnownWords(null, new Memory(), blocklist);
  assert.deepEqual(["darn", "Darn's", "well-darn", "barn"].map((word) => known.mayOffer(word)), [false, false, false, true]);
  assert.equal(new KnownWords(null, new Memory(), blocklist, false).mayOffer("darn"), true);
});

test("the search for whole words", async () => {
  const known = list();
  for (const [context, prefix, k, mass, ranked, spelled, p, title, likely] of vectors("words")) {
    const search = new WordSearch(new Fake(tokenizer.size), tokenizer, spelling);
    const found = await search.search(context, prefix, k);
    near(found.mass, mass, prefix);
    const top = [...found.p].sort(([, a], [, b]) => b - a).slice(0, 10);
    near(top, ranked, `${context}|${prefix}`);
    assert.deepEqual(top.map(([word]) => found.spelling.get(word)), spelled);
    const estimate = await search.knownWords(context, known);
    near([...estimate.p], p, context);
    assert.deepEqual(words.map((_, place) => estimate.title(place)), title);
    near(await search.spelled(context || "a ", "station"), likely, context);
  }
});

test("a text with its slips mended", async () => {
  const known = list();
  for (const [text, after, changes] of vectors("mending")) {
    const search = new WordSearch(new Fake(tokenizer.size), tokenizer, spelling);
    const found = await mend(text, new Corrector(known), new KnownWords(known, new Memory(), none), search);
    assert.equal(found.text, after, text);
    assert.deepEqual(found.changes.map((c) => [c.start, c.end, c.before, c.after]), changes, text);
  }
});

test("set phrases that were begun, and phrases that a model grows", async () => {
  const [begun, grown] = vectors("phrases");
  for (const [context, prefix, least, found] of begun) {
    const { words, p } = setPhrase(context, prefix, least);
    near([words, p], found, `${context}|${prefix}`);
  }
  const memory = new Memory();
  memory.learn("See you at the Zugspitze hut tomorrow. ".repeat(30));
  const ahead = new Ahead(new WordSearch(new Fake(tokenizer.size), tokenizer, spelling), new KnownWords(list(), memory, none), memory);
  for (const [context, word, p, least, found] of grown) {
    const phrase = await ahead.grown(context, word, p, least);
    near([phrase.words, phrase.p], found, `${context}|${word}`);
  }
});

test("what a keyboard learns, and its file", () => {
  const [file, asked, listed, deleted, left] = vectors("memory");
  const memory = new Memory();
  for (const text of ["See you at the Zugspitze. See you at the Zugspitze, Anna!", "Das ist gut\nGUT so…", "Straße naïve e.g. this", "x".repeat(50), "My PIN is 1234. Card 4111 1111 1111 1111 here, xK7#mQ2p"])
    memory.learn(text);
  assert.deepEqual(JSON.parse(JSON.stringify(memory)), file);
  const again = new Memory();
  again.load(JSON.stringify(file));
  for (const [context, prefix, found, trust] of asked) {
    near([...again.words(context, prefix, 3)], found, `${context}|${prefix}`);
    near(again.trust(context), trust, context);
  }
  for (const damaged of ["", "[]", '{"format":1}', JSON.stringify({ ...file, counts: { "*": { a: -1 } } })])
    assert.throws(() => again.load(damaged), { name: "UserError", message: /memory file/ });
  assert.equal(again.learned, file.learned);
  assert.deepEqual(again.learnedWords(), listed);
  for (const [word, known] of deleted) assert.equal(again.delete(word), known, word);
  assert.deepEqual(JSON.parse(JSON.stringify(again)), left);
});

test("a keyboard says what is wrong with a call", async () => {
  assert.throws(() => new Keyboard({}, { layout: "abc" }), { name: "UserError", message: /layout is one of qwerty/ });
  const keyboard = new Keyboard({ content: {}, tables: {}, tokenizer });
  await keyboard.ready();
  await assert.rejects(keyboard.suggest(7), { name: "TypeError", message: /a text is a string, not number/ });
  await assert.rejects(keyboard.suggest("", { k: -1 }), { name: "UserError", message: /k is a number from 0/ });
  await assert.rejects(keyboard.suggest("", { skip: "no" }), { name: "TypeError" });
  await assert.rejects(keyboard.generate("", { temperature: 11 }).next(), { name: "UserError", message: /temperature/ });
  await assert.rejects(keyboard.generate("", { seed: 1.5 }).next(), { name: "TypeError", message: /seed/ });
  assert.deepEqual(await keyboard.suggest("word."), []);
  await assert.rejects(keyboard.phrase(7), { name: "TypeError" });
  assert.equal(await keyboard.phrase("word."), null);
  assert.deepEqual(await keyboard.correct("teh"), { text: "teh", changes: [] }); // without a list nothing is a slip
  assert.equal(hex(bytes(packed)), packed);
});
