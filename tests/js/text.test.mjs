// The JavaScript library against the vectors that Python wrote: node --test tests/js

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { canonical, plain, read } from "../../nlp_gru/web/lib/canonical.js";
import { rewritten } from "../../nlp_gru/web/lib/conventions.js";
import { phrase } from "../../nlp_gru/web/lib/letters.js";
import { protect, segments } from "../../nlp_gru/web/lib/placeholders.js";
import { Tokenizer } from "../../nlp_gru/web/lib/tokenizer.js";

const load = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf-8"));

test("the canonical form, and back", () => {
  for (const [text, form] of load("../vectors/canonical.json")) {
    assert.equal(canonical(text), form, text);
    assert.equal(read(form), plain(text), text);
  }
});

test("token ids, and their text", () => {
  const tokenizer = new Tokenizer(load("../../nlp_gru/pretrained/tokenizer.json"));
  for (const [text, ids, decoded] of load("../vectors/tokenizer.json")) {
    assert.deepEqual(tokenizer.encode(text), ids, text);
    assert.equal(tokenizer.decode(ids), decoded, text);
  }
});

test("what is kept out of the model's hands, and how the other language writes it", () => {
  const isName = (word) => word === "Sam";
  for (const [text, language, safe, kept, other, parts] of load("../vectors/placeholders.json")) {
    const found = protect(text, isName, language);
    assert.deepEqual([found.text, found.kept], [safe, kept], text);
    assert.deepEqual(kept.map((string) => rewritten(string, language, language === "en" ? "fr" : "en")), other, text);
    assert.deepEqual(segments(text, isName, language), parts, text);
  }
});

test("set phrases of letters", () => {
  for (const [text, language, found] of load("../vectors/letters.json"))
    assert.equal(phrase(text, language, language === "en" ? "fr" : "en"), found, text);
});
