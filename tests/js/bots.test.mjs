// Bots of questions and answers, and the rules of chat, without their models.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Bank, stems } from "../../nlp_gru/web/lib/bank.js";
import { readTurns } from "../../nlp_gru/web/lib/chatbot.js";
import { FaqBot } from "../../nlp_gru/web/lib/faq.js";
import { Index } from "../../nlp_gru/web/lib/faq_index.js";
import { Words, words } from "../../nlp_gru/web/lib/faq_words.js";
import { isSound, repeatsItself, saidBefore, stale, takesForAnother } from "../../nlp_gru/web/lib/faults.js";
import { instead, isAboutTheBot, isClaim, isOutOfPlace } from "../../nlp_gru/web/lib/honesty.js";
import { Model } from "../../nlp_gru/web/lib/model.js";
import { place } from "../../nlp_gru/web/lib/ranking.js";
import { isAsked, statements, turned } from "../../nlp_gru/web/lib/recall.js";
import { Alarm, logOdds, parts, reply as help, said } from "../../nlp_gru/web/lib/safety.js";
import { near, vectors } from "./fake.mjs";

const chat = vectors("chat");
const faq = vectors("faq");

/** A bot's model as the exporter writes it, of the vectors' tables. */
function model() {
  const values = { mean: [Float32Array.from(faq.mean), [faq.mean.length]], fit: [Float32Array.from(faq.fit.flat()), [faq.fit.length, faq.fit[0].length]] };
  for (const [name, [rows, scales]] of Object.entries({ ...faq.tables, manners: faq.tables.answers })) {
    if (!rows.length) continue;
    values[name] = [Int8Array.from(rows.flat()), [rows.length, rows[0].length]];
    values[`${name}.scale`] = [Float32Array.from(scales), [scales.length]];
  }
  const [bytes, tables] = [[], {}];
  for (const [name, [data, shape]] of Object.entries(values)) {
    tables[name] = { dtype: data instanceof Int8Array ? "int8" : "float32", shape, offset: bytes.length };
    bytes.push(...new Uint8Array(data.buffer));
    while (bytes.length % 64) bytes.push(0);
  }
  const { rows, words: common, wordRows, shift } = faq;
  const manners = [{ reply: "Hello!", examples: ["hi", "hello", "hey", "good day"] }];
  const config = { head: "faq", options: { refusal: "No idea.", threshold: 0.5, small_talk: false } };
  return new Model({}, {
    "config.json": config, "tables.json": tables, "weights.bin": Uint8Array.from(bytes), "bot.json": { rows, words: common, wordRows, shift, manners },
  });
}

test("how well each answer fits", () => {
  const index = new Index(model());
  faq.asked.forEach((text, i) => {
    const found = index.fits(text, Float32Array.from(faq.vectors[i]));
    near([...found.totals], faq.totals[i], text, 1e-4);
    near([...found.nearest], faq.nearest[i], text, 1e-4);
    near(["margin", "nearest", "said", "covered", "stranger", "sure"].map((name) => found.signals[name]), faq.signals[i], text, 1e-3);
    near([...index.probabilities(found)], faq.probabilities[i], text, 1e-3);
  });
});

test("a bot answers, asks back, refuses and greets", async () => {
  const asked = Float32Array.from(faq.vectors[0]);
  const bot = new FaqBot(model(), { encoder: { encode: async (texts) => texts.map(() => asked) } });
  const found = await bot.reply("when r u opening", { threshold: 0 });
  assert.equal(found.answered, true);
  assert.equal(found.text, found.candidates[0][0]);
  assert.equal(found.closest.length, 3);
  assert.equal((await bot.reply(["hi"])).text, "Hello!");
  const refused = await bot.reply("!!!", { threshold: 1 });
  assert.deepEqual([refused.text, refused.score, refused.answered, refused.offered], ["No idea.", 0, false, false]);
  const { score } = found;
  const offered = await bot.reply("when r u opening", { threshold: Math.min(1, score * 1.5) });
  if (score < 1) assert.match(offered.text, /^Did you mean “/);
  assert.equal((await bot.replies(["a", "b"])).length, 2);
  await assert.rejects(bot.reply("x", { threshold: 2 }), { name: "UserError", message: /threshold is a number from 0 to 1/ });
  await assert.rejects(bot.reply(["x", " "]), { name: "UserError", message: /no turn to reply to/ });
});

