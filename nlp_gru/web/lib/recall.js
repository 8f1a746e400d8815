// What a person has told in this dialogue and asks for later ("What's my name?"), in their own words turned round. As nlp_gru/tools/chat/recall.py.

import { dot } from "./arrays.js";
import { all, start } from "./characters.js";
import { recall as R } from "./constants.js";
import { segment } from "./segment.js";

const [asked, remembered, opening, word] = [start(R.ASKED), start(R.REMEMBERED), R.OPENING, all(R.WORD)];
const [isWord, goesOn] = [start(R.WORD), start(R.GOES_ON)];

/** Whether a turn asks for something about the person who writes it. */
export function isAsked(turn) {
  const asks = turn.trimEnd().endsWith("?") || remembered.test(turn);
  return asks && asked.test(turn.trim()) && R.ABOUT_ME.test(withoutOpenings(turn));
}

/** What the person said that answers the question, as a reply; null where nothing does. ownTurns: what they wrote before, in order. */
export async function recalled(ownTurns, question, encoder) {
  const said = ownTurns.flatMap(statements);
  if (!said.length) return null;
  const [vector, ...others] = await encoder.encode([asStatement(question), ...said]);
  let [best, highest] = [0, -Infinity];
  others.forEach((other, i) => {
    const cosine = dot(other, vector) + (0.01 * i) / said.length; // of several answers the later one counts a little more
    if (cosine > highest) [best, highest] = [i, cosine];
  });
  return highest >= R.MIN_COSINE ? `You told me: ${turned(said[best])}.` : null;
}

/** "My cat is called Tim." -> "your cat is called Tim". */
export function turned(statement) {
  const core = statement.trim().replace(opening, "").replace(R.CLOSING, "");
  const put = (one) => {
    const key = one.toLowerCase().replaceAll("’", "'");
    return Object.hasOwn(R.TURNED, key) ? R.TURNED[key] : one;
  };
  const found = core.replace(word, put).replace(/\byou am\b/g, "you are").replace(/\byou was\b/g, "you were");
  const first = isWord.exec(core)?.[0];
  const isTurned = first && Object.hasOwn(R.TURNED, first.toLowerCase().replaceAll("’", "'"));
  return isTurned ? found.slice(0, 1).toLowerCase() + found.slice(1) : found;
}

/** What a turn tells of the person; a sentence that goes on about the same ("His name is Tim.") stays with it. */
export function statements(turn) {
  const found = [];
  let open = false; // whether the sentence before told something
  for (const { text, isSentence } of segment(turn, "en")) {
    if (!isSentence) continue;
    if (open && goesOn.test(text) && !text.endsWith("?")) {
      found.push(`${found.pop()} ${text}`);
      continue;
    }
    open = !text.endsWith("?") && R.OWN.test(text) && (text.match(/\p{L}/gu) ?? []).length >= R.LEAST_LETTERS;
    if (open) found.push(text);
  }
  return found;
}

const withoutOpenings = (turn) => turn.replace(/\b(?:tell|remind) me\b|\bI (?:wonder|guess)\b/gi, "");

/** The question without what only makes it one, so that it lies nearer to its answer. */
const asStatement = (question) => question.trim().replace(/^(?:do|can) you (?:still )?(?:remember|know|recall)\s+|\bagain\b/gi, "").trim();
