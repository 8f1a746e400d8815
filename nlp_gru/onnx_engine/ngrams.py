"""The linear classifier over n-grams of tokens: see `nlp_gru.heads.ngrams`, whose hashes these are."""

from __future__ import annotations

import numpy as np

from nlp_gru.errors import UserError
from nlp_gru.onnx_engine.graph import INT32, INT64, Graph
from nlp_gru.onnx_engine.weights import Weights
from nlp_gru.text.tokenizer import BOS, CASE, EOS, PAD, SPECIAL, Tokenizer

BITS = 31
NONE = (1 << BITS) - 1  # no n-gram has this key
MULTIPLIERS = (0x2545F4914F6CDD1D, 0x1B873593CC9E2D51, 0x5851F42D4C957F2D)
PART = 4  # keys that look-ups find in one place, on average
MOST = 64  # there at most: hashes lie evenly, so that no training comes near


def ngram_logits(graph: Graph, ids: str, mask: str, tokenizer: Tokenizer, classes: int, size: int) -> str:
    """ids, mask (B, S) -> logits (B, C). Raises `UserError` for keys that are no hashes."""
    number = _Integers(graph)
    rows, tokens = _without_case(graph, ids, mask, tokenizer)  # (K,) each: all texts' tokens, one after the other
    hashed, owners = _hashed(number, rows, tokens)  # (F,): the n-grams
    table = _Keys(graph.weights, classes, size)
    owners, places = table.find(number, owners, hashed)  # (G,): those that are known
    # Each counts once in a text: they are sorted, and the second of two that are equal is left out.
    both = graph.add("Add", number.times(owners, len(table.keys)), places)
    both = graph.add("TopK", both, graph.add("Shape", both), count=2, axis=0, largest=0)[0]
    before = graph.add("Slice", graph.add("Concat", graph.ints(-1), both, axis=0), graph.ints(0), graph.ints(-1))
    both = graph.add("Compress", both, graph.add("Not", graph.add("Equal", both, before)), axis=0)
    owners, places = number.over(both, len(table.keys)), number.modulo(both, len(table.keys))
    return table.summed(graph, owners, places, graph.add("Shape", ids, end=1))


class _Integers:
    """Arithmetic of whole numbers with constants."""

    def __init__(self, graph: Graph):
        self.graph = graph

    def _with(self, op: str, value: str, other: int) -> str:
        signed = other - (1 << 64) if other >= 1 << 63 else other
        return str(self.graph.add(op, value, self.graph.constant(f"int_{signed}", np.int64(signed))))

    def plus(self, value: str, other: int) -> str:
        return self._with("Add", value, other)

    def times(self, value: str, other: int) -> str:
        return self._with("Mul", value, other)

    def over(self, value: str, other: int) -> str:
        return self._with("Div", value, other)

    def modulo(self, value: str, other: int) -> str:
        return self._with("Mod", value, other)

    def masked(self, value: str, bits: int) -> str:
        return self._with("BitwiseAnd", value, bits)

    def is_not(self, value: str, other: int) -> str:
        return str(self.graph.add("Not", self._with("Equal", value, other)))


def _without_case(graph: Graph, ids: str, mask: str, tokenizer: Tokenizer) -> tuple[str, str]:
    """ids, mask (B, S) -> the row of each token that does not tell of case, and its lower-case form: (K,) each."""
    folded, vocabulary = np.arange(len(tokenizer), dtype=np.int32), tokenizer.backend.get_vocab()
    for token, i in vocabulary.items():
        if i >= len(SPECIAL) and not token.startswith("<0x"):
            folded[i] = PAD if token in CASE else vocabulary.get(token.lower(), i)
    tokens = graph.add("Cast", graph.add("Gather", graph.constant("folded", folded), ids), to=INT64)
    tokens = graph.add("Mul", tokens, graph.add("Cast", mask, to=INT64))
    where = graph.add("NonZero", tokens)  # (2, K)
    flat = graph.add("GatherND", tokens, graph.add("Transpose", where, perm=[1, 0]))
    return graph.add("Gather", where, graph.constant("first", np.int64(0)), axis=0), flat


