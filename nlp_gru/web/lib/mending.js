// A text with its slips mended: only what is no word is changed, and only where it is clear what was meant. As nlp_gru/tools/keyboard/mending.py.

import { all, casefold } from "./characters.js";
import { correction, mending as M } from "./constants.js";
import { oneApostrophe } from "./slips.js";
import { matchCase, split, withApostrophe } from "./typing.js";

const word = all(M.WORD);
const inner = new RegExp(`\\p{Lu}`, "u");

/** {text, changes: [{start, end, before, after}]}, the places being those in the text as it was. */
export async function mend(text, corrector, known, search) {
  const [parts, changes] = [[], []];
  let end = 0;
  for (const chunk of text.matchAll(/\S+/gu)) {
    if (M.ADDRESS.test(chunk[0].replace(/[.,:;!?…"')]+$/u, ""))) continue;
    for (const match of chunk[0].matchAll(word)) {
      const start = chunk.index + match.index;
      parts.push(text.slice(end, start));
      end = start + match[0].length;
      const after = await mended(match[0], parts, { corrector, known, search });
      parts.push(after);
      if (after !== match[0]) changes.push({ start, end, before: match[0], after });
    }
  }
  return { text: [...parts, text.slice(end)].join(""), changes };
}

/** The word, or what was meant by it. before: the parts of the text before it. */
async function mended(written, before, { corrector, known, search }) {
  const plain = oneApostrophe(written);
  const folded = casefold(plain);
  if (plain === folded && Object.hasOwn(M.ALWAYS_CAPITAL, folded) && !known.taught(folded))
    return withApostrophe(M.ALWAYS_CAPITAL[folded], written.includes("’") ? "’" : "'");
  if (known.knows(folded) || known.blocklist.has(folded) || folded.length < 2) return written;
  const context = before.join("").slice(-2000);
  const isName = inner.test(plain.slice(1)) || (inner.test(plain[0]) && !M.SENTENCE_ENDS.test(context.slice(-10)));
  if (isName) return written;
  const typed = split(context + plain);
  if (!typed.spaced) return written;
  const { p } = await search.knownWords(typed.context, corrector.words);
  const found = corrector.meant(plain, mixed(p, corrector.words.shares), M.CANDIDATES, true);
  const meant = found.length && clear(found, corrector, plain, await search.spelled(typed.context, plain));
  if (!meant || !known.mayOffer(corrector.words.folded[meant.place])) return written;
  return withApostrophe(matchCase(corrector.words.words[meant.place], plain), typed.apostrophe);
}

/** The model's probabilities and how often words are used. */
export const mixed = (p, shares) => p.map((value, i) => value + correction.RARE * shares[i]);

/** The best candidate where no other, nor the word as it stands, may well have been meant. literal: the model's probability of the
 * word as it stands. */
function clear(found, corrector, typed, literal) {
  const [best] = found;
  if (corrector.words.keys[best.place] === casefold(typed)) literal = 0; // the model has read as many who leave out the apostrophe
  else if (typed.length < M.SHORTEST || M.DRAWN_OUT.test(typed)) return null;
  return best.p > M.CLEAR * (found.reduce((sum, m) => sum + m.p, 0) + literal + M.LITERAL) ? best : null;
}
