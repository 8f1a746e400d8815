// Set phrases of letters and greetings, which no rule gives. As nlp_gru/text/letters.py.

import { CLOSINGS, FEMALE, FEMALE_END, GREETINGS, MALE, NAME, PHRASES, STAND_INS, TITLES, WORDS } from "./phrases.js";

const female = new RegExp(FEMALE_END, "iu");
const titles = [...new Set(Object.values(TITLES).flatMap(Object.keys))].sort();
const names = new RegExp(`^(?:(?:${titles.join("|")})\\.? )?${NAME}$`, "u");
const greetings = Object.fromEntries(
  Object.entries(GREETINGS).map(([language, words]) => {
    const known = Object.keys(words).sort((a, b) => b.length - a.length);
    return [language, new RegExp(`^(${known.join("|")})(,?) (.+?)([,.! ]*)$`, "iu")];
  }),
);
const plain = (text) => text.replaceAll("’", "'").replace(/[\s.,!]+$/u, "").toLowerCase();

/** The set phrase of the target language for a sentence that is one in the source language; null for any other. */
export function phrase(sentence, source, target) {
  if (![source, target].includes("en") || ![source, target].includes("fr")) return null;
  const end = sentence.slice(sentence.replace(/[ .,!]+$/, "").length);
  const found = WORDS.includes(plain(sentence)) && !end.startsWith(",") ? null : PHRASES[source][plain(sentence)];
  if (found) return cased(found, sentence) + ended(end, target);
  const [, said, comma, name, after] = greetings[source].exec(sentence) ?? [];
  if (name === undefined || !names.test(name)) return null;
  const greeting = said.toLowerCase();
  const [first, ...rest] = name.split(" ");
  const title = TITLES[source][first.replace(/\.$/, "")];
  const female = title ? ["Madame", "Mademoiselle"].includes(title) : isFemale(name);
  let word = GREETINGS[source][greeting] || (female ? "Chère" : "Cher");
  if (greeting === "my dear") word = `${female ? "Ma" : "Mon"} ${word.toLowerCase()}`;
  return `${cased(word, sentence)}${comma} ${title ? [title, ...rest].join(" ") : name}${ended(after, target)}`;
}

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\\-]/g, "\\$&");
const word = (text) => new RegExp(`(?<![\\p{L}\\p{N}_])${literal(text)}(?![\\p{L}\\p{N}_])`, "gu");

/** A text with men's or women's names that every model knows in the place of others: {text, standIns: [[stand-in, name]]}. */
export function withStandIns(text, names, language) {
  const standIns = [];
  for (const name of new Set(names)) {
    const free = STAND_INS[language][Number(isFemale(name))].find((n) => !standIns.some(([own]) => own === n) && !text.includes(n));
    if (!free) continue;
    standIns.push([free, name]);
    text = text.replace(word(name), free);
  }
  return { text, standIns };
}

/** A translation with the names back in the place of the stand-ins; null where one is missing. */
export function withNames(text, standIns, language) {
  for (const [standIn, name] of standIns) {
    if (!word(standIn).test(text)) return null;
    if (language === "fr" && /^[AEIOUÀ-ÆÈ-ËÌ-ÏÒ-ÖÙ-Ü]/u.test(name))
      text = text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])(d|qu|D|Qu)e ${standIn}(?![\\p{L}\\p{N}_])`, "gu"), (_, start) => `${start}'${name}`);
    text = text.replace(word(standIn), () => name);
  }
  return text;
}

/** Whether a sentence is a set phrase that closes a letter, so that a name follows. */
export const isClosing = (sentence, language) => sentence.endsWith(",") && (CLOSINGS[language] ?? []).includes(plain(sentence));

/** Whether a line may be a person's name: up to three words with capitals, without an end mark. */
export function isSignature(line) {
  const words = line.trim().split(/\s+/u);
  return words.length <= 3 && words.every((word) => /^[A-ZÀ-Þ][\p{L}\p{N}_’'\-]*\.?$/u.test(word)) && !line.endsWith(".");
}

function isFemale(name) {
  const first = name.split(" ")[0].toLowerCase();
  return FEMALE.includes(first) || (!MALE.includes(first) && female.test(first));
}

const cased = (text, like) =>
  /^\p{Ll}/u.test(like) && text.split(" ")[0] !== "I" ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
const ended = (end, target) => (target === "fr" ? (end.startsWith("!") ? ` ${end}` : end) : end.trimStart());
