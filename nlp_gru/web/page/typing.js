// What stands before the cursor, and how its completion is written. As nlp_gru/text/typing.py.

/** The text with the plain apostrophe for all of its kinds. */
export const oneApostrophe = (text) => text.replace(/[’‘`´ʼ‛′＇]/g, "'");

/** The apostrophe that the text used last; the plain one if none. */
export function apostrophe(text) {
  const last = (pattern) => [...text.matchAll(pattern)].at(-1)?.index ?? -1;
  return last(/[\p{L}\p{N}_]’/gu) > last(/[\p{L}\p{N}_]'(?=[\p{L}\p{N}_])/gu) ? "’" : "'";
}

/** `word` in the capitals of the letters typed: "Or" makes "order" "Order", "OR" makes it "ORDER". */
export function matchCase(word, prefix) {
  const letters = prefix.replaceAll("'", "");
  if (letters.length > 1 && prefix === prefix.toUpperCase() && prefix !== prefix.toLowerCase()) return word.toUpperCase();
  const capital = prefix && prefix[0] !== prefix[0].toLowerCase();
  return capital ? word[0].toUpperCase() + word.slice(1) : word;
}
