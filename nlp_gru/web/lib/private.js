// What a keyboard never learns: passwords, card and account numbers, keys. As nlp_gru/tools/keyboard/private.py.

import { all, casefold, isUpper } from "./characters.js";
import { secrets as P } from "./constants.js";

const [announced, number] = [all(P.ANNOUNCED), all(P.NUMBER)];

/** The text with a line break for everything that looks like a secret. */
export function withoutSecrets(text) {
  return text
    .replace(announced, (match, told) => match.slice(0, match.length - told.length) + (P.LIKE_ONE.test(told.replace(/[.,:;!?]+$/, "")) ? "\n" : told))
    .replace(number, (match) => (isAccount(match) ? "\n" : match))
    .replace(/\S+/gu, (match) => (isPassword(match.replace(/^[.,:;!?"'()]+|[.,:;!?"'()]+$/g, "")) ? "\n" : match));
}

/** Whether digits, with blanks or marks between them, may be a card or an account. */
export const isAccount = (text) => count(text, /\p{Nd}/gu) >= P.LONG_NUMBER;

/** Whether a word mixes what words do not mix: "xK7#mQ2p", "a1b2c3d4", "qwrtzpsd". */
export function isPassword(word) {
  const signs = [...word];
  if (signs.length < P.PASSWORD || P.ADDRESS.test(word)) return false;
  const digits = count(word, /\p{Nd}/gu);
  const kinds = [/\p{Lowercase}/u.test(word), /\p{Uppercase}/u.test(signs.slice(1).join("")) && !isUpper(word), digits > 0, P.MARK.test(word)];
  if (kinds.filter(Boolean).length >= 3 || (P.MIXED.test(word) && digits >= 3)) return true;
  if (signs.length >= P.KEY && /^[A-Za-z0-9]+$/.test(word) && digits) return true;
  return signs.length >= P.CONSONANTS && /^[a-z]+$/.test(casefold(word)) && !/[aeiouy]/.test(casefold(word));
}

const count = (text, pattern) => (text.match(pattern) ?? []).length;
