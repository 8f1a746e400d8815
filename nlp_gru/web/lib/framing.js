// Token ids before they are tensors. As nlp_gru/text/batching.py.

import { BOS, EOS } from "./tokenizer.js";

/** BOS + ids + EOS; beyond `most` tokens the middle is left out, since a text's start and end say most. */
export function frame(ids, most = Infinity) {
  const keep = Math.max(most - 2, 0);
  const tail = Math.floor(keep / 2);
  const read = ids.length > keep ? [...ids.slice(0, keep - tail), ...ids.slice(ids.length - tail)] : ids;
  return [BOS, ...read, EOS];
}

/** Places of sequences of like length, longest first, in batches of at most `tokens` with padding and `most` rows. */
export function bucket(lengths, tokens, most = Infinity) {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b] - lengths[a] || a - b);
  const batches = [];
  for (let start = 0; start < order.length; ) {
    const rows = Math.min(Math.max(Math.floor(tokens / lengths[order[start]]), 1), most);
    batches.push(order.slice(start, start + rows));
    start += rows;
  }
  return batches;
}