test("words by their letters", () => {
  const split = [...faq.rows.map(([question]) => words(question)), ...new Set(faq.rows.map(([, answer]) => answer))].map((some) =>
    typeof some === "string" ? words(some) : some,
  );
  const known = new Words(faq.words, faq.wordRows, split, new Set(faq.usual));
  assert.deepEqual([...faq.asked, ...faq.misspelled].map((text) => known.corrected(text)), faq.corrected);
  near(["the", "open", "zebra", "card"].map((word) => known.weight(word)), faq.weights, "weights");
  const pairs = [["open", "opening"], ["parking", "prak"], ["dog", "dogs"], ["日本", "日"]];
  near(pairs.map(([a, b]) => known.vector(a).reduce((sum, v, i) => sum + v * known.vector(b)[i], 0)), faq.cosines, "cosines");
});

test("what a person told, and asks for", () => {
  for (const [turn, found] of chat.asked) assert.equal(isAsked(turn), found, turn);
  for (const [statement, found] of chat.turned) assert.equal(turned(statement), found, statement);
  for (const [turn, found] of chat.statements) assert.deepEqual(statements(turn), found, turn);
});

test("what a program may not say of itself", () => {
  for (const [reply, found] of chat.claims) assert.equal(isClaim(reply), found, reply);
  for (const [reply, turns, found] of chat.outOfPlace) assert.equal(isOutOfPlace(reply, turns), found, `${reply} / ${turns}`);
  for (const [turn, found] of chat.about) assert.equal(isAboutTheBot(turn), found, turn);
  assert.match(instead("Do you have a mother?", () => 0, new Set()), /program/);
});

test("what is wrong with a reply", () => {
  for (const [text, found] of chat.repeats) assert.equal(repeatsItself(text), found, text);
  const known = new Set(chat.known);
  for (const [turns, replies] of chat.sound)
    for (const [text, plainly, sound, again, old] of replies) {
      assert.equal(isSound(text, turns), plainly, text);
      assert.equal(isSound(text, turns, known), sound, text);
      near([saidBefore(text, turns), stale(text, turns)], [again, old], text);
    }
});

test("danger gets the reply that points to help", () => {
  for (const [kind, text] of chat.help) assert.equal(help(kind, { "crisis line": "555-1234" }), text);
  const alarm = new Alarm({ kinds: ["self_harm", "none"], examples: [[1, 0], [0.6, 0.8]] });
  assert.equal(alarm.of([""], [[1, 0]]), "self_harm");
  assert.equal(alarm.of([""], [[0.6, 0.8]]), null); // a harmless one is nearer
  assert.equal(alarm.of([""], [[0, 1]]), null);
  assert.equal(alarm.of(["", ""], [[0, 1], [1, 0]]), "self_harm"); // one of its sentences
});

test("the network that sees danger", () => {
  const [hidden, hiddenBias, output, outputBias, threshold] = chat.network;
  const [weights, bias, told] = chat.words;
  for (const [text, found] of told) near([said(text, { weights, bias })], [found], text);
  const words = { weights, bias: 0 };
  const network = { hidden: { rows: hidden, bias: hiddenBias }, output: { rows: output, bias: outputBias }, words, threshold };
  const alarm = new Alarm({ network });
  for (const [vectors, logits, odds] of chat.odds) {
    near(logits.map(logOdds), odds, "odds");
    const plainest = odds.indexOf(Math.max(...odds));
    const kinds = logits[plainest].slice(1);
    const wanted = odds[plainest] > threshold ? ["self_harm", "poison", "emergency", "abuse", "others"][kinds.indexOf(Math.max(...kinds))] : null;
    assert.equal(alarm.of(vectors.map(() => ""), vectors), wanted);
  }
  for (const [turn, found] of chat.parts) assert.deepEqual(parts(turn), found, turn);
});

test("the replies of a bank that follow best", () => {
  const { rows, onto, found } = chat.bank;
  const bank = new Bank({ replies: rows.map(String), rows, onto });
  for (const [vector, nearest] of found) assert.deepEqual(bank.nearest(vector, 7).map(([i]) => i), nearest);
  assert.equal(Bank.of({ tables: {} }), null); // a model without one
});

test("a reply about another person", () => {
  for (const [reply, turn, found] of chat.another) assert.equal(takesForAnother(reply, [turn]), found, `${reply} / ${turn}`);
});

test("what a reply takes up", () => {
  for (const [text, found] of chat.stems) assert.deepEqual([...stems(text)].sort(), [...found].sort(), text);
});

test("where a context or a reply lies among the others", () => {
  const { hidden_bias: hiddenBias, ...parts } = chat.side;
  for (const [values, found] of chat.placed) place({ hiddenBias, ...parts }, values).forEach((value, i) => assert.ok(Math.abs(value - found[i]) < 1e-5));
});

test("the turns of a dialogue", () => {
  assert.deepEqual(readTurns(["", " Hi ", "x".repeat(3000)]).map((turn) => turn.length), [2, 2000]);
  assert.throws(() => readTurns("Hi"), TypeError);
  assert.throws(() => readTurns([]), { name: "UserError" });
});
