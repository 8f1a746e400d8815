// What stands before the cursor, and how its completion is written. As nlp_gru/text/typing.py.

import { expectsWord, plain } from "./canonical.js";
import { all, isUpper } from "./characters.js";
import { typing } from "./constants.js";
import { oneApostrophe } from "./slips.js";

export const { MOST_READ } = typing;
const [curved, straight, starts] = [all(typing.CURVED), all(typing.STRAIGHT), all(typing.STARTS)];

/** The last word of a text, whose end is where the cursor stands: {context, word, apostrophe, ended, spaced}. */
export function split(whole) {
  const text = whole.slice(-MOST_READ);
  let word = text.split(/\s/u).at(-1);
  let context = text.slice(0, text.length - word.length);
  word = oneApostrophe(word.slice(-typing.LONGEST));
  const opening = typing.OPENING.exec(word)?.[0] ?? "";
  const ended = typing.ENDED.test(word) && opening !== word;
  [context, word] = [context + opening, word.slice(opening.length)];
  const marks = typing.MARKS.exec(word)[0];
  if (marks && marks.length < word.length) [context, word] = [context + marks, word.slice(marks.length)];
  const spaced = context !== context.trimEnd() || expectsWord(plain(context.slice(-20)));
  return { context, word, apostrophe: apostrophe(text), ended, spaced };
}

/** Whether a typist begins sentences with a small letter, where the next word is to begin one: true or false if all those before agree,
 * null if they do not, if there are none, or in the middle of a sentence. */
export function beginsSmall(context) {
  const near = context.slice(-typing.HABIT_READ);
  if (!typing.AT_START.test(near)) return null;
  const letters = [...(near === context ? near : near.slice(1)).matchAll(starts)].map(([, letter]) => letter);
  const small = new Set(letters.filter((c) => c.toLowerCase() !== c.toUpperCase()).map((c) => /\p{Lowercase}/u.test(c)));
  return small.size === 1 ? [...small][0] : null;
}

/** The apostrophe that the text used last; the plain one if none. */
export function apostrophe(text) {
  const last = (pattern) => [...text.matchAll(pattern)].at(-1)?.index ?? -1;
  return last(curved) > last(straight) ? "’" : "'";
}

export const withApostrophe = (word, kind) => word.replaceAll("'", kind);

/** `word` in the capitals of the letters typed: "Or" makes "order" "Order", "OR" makes it "ORDER". */
export function matchCase(word, prefix) {
  if (isUpper(prefix) && prefix.replaceAll("'", "").length > 1) return word.toUpperCase();
  const [first] = prefix;
  if (first && /\p{Lu}/u.test(first) && /^\p{Ll}/u.test(word)) return word[0].toUpperCase() + word.slice(1);
  return word;
}
