// What is wrong with a reply that was made up: it says again what was said, or it is no English sentence. As nlp_gru/tools/chat/faults.py.

import { all, casefold, letters } from "./characters.js";
import { faults as F } from "./constants.js";

const [word, unit, shouted] = [all(F.WORD), all(F.UNIT), all(F.SHOUTED)];
const isLetters = /^\p{L}+$/u;
const shortest = (some) => Math.min(...some.map((one) => [...one].length));

const plain = (text) => casefold(text).replaceAll("’", "'");
const wordsOf = (text) => text.match(word) ?? [];

/** How often each of some values comes. */
function counted(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Whether a reply to a dialogue has none of these faults. known: English words in small letters, with `has`; null: all are. */
export function isSound(reply, turns, known = null) {
  const text = reply.replaceAll("’", "'");
  const words = wordsOf(text).map(casefold);
  const count = (sign) => text.split(sign).length - 1;
  return !(
    repeatsItself(text) || turns.some((turn) => saysTheSame(words, turn)) || F.RUN_ON.test(text) || F.OPEN_END.test(text) ||
    count('"') % 2 || count("(") !== count(")") || takesForAnother(text, turns) ||
    isStrange(text, turns.join(" "), known)
  );
}

/** Whether a reply speaks of a man where only a woman was spoken of, or of a woman where only a man was. */
export function takesForAnother(text, turns) {
  const [he, she] = [F.HE.test(text), F.SHE.test(text)];
  if (!he && !she) return false;
  const told = turns.join(" ").replaceAll("’", "'");
  const man = F.HE.test(told) || F.MAN.test(told);
  const woman = F.SHE.test(told) || F.WOMAN.test(told);
  return (he && woman && !man) || (she && man && !woman);
}

/** Whether three words come twice, or longer ones or the same word over and over. */
export function repeatsItself(text) {
  const units = plain(text).match(unit) ?? [];
  const threes = threesOf(units);
  if (new Set(threes).size < threes.length) return true;
  const pairs = units.slice(1).map((own, i) => [units[i], own]);
  if (pairs.some(([a, b]) => a === b && isLetters.test(a))) return true;
  const long = pairs.filter((pair) => shortest(pair) >= F.WEIGHTY).map((pair) => pair.join(" "));
  if (new Set(long).size < long.length) return true;
  return [...counted(units)].some(([own, times]) => times > F.MOST_TIMES && [...own].length >= F.WEIGHTY);
}

const threesOf = (words) => words.slice(2).map((own, i) => [words[i], words[i + 1], own].join(" "));

/** The share, 0 to 1, of a reply's neighbouring three words that stand in earlier turns. */
export function saidBefore(text, turns) {
  const threes = threesOf(wordsOf(plain(text)));
  const before = new Set(turns.flatMap((turn) => threesOf(wordsOf(plain(turn)))));
  return threes.length ? threes.filter((three) => before.has(three)).length / threes.length : 0;
}

/** The share, 0 to 1, of a reply's longer words that half of the last turns have, too: it goes round in circles. */
export function stale(text, turns) {
  const words = weighty(text);
  const recent = counted(turns.slice(-F.RECENT).flatMap(weighty));
  return words.length ? words.filter((own) => (recent.get(own) ?? 0) >= F.FIXED).length / words.length : 0;
}

const weighty = (text) => [...new Set(wordsOf(casefold(text)).filter((own) => [...own].length > F.WEIGHTY))];

/** Whether a reply's words, in small letters, are nearly all those of a turn. */
function saysTheSame(words, turn) {
  const theirs = wordsOf(plain(turn));
  const [mine, others] = [counted(words), counted(theirs)];
  let common = 0;
  for (const [own, times] of mine) common += Math.min(times, others.get(own) ?? 0);
  if (common === words.length && common === theirs.length) return words.length > 0;
  if (words.length < F.SHORTEST_ALIKE) return letters(words.join(" ")) === letters(turn);
  return common >= F.ALIKE * Math.max(words.length, theirs.length);
}

/** Whether there are capitals or words that nobody writes, and that nobody wrote before. */
function isStrange(text, told, known) {
  const folded = plain(told);
  if ((text.match(shouted) ?? []).some((match) => !folded.includes(casefold(match)))) return true;
  if (known === null) return false;
  const small = wordsOf(text).filter((own) => /^\p{Lowercase}/u.test(own) && isLetters.test(own.replaceAll("'", "")));
  return small.some((own) => !known.has(own) && !known.has(own.replace(/'s$/, "")) && !folded.includes(own));
}
