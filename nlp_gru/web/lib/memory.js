// What a keyboard learns from its user: counts of words and of the words before them. As nlp_gru/tools/keyboard/memory.py, whose file it shares.

import { casefold } from "./characters.js";
import { UserError } from "./checks.js";
import { memory as M } from "./constants.js";
import { withoutSecrets } from "./private.js";

const CAPACITY = 50_000; // contexts; the least recently used are forgotten
const word = new RegExp(M.WORD.source, "u");

export class Memory {
  constructor() {
    this.forget();
  }

  forget() {
    Object.assign(this, { learned: 0, counts: new Map(), spelling: new Map() });
  }

  /** Counts the words of a text, but for what looks like a password or the number of a card or account. */
  learn(text) {
    for (const sentence of sentences(withoutSecrets(text.toWellFormed()))) {
      const folded = sentence.map(casefold);
      const padded = [M.START, M.START, ...folded];
      folded.forEach((key, i) => {
        if (i || !this.spelling.has(key)) this.spelling.set(key, sentence[i]); // a first word has a capital by its place
        for (let order = 0; order < 3; order++) this.#count(order ? padded.slice(i + 2 - order, i + 2).join(" ") : "*", key);
      });
      this.learned += sentence.length;
      if (this.counts.size > 2 * CAPACITY) this.#forgetTheOldest();
    }
    this.#forgetTheOldest();
  }

  #count(context, key) {
    const row = this.counts.get(context) ?? new Map();
    row.set(key, (row.get(key) ?? 0) + 1);
    this.counts.delete(context);
    this.counts.set(context, withoutTheRarest(row, context === "*" ? M.VOCABULARY : M.ROW));
  }

  /** Each word as it was written and how often, the most frequent first. */
  learnedWords() {
    const counts = [...(this.counts.get("*") ?? [])].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    return counts.map(([own, count]) => [this.spelling.get(own) ?? own, count]);
  }

  /** Forgets one word, whatever its capitals, and what was learned of the words around it. Whether it was known. */
  delete(own) {
    const folded = casefold(own.trim());
    if (!folded) return false; // an empty context stands for a sentence's start
    const count = this.counts.get("*")?.get(folded) ?? 0;
    for (const [context, row] of this.counts) {
      row.delete(folded);
      if (!row.size || context.split(" ").includes(folded)) this.counts.delete(context);
    }
    this.spelling.delete(folded);
    this.learned -= Math.min(count, this.learned);
    return count > 0;
  }

  #forgetTheOldest() {
    for (const context of this.counts.keys()) {
      if (this.counts.size <= CAPACITY) break;
      if (context !== "*") this.counts.delete(context);
    }
    const known = this.counts.get("*") ?? new Map();
    if (this.spelling.size > known.size) this.spelling = new Map([...this.spelling].filter(([key]) => known.has(key)));
  }

  /** Words seen before that begin with `prefix`, with their probabilities under the mixture's memory part alone. */
  words(context, prefix, k) {
    const found = new Map();
    if (!this.learned) return found;
    const start = casefold(prefix);
    for (const [share, row, total] of this.#rows(context))
      for (const [own, count] of row) if (own.startsWith(start)) found.set(own, (found.get(own) ?? 0) + (share * count) / total);
    return new Map([...found].sort(([, a], [, b]) => b - a).slice(0, k + 20));
  }

  /** The share of the mixture that the memory gets after `context`, 0 to 1. */
  trust(context) {
    return this.learned ? this.#rows(context).reduce((sum, [share]) => sum + share, 0) : 0;
  }

  /** {word, p}: the word that followed the last two most often, and how sure it is to follow again; "" and 0 where nothing did. */
  usual(context) {
    let best = { word: "", p: 0 };
    const row = this.learned ? this.counts.get(padded(context).slice(-2).join(" ")) : null;
    if (!row) return best;
    const seen = [...row.values()].reduce((a, b) => a + b, 0) + M.UNSEEN;
    for (const [own, count] of row) if (count / seen > best.p || (count / seen === best.p && own > best.word)) best = { word: own, p: count / seen };
    return best;
  }

  /** [share, counts, their sum] of every order seen after `context`; the longest match takes its share first. */
  #rows(context) {
    const before = padded(context);
    const rows = [];
    let rest = 1;
    for (const order of [2, 1, 0]) {
      const row = this.counts.get(order ? before.slice(-order).join(" ") : "*");
      if (!row) continue;
      const [most, half] = M.TRUST[order];
      const seen = [...row.values()].reduce((a, b) => a + b, 0);
      const share = (rest * most * seen) / (seen + half);
      rows.push([share, row, seen]);
      rest -= share;
    }
    return rows;
  }

  toJSON() {
    const counts = Object.fromEntries([...this.counts].map(([context, row]) => [context, Object.fromEntries(row)]));
    return { format: 1, learned: this.learned, counts, spelling: Object.fromEntries(this.spelling) };
  }

  /** Replaces what is known by a file's content; what is none of ours changes nothing. */
  load(file) {
    const found = parsed(file);
    this.learned = found.learned;
    this.counts = new Map(Object.entries(found.counts).map(([context, row]) => [context, new Map(Object.entries(row))]));
    this.spelling = new Map(Object.entries(found.spelling));
    this.#forgetTheOldest();
  }
}

function parsed(file) {
  const isCount = (value) => Number.isInteger(value) && value >= 1;
  const isTable = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  let found;
  try {
    found = JSON.parse(file);
  } catch {
    throw new UserError("this is no memory file: it is not JSON");
  }
  const isOurs =
    isTable(found) && found.format === 1 && Number.isInteger(found.learned) && found.learned >= 0 && isTable(found.counts) &&
    Object.values(found.counts).every((row) => isTable(row) && Object.values(row).every(isCount)) &&
    isTable(found.spelling) && Object.values(found.spelling).every((value) => typeof value === "string");
  if (!isOurs) throw new UserError("this is no memory file, or a damaged one");
  return found;
}

/** The words of the sentence that has begun, in small letters, behind what stands for its start. */
function padded(context) {
  const last = sentences(context.slice(-200), true).at(-1) ?? [];
  return [M.START, M.START, ...last.map(casefold)];
}

/** The row, or, where it has more than `most` words, the four fifths of them that were seen most. */
function withoutTheRarest(row, most) {
  if (row.size <= most) return row;
  return new Map([...row].sort(([, a], [, b]) => b - a).slice(0, Math.floor((most * 4) / 5)));
}

/** The words of each sentence, without the marks around them. keepEmpty: also the one that has just begun. */
export function sentences(text, keepEmpty = false) {
  const found = [[]];
  for (const [token] of text.matchAll(/\S+|\n/gu)) {
    const own = word.exec(token)?.[0];
    if (own && own.length <= M.LONGEST) found.at(-1).push(own);
    if (token === "\n" || /[.!?…]$/.test(token)) found.push([]);
  }
  return found.filter((s, i) => s.length || (keepEmpty && i === found.length - 1));
}
