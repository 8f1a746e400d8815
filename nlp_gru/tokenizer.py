"""The shared tokenizer: SentencePiece learns the vocabulary, `tokenizers` runs it.

Unigram pieces (Kudo 2018, https://arxiv.org/abs/1804.10959) over NFC text, with a fallback to bytes: every string has an
encoding, and decoding gives the same string back, but for NFC and the typographic marks of `TYPOGRAPHY`, which are read
as their plain forms so that "don’t" is the word the models know. Nothing that a user types becomes a control token.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers

from nlp_gru.bundled import SHARED_TOKENIZER
from nlp_gru.errors import UserError
from nlp_gru.files import read_bytes
from nlp_gru.limits import MAX_PIECES, MAX_TOKENIZER_BYTES

PAD, UNK, BOS, EOS = range(4)
CONTROL = ("<turn>", "<bot>", "<en>", "<fr>")  # pieces 4 to 7: the joints of chat turns and the language marks
SPECIAL = ("<pad>", "<unk>", "<s>", "</s>", *CONTROL)
_NEVER = -1000.0  # a piece with this score loses against any other segmentation, so typed text never yields it
TYPOGRAPHY = {
    "[‘’‛ʼ]": "'",
    "[“”„‟]": '"',
    "[‐‑–—―]": "-",
    "[\u00a0\u2009\u202f▁]": " ",
}  # one character each: offsets hold
MAX_SCORE = 2000.0
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")


class Tokenizer:
    """Text to piece ids and back.

    >>> tok = Tokenizer.load("nlp_gru/pretrained/tokenizer.json")
    >>> tok.decode(tok.encode("Où est la gare ? 🙂"))
    'Où est la gare ? 🙂'
    """

    def __init__(self, backend: tokenizers.Tokenizer):
        self.backend = backend

    def __len__(self) -> int:
        return int(self.backend.get_vocab_size())

    def encode(self, text: str) -> list[int]:
        """Piece ids of `text`, without BOS or EOS (`nlp_gru.batch.frame` adds them)."""
        return list(self.backend.encode(valid_unicode(text), add_special_tokens=False).ids)

    def encode_batch(self, texts: Iterable[str]) -> list[list[int]]:
        """`encode` for many texts at once, on all cores."""
        encoded = self.backend.encode_batch_fast([valid_unicode(t) for t in texts], add_special_tokens=False)
        return [e.ids for e in encoded]

    def encode_with_offsets(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Piece ids and, for each, the half-open span of characters of `text` that it stands for."""
        encoded = self.backend.encode(valid_unicode(text), add_special_tokens=False)
        return list(encoded.ids), list(encoded.offsets)

    def decode(self, ids: Sequence[int]) -> str:
        """The text of `ids`; control tokens are left out, broken byte sequences become U+FFFD."""
        return str(self.backend.decode([i for i in ids if i >= len(SPECIAL)], skip_special_tokens=False))

    def piece(self, id: int) -> str:
        return str(self.backend.id_to_token(id))

    def is_byte(self, id: int) -> bool:
        """Whether a piece stands for one byte of a character that has no piece of its own."""
        return id in self._bytes

    @cached_property
    def _bytes(self) -> frozenset[int]:
        return frozenset(i for piece, i in self.backend.get_vocab().items() if _BYTE.fullmatch(piece))

    def save(self, path: str | Path) -> None:
        Path(path).write_text(self.backend.to_str(pretty=False), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Tokenizer:
        """Raises `UserError` when the file is missing or is not a tokenizer of this package: the library would run any
        regular expression that stands in it, and stops the process on some vocabularies."""
        path = Path(path)
        text = read_bytes(path, MAX_TOKENIZER_BYTES)
        if path != SHARED_TOKENIZER:
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
        kind: Literal["unigram", "char"] = "unigram",
    ) -> Tokenizer:
        """Learn a vocabulary of at most `vocab_size` pieces, or single characters; a small corpus gets fewer.

        Raises `UserError` when the texts hold too little to learn from.
        """
        import sentencepiece

        model = io.BytesIO()
        try:
            sentencepiece.SentencePieceTrainer.train(
                sentence_iterator=_lines(texts), model_writer=model, vocab_size=vocab_size, hard_vocab_limit=False,
                model_type=kind, character_coverage=0.9999, byte_fallback=True, num_threads=threads,
                normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=False,
                allow_whitespace_only_pieces=True, pad_id=PAD, unk_id=UNK, bos_id=BOS, eos_id=EOS,
                pad_piece=SPECIAL[PAD], unk_piece=SPECIAL[UNK], bos_piece=SPECIAL[BOS], eos_piece=SPECIAL[EOS],
                control_symbols=list(CONTROL), split_digits=True, max_sentence_length=1 << 20, minloglevel=2,
            )  # fmt: skip
        except (RuntimeError, OSError) as error:
            raise UserError(f"cannot learn a vocabulary of {vocab_size} pieces from this text: {error}") from None
        return cls(_from_sentencepiece(sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())))


