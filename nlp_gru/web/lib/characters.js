// Characters as Python sees them.

/** What Python's \w is, for a class of a pattern. */
export const WORD = "\\p{L}\\p{N}_";
/** What Python's [^\W\d_] is. */
export const LETTER = "\\p{L}\\p{Nl}\\p{No}";

/** As str.casefold: small letters, in which "ß" is "ss" and "ς" is "σ". */
export function casefold(text) {
  const lower = text.toLowerCase();
  if (/^[\x00-\x7f]*$/.test(lower)) return lower;
  return lower.replace(/[^\x00-\x7f]/gu, (c) => (c === "ı" ? c : c.toUpperCase().toLowerCase()));
}

/** Its letters and digits alone, in small letters: texts that differ in nothing else count as the same. */
export const letters = (text) => casefold(text).replace(/[^\p{L}\p{N}]/gu, "");

/** A pattern that finds all matches. */
export const all = (pattern) => new RegExp(pattern.source, `${pattern.flags}g`);

/** A pattern at the start of a text, or for all of it: Python's `match` and `fullmatch`. */
export const start = (pattern) => new RegExp(`^(?:${pattern.source})`, pattern.flags);
export const whole = (pattern) => new RegExp(`^(?:${pattern.source})$`, pattern.flags);

/** As str.capitalize. */
export const capitalized = (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();

/** As str.isupper. */
export const isUpper = (text) => text === text.toUpperCase() && text !== text.toLowerCase();

/** zlib.crc32 of the text as UTF-8. */
export function crc32(text) {
  let crc = -1;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