def _hashed(number: _Integers, rows: str, tokens: str) -> tuple[str, str]:
    """The hashed n-grams of 1 to 3 tokens that begin at each token, and the row of each: (F,)."""
    add, ints = number.graph.add, number.graph.ints
    beyond = number.graph.constant("beyond", np.full(len(MULTIPLIERS) - 1, -1))
    all_rows, all_tokens = (add("Concat", value, beyond, axis=0) for value in (rows, tokens))
    rolling = number.times(number.plus(tokens, 1), MULTIPLIERS[0])
    hashed, real = [rolling], [add("And", number.is_not(tokens, BOS), number.is_not(tokens, EOS))]
    for n, multiplier in enumerate(MULTIPLIERS[1:], 1):
        stop = add("Add", add("Shape", tokens), ints(n))
        row, ahead = (add("Slice", value, ints(n), stop) for value in (all_rows, all_tokens))
        rolling = number.times(add("Add", rolling, number.plus(ahead, n + 1)), multiplier)
        hashed.append(rolling)
        real.append(add("Equal", row, rows))
    is_real = add("Concat", *real, axis=0)
    parts = (hashed, [rows] * len(hashed))
    value, owners = (add("Compress", add("Concat", *part, axis=0), is_real, axis=0) for part in parts)
    # ONNX shifts no signed numbers to the right; with the low bits cleared, a division does.
    high = number.over(number.masked(value, -1 << 29), 1 << 29)
    mixed = number.times(add("BitwiseXor", value, high), MULTIPLIERS[0])
    key = number.over(number.masked(mixed, NONE << 20), 1 << 20)
    return str(add("Min", key, number.graph.constant("last_key", np.int64(NONE - 1)))), owners


class _Keys:
    """The known n-grams. keys: (K,) ascending; weight: (K, C); starts: where those of the same highest bits begin."""

    def __init__(self, weights: Weights, classes: int, size: int):
        self.keys = weights.integers("ngrams.keys", size)
        value, self.scale = weights.matrix("ngrams.weight", (classes, size))
        self.bias = weights.vector("ngrams.bias", classes)
        self.weight = np.ascontiguousarray(value.T)
        known = int((self.keys < NONE).sum())
        self.bits = max(known // PART, 1).bit_length() - 1
        starts = np.searchsorted(self.keys, np.arange(1 << self.bits, dtype=np.int64) << BITS - self.bits)
        self.width = int(np.diff(starts, append=np.searchsorted(self.keys, NONE)).max(initial=1))
        if self.width > MOST:
            raise UserError(f"{weights.path}: it is damaged: 'ngrams.keys' holds no hashes in order")
        self.starts = starts.astype(np.int32)

    def find(self, number: _Integers, owners: str, hashed: str) -> tuple[str, str]:
        """Of the n-grams (F,) those that are known (G,): their owners, and their places among the keys."""
        graph = number.graph
        add, axis = graph.add, graph.ints(1)
        keys = graph.constant("ngrams.keys", np.r_[self.keys, np.full(self.width, NONE, np.int32)])
        part = number.over(hashed, 1 << BITS - self.bits)
        start = add("Gather", graph.constant("ngrams.starts", self.starts), part)
        steps = graph.constant("ngrams.steps", np.arange(self.width, dtype=np.int32))
        near = add("Gather", keys, add("Add", add("Unsqueeze", start, axis), steps))  # (F, width)
        same = add("Equal", near, add("Unsqueeze", add("Cast", hashed, to=INT32), axis))
        which, step = add("Split", add("NonZero", same), count=2, axis=0, num_outputs=2)  # (1, G) each
        which, step = (add("Squeeze", value, graph.ints(0)) for value in (which, step))
        place = add("Add", add("Cast", add("Gather", start, which), to=INT64), step)
        return add("Gather", owners, which), place

    def summed(self, graph: Graph, owners: str, places: str, rows: str) -> str:
        """The n-grams (U,) that each text has -> the sums of their weights over the root of their number, (B, C)."""
        add, classes = graph.add, self.weight.shape[1]
        one = graph.constant("one", np.float32(1))
        own = graph.as_float(add("Gather", graph.constant("ngrams.weight", self.weight), places))
        own = add("Pad", own, graph.ints(0, 0, 0, 1), one)  # (U, C + 1): beside the weights what each counts
        zeros = add(
            "Expand", graph.constant("zero", np.float32(0)), add("Concat", rows, graph.ints(classes + 1), axis=0)
        )
        at = add("Expand", add("Unsqueeze", owners, graph.ints(1)), add("Shape", own))
        every = add("ScatterElements", zeros, at, own, axis=0, reduction="add")
        sums, count = add("Split", every, graph.ints(classes, 1), count=2, axis=1)
        scaled = add(
            "Mul", add("Div", sums, add("Sqrt", add("Max", count, one))), graph.constant("ngrams.scale", self.scale)
        )
        return str(add("Add", scaled, graph.constant("ngrams.bias", self.bias)))
