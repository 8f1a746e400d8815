// Text to tokens and back, as nlp_gru/text/tokenizer.py: the likeliest sequence of tokens (Unigram, Kudo 2018), bytes for the rest.

import { Reader, canonical } from "./canonical.js";

export const [PAD, UNK, BOS, EOS, TURN] = [0, 1, 2, 3, 4];
export const SPECIAL = 8; // tokens 0 to 7 stand for no text
const BYTE = /^<0x([0-9A-F]{2})>$/;

/** Tokens by their letters: nodes of {id: of the token that ends here, or -1, next: nodes by the code of a letter}. */
function trie(tokens) {
  const root = { id: -1, next: new Map() };
  tokens.forEach((token, id) => {
    let node = root;
    for (let i = 0; i < token.length; i++) {
      const code = token.charCodeAt(i);
      if (!node.next.has(code)) node.next.set(code, { id: -1, next: new Map() });
      node = node.next.get(code);
    }
    node.id = id;
  });
  return root;
}

export class Tokenizer {
  /** file: the content of tokenizer.json. */
  constructor(file) {
    this.tokens = file.model.vocab.map(([token]) => token);
    this.scores = file.model.vocab.map(([, score]) => score);
    this.ids = new Map(this.tokens.map((token, id) => [token, id]));
    this.root = trie(this.tokens);
    this.unknown = Math.min(...this.scores) - 10;
    this.edition = file.normalizer ? 1 : 2;
    this.typography = (file.normalizer?.normalizers ?? [])
      .filter((step) => step.type === "Replace")
      .map((step) => [new RegExp(step.pattern.Regex, "gu"), step.content]);
    this.bytes = this.tokens.map((token) => BYTE.exec(token)).map((found) => (found ? parseInt(found[1], 16) : -1));
    this.byteIds = new Int32Array(256);
    this.bytes.forEach((byte, id) => byte >= 0 && (this.byteIds[byte] = id));
  }

  get size() {
    return this.tokens.length;
  }

  /** The ids of a text's tokens, without BOS and EOS. */
  encode(text) {
    if (this.edition === 2) return this.#best(canonical(text));
    const plain = this.typography.reduce((t, [old, put]) => t.replace(old, put), text.toWellFormed().normalize("NFC"));
    return this.#best(plain.replaceAll(" ", "▁"));
  }

  #best(text) {
    const score = new Float64Array(text.length + 1).fill(-Infinity);
    const from = new Int32Array(text.length + 1);
    const token = new Int32Array(text.length + 1);
    score[0] = 0;
    for (let start = 0; start < text.length; ) {
      const width = text.codePointAt(start) > 0xffff ? 2 : 1;
      let alone = false;
      const offer = (end, id, value) => {
        if (score[start] + value > score[end]) [score[end], from[end], token[end]] = [score[start] + value, start, id];
      };
      let node = this.root;
      for (let end = start + 1; end <= text.length && (node = node.next.get(text.charCodeAt(end - 1))); end++) {
        if (node.id < 0) continue;
        offer(end, node.id, this.scores[node.id]);
        alone ||= end === start + width;
      }
      if (!alone) offer(start + width, UNK, this.unknown);
      start += width;
    }
    const found = [];
    for (let end = text.length; end > 0; end = from[end]) {
      if (token[end] !== UNK) found.push(token[end]);
      else {
        const bytes = new TextEncoder().encode(text.slice(from[end], end));
        for (const byte of bytes.reverse()) found.push(this.byteIds[byte]);
      }
    }
    return found.reverse();
  }

  decode(ids) {
    const decoder = new Decoder(this);
    return [...ids].filter((id) => id >= SPECIAL).map((id) => decoder.step(id)).join("") + decoder.end();
  }
}

/** The text of tokens that come one at a time; a character's bytes are kept until its last. */
export class Decoder {
  /** before: the text that it goes on with. */
  constructor(tokenizer, before = "") {
    this.tokenizer = tokenizer;
    this.utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    this.reader = tokenizer.edition === 2 ? new Reader(before) : null;
  }

  step(id) {
    const byte = this.tokenizer.bytes[id];
    if (byte >= 0) return this.#read(this.utf8.decode(Uint8Array.of(byte), { stream: true }));
    return this.end() + this.#read(this.tokenizer.tokens[id]);
  }

  end() {
    return this.#read(this.utf8.decode());
  }

  #read(form) {
    return this.reader ? [...form].map((c) => this.reader.step(c)).join("") : form.replaceAll("▁", " ");
  }
}
