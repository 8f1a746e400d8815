// What a caller hands in, checked as in nlp_gru/errors.py: a `TypeError` for another kind, a `UserError` with one sentence for what
// can be mended.

import { limits } from "./constants.js";

export class UserError extends Error {
  name = "UserError";
}

const kind = (value) => (value === null ? "null" : Array.isArray(value) ? "an array" : typeof value);

export function text(value, most = limits.MAX_TEXT) {
  if (typeof value !== "string") throw new TypeError(`a text is a string, not ${kind(value)}`);
  if (value.length > most) throw new UserError(`a text of ${shown(value.length)} characters is too long; the most is ${shown(most)}`);
  return value;
}

/** The texts as an array of well-formed strings. */
export function texts(values, most = limits.MAX_ENCODED) {
  if (typeof values === "string" || !values?.[Symbol.iterator]) throw new TypeError(`texts are an array of strings, not ${kind(values)}`);
  const some = [...values];
  if (some.length > most) throw new UserError(`more than ${shown(most)} texts at once are too many; hand them in in parts`);
  return some.map((value) => text(value).toWellFormed());
}

export function wholeNumber(name, value, least, most, meaning = "") {
  if (typeof value !== "number" && typeof value !== "bigint") throw new TypeError(`${name} is a whole number, not ${kind(value)}`);
  if (typeof value === "number" && !Number.isInteger(value)) throw new TypeError(`${name} is a whole number, not ${value}`);
  if (value < least || value > most) throw new UserError(`${name} is a number from ${least} to ${most}${meaning}, not ${value}`);
  return value;
}

/** above: `least` itself is too little. */
export function number(name, value, least, most, above = false) {
  if (typeof value !== "number") throw new TypeError(`${name} is a number, not ${kind(value)}`);
  if (!(value >= least && value <= most) || (above && value === least))
    throw new UserError(`${name} is a number ${above ? `above ${least} and at most ${most}` : `from ${least} to ${most}`}, not ${value}`);
  return value;
}

export function flag(name, value) {
  if (typeof value !== "boolean") throw new TypeError(`${name} is true or false, not ${kind(value)}`);
  return value;
}

export const seed = (value) => (value === undefined || value === null ? null : wholeNumber("seed", value, 0, 2n ** 64n - 1n));

const shown = (n) => n.toLocaleString("en");