class Decoder:
    """The text of pieces that come one at a time. No part of it ends within a character: its bytes are kept until the last."""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer
        self._bytes = codecs.getincrementaldecoder("utf-8")("replace")

    def step(self, id: int) -> str:
        """What the piece adds, "" for a part of a character; broken byte sequences become U+FFFD."""
        piece = self.tokenizer.piece(id)
        if self.tokenizer.is_byte(id):
            return self._bytes.decode(bytes([int(piece[3:5], 16)]))
        return self._bytes.decode(b"", final=True) + piece.replace("▁", " ")


def _check(path: Path, text: bytes) -> None:
    """Raises `UserError` for anything but a vocabulary in the form that `save` gives it."""
    try:
        values = json.loads(text)
        model = values.pop("model")
        pieces, scores = zip(*model.pop("vocab"), strict=True)
        form = {**values, "model": model}
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise UserError(f"{path}: not a tokenizer file ({type(error).__name__})") from None
    if form != _form():
        raise UserError(f"{path}: not a tokenizer of nlp-gru (it does more than split text into pieces)")
    if not all(isinstance(p, str) for p in pieces) or not all(isinstance(s, float) for s in scores):
        raise UserError(f"{path}: not a tokenizer file (a piece is a text and a number)")
    if pieces[: len(SPECIAL)] != SPECIAL:
        raise UserError(f"{path}: not a tokenizer of nlp-gru (its first pieces are not {' '.join(SPECIAL)})")
    if len(pieces) > MAX_PIECES or "" in pieces or len(set(pieces)) < len(pieces):
        raise UserError(
            f"{path}: not a tokenizer of nlp-gru (more than {MAX_PIECES:,} pieces, an empty one or one that comes twice)"
        )
    if not all(-MAX_SCORE <= s <= MAX_SCORE for s in scores):
        raise UserError(f"{path}: not a tokenizer of nlp-gru (a piece's score is out of range)")


@cache
def _form() -> dict[str, Any]:
    """What stands in every tokenizer file beside the vocabulary."""
    values: dict[str, Any] = json.loads(_backend([(piece, _NEVER) for piece in SPECIAL]).to_str())
    del values["model"]["vocab"]
    return values


_NORMALIZER = normalizers.Sequence(
    [normalizers.NFC(), *(normalizers.Replace(tokenizers.Regex(old), new) for old, new in TYPOGRAPHY.items())]
)


def _lines(texts: Iterable[str], longest: int = 2000) -> Iterator[str]:
    for text in texts:
        for line in _NORMALIZER.normalize_str(valid_unicode(text)).splitlines():
            for start in range(0, len(line), longest):
                yield line[start : start + longest]


def _from_sentencepiece(sp: Any) -> tokenizers.Tokenizer:
    vocab = []
    for i in range(sp.get_piece_size()):
        piece = sp.id_to_piece(i)
        score = _NEVER if sp.is_control(i) or sp.is_unknown(i) or _BYTE.fullmatch(piece) else sp.get_score(i)
        vocab.append((piece, score))
    return _backend(vocab)


def _backend(vocab: list[tuple[str, float]]) -> tokenizers.Tokenizer:
    backend = tokenizers.Tokenizer(models.Unigram(vocab, unk_id=UNK, byte_fallback=True))
    backend.normalizer = _NORMALIZER
    backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never", split=False)
    backend.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    return backend


def valid_unicode(text: str) -> str:
    """Lone surrogates, which no UTF-8 text can hold, become U+FFFD."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)
