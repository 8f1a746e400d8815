// Slips of the fingers, and how likely each is. As nlp_gru/text/slips.py.

import { casefold } from "./characters.js";
import { slips as S } from "./constants.js";

export const { LAYOUTS, PRICES } = S;
const APOSTROPHE = new RegExp(`[${S.APOSTROPHES}]`, "g");

const COMBINING = /(?![\ufe00-\ufe0f\u{e0100}-\u{e01ef}])\p{Mn}/gu; // variation selectors combine with nothing

/** The text with the plain apostrophe for all of its kinds. */
export const oneApostrophe = (text) => text.replace(APOSTROPHE, "'");

/** What is typed of a word in a hurry: small letters without apostrophes and accents. */
export function key(word) {
  const plain = casefold(oneApostrophe(word)).replaceAll("'", "");
  return /^[\x00-\x7f]*$/.test(plain) ? plain : plain.normalize("NFD").replace(COMBINING, "");
}

/** 0 to 25 for a to z, 26 for the rest. */
export const letterNumber = (letter) => (letter >= "a" && letter <= "z" ? letter.charCodeAt(0) - 97 : 26);

const known = new Map();

/** The letters around each letter of a layout. */
export function neighbours(layout) {
  if (known.has(layout)) return known.get(layout);
  const rows = LAYOUTS[layout];
  const found = new Map();
  rows.forEach((row, y) =>
    [...row].forEach((letter, x) => {
      if (letter === " ") return;
      // A row stands half a key to the right of the one above it.
      const near = [[y, x - 1], [y, x + 1], [y - 1, x], [y - 1, x + 1], [y + 1, x - 1], [y + 1, x]];
      found.set(letter, near.map(([j, i]) => rows[j]?.[i] ?? "").join("").replaceAll(" ", ""));
    }),
  );
  known.set(layout, found);
  return found;
}

/** [what may have been meant, price] for one slip; the same text may come more than once. typed: a `key`. */
export function* slips(typed, { prices = PRICES, layout = "qwerty", cheap = false } = {}) {
  const near = neighbours(layout);
  for (let i = 0; i + 1 < typed.length; i++)
    if (typed[i] !== typed[i + 1])
      yield [typed.slice(0, i) + typed[i + 1] + typed[i] + typed.slice(i + 2), prices.swapped * (i ? 1 : prices.first)];
  if (cheap) return;
  for (let i = 0; i < typed.length; i++) {
    const letter = typed[i];
    const [before, after] = [typed.slice(0, i), typed.slice(i + 1)];
    const weight = i ? 1 : prices.first;
    const around = near.get(letter) ?? "";
    const last = typed[i - 1] ?? "";
    if (letter === last) yield [before + after, prices.doubled];
    else {
      const touched = [last, after.slice(0, 1)].some((other) => other && near.get(other)?.includes(letter));
      yield [before + after, weight * (touched ? prices.beside : prices.superfluous)];
    }
    for (const other of S.LETTERS) {
      if (other === letter) continue;
      let price = around.includes(other) ? prices.neighbour : prices.other;
      if (S.VOWELS.includes(letter) && S.VOWELS.includes(other)) price = Math.max(price, prices.vowel);
      yield [before + other + after, weight * price];
      if (other === last) continue; // the same text as a letter typed once for twice, below
      yield [before + other + typed.slice(i), weight * prices.missing];
    }
    if (i) yield [before + letter + typed.slice(i), prices.single];
  }
}
