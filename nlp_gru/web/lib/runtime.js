// ONNX Runtime Web: from an address, from beside the models, or the package of that name. Loaded once.

import { UserError } from "./checks.js";

const FILE = "ort.wasm.min.mjs";
let loading;

/** What `runtime` gave. */
export let ort;

/** place: the folder that has the runtime, or an imported module, or nothing. base: the folder of the models. */
export function openRuntime(place, base) {
  loading ??= found(place, base).then(
    (module) => (ort = module),
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

async function found(place, base) {
  if (place && typeof place === "object" && !(place instanceof URL)) return ready(place);
  if (place) return fromFolder(new URL(place, base));
  try {
    return await fromFolder(new URL("onnxruntime/", base));
  } catch {
    return ready(await fromPackage());
  }
}

async function fromFolder(folder) {
  const module = await import(/* @vite-ignore */ /* webpackIgnore: true */ new URL(FILE, folder).href);
  module.env.wasm.wasmPaths = folder.href;
  return ready(module);
}

async function fromPackage() {
  try {
    return await import("onnxruntime-web/wasm");
  } catch {
    throw new UserError(
      "ONNX Runtime Web is not there: name the folder that has it (runtime), put onnxruntime/ beside the models, or install the package onnxruntime-web",
    );
  }
}

function ready(module) {
  module.env.wasm.numThreads = 1; // more would need headers that a plain web server does not send
  module.env.logLevel = "error";
  return module;
}

export const ints = (values, dims) => new ort.Tensor("int64", BigInt64Array.from(values, BigInt), dims);
export const floats = (values, dims) => new ort.Tensor("float32", values, dims);

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
  return { ids: new ort.Tensor("int64", ids, dims), mask: new ort.Tensor("bool", mask, dims), dims };
}
