// Which words of a source a translation was written from. As nlp_gru/tools/translation/alignment.py.

import { alignment as A } from "./constants.js";
import { all } from "./characters.js";
import { protect, protect_again, withoutPlaceholders } from "./placeholders.js";
import { BOS, Decoder, EOS } from "./tokenizer.js";

const word = all(A.WORD);

/** {source, target: words and the end of the sentence, weights: a row for each target word, over the source words}. */
export async function align(seq2seq, isName, source, target) {
  const { tokenizer } = seq2seq.model;
  const { text, kept } = protect(withoutPlaceholders(source), isName);
  const ids = tokenizer.encode(text);
  const written = tokenizer.encode(protect_again(withoutPlaceholders(target), kept));
  const reading = await seq2seq.read([[...ids, EOS]]);
  const { looks } = await seq2seq.whole(reading, [[BOS, ...written]], [[BOS, ...written]]);
  const [sources, targets] = [words(tokenizer, ids, kept), words(tokenizer, written, kept)];
  const weight = (t, s) => looks.data[t * (ids.length + 1) + s];
  const columns = [...sources.map(([, places]) => places), [ids.length]];
  const rows = [...targets.map(([, places]) => places), [written.length]];
  const mean = (row, column) => row.reduce((sum, t) => sum + column.reduce((own, s) => own + weight(t, s), 0), 0) / row.length;
  return {
    source: [...sources.map(([own]) => own), A.END],
    target: [...targets.map(([own]) => own), A.END],
    weights: rows.map((row) => columns.map((column) => mean(row, column))),
  };
}

/** Words and punctuation marks, each with the places of its tokens. */
export function words(tokenizer, ids, kept) {
  const decoder = new Decoder(tokenizer);
  const starts = []; // of each token: where its first letter stands in the text; bytes of one character together
  let text = "";
  for (const id of ids) {
    const added = decoder.step(id);
    starts.push(text.length + added.length - added.trimStart().length);
    text += added;
  }
  text += decoder.end();
  const found = [...text.matchAll(word)];
  const places = found.map(() => []);
  starts.forEach((start, i) => {
    const owner = found.findIndex((m) => start < m.index + m[0].length);
    if (found.length) places[owner < 0 ? found.length - 1 : owner].push(i);
  });
  const named = [];
  found.forEach(([own], i) => {
    const shown = kept[A.PLACEHOLDERS.indexOf(own)] ?? own;
    if (places[i].length) named.push([shown, places[i]]);
    else if (named.length) named.at(-1)[0] += shown; // a token that holds two words
  });
  return named;
}
