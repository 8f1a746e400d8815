"""The translation head: pairs of sentences in, tokens of the target out. `nlp_gru.tools.translation.translator` makes
texts of them."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from nlp_gru.backbone.batch import Batch
from nlp_gru.data_files.rows import Rows
from nlp_gru.errors import RowError
from nlp_gru.heads.seq2seq import Pair, Seq2Seq
from nlp_gru.model_folder.options import ModelConfig, TranslationOptions
from nlp_gru.text.placeholders import NOTHING, is_unknown, protect_pair, word_key
from nlp_gru.text.tokenizer import BOS, EOS, Tokenizer

SCORED_ROWS = 500  # translated at each validation
SEEN, WELL_KNOWN = 2, 10  # times in training
LEAST_PAIRS = 10_000
_WORD = re.compile(r"[^\W\d_]+")
SPELLED_OUT = 0.5  # tokens a character: English and French have 0.3, a language in another script 2


class TranslationHead(Seq2Seq):
    Options = TranslationOptions
    columns = ("source", "target")
    options: TranslationOptions
    known: Tensor  # (known_words,) int32, ascending hashes of the source words seen in training; see `is_name`

    @classmethod
    def vocabulary(cls, options: TranslationOptions, rows: Rows, shared: Tokenizer) -> Tokenizer:
        """`shared`, unless the options ask for another, or its tokens of these rows are hardly longer than
        characters."""
        texts = [t for c in cls.columns for t in rows[c] if isinstance(t, str)]
        if options.vocabulary == "auto":
            some = random.Random(0).sample(texts, min(len(texts), 2000))
            tokens, characters = sum(map(len, shared.encode_batch(some))), sum(map(len, some))
            new = tokens > SPELLED_OUT * characters
        else:
            new = options.vocabulary != "shared"
        kind: Literal["char", "words"] = "char" if options.vocabulary == "characters" else "words"
        return Tokenizer.learn(texts, options.vocab_size, kind=kind) if new else shared

    def __init__(self, config: ModelConfig, options: TranslationOptions, tokenizer: Tokenizer):
        super().__init__(config, options, tokenizer)
        self.register_buffer("known", torch.full((options.known_words,), NOTHING, dtype=torch.int32))

    def fit_statistics(self, examples: Sequence[Pair]) -> None:
        """Also remember the words of the sources, unless the start model did or these are too few to know a language
        by."""
        super().fit_statistics(examples)
        if not len(self.known) or self.known[0] < NOTHING or len(examples) < LEAST_PAIRS:
            return
        counts = Counter(
            word for e in examples for word in _WORD.findall(self.tokenizer.decode(e.source.tolist()).casefold())
        )
        frequent = [word for word, n in counts.most_common(len(self.known) // 2) if n >= SEEN]
        keys = {word_key(w, False) for w in frequent if counts[w] >= WELL_KNOWN} | {word_key(w, True) for w in frequent}
        kept = np.sort(np.fromiter(keys, dtype=np.int32))
        self.known[: len(kept)] = torch.from_numpy(kept)

    def is_name(self, word: str, begins: bool) -> bool:
        """Whether a capitalised word is better kept than translated: one that was rare in training, or, where it begins
        a sentence, hardly ever seen."""
        return is_unknown(word, begins, self.known.numpy())

    @property
    def label_smoothing(self) -> float:  # type: ignore[override]
        return self.options.label_smoothing

    def examples(self, rows: Rows, max_length: int) -> list[Pair]:
        """Pairs with placeholders for what both sides have in common; those longer than `max_length` tokens are left
        out.

        Raises `RowError` for a row with an empty side.
        """
        draw = random.Random(0)
        safe = []
        for i, (source, target) in enumerate(zip(rows["source"], rows["target"], strict=True)):
            for name, text in (("source", source), ("target", target)):
                if not isinstance(text, str) or not text.strip():
                    raise RowError(i, f"'{name}' is empty: a pair needs both sides")
            safe.append(protect_pair(source.strip(), target.strip(), self.options.copied_names, draw))
        sources = self.tokenizer.encode_batch(source for source, _ in safe)
        targets = self.tokenizer.encode_batch(target for _, target in safe)
        pairs = (
            Pair(np.array([*s, EOS], dtype=np.int32), np.array([BOS, *t, EOS], dtype=np.int32))
            for s, t in zip(sources, targets, strict=True)
        )
        return [pair for pair in pairs if len(pair) <= max_length]

    def metrics(self, batches: Sequence[Batch]) -> dict[str, float]:
        """Cross-entropy and perplexity per token over the whole vocabulary, and BLEU and chrF2 (Post 2018,
        https://aclanthology.org/W18-6319) of greedy translations of the first 500 pairs."""
        translated: list[str] = []
        references: list[str] = []
        for batch in batches:
            if len(translated) >= SCORED_ROWS:
                break
            assert batch.source is not None and batch.source_lengths is not None
            lengths = batch.source_lengths.tolist()
            sources = [ids[:n].tolist() for ids, n in zip(batch.source, lengths, strict=True)]
            found = self.search(sources, width=1)
            translated += [self.tokenizer.decode(h[0].tokens) if h else "" for h in found]
            references += [self.tokenizer.decode(ids.tolist()) for ids in batch.ids]
        return {**super().metrics(batches), **scores(translated, references)}


def scores(translated: Sequence[str], references: Sequence[str]) -> dict[str, float]:
    """Corpus BLEU (13a tokens, cased, exponential smoothing) and chrF2, 0 to 100, of detokenised texts."""
    import sacrebleu

    return {
        "bleu": sacrebleu.corpus_bleu(translated, [references]).score,
        "chrf": sacrebleu.corpus_chrf(translated, [references]).score,
    }
