"""The shared tokenizer: SentencePiece learns the vocabulary, `tokenizers` runs it.

The likeliest sequence of tokens (a unigram model, Kudo 2018, https://arxiv.org/abs/1804.10959) of a text's canonical
form (`nlp_gru.text.canonical`), with a fallback to bytes: every string has an encoding, and decoding gives the same
string back, but for NFC and typographic signs, which are read as their plain forms. Nothing that a user types becomes a
control token.

Two editions are understood. The second reads the canonical form, in which a word is spelled alike wherever it stands.
In the first, a word at the start of a text had other tokens than one behind a blank; models that were trained with it
name their tokenizer by its sum, or bring it along in their folder.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers

from nlp_gru.errors import MAX_TOKENIZER_BYTES, MAX_VOCABULARY, UserError
from nlp_gru.model_folder.bundled import PRETRAINED, SHARED_TOKENIZER
from nlp_gru.model_folder.files import read_bytes
from nlp_gru.model_folder.folder import ModelFolder
from nlp_gru.text import vocabulary
from nlp_gru.text.canonical import BLANK, Reader, canonical, plain
from nlp_gru.text.vocabulary import BOS, BYTE, CASE, CONTROL, EOS, NEVER, PAD, SPECIAL, UNK

__all__ = ["BOS", "CASE", "CONTROL", "EOS", "PAD", "SPECIAL", "UNK", "Decoder", "Tokenizer", "valid_unicode"]
MAX_SCORE = 2000.0
Edition: TypeAlias = Literal[1, 2]


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
        """Return the token ids of `text`, without BOS or EOS (`nlp_gru.backbone.batch.frame` adds them)."""
        (encoded,) = self.backend.encode_batch_fast([self.form(text)], add_special_tokens=False)  # without offsets
        return list(encoded.ids)

    def encode_batch(self, texts: Iterable[str]) -> list[list[int]]:
        """Return `encode` of many texts at once, on all cores."""
        encoded = self.backend.encode_batch_fast([self.form(t) for t in texts], add_special_tokens=False)
        return [e.ids for e in encoded]

    def encode_with_offsets(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Return token ids and, for each, the half-open span of characters of `text` that it stands for; it is empty
        for a token of `CASE`."""
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

    def token(self, id: int) -> str:
        return str(self.backend.id_to_token(id))

    def is_byte(self, id: int) -> bool:
        """Whether a token stands for one byte of a character that has no token of its own."""
        return id in self._bytes

    @cached_property
    def _bytes(self) -> frozenset[int]:
        return frozenset(i for token, i in self.backend.get_vocab().items() if BYTE.fullmatch(token))

    def save(self, path: str | Path) -> None:
        Path(path).write_text(self.backend.to_str(pretty=False), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Tokenizer:
        """Read a tokenizer file. Raises `UserError` when it is missing or not one of this package: the library would
        run any regular expression that stands in it, and stops the process on some vocabularies."""
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

        emoji: what is a token of its own, however rare. Raises `UserError` when the texts hold too little to learn
        from.
        """
        return cls(_backend(vocabulary.learn(texts, vocab_size, threads, kind, emoji)))


class Decoder:
    """The text of tokens that come one at a time. No part of it ends within a character: its bytes are kept until the
    last.

    before: the text that it goes on with.
    """

    def __init__(self, tokenizer: Tokenizer, before: str = ""):
        self.tokenizer = tokenizer
        self._bytes = codecs.getincrementaldecoder("utf-8")("replace")
        self._reader = Reader(before) if tokenizer.edition == 2 else None

    def step(self, id: int) -> str:
        """Return what the token adds, "" for a part of a character or a token of `CASE`; broken byte sequences become
        U+FFFD."""
        token = self.tokenizer.token(id)
        if self.tokenizer.is_byte(id):
            return self._read(self._bytes.decode(bytes([int(token[3:5], 16)])))
        return self.end() + self._read(token)

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
        tokens, scores = zip(*model.pop("vocab"), strict=True)
        form = {**values, "model": model}
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise UserError(f"{path}: not a tokenizer file ({type(error).__name__})") from None
    if form not in (_form(1), _form(2)):
        raise UserError(f"{path}: not a tokenizer of nlp-gru (it does more than split text into tokens)")
    if not all(isinstance(p, str) for p in tokens) or not all(isinstance(s, float) for s in scores):
        raise UserError(f"{path}: not a tokenizer file (a token is a text and a number)")
    if tokens[: len(SPECIAL)] != SPECIAL:
        raise UserError(f"{path}: not a tokenizer of nlp-gru (its first tokens are not {' '.join(SPECIAL)})")
    if len(tokens) > MAX_VOCABULARY or "" in tokens or len(set(tokens)) < len(tokens):
        raise UserError(
            f"{path}: not a tokenizer of nlp-gru (more than {MAX_VOCABULARY:,} tokens, an empty one or one that comes"
            " twice)"
        )
    if not all(-MAX_SCORE <= s <= MAX_SCORE for s in scores):
        raise UserError(f"{path}: not a tokenizer of nlp-gru (a token's score is out of range)")


@cache
def _form(edition: Edition) -> dict[str, Any]:
    """What stands in every tokenizer file of an edition beside the vocabulary."""
    values: dict[str, Any] = json.loads(_backend([(token, NEVER) for token in SPECIAL], edition).to_str())
    del values["model"]["vocab"]
    return values


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


def read_tokenizer(folder: ModelFolder) -> Tokenizer:
    """The folder's own, or the shared one that it was trained with. Raises `UserError` for a file that is not one of
    ours, and where there is none."""
    path = folder.tokenizer
    return _shared_tokenizer(path) if path == SHARED_TOKENIZER else Tokenizer.load(path)


@cache
def _shared_tokenizer(path: Path) -> Tokenizer:
    return Tokenizer.load(path)
