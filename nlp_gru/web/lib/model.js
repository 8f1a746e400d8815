// A model: its settings, tokenizer, tables and graphs, from its folder; the graphs share one file of weights.

import { rows } from "./arrays.js";
import { ort } from "./runtime.js";
import { Tokenizer } from "./tokenizer.js";

const ARRAYS = { float32: Float32Array, int8: Int8Array, int32: Int32Array };

export class Model {
  /** entry: of models.json; files: of the folder that has it; progress: called with the share that has come; turn: see `Host`. */
  static async open(entry, files, progress, turn) {
    const sizes = Object.values(entry.files).reduce((sum, { bytes }) => sum + bytes, 0);
    const come = new Map();
    const known = (path) => entry.files[path];
    const watch = (path) => (bytes) => {
      come.set(path, bytes);
      progress(Math.min([...come.values()].reduce((a, b) => a + b, 0) / sizes, 1));
    };
    const json = (path) => files.json(path, known(path), watch(path));
    const content = {};
    await Promise.all(
      Object.keys(entry.files).map(async (path) => {
        const name = path === entry.tokenizer ? "tokenizer" : path.slice(entry.folder.length + 1);
        content[name] = /\.json$/.test(path) ? await json(path) : await files.bytes(path, known(path), watch(path));
      }),
    );
    return new Model(entry, content, turn);
  }

  /** content: by name: config.json, tables.json, tokenizer, weights.bin, the graphs, and what a tool has beside them. */
  constructor(entry, content, turn = async () => {}) {
    Object.assign(this, { entry, content, turn, sessions: new Map() });
    this.config = content["config.json"];
    this.options = this.config.options;
    this.tables = content["tables.json"];
    if (content.tokenizer) this.tokenizer = new Tokenizer(content.tokenizer);
  }

  /** A table by name: its numbers in rows, and its shape. */
  table(name) {
    const { dtype, shape, offset } = this.tables[name];
    const length = shape.reduce((a, b) => a * b, 1);
    return { data: new ARRAYS[dtype](this.content["weights.bin"].buffer, offset, length), shape };
  }

  /** The rows of a table of int8 with a scale each, as numbers. */
  rows(name) {
    const { data, shape } = this.table(name);
    const scales = this.table(`${name}.scale`).data;
    return rows(data, shape[1]).map((row, i) => Float32Array.from(row, (v) => v * scales[i]));
  }

  /** A graph's outputs of these names, or all, each with `data` and `dims`. feeds: tensors by name. */
  async run(graph, feeds, names) {
    await this.turn();
    if (!this.sessions.has(graph)) this.sessions.set(graph, this.#session(graph));
    return (await this.sessions.get(graph)).run(feeds, ...(names ? [names] : []));
  }

  async #session(graph) {
    const externalData = [{ path: "weights.bin", data: this.content["weights.bin"] }];
    const session = await ort.InferenceSession.create(this.content[`${graph}.onnx`], { externalData });
    delete this.content[`${graph}.onnx`];
    return session;
  }
}
