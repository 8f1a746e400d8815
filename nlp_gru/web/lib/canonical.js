// The canonical form of a text, in which a word is spelled alike wherever it stands, and back. As nlp_gru/text/canonical.py.

import { BLANK, CAPITALS, ELISIONS, ESCAPE, JOINING, LETTERS, OPENING, OPENING_AFTER_BLANK, RESERVED, TITLE, TYPOGRAPHY, UPPER } from "./constants.js";

const escaped = (characters) => characters.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
const capitals = new Map(Object.entries(CAPITALS));
const small = new Map(Object.entries(CAPITALS).map(([capital, letter]) => [letter, capital]));
const literal = new Map(Object.entries(RESERVED).map(([character, sign]) => [sign, character]));
const forms = Object.entries(TYPOGRAPHY).map(([signs, form]) => [new RegExp(`[${escaped(signs)}]`, "g"), form]);
const letter = new RegExp(`^[${LETTERS}]`);
const reserved = new RegExp(`[${Object.keys(RESERVED).join("")}]`, "g");
const last = new RegExp(`[${escaped(OPENING + OPENING_AFTER_BLANK + JOINING)}](?=[${LETTERS} ])`, "g");
const elided = new RegExp(`(?:^|[^${LETTERS}'])(?:${ELISIONS.map((e) => [...e].map((c) => `[${c}${c.toUpperCase()}]`).join("")).join("|")})$`);
const CONTEXT = 2 + Math.max(...ELISIONS.map((e) => e.length)); // characters that decide whether a word may follow
const run = new RegExp(`(${BLANK}?)(?<![${LETTERS}])([${Object.keys(CAPITALS).join("")}][${LETTERS}]*(?:'[${LETTERS}]+)*)`, "g");

/** The text in NFC, with the plain forms of typographic signs. */
export const plain = (text) => forms.reduce((t, [signs, form]) => t.replace(signs, form), text.toWellFormed().normalize("NFC"));

export function canonical(text) {
  const typed = plain(text).replace(reserved, (c) => ESCAPE + RESERVED[c]);
  const first = typed && (typed[0] === " " || letter.test(typed)) ? BLANK : "";
  const placed = typed.replace(last, (c, at) => (expectsWord(typed.slice(Math.max(at + 1 - CONTEXT, 0), at + 1)) ? c + BLANK : c));
  return (first + placed).replaceAll(" ", BLANK).replace(run, cased);
}

function cased(whole, blank, word) {
  const rest = [...word.slice(1).replaceAll("'", "")];
  const lower = [...word].map((c) => capitals.get(c) ?? c).join("");
  if (word === "I" || (word.startsWith("I'") && word.slice(1) === lower.slice(1))) return whole;
  if (rest.length && rest.every((c) => capitals.has(c))) return UPPER + blank + lower;
  return rest.some((c) => capitals.has(c)) ? whole : TITLE + blank + lower;
}

/** Whether a word that follows `before` directly is written with BLANK all the same: at the start of a text, say. */
export function expectsWord(before) {
  if (!before || OPENING.includes(before.at(-1))) return true;
  const [rest, end] = [before.slice(0, -1), before.at(-1)];
  if (JOINING.includes(end)) return rest !== "" && (/[0-9]$/.test(rest) || letter.test(rest.at(-1)));
  if (end === "'" && elided.test(rest)) return true;
  return OPENING_AFTER_BLANK.includes(end) && (!rest || OPENING.includes(rest.at(-1)) || " \t".includes(rest.at(-1)));
}

/** The text of a canonical form that comes one character at a time. */
export class Reader {
  #tail = "";
  #silent = false;
  #case = "";
  #inside = false;
  #escaped = false;

  /** before: the text that it goes on with. */
  constructor(before = "") {
    this.#tail = plain(before.slice(-CONTEXT));
  }

  step(character) {
    if (this.#escaped) {
      [this.#escaped, this.#case] = [false, ""];
      return this.#emit(literal.get(character) ?? character);
    }
    if (character === ESCAPE) {
      this.#escaped = true;
      return "";
    }
    if (character === TITLE || character === UPPER) {
      [this.#case, this.#inside] = [character, false];
      return "";
    }
    if (character === BLANK) {
      if (this.#inside) this.#case = "";
      if (!this.#silent && expectsWord(this.#tail)) {
        this.#silent = true;
        return "";
      }
      return this.#emit(" ");
    }
    if (this.#case) {
      if (letter.test(character)) {
        character = small.get(character) ?? character;
        this.#inside = true;
        if (this.#case === TITLE) this.#case = "";
      } else if (character !== "'" || !this.#inside || this.#tail.at(-1) === "'") this.#case = "";
    }
    return this.#emit(character);
  }

  #emit(character) {
    this.#tail = (this.#tail + character).slice(-CONTEXT);
    this.#silent = false;
    return character;
  }
}

export const read = (form) => {
  const reader = new Reader();
  return [...form].map((c) => reader.step(c)).join("");
};
