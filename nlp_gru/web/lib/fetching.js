// Files of models: fetched or read from disk, checked by their SHA-256, and kept.

import { UserError } from "./checks.js";
import { hex, sha256 } from "./sha256.js";

const KEPT = "nlp-gru models"; // the browser's store of them; a model's address changes with its content
export const isNode = typeof process === "object" && Boolean(process.versions?.node);

/** A module of Node's, by a name that no bundler looks up. */
export const builtIn = (name) => import(/* @vite-ignore */ /* webpackIgnore: true */ `node:${name}`);

export class Files {
  /** base: the folder's URL. cache: whether the browser keeps what has come; in Node, a folder to keep it in. */
  constructor(base, cache = true) {
    Object.assign(this, { base: new URL(base), cache });
  }

  /** A file's bytes. known: {bytes, sha256} where they are known. progress: called with the bytes that have come. */
  async bytes(path, known = {}, progress = () => {}) {
    const url = new URL(path, this.base);
    const kept = await this.#kept(url, known);
    if (kept) {
      progress(kept.length);
      return kept;
    }
    const data = url.protocol === "file:" ? await fromDisk(url) : await fromNetwork(url, progress);
    progress(data.length);
    if (known.sha256 && (await sum(data)) !== known.sha256)
      throw new UserError(`${url.href} is damaged, or not the file of this model: its SHA-256 is another than in models.json`);
    await this.#keep(url, known, data);
    return data;
  }

  async json(path, known, progress) {
    const data = await this.bytes(path, known, progress);
    try {
      return JSON.parse(new TextDecoder().decode(data));
    } catch {
      throw new UserError(`${new URL(path, this.base).href} is not JSON`);
    }
  }

  /** What was kept and is still what it was. Without a sum nothing is taken from a store: it might be old. */
  async #kept(url, known) {
    if (!known.sha256) return null;
    const data = await (isNode ? this.#fromFolder(known) : this.#fromStore(url));
    return data && (await sum(data)) === known.sha256 ? data : null;
  }

  async #fromStore(url) {
    const store = this.cache && url.protocol !== "file:" && (await openStore());
    const kept = await store?.match?.(url.href);
    return kept && new Uint8Array(await kept.arrayBuffer());
  }

  async #fromFolder(known) {
    if (typeof this.cache !== "string") return null;
    const { readFile } = await builtIn("fs/promises");
    return readFile(await keptAs(this.cache, known)).then((data) => new Uint8Array(data), () => null);
  }

  async #keep(url, known, data) {
    if (!known.sha256 || !this.cache || url.protocol === "file:") return;
    if (!isNode) {
      const store = await openStore();
      await store?.put(url.href, new Response(data)).catch(() => {}); // a full disk: then it comes again next time
    } else if (typeof this.cache === "string") {
      const { mkdir, rename, writeFile } = await builtIn("fs/promises");
      const place = await keptAs(this.cache, known);
      await mkdir(this.cache, { recursive: true });
      await writeFile(`${place}.${process.pid}`, data);
      await rename(`${place}.${process.pid}`, place);
    }
  }
}

async function keptAs(folder, { sha256 }) {
  return (await builtIn("path")).join(folder, sha256);
}

/** There is none on pages over http but those of localhost. */
const openStore = async () => globalThis.caches?.open(KEPT).catch(() => null);

async function fromDisk(url) {
  const { readFile } = await builtIn("fs/promises");
  try {
    return new Uint8Array(await readFile(url));
  } catch (error) {
    throw new UserError(`${url.pathname} cannot be read (${error.code})`);
  }
}

async function fromNetwork(url, progress) {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new UserError(`${url.href} cannot be fetched (${error.cause?.code ?? error.message})`);
  }
  if (!response.ok) throw new UserError(`${url.href} cannot be fetched (${response.status} ${response.statusText})`);
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

/** The SHA-256 in hexadecimal digits; pages over http have no crypto.subtle. */
const sum = async (data) => hex(globalThis.crypto?.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", data)) : sha256(data));
