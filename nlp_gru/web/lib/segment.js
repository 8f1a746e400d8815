// A text of any length -> its sentences and what stands between them. As nlp_gru/text/sentences.py, but that the end of a sentence is found by
// the browser (Intl.Segmenter).

import { all, start, whole } from "./characters.js";
import { letters, placeholders, segment as S } from "./constants.js";

const exact = all(placeholders.EXACT);
const [lead, itemEnds, dash, comma, breaks] = [start(S.LEAD), all(S.ITEMS), all(S.DASH), all(S.COMMA), S.BREAKS.map(all)];
const listed = whole(S.ITEM);
const greetings = Object.fromEntries(Object.entries(letters.GREETED).map(([language, pattern]) => [language, start(pattern)]));
/** The greeting of a letter [1] and the blank [2] with which a line begins that goes on; null for any other. */
export const greeting = (line, language) => greetings[language]?.exec(line) ?? null;
// Also before a small letter, where the browser sees no end: behind one sign that stands at a word, but not in "p.m.".
const STOP = /(?<=[^\s.!?…"'»”’)][.!?]\s+)(?<!\.\p{L}\.\s+)(?=\S)/u;
const SHORT =
  "Mr|Mrs|Ms|Dr|St|Prof|Rev|Gen|Col|Capt|Lt|Sgt|Sen|Rep|Gov|Hon|Jr|Sr|Inc|Ltd|Co|Corp|Bros|Fig|Nos?|pp?|vs|etc|al|cf|ca|Ave|Blvd|Rd|Jan|Feb|Aug|Sept?|" +
  "Oct|Nov|Dec|Mt|Ft|oz|lb|e\\.g|i\\.e|Mme|Mlle|MM|Pr|[Nn]o|[Aa]pt|[Aa]ppt|[Dd]ept|approx|Ph|U\\.S|U\\.K|[Tt]el|[Tt]él|Pres|incl|max|p\\.ex|env|av|art|chap|ex|[Vv]ol";
const ABBREVIATED = new RegExp(`(?:^|[^\\p{L}\\p{N}_])(?:\\p{Lu}|${SHORT})\\.\\s*$`, "u");
const GOES_ON = /(?:…|[.!?]\))\s*$/u; // "Well… perhaps", "(Yes.) Then"

/** The parts of a text, in order: {text, isSentence}. Joined, they are the text. */
export function segment(text, language) {
  const parts = [];
  for (let line of lines(text)) {
    const begin = line.trim() && lead.exec(line);
    if (begin && begin[0].length < line.length) {
      parts.push({ text: begin[0], isSentence: false });
      line = line.slice(begin[0].length);
    }
    const greeted = greeting(line, language);
    if (greeted) {
      parts.push({ text: greeted[1], isSentence: true }, { text: greeted[2], isSentence: false });
      line = line.slice(greeted[0].length);
    }
    let read = 0;
    for (const part of line.trim() ? sentences(covered(line), language).flatMap(items).flatMap(cut) : [line]) {
      const piece = line.slice(read, (read += part.length));
      const core = piece.trim();
      if (!/\p{L}/u.test(core)) {
        parts.push({ text: piece, isSentence: false });
        continue;
      }
      const at = piece.indexOf(core);
      parts.push({ text: piece.slice(0, at), isSentence: false }, { text: core, isSentence: true });
      parts.push({ text: piece.slice(at + core.length), isSentence: false });
    }
  }
  return parts.filter((part) => part.text);
}

/** The line with letters in the place of the signs in addresses, tags and the like: "&amp;" and "a.b/c?d" end nothing. */
const covered = (line) =>
  S.LONG.test(line) ? line : line.replace(exact, (match) => match.replace(/[^\p{L}\p{N}_]/gu, (sign) => "X".repeat(sign.length)));

/** The lines and, between them, the breaks with the blanks around them. */
function lines(text) {
  const found = [];
  let at = 0;
  for (const { 0: blanks, index } of text.matchAll(/\s+/g)) {
    if (!/[\r\n]/.test(blanks)) continue;
    found.push(text.slice(at, index), blanks);
    at = index + blanks.length;
  }
  return [...found, text.slice(at)];
}

function sentences(line, language) {
  const found = [];
  let held = "";
  const segments = [...new Intl.Segmenter(language, { granularity: "sentence" }).segment(line)];
  for (const part of segments.flatMap(({ segment }) => segment.split(STOP))) {
    held += part;
    if (ABBREVIATED.test(held) || GOES_ON.test(held) || !/[\s。！？]$/.test(held)) continue; // nor does "a.b/c?d" end one
    found.push(held);
    held = "";
  }
  return held ? [...found, held] : found;
}

/** The items of a list in a line and, between them, what parts them. */
function items(sentence) {
  const dashed = sentence.split(S.DASH);
  const short = dashed.length > 2 && dashed.every((item) => (item.match(/\S+/gu) ?? []).length <= S.MOST_WORDS);
  const found = [];
  let at = 0;
  const commas = sentence.trim().split(S.COMMA);
  const pattern = commas.length > 2 && commas.every((item) => listed.test(item)) ? comma : short ? dash : itemEnds;
  for (const between of sentence.matchAll(pattern)) {
    found.push(sentence.slice(at, between.index), between[0]);
    at = between.index + between[0].length;
  }
  return [...found, sentence.slice(at)];
}

function cut(sentence) {
  const parts = [];
  while (sentence.length > S.MAX_CHARACTERS) {
    const head = sentence.slice(0, S.MAX_CHARACTERS);
    const ends = breaks.map((pattern) => [...head.matchAll(pattern)].map((m) => m.index + m[0].length).at(-1) ?? 0);
    let end = ends.find((at) => at > S.MAX_CHARACTERS / 4) ?? S.MAX_CHARACTERS;
    if (/[\ud800-\udbff]/.test(sentence[end - 1])) end--; // not within a character
    parts.push(sentence.slice(0, end));
    sentence = sentence.slice(end);
  }
  return [...parts, sentence];
}
