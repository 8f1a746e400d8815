// Replies written for the bot's training dialogues, found by what was said before them. As nlp_gru/tools/chat/bank.py.

import { dot, largest, unit } from "./arrays.js";
import { all, casefold } from "./characters.js";
import { bank as C } from "./constants.js";

const word = all(C.WORD);

/** The beginnings of the longer words and the numbers of a text. */
export function stems(text) {
  const words = (casefold(text).match(word) ?? []).map((one) => [...one]);
  return new Set(words.filter((letters) => letters.length >= C.SHORTEST || /^\p{Nd}/u.test(letters[0])).map((letters) => letters.slice(0, C.STEM).join("")));
}

/** The vectors of a dialogue's turns, the last first -> that of the last, drawn a little towards the one before it. */
export const turnVector = ([last, before]) => unit(last.map((value, i) => value + C.EARLIER * (before?.[i] ?? 0)));

export class Bank {
  /** A chat model's bank, or null. */
  static of(model) {
    if (!model.tables.bank) return null;
    return new Bank({ replies: model.content["bank.json"], rows: model.rows("bank"), onto: model.rows("bank.onto") });
  }

  /** replies: to each turn, [text, stems it takes up] or several; rows: the turns; onto: rows, the map from a sentence's vector to theirs. */
  constructor({ replies, rows, onto }) {
    Object.assign(this, { replies, rows, onto });
  }

  /** The n turns most like one with this vector (`turnVector`), each with about its cosine: the nearest first. */
  nearest(vector, n) {
    const own = this.onto.map((row) => dot(row, vector));
    const cosines = this.rows.map((row) => dot(row, own));
    return largest(cosines, n).map((i) => [i, cosines[i]]);
  }
}
