"""The shared tokenizer: SentencePiece learns the vocabulary, `tokenizers` runs it.

The likeliest sequence of tokens (a unigram model, Kudo 2018, https://arxiv.org/abs/1804.10959) of a text's canonical form (`nlp_gru.text.canonical`), with a
fallback to bytes: every string has an encoding, and decoding gives the same string back, but for NFC and typographic signs,
which are read as their plain forms. Nothing that a user types becomes a control token.

Two editions are understood. The second reads the canonical form, in which a word is spelled alike wherever it stands. In the
first, a word at the start of a text had other tokens than one behind a blank; models that were trained with it bring their
tokenizer along in their folder.
"""

from __future__ import annotations

import codecs
import io
import json
import math
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers

from nlp_gru.bundled import PRETRAINED
from nlp_gru.errors import UserError
from nlp_gru.files import read_bytes
from nlp_gru.limits import MAX_PIECES, MAX_TOKENIZER_BYTES
from nlp_gru.text.canonical import BLANK, ELISIONS, LETTERS, TITLE, UPPER, Reader, canonical, plain

PAD, UNK, BOS, EOS = range(4)
CONTROL = ("<turn>", "<bot>", "<en>", "<fr>")  # tokens 4 to 7: the joints of chat turns and the language marks
SPECIAL = ("<pad>", "<unk>", "<s>", "</s>", *CONTROL)
CASE = (TITLE, UPPER)  # tokens of the second edition that say how the next word is written
MAX_SCORE = 2000.0
Edition: TypeAlias = Literal[1, 2]
_NEVER = -1000.0  # a token with this score loses against any other segmentation, so typed text never yields it
_LAST_RESORT = -30.0  # of the blank alone: a word begins with a token that holds its first letter, too
_SIGN = -1.0  # of emoji and case: one token is likelier than the parts
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")
# What no token reaches beyond: a word with the blank before it, or an elision (l').
_WORD = re.compile(f"{BLANK}?(?:(?:{'|'.join(ELISIONS)})'(?=[{BLANK}{TITLE}{UPPER}])|[{LETTERS}]+(?:'[{LETTERS}]+)*)")
_WORD_START = re.compile(f"{BLANK}([{LETTERS}])")
_BOUNDARY = "\t"
_SPARE = 1.15  # as many tokens are learned at first as are wanted; those used least go
_ROUNDS = 6
_NOT_LEARNED = re.compile("[\t\ue000-\uf8ff]")
_JOINED = 0xE100  # a blank and the letter behind it, as one character while the vocabulary is learned


