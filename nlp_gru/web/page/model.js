// A model: its settings, tokenizer, tables and graphs, fetched from its folder; the graphs share one file of weights.

import * as ort from "./onnxruntime/ort.wasm.min.mjs";
import { Tokenizer } from "./tokenizer.js";

ort.env.wasm.wasmPaths = new URL("./onnxruntime/", import.meta.url).href;
ort.env.wasm.numThreads = 1; // more would need headers that a plain web server does not send
ort.env.logLevel = "error";
const ARRAYS = { float32: Float32Array, int8: Int8Array, int32: Int32Array };

export class Model {
  /** entry: of models.json. progress: called with the bytes that have come. */
  static async open(entry, progress = () => {}) {
    const folder = new URL(`${entry.folder}/`, self.location.href);
    const [config, tables, tokenizer, weights] = await Promise.all([
      json(new URL("config.json", folder)),
      json(new URL("tables.json", folder)),
      json(new URL(entry.tokenizer, self.location.href)),
      bytes(new URL("weights.bin", folder), progress),
    ]);
    return new Model(folder, config, tables, new Tokenizer(tokenizer), weights);
  }

  constructor(folder, config, tables, tokenizer, weights) {
    Object.assign(this, { folder, config, tables, tokenizer, weights, sessions: new Map() });
    this.options = config.options;
  }

  /** A table by name: its numbers in rows, and its shape. */
  table(name) {
    const { dtype, shape, offset } = this.tables[name];
    const length = shape.reduce((a, b) => a * b, 1);
    return { data: new ARRAYS[dtype](this.weights.buffer, offset, length), shape };
  }

  /** A graph's outputs of these names, or all, each with `data` and `dims`. feeds: tensors by name. */
  async run(graph, feeds, names) {
    if (!this.sessions.has(graph)) this.sessions.set(graph, this.#session(graph));
    return (await this.sessions.get(graph)).run(feeds, ...(names ? [names] : []));
  }

  async #session(graph) {
    const file = await bytes(new URL(`${graph}.onnx`, this.folder));
    return ort.InferenceSession.create(file, { externalData: [{ path: "weights.bin", data: this.weights }] });
  }
}

export const { Tensor } = ort;
export const ints = (values, dims) => new Tensor("int64", BigInt64Array.from(values, BigInt), dims);
export const floats = (values, dims) => new Tensor("float32", values, dims);

/** Sequences of ids -> ids (B, S), PAD beyond each one's end, and the mask. */
export function padded(sequences) {
  const dims = [sequences.length, Math.max(...sequences.map((s) => s.length))];
  const ids = new BigInt64Array(dims[0] * dims[1]);
  const mask = new Uint8Array(ids.length);
  sequences.forEach((sequence, row) =>
    sequence.forEach((id, i) => {
      ids[row * dims[1] + i] = BigInt(id);
      mask[row * dims[1] + i] = 1;
    }),
  );
  return { ids: new Tensor("int64", ids, dims), mask: new Tensor("bool", mask, dims), dims };
}

/** weight (O, I) times x (I,), plus bias (O,). */
export function linear({ data, shape }, bias, x) {
  const found = Float64Array.from(bias.data);
  for (let o = 0; o < shape[0]; o++) for (let i = 0; i < shape[1]; i++) found[o] += data[o * shape[1] + i] * x[i];
  return found;
}

export function softmax(values) {
  const most = Math.max(...values);
  const e = Array.from(values, (v) => Math.exp(v - most));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / sum);
}

/** From the browser's store, where what has come once is kept: a model's address changes with its content. */
async function get(url) {
  const store = self.caches && (await caches.open("nlp-gru models").catch(() => null)); // there is none on http pages but localhost
  const kept = await store?.match(url);
  if (kept) return kept;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status} ${response.statusText}`);
  await store?.put(url, response.clone()).catch(() => {}); // a full disk: then it comes again next time
  return response;
}

async function json(url) {
  return (await get(url)).json();
}

async function bytes(url, progress = () => {}) {
  const response = await get(url);
  const parts = [];
  let size = 0;
  for (let reader = response.body.getReader(), part; !(part = await reader.read()).done; ) {
    parts.push(part.value);
    progress((size += part.value.length));
  }
  const whole = new Uint8Array(size);
  for (const part of parts.reverse()) whole.set(part, (size -= part.length));
  return whole;
}
