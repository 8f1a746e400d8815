// What a keyboard learns from its user: counts of words and of the words before them. As nlp_gru/tools/keyboard/memory.py, whose file it shares.

const START = ""; // stands before the first word of a sentence
const LONGEST = 40; // characters; what is longer is no word
const CAPACITY = 50_000; // contexts; the least recently used are forgotten
const TRUST = [[0.03, 300], [0.05, 10], [0.2, 3]]; // by order: at most, and the sightings at which by half

export class Memory {
  constructor() {
    this.forget();
  }

  forget() {
    Object.assign(this, { learned: 0, counts: new Map(), spelling: new Map() });
  }

  learn(text) {
    for (const sentence of sentences(text)) {
      const folded = sentence.map((word) => word.toLowerCase());
      const padded = [START, START, ...folded];
      folded.forEach((key, i) => {
        if (i || !this.spelling.has(key)) this.spelling.set(key, sentence[i]); // a first word has a capital by its place
        for (let order = 0; order < 3; order++) {
          const context = order ? padded.slice(i + 2 - order, i + 2).join(" ") : "*";
          const row = this.counts.get(context) ?? new Map();
          row.set(key, (row.get(key) ?? 0) + 1);
          this.counts.delete(context);
          this.counts.set(context, row);
        }
      });
      this.learned += sentence.length;
    }
    for (const context of this.counts.keys()) {
      if (this.counts.size <= CAPACITY) break;
      if (context !== "*") this.counts.delete(context);
    }
  }

  /** Words seen before that begin with `prefix`, with their probabilities under the mixture's memory part alone. */
  words(context, prefix) {
    const found = new Map();
    for (const [share, row, total] of this.#rows(context))
      for (const [word, count] of row)
        if (word.startsWith(prefix.toLowerCase())) found.set(word, (found.get(word) ?? 0) + (share * count) / total);
    return found;
  }

  /** The share of the mixture that the memory gets after `context`, 0 to 1. */
  trust(context) {
    return this.#rows(context).reduce((sum, [share]) => sum + share, 0);
  }

  /** [share, counts, their sum] of every order seen after `context`; the longest match takes its share first. */
  #rows(context) {
    const last = sentences(context.slice(-200), true).at(-1);
    const padded = [START, START, ...last.map((word) => word.toLowerCase())];
    const rows = [];
    let rest = 1;
    for (const order of [2, 1, 0]) {
      const row = this.counts.get(order ? padded.slice(-order).join(" ") : "*");
      if (!row) continue;
      const [most, half] = TRUST[order];
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

  /** Replaces what is known by what `toJSON` gave. */
  load({ learned, counts, spelling }) {
    this.learned = learned;
    this.counts = new Map(Object.entries(counts).map(([context, row]) => [context, new Map(Object.entries(row))]));
    this.spelling = new Map(Object.entries(spelling));
  }
}

/** The words of each sentence, without the marks around them. keepEmpty: also the one that has just begun. */
function sentences(text, keepEmpty = false) {
  const found = [[]];
  for (const [token] of text.toWellFormed().matchAll(/\S+|\n/g)) {
    const word = /[\p{L}\p{N}_](?:\S*[\p{L}\p{N}_])?/u.exec(token)?.[0];
    if (word && word.length <= LONGEST) found.at(-1).push(word);
    if (token === "\n" || /[.!?…]$/.test(token)) found.push([]);
  }
  return found.filter((s, i) => s.length || (keepEmpty && i === found.length - 1));
}