class Tokenizer:
    """Text to token ids and back.

    >>> tok = Tokenizer.load("nlp_gru/pretrained/tokenizer.json")
    >>> tok.decode(tok.encode("Où est la gare ? 🙂"))
    'Où est la gare ? 🙂'
    """

    def __init__(self, backend: tokenizers.Tokenizer):
        self.backend = backend
        self.edition: Edition = 1 if backend.normalizer else 2

    def __len__(self) -> int:
        return int(self.backend.get_vocab_size())

    def form(self, text: str) -> str:
        """Return what is split into tokens: the canonical form, or for the first edition the text itself."""
        return valid_unicode(text) if self.edition == 1 else canonical(text)

    def encode(self, text: str) -> list[int]:
        """Return the token ids of `text`, without BOS or EOS (`nlp_gru.batch.frame` adds them)."""
        return list(self.backend.encode(self.form(text), add_special_tokens=False).ids)

    def encode_batch(self, texts: Iterable[str]) -> list[list[int]]:
        """Return `encode` of many texts at once, on all cores."""
        encoded = self.backend.encode_batch_fast([self.form(t) for t in texts], add_special_tokens=False)
        return [e.ids for e in encoded]

    def encode_with_offsets(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Return token ids and, for each, the half-open span of characters of `text` that it stands for; it is empty for a
        token of `CASE`."""
        form = self.form(text)
        encoded = self.backend.encode(form, add_special_tokens=False)
        if self.edition == 1:
            return list(encoded.ids), list(encoded.offsets)
        places = _places(text, form)
        return list(encoded.ids), [(places[start], places[end]) for start, end in encoded.offsets]

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of `ids`; control tokens are left out, broken byte sequences become U+FFFD."""
        if self.edition == 1:
            return str(self.backend.decode([i for i in ids if i >= len(SPECIAL)], skip_special_tokens=False))
        decoder = Decoder(self)
        return "".join([decoder.step(i) for i in ids if i >= len(SPECIAL)]) + decoder.end()

    def piece(self, id: int) -> str:
        return str(self.backend.id_to_token(id))

    def is_byte(self, id: int) -> bool:
        """Whether a token stands for one byte of a character that has no token of its own."""
        return id in self._bytes

    @cached_property
    def _bytes(self) -> frozenset[int]:
        return frozenset(i for piece, i in self.backend.get_vocab().items() if _BYTE.fullmatch(piece))

    def save(self, path: str | Path) -> None:
        Path(path).write_text(self.backend.to_str(pretty=False), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Tokenizer:
        """Read a tokenizer file. Raises `UserError` when it is missing or not one of this package: the library would run any
        regular expression that stands in it, and stops the process on some vocabularies."""
        path = Path(path)
        text = read_bytes(path, MAX_TOKENIZER_BYTES)
        if path.parent != PRETRAINED:
            _check(path, text)
        try:
            backend = tokenizers.Tokenizer.from_str(text.decode("utf-8"))
        except Exception as error:  # the library raises bare Exception for malformed JSON
            raise UserError(f"{path}: not a tokenizer file ({error})") from None
        return cls(backend)

    @classmethod
    def learn(
        cls,
        texts: Iterable[str],
        vocab_size: int = 8000,
        threads: int = 2,
        kind: Literal["words", "char"] = "words",
        emoji: Sequence[str] = (),
    ) -> Tokenizer:
        """Learn a vocabulary of at most `vocab_size` tokens, or single characters; a small corpus gets fewer.

        Merges of neighbours (byte pair encoding, Sennrich et al. 2016, https://arxiv.org/abs/1508.07909) choose the tokens, for
        they make every frequent word a token of its own; how likely each is, and which are too rare to keep, is fitted to the
        likeliest segmentation of the texts. emoji: what is a token of its own, however rare. Raises `UserError` when the texts
        hold too little to learn from.
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
                    input=str(table), input_format="tsv", model_writer=model, vocab_size=size, hard_vocab_limit=False,
                    model_type="char" if kind == "char" else "bpe", character_coverage=0.9999, byte_fallback=True,
                    num_threads=threads, normalization_rule_name="identity", remove_extra_whitespaces=False,
                    add_dummy_prefix=False, allow_whitespace_only_pieces=True, pad_id=PAD, unk_id=UNK, bos_id=BOS, eos_id=EOS,
                    pad_piece=SPECIAL[PAD], unk_piece=SPECIAL[UNK], bos_piece=SPECIAL[BOS], eos_piece=SPECIAL[EOS],
                    control_symbols=list(CONTROL), user_defined_symbols=[*CASE, *emoji], split_digits=True,
                    split_by_unicode_script=False, max_sentence_length=1 << 20, minloglevel=2,
                )  # fmt: skip
            except (RuntimeError, OSError) as error:
                raise UserError(f"cannot learn a vocabulary of {vocab_size} tokens from this text: {error}") from None
        learned = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
        names = [learned.id_to_piece(i) for i in range(learned.get_piece_size())]
        return cls(_backend(_fitted(names, words, vocab_size, {*CASE, *emoji})))


class Decoder:
    """The text of tokens that come one at a time. No part of it ends within a character: its bytes are kept until the last.

    before: the text that it goes on with.
    """

    def __init__(self, tokenizer: Tokenizer, before: str = ""):
        self.tokenizer = tokenizer
        self._bytes = codecs.getincrementaldecoder("utf-8")("replace")
        self._reader = Reader(before) if tokenizer.edition == 2 else None

    def step(self, id: int) -> str:
        """Return what the token adds, "" for a part of a character or a token of `CASE`; broken byte sequences become
        U+FFFD."""
        piece = self.tokenizer.piece(id)
        if self.tokenizer.is_byte(id):
            return self._read(self._bytes.decode(bytes([int(piece[3:5], 16)])))
        return self.end() + self._read(piece)

    def end(self) -> str:
        """Return what is left of a character whose last bytes never came."""
        return self._read(self._bytes.decode(b"", final=True))

    def _read(self, form: str) -> str:
        return form.replace(BLANK, " ") if self._reader is None else "".join(map(self._reader.step, form))


def _places(text: str, form: str) -> list[int]:
    """For each place in the canonical form, and its end, the one in the text."""
    reader, n = Reader(), 0
    read = [0]  # characters of the plain text
    for character in form:
        n += len(reader.step(character))
        read.append(n)
    composed = [0]  # for each place in the plain text, the one in the text: NFC may make one character of several
    start = 0
    for match in _CLUSTER.finditer(text):
        size = len(plain(match[0]))
        composed += [match.start()] * (size - 1) + [match.end()] if size else []
        start = match.end()
    if len(composed) != n + 1:  # a rare script whose letters join across clusters
        composed = [min(i, start) for i in range(n)] + [len(text)]
    return [composed[i] for i in read]


_CLUSTER = re.compile("(?s:.)[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u1160-\u11ff]*")


def _check(path: Path, text: bytes) -> None:
    """Raises `UserError` for anything but a vocabulary in the form that `save` gives it."""
    try:
        values = json.loads(text)
        model = values.pop("model")
        pieces, scores = zip(*model.pop("vocab"), strict=True)
        form = {**values, "model": model}
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise UserError(f"{path}: not a tokenizer file ({type(error).__name__})") from None
    if form not in (_form(1), _form(2)):
        raise UserError(f"{path}: not a tokenizer of nlp-gru (it does more than split text into tokens)")
    if not all(isinstance(p, str) for p in pieces) or not all(isinstance(s, float) for s in scores):
        raise UserError(f"{path}: not a tokenizer file (a token is a text and a number)")
    if pieces[: len(SPECIAL)] != SPECIAL:
        raise UserError(f"{path}: not a tokenizer of nlp-gru (its first tokens are not {' '.join(SPECIAL)})")
    if len(pieces) > MAX_PIECES or "" in pieces or len(set(pieces)) < len(pieces):
        raise UserError(
            f"{path}: not a tokenizer of nlp-gru (more than {MAX_PIECES:,} tokens, an empty one or one that comes twice)"
        )
    if not all(-MAX_SCORE <= s <= MAX_SCORE for s in scores):
        raise UserError(f"{path}: not a tokenizer of nlp-gru (a token's score is out of range)")


@cache
def _form(edition: Edition) -> dict[str, Any]:
    """What stands in every tokenizer file of an edition beside the vocabulary."""
    values: dict[str, Any] = json.loads(_backend([(piece, _NEVER) for piece in SPECIAL], edition).to_str())
    del values["model"]["vocab"]
    return values


def _count(texts: Iterable[str], longest: int = 2000) -> Counter[str]:
    """How often each word, and each run of other characters, stands in the canonical form of the texts. In a word, the blank
    and the first letter are one character, so that what begins a word is never a token without its blank."""
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
    """The tokens with their log-probabilities, by the likeliest segmentation of the words, in some rounds (hard EM); those
    beyond `size` that are used least go, single characters never."""
    fixed = [
        (name, _SIGN if name in signs else _NEVER)
        for name in names
        if name in signs | {*SPECIAL} or _BYTE.fullmatch(name)
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
    return fixed + [(_apart(name), _LAST_RESORT if name == BLANK else score) for name, score in ranked]


def _apart(name: str) -> str:
    """A token's name with the blank and the first letter as two characters again."""
    return "".join(BLANK + chr(ord(c) - _JOINED) if _JOINED <= ord(c) < _JOINED + 0x530 else c for c in name)


# How the first edition prepared a text. A file that says so is one of the first edition.
_FIRST_EDITION = normalizers.Sequence(
    [
        normalizers.NFC(),
        *(
            normalizers.Replace(tokenizers.Regex(old), new)
            for old, new in {"[‘’‛ʼ]": "'", "[“”„‟]": '"', "[‐‑–—―]": "-", "[\u00a0\u2009\u202f▁]": " "}.items()
        ),
    ]
)


def _backend(vocab: list[tuple[str, float]], edition: Edition = 2) -> tokenizers.Tokenizer:
    backend = tokenizers.Tokenizer(models.Unigram(vocab, unk_id=UNK, byte_fallback=True))
    if edition == 1:
        backend.normalizer = _FIRST_EDITION
        backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never", split=False)
        backend.decoder = decoders.Sequence([decoders.Replace(BLANK, " "), decoders.ByteFallback(), decoders.Fuse()])
    return backend


def valid_unicode(text: str) -> str:
    """Return the text with U+FFFD for lone surrogates, which no UTF-8 text can hold."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)
