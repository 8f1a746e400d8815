// Decoding, as nlp_gru/decoding/sampling.py and nlp_gru/decoding/beam.py. Knows a `step` function alone.

import { argmax } from "./arrays.js";
import { beam, search } from "./constants.js";
import { drawn } from "./random.js";
import { BOS, EOS } from "./tokenizer.js";

const { LOOP, EXTRA } = beam;

/** The tokens that would complete a sequence of `size` tokens which `ids` already holds `times` times or more. */
export function repeats(ids, size, times = 1) {
  const found = new Map();
  const last = ids.slice(ids.length - size + 1).join();
  for (let i = 0; i + size <= ids.length; i++) {
    if (ids.slice(i, i + size - 1).join() !== last) continue;
    found.set(ids[i + size - 1], (found.get(ids[i + size - 1]) ?? 0) + 1);
  }
  return new Set([...found].filter(([, count]) => count >= times).map(([token]) => token));
}

/** The place of one number of p, which need not sum to 1. */
export function choose(p, { temperature, topP, topK = 0 }, draw) {
  const best = argmax(p);
  if (temperature === 0 || p[best] <= 0) return best;
  const order = [];
  for (let i = 0; i < p.length; i++) if (p[i] > 0) order.push(i);
  order.sort((a, b) => p[b] - p[a] || a - b);
  const kept = topK ? order.slice(0, topK) : order;
  const sharp = kept.map((i) => (p[i] / p[best]) ** (1 / temperature));
  const sum = sharp.reduce((a, b) => a + b, 0);
  let [keep, mass] = [0, 0];
  while (keep < sharp.length && mass < topP) mass += sharp[keep++] / sum;
  return kept[drawn(sharp.slice(0, keep), draw)];
}

/** Tokens one after the other, without end: the caller stops. step(token, state) -> {p, state}; alike: token -> its word; size: no
 * sequence of so many comes twice. */
export async function* sample({ p, state }, step, { banned, alike, size = 4, ...settings }, draw) {
  const fresh = [];
  for (;;) {
    let allowed = without(p, banned);
    if (size) {
      for (const token of repeats(fresh.slice(-search.REMEMBERED), size)) allowed[token] = 0;
      const said = repeats(fresh.slice(-120).map((token) => alike[token]), LOOP, 2);
      if (said.size) alike.forEach((word, token) => { if (said.has(word)) allowed[token] = 0; });
      if (allowed.every((value) => value <= 0)) allowed = without(p, banned); // better said twice than nothing
    }
    const token = choose(allowed, settings, draw);
    fresh.push(token);
    yield token;
    ({ p, state } = await step(token, state));
  }
}

function without(p, banned) {
  const allowed = Float64Array.from(p);
  for (const token of banned) allowed[token] = 0;
  return allowed;
}

/** `rows` sampled sequences, drawn side by side, without BOS and EOS. step(tokens, state, k) -> {logP, candidates, state}. */
export async function sampleMany(step, state, rows, limit, { topK = 40, ...settings }, draw) {
  const texts = Array.from({ length: rows }, () => []);
  let going = texts.map((_, row) => row);
  let last = going.map(() => BOS);
  for (let n = 0; n < limit && going.length; n++) {
    const found = await step(last, state, topK);
    const kept = [];
    last = [];
    going.forEach((row, place) => {
      const candidates = found.candidates[place];
      const said = repeats(texts[row], 3);
      const p = found.logP[place].map((v, i) => (said.has(candidates[i]) ? 0 : Math.exp(v)));
      const token = candidates[choose(p, settings, draw)];
      if (token === EOS) return;
      texts[row].push(token);
      kept.push(place);
      last.push(token);
    });
    state = kept.length < going.length ? found.state.select(kept) : found.state;
    going = kept.map((place) => going[place]);
  }
  return texts;
}

/** The `best` hypotheses {tokens, logP, score} of each source. state: `width` equal rows for each; limits: most tokens. */
export async function beamSearch(step, state, limits, width, best = 1) {
  const ended = limits.map(() => []);
  let active = limits.map((_, i) => i);
  let rows = active.map(() => Array.from({ length: width }, (_, i) => ({ tokens: [BOS], sum: i ? -Infinity : 0 })));
  for (let length = 1; active.length; length++) {
    const flat = rows.flat();
    const found = await step(flat.map((h) => h.tokens.at(-1)), state, width + 1 + EXTRA);
    flat.forEach((h, i) => forbidLoops(h.tokens, found.candidates[i], found.logP[i]));
    const [going, selected, next] = [[], [], []];
    const covered = found.state.coverage?.();
    active.forEach((source, b) => {
      const offers = [];
      rows[b].forEach((h, w) =>
        found.logP[b * width + w].forEach((logP, i) =>
          offers.push({ w, token: found.candidates[b * width + w][i], sum: h.sum + logP }),
        ),
      );
      offers.sort((x, y) => (x.sum === y.sum ? 0 : y.sum - x.sum));
      offers.length = Math.min(offers.length, 2 * width);
      const isLast = length >= limits[source]; // whatever comes now is the last token
      const ends = offers.slice(0, width).filter((o) => (isLast || o.token === EOS) && o.sum > -Infinity);
      let ways = isLast ? [] : offers.filter((o) => o.token !== EOS && o.sum > -Infinity).slice(0, width);
      for (const { w, token, sum } of ends) {
        const tokens = rows[b][w].tokens.slice(1);
        if (token !== EOS) tokens.push(token);
        ended[source].push({ tokens, logP: sum, score: sum / length, coverage: covered?.[b * width + w] ?? 0 });
      }
      if (!ways.length || isDone(ended[source], width, best, ways[0].sum / (length + 1))) return;
      while (ways.length < width) ways.push({ ...ways[0], sum: -Infinity }); // rows that can win nothing
      const first = going.length * width;
      going.push(b);
      selected.push(...ways.map(({ w }) => first + w));
      next.push(ways.map(({ w, token, sum }) => ({ tokens: [...rows[b][w].tokens, token], sum })));
    });
    state = going.length < active.length ? found.state.keep(going) : found.state;
    if (going.length) state = state.select(selected);
    active = going.map((b) => active[b]);
    rows = next;
  }
  return ended.map((found) => found.sort((a, b) => b.score - a.score).slice(0, best));
}

/** ahead: the score of the best hypothesis that goes on, if its next token cost nothing. */
function isDone(ended, width, best, ahead) {
  if (ended.length >= width) return true;
  return ended.length >= best && ended.map((h) => h.score).sort((a, b) => b - a)[best - 1] > ahead;
}

function forbidLoops(tokens, candidates, logP) {
  if (tokens.length < 2 * LOOP) return;
  const banned = repeats(tokens, LOOP, 2);
  candidates.forEach((token, i) => banned.has(token) && (logP[i] = -Infinity));
}
