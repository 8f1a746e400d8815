// Reads one sequence and writes another: what translation and chat share. As nlp_gru/onnx_engine/seq2seq.py.

import { floats, ints, ort, padded } from "./runtime.js";
import { beamSearch } from "./search.js";

/** Where a search stands: keys and values (B, S, M), mask (B, S), and the decoder's state of B * width rows (L, N, M). */
class Reading {
  constructor(keys, values, mask, hidden) {
    Object.assign(this, { keys, values, mask, hidden });
  }

  select(rows) {
    const [layers, count, size] = this.hidden.dims;
    const chosen = new Float32Array(layers * rows.length * size);
    for (let layer = 0; layer < layers; layer++)
      rows.forEach((row, i) => {
        const start = (layer * count + row) * size;
        chosen.set(this.hidden.data.subarray(start, start + size), (layer * rows.length + i) * size);
      });
    return new Reading(this.keys, this.values, this.mask, floats(chosen, [layers, rows.length, size]));
  }

  keep(sources) {
    const width = this.hidden.dims[1] / this.keys.dims[0];
    const { hidden } = this.select(sources.flatMap((s) => Array.from({ length: width }, (_, i) => s * width + i)));
    return new Reading(rowsOf(this.keys, sources), rowsOf(this.values, sources), rowsOf(this.mask, sources), hidden);
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
    return new Reading(keys, values, mask, first).repeat(width);
  }

  /** One more piece for each row: the k likeliest, best first, with their log-probabilities, and the state after `pieces`. */
  async step(pieces, { keys, values, mask, hidden }, k) {
    const count = Math.min(k, this.model.tokenizer.size);
    const ids = ints(pieces, [pieces.length, 1]);
    const feeds = { ids, targets: ids, hidden, keys, values, mask, k: ints([count], [1]) };
    const { best, candidates, after } = await this.model.run("decoder", feeds, ["best", "candidates", "after"]);
    const row = (data, i) => Array.from(data.subarray(i * count, (i + 1) * count), Number);
    return {
      logP: pieces.map((_, i) => row(best.data, i)),
      candidates: pieces.map((_, i) => row(candidates.data, i)),
      state: new Reading(keys, values, mask, after),
    };
  }

  /** The `best` targets of each source (ids + EOS), none much longer than its source can mean. */
  async search(sources, width, best = 1) {
    const limits = sources.map((source) => 2 * source.length + 10);
    return beamSearch(this.step, await this.read(sources, width), limits, width, best);
  }

  /** The log-probability of each target piece after the ids up to there, and what was looked at: {logP, looks}. */
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
