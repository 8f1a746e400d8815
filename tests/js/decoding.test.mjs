// Random numbers, sampling, beam search: the same sequences as in Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { random } from "../../nlp_gru/web/lib/random.js";
import { beamSearch, choose, repeats, sample, sampleMany } from "../../nlp_gru/web/lib/search.js";
import { Fake, near, Rows, vectors } from "./fake.mjs";

const wanted = vectors("decoding");

test("a seed gives the numbers of numpy", () => {
  for (const [seed, numbers] of wanted.random) {
    const draw = random(BigInt(seed));
    assert.deepEqual(numbers.map(draw), numbers, seed);
  }
  assert.notEqual(random()(), random()());
});

test("a seed gives the same sampled sequence", async () => {
  const fake = new Fake(60);
  const alike = Array.from({ length: 60 }, (_, i) => i >> 1);
  for (const [[seed, temperature, topK, topP, size], tokens] of wanted.sample) {
    const settings = { banned: [0, 1], alike, temperature, topK, topP, size };
    const found = [];
    for await (const token of sample(await fake.read([2]), (p, s) => fake.read([p], s), settings, random(BigInt(seed)))) {
      found.push(token);
      if (found.length === tokens.length) break;
    }
    assert.deepEqual(found, tokens, seed);
  }
});

test("several sequences side by side", async () => {
  for (const [seed, found] of wanted.sampleMany) {
    const settings = { temperature: 0.8, topP: 0.9 };
    assert.deepEqual(await sampleMany(new Fake(60).step, new Rows([1, 2, 3, 4]), 4, 25, settings, random(seed)), found);
  }
});

test("beam search over many sources", async () => {
  for (const [width, best, sources, limits, found] of wanted.beam) {
    const rows = new Rows(sources.flatMap((s) => Array(width).fill(s)), width);
    const hypotheses = await beamSearch(new Fake(9).step, rows, limits, width, best);
    near(hypotheses.map((own) => own.map((h) => [h.tokens, h.logP, h.score])), found, `width ${width}`);
  }
});

test("what would come twice, and the likeliest where nothing is drawn", () => {
  assert.deepEqual([...repeats([1, 2, 3, 1, 2], 3)], [3]);
  assert.deepEqual([...repeats([1, 2, 3, 1, 2], 3, 2)], []);
  assert.equal(choose([0, 0, 0], { temperature: 1, topP: 1 }, () => 0.5), 0);
  assert.equal(choose([0.1, 0.7, 0.2], { temperature: 0, topP: 1 }, () => 0.99), 1);
});
