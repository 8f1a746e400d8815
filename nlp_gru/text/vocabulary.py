"""Learning which tokens there are: SentencePiece merges neighbours over counted words, and a unigram model is fitted to
them."""

from __future__ import annotations

import io
import math
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import tokenizers
from tokenizers import models

from nlp_gru.errors import UserError
from nlp_gru.text.canonical import BLANK, ELISIONS, LETTERS, TITLE, UPPER, canonical

PAD, UNK, BOS, EOS = range(4)
CONTROL = ("<turn>", "<bot>", "<en>", "<fr>")  # tokens 4 to 7: the joints of chat turns and the language marks
SPECIAL = ("<pad>", "<unk>", "<s>", "</s>", *CONTROL)
CASE = (TITLE, UPPER)  # tokens that say how the next word is written
BYTE = re.compile(r"<0x[0-9A-F]{2}>")
NEVER = -1000.0  # a token with this score loses against any other segmentation, so typed text never yields it
_LAST_RESORT = -30.0  # of the blank alone: a word begins with a token that holds its first letter, too
_SIGN = -1.0  # of emoji and case: one token is likelier than the parts
# What no token reaches beyond: a word with the blank before it, or an elision (l').
_WORD = re.compile(f"{BLANK}?(?:(?:{'|'.join(ELISIONS)})'(?=[{BLANK}{TITLE}{UPPER}])|[{LETTERS}]+(?:'[{LETTERS}]+)*)")
_WORD_START = re.compile(f"{BLANK}([{LETTERS}])")
_BOUNDARY = "\t"
_SPARE = 1.15  # as many tokens are learned at first as are wanted; those used least go
_ROUNDS = 6
_NOT_LEARNED = re.compile("[\t\ue000-\uf8ff]")
_JOINED = 0xE100  # a blank and the letter behind it, as one character while the vocabulary is learned


def learn(
    texts: Iterable[str], vocab_size: int, threads: int, kind: Literal["words", "char"], emoji: Sequence[str]
) -> list[tuple[str, float]]:
    """Return a vocabulary of at most `vocab_size` tokens, or single characters, with their log-probabilities; a small
    corpus gets fewer.

    Merges of neighbours (byte pair encoding, Sennrich et al. 2016, https://arxiv.org/abs/1508.07909) choose the tokens,
    for they make every frequent word a token of its own; how likely each is, and which are too rare to keep, is fitted
    to the likeliest segmentation of the texts. emoji: what is a token of its own, however rare. Raises `UserError` when
    the texts hold too little to learn from.
    """
    import sentencepiece

    words = _count(texts)
    model = io.BytesIO()
    size = vocab_size if kind == "char" else round(vocab_size * _SPARE)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "words.tsv"
        table.write_text("".join(f"{word}\t{n}\n" for word, n in words.items()), encoding="utf-8")
        try:
            sentencepiece.SentencePieceTrainer.train(
                input=str(table),
                input_format="tsv",
                model_writer=model,
                vocab_size=size,
                hard_vocab_limit=False,
                model_type="char" if kind == "char" else "bpe",
                character_coverage=0.9999,
                byte_fallback=True,
                num_threads=threads,
                normalization_rule_name="identity",
                remove_extra_whitespaces=False,
                add_dummy_prefix=False,
                allow_whitespace_only_pieces=True,
                pad_id=PAD,
                unk_id=UNK,
                bos_id=BOS,
                eos_id=EOS,
                pad_piece=SPECIAL[PAD],
                unk_piece=SPECIAL[UNK],
                bos_piece=SPECIAL[BOS],
                eos_piece=SPECIAL[EOS],
                control_symbols=list(CONTROL),
                user_defined_symbols=[*CASE, *emoji],
                split_digits=True,
                split_by_unicode_script=False,
                max_sentence_length=1 << 20,
                minloglevel=2,
            )
        except (RuntimeError, OSError) as error:
            raise UserError(f"cannot learn a vocabulary of {vocab_size} tokens from this text: {error}") from None
    learned = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    names = [learned.id_to_piece(i) for i in range(learned.get_piece_size())]
    return _fitted(names, words, vocab_size, {*CASE, *emoji})


def _count(texts: Iterable[str], longest: int = 2000) -> Counter[str]:
    """How often each word, and each run of other characters, stands in the canonical form of the texts. In a word, the
    blank and the first letter are one character, so that what begins a word is never a token without its blank."""
    words: Counter[str] = Counter()
    for text in texts:
        for line in text.splitlines():
            for start in range(0, len(line), longest):
                form = canonical(_NOT_LEARNED.sub(" ", line[start : start + longest]))
                cut = _WORD.sub(lambda m: _BOUNDARY + m[0] + _BOUNDARY, form)
                words.update(
                    word for word in _WORD_START.sub(lambda m: chr(_JOINED + ord(m[1])), cut).split(_BOUNDARY) if word
                )
    return words


def _fitted(names: Sequence[str], words: Counter[str], size: int, signs: set[str]) -> list[tuple[str, float]]:
    """The tokens with their log-probabilities, by the likeliest segmentation of the words, in some rounds (hard EM);
    those beyond `size` that are used least go, single characters never."""
    fixed = [
        (name, _SIGN if name in signs else NEVER)
        for name in names
        if name in signs | {*SPECIAL} or BYTE.fullmatch(name)
    ]
    known = {name for name, _ in fixed}
    scores = {name: -8.0 - i / len(names) for i, name in enumerate(names) if name not in known}
    forms = list(words)
    for left in reversed(range(_ROUNDS)):
        backend = tokenizers.Tokenizer(models.Unigram([*fixed, *scores.items()], unk_id=UNK, byte_fallback=True))
        order = [name for name, _ in fixed] + list(scores)
        counts: Counter[str] = Counter()
        for start in range(0, len(forms), 10_000):
            part = forms[start : start + 10_000]
            for form, found in zip(part, backend.encode_batch_fast(part, add_special_tokens=False), strict=True):
                for i in found.ids:
                    counts[order[i]] += words[form]
        excess = max(len(fixed) + len(scores) - size, 0)
        rare = sorted((name for name in scores if len(name) > 1), key=lambda name: counts[name])
        for name in rare[: math.ceil(excess / 2) if left else excess]:
            del scores[name]
        total = sum(counts[name] for name in scores) or 1
        scores = {name: math.log(max(counts[name], 0.5) / total) for name in scores}
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    # Rounded, so that a file read and written again stays the same.
    return fixed + [(_apart(name), _LAST_RESORT if name == BLANK else round(score, 6)) for name, score in ranked]


def _apart(name: str) -> str:
    """A token's name with the blank and the first letter as two characters again."""
    return "".join(BLANK + chr(ord(c) - _JOINED) if _JOINED <= ord(c) < _JOINED + 0x530 else c for c in name)
