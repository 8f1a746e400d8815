// Reads one sequence and writes another: what translation and chat share. As nlp_gru/onnx_engine/seq2seq.py.

import { beam } from "./constants.js";
import { floats, ints, ort, padded } from "./runtime.js";
import { beamSearch } from "./search.js";

/** For each row the mean over its source, without EOS, of the log of how far a token was looked at; 0 where all were. mask: 1 for a
 * source's tokens and its EOS, (B, S). */
export function coverage(looked, { dims: [sources, size], data }) {
  const width = looked.length / sources;
  return looked.map((row, n) => {
    const start = Math.floor(n / width) * size;
    const length = data.subarray(start, start + size).reduce((sum, real) => sum + real, 0) - 1;
    let sum = 0;
    for (let i = 0; i < length; i++) sum += Math.log(Math.min(Math.max(row[i], beam.LEAST_LOOK), 1));
    return sum / Math.max(length, 1);
  });
}

/** Where a search stands: keys and values (B, S, M), mask (B, S), the decoder's state of B * width rows (L, N, M), and how far each
 * source token was looked at, N arrays of S. */
class Reading {
  constructor(keys, values, mask, hidden, looked) {
    Object.assign(this, { keys, values, mask, hidden, looked });
  }

  coverage = () => coverage(this.looked, this.mask);

  select(rows) {
    const [layers, count, size] = this.hidden.dims;
    const chosen = new Float32Array(layers * rows.length * size);
    for (let layer = 0; layer < layers; layer++)
      rows.forEach((row, i) => {
        const start = (layer * count + row) * size;
        chosen.set(this.hidden.data.subarray(start, start + size), (layer * rows.length + i) * size);
      });
    const looked = rows.map((row) => this.looked[row]);
    return new Reading(this.keys, this.values, this.mask, floats(chosen, [layers, rows.length, size]), looked);
  }

  keep(sources) {
    const width = this.hidden.dims[1] / this.keys.dims[0];
    const { hidden, looked } = this.select(sources.flatMap((s) => Array.from({ length: width }, (_, i) => s * width + i)));
    return new Reading(rowsOf(this.keys, sources), rowsOf(this.values, sources), rowsOf(this.mask, sources), hidden, looked);
  }

  repeat(width) {
    const rows = Array.from({ length: this.hidden.dims[1] }, (_, i) => i);
    return this.select(rows.flatMap((row) => Array(width).fill(row)));
  }
}

export class Seq2Seq {
  constructor(model) {
    this.model = model;
    this.step = this.step.bind(this);
  }

  async encode(sources) {
    const { ids, mask } = padded(sources);
    return { mask, ...(await this.model.run("encoder", { ids, mask })) };
  }

  async read(sources, width = 1) {
    const { keys, values, mask, first } = await this.encode(sources);
    const looked = sources.map(() => new Float32Array(mask.dims[1]));
    return new Reading(keys, values, mask, first, looked).repeat(width);
  }

  /** One more token for each row: the k likeliest, best first, with their log-probabilities, and the state after `tokens`. */
  async step(tokens, { keys, values, mask, hidden, looked }, k) {
    const count = Math.min(k, this.model.tokenizer.size);
    const ids = ints(tokens, [tokens.length, 1]);
    const feeds = { ids, targets: ids, hidden, keys, values, mask, k: ints([count], [1]) };
    const { best, candidates, after, looks } = await this.model.run("decoder", feeds, ["best", "candidates", "after", "looks"]);
    const size = mask.dims[1];
    const seen = looked.map((row, n) => row.map((sum, i) => sum + looks.data[n * size + i]));
    const row = (data, i) => Array.from(data.subarray(i * count, (i + 1) * count), Number);
    return {
      logP: tokens.map((_, i) => row(best.data, i)),
      candidates: tokens.map((_, i) => row(candidates.data, i)),
      state: new Reading(keys, values, mask, after, seen),
    };
  }

  /** The `best` targets of each source (ids + EOS), none much longer than its source can mean. */
  async search(sources, width, best = 1) {
    const limits = sources.map((source) => 2 * source.length + 10);
    return beamSearch(this.step, await this.read(sources, width), limits, width, best);
  }

  /** The log-probability of each target token after the ids up to there, and what was looked at: {logP, looks}. */
  async whole({ keys, values, mask, hidden }, ids, targets) {
    const feeds = { ids: padded(ids).ids, targets: padded(targets).ids, hidden, keys, values, mask, k: ints([0], [1]) }; // 0: no search
    const { log_p: logP, looks } = await this.model.run("decoder", feeds, ["log_p", "looks"]);
    return { logP, looks };
  }
}

function rowsOf({ data, dims, type }, rows) {
  const size = dims.slice(1).reduce((a, b) => a * b, 1);
  const chosen = new data.constructor(rows.length * size);
  rows.forEach((row, i) => chosen.set(data.subarray(row * size, (row + 1) * size), i * size));
  return new ort.Tensor(type, chosen, [rows.length, ...dims.slice(1)]);
}
