"""A look inside a model: every gate of every recurrent layer at every word of a text.

The model reads the text as it always does, by the fused path, while what goes into each GRU and comes out is recorded.
The readable equations (`nlp_gru.backbone.gru.gru_step`) then run over the same input, which gives the gates, and their
states are held against those of the fused path.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from nlp_gru.backbone.gru import run_slowly
from nlp_gru.errors import UserError, check_text
from nlp_gru.heads.base import Base
from nlp_gru.heads.chat import ChatHead
from nlp_gru.heads.checkpoint import load_model
from nlp_gru.heads.head import Head
from nlp_gru.heads.next_word import NextWord
from nlp_gru.heads.seq2seq import Seq2Seq
from nlp_gru.heads.translation import TranslationHead
from nlp_gru.inspection.gates import Layer, Look, Step, Unit, Word
from nlp_gru.inspection.heartbeat import Heartbeat
from nlp_gru.onnx_engine.model import OnnxModel
from nlp_gru.text.canonical import TITLE, UPPER
from nlp_gru.text.placeholders import PLACEHOLDERS, protect, protect_again, without_placeholders
from nlp_gru.text.tokenizer import BOS, EOS, Tokenizer, valid_unicode
from nlp_gru.tools.translation.alignment import words
from nlp_gru.tools.translation.translator import Translator

__all__ = ["MAX_TOKENS", "Layer", "Look", "Step", "Unit", "Word", "look"]

MAX_TOKENS = 512
SHOWN_CASE = {TITLE: "Capital", UPPER: "CAPITALS"}  # of the word that follows
Calls = dict[str, tuple[nn.GRU, Any, Any]]  # a GRU's name -> itself, what it was given and what it gave
Part = dict[str, list[Word]]  # the words that "encoder" and "decoder" read


@lru_cache(maxsize=4)
def _torch_head(folder: Path, changed: int) -> Head:
    return load_model(folder)


@torch.inference_mode()
def look(model: Any, text: str, *, tokens: bool = False, limit: int = MAX_TOKENS) -> Look:
    """The gates and states of `model`, a head or what `nlp_gru.load` gives, while it reads `text`.

    tokens: every token of the vocabulary is shown as a word of its own. limit: the most tokens of a text; a model may
    read fewer. Of a translator and a chat bot, the decoder is shown over what it writes itself: the translation,
    sentence by sentence, or the likeliest reply to `text` as the only turn. Raises `TypeError` for what is not text or
    not a model, `UserError` for a text without a word or with too many, and for a model whose cells are not GRUs. A
    `Heartbeat` reads numbers.
    """
    check_text(text)
    if isinstance(model, Heartbeat):
        return model.look(text, limit)
    head = getattr(model, "model", model)
    if isinstance(head, OnnxModel):  # which shows no gates
        head = _torch_head(head.folder, (head.folder / "model.safetensors").stat().st_mtime_ns)
    if not isinstance(head, Head):
        raise TypeError(f"a model is a head or what nlp_gru.load gives, not {type(model).__name__}")
    if head.config.cell != "gru":
        raise UserError(f"this model's cells are {head.config.cell.upper()}s, and only a GRU has these gates")
    if not text.strip():
        raise UserError("the text is empty: there is nothing to look at")
    text = valid_unicode(text)
    reader = _Reader(head, tokens, limit)
    with reader.recording():
        written = reader.read(text)
    return Look(text, written, tuple(reader.layers()))


class _Reader:
    """Reads a text as the model does, in one part or sentence by sentence, and keeps what its GRUs saw."""

    def __init__(self, head: Head, tokens: bool, limit: int):
        self.head, self.tokens = head, tokens
        options: Any = head.options
        own = options.context_tokens if isinstance(head, ChatHead) else getattr(options, "max_length", limit + 2) - 2
        self.limit = min(limit, own)
        self.calls: Calls = {}
        self.parts: list[tuple[Part, Calls]] = []

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Notes each GRU's last call, of this thread alone: others may use the model meanwhile."""
        thread = threading.get_ident()

        def note(name: str, gru: nn.GRU) -> Any:
            def hook(_: nn.Module, given: Any, gave: Any) -> None:
                if threading.get_ident() == thread:
                    self.calls[name] = (gru, given, gave)

            return gru.register_forward_hook(hook)

        hooks = [note(name, m) for name, m in self.head.named_modules() if isinstance(m, nn.GRU)]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()

    def read(self, text: str) -> str:
        """Reads the text; returns what the model wrote to it."""
        head = self.head
        if isinstance(head, TranslationHead):
            self._check(len(head.tokenizer.encode(text)))
            sentences = Translator(head)(text).sentences
            if not sentences:
                raise UserError("the text has no word in it: there is nothing to translate")
            for s in sentences:
                safe, kept = protect(without_placeholders(s.source), head.is_name)
                target = head.tokenizer.encode(protect_again(without_placeholders(s.text), kept))
                self._pair(head, [*head.tokenizer.encode(safe), EOS], target, kept)
            return " ".join(s.text for s in sentences)
        ids = head.tokenizer.encode(text.strip() if isinstance(head, ChatHead) else text)
        self._check(len(ids))
        if isinstance(head, ChatHead):
            source = head.join([ids])
            found = head.search([source], width=1)[0]
            target = list(found[0].tokens) if found else []
            self._pair(head, source, target)
            return head.tokenizer.decode(target).strip()
        if isinstance(head, NextWord):
            head.decoder.states(torch.tensor([[BOS, *ids]]))
            self._note({"decoder": self._words(ids, (), before=True, after=False)})
            return ""
        framed = [BOS, *ids, EOS]
        if isinstance(head, Base):
            head.encode(torch.tensor([framed]), torch.tensor([len(framed)]))
            head.decoder.states(torch.tensor([framed[:-1]]))
            ends = {"encoder": True, "decoder": False}
            self._note({side: self._words(ids, (), before=True, after=after) for side, after in ends.items()})
            return ""
        encoder: Any = head.encoder
        encoder(torch.tensor([framed]), torch.tensor([len(framed)]))
        self._note({"encoder": self._words(ids, (), before=True, after=True)})
        return ""

    def _check(self, size: int) -> None:
        if size > self.limit:
            raise UserError(f"the text has {size:,} tokens, and {self.limit} are the most to look at; shorten it")

    def _pair(self, head: Seq2Seq, source: Sequence[int], target: Sequence[int], kept: Sequence[str] = ()) -> None:
        """Reads source (ids + EOS), and writes `target` (ids) to it."""
        memory, state = head.encode(torch.tensor([source]), torch.tensor([len(source)]))
        head.decoder.states(torch.tensor([[BOS, *target]]), state, memory)
        self._note(
            {
                "encoder": self._words(source[:-1], kept, before=False, after=True),
                "decoder": self._words(target, kept, before=True, after=False),
            }
        )

    def _note(self, part: Part) -> None:
        self.parts.append((part, self.calls))
        self.calls = {}

    def _words(self, ids: Sequence[int], kept: Sequence[str], before: bool, after: bool) -> list[Word]:
        """The words of `ids`, whose places begin at 1 where BOS stands before them."""
        shown = [_shown(self.head.tokenizer, id, kept) for id in ids]
        found = [] if self.tokens else words(self.head.tokenizer, ids, kept)
        if not found:
            found = [(token.strip() or "␣", [i]) for i, token in enumerate(shown)]
        first = int(before)
        named = [
            Word(text, tuple(shown[i] for i in places), tuple(i + first for i in places)) for text, places in found
        ]
        start = [Word("start", ("<s>",), (0,), True)] if before else []
        end = [Word("end", ("</s>",), (len(ids) + first,), True)] if after else []
        return [*start, *named, *end]

    def layers(self) -> Iterator[Layer]:
        """Each direction of each layer, over all parts that were read."""
        for name in self.parts[0][1]:
            side, _, number = name.split(".")[:3]  # as "encoder.layers.0.rnn" or "decoder.layers.1"
            runs, joined, at = [], [], 0
            for part, calls in self.parts:
                size = sum(len(word.places) for word in part[side])
                runs.append(_run(calls[name], size))
                joined += [Word(w.text, w.tokens, tuple(at + i for i in w.places), w.special) for w in part[side]]
                at += size
            for direction in range(len(runs[0])):
                both = len(runs[0]) == 2
                values = zip(*(run[direction][0] for run in runs), strict=True)
                reset, update, candidate, hidden, before = (torch.cat(parts).numpy() for parts in values)
                yield Layer(
                    f"{side}, layer {int(number) + 1}" + (", backward" if direction else ", forward" if both else ""),
                    tuple(joined),
                    bool(direction),
                    reset,
                    update,
                    candidate,
                    hidden,
                    before,
                    max(run[direction][1] for run in runs),
                )


def _run(call: tuple[nn.GRU, Any, Any], size: int) -> list[tuple[list[Tensor], float]]:
    """For each direction of a recorded call over S = `size` tokens, by the equations: reset, update, candidate, hidden
    and the states before, each (S, H), and the largest difference to the fused path. Several rows are the windows of
    one text."""
    gru, (x, *start), (fused, _) = call
    if isinstance(x, PackedSequence):
        x, lengths = pad_packed_sequence(x, batch_first=True)
        fused, _ = pad_packed_sequence(fused, batch_first=True)
    else:
        lengths = torch.full((len(x),), x.shape[1])
        lengths[-1] = size - x.shape[1] * (len(x) - 1)  # the last window may be padded
    width = gru.hidden_size
    found = []
    for direction in range(2 if gru.bidirectional else 1):
        parts, difference = [], 0.0
        for row, n in enumerate(lengths.tolist()):
            h = start[0][direction, row : row + 1] if start and start[0] is not None else x.new_zeros(1, width)
            gates = run_slowly(gru, x[row : row + 1, :n], bool(direction), h)
            hidden = gates.hidden[0]  # (n, H)
            before = torch.cat([hidden[1:], h]) if direction else torch.cat([h, hidden[:-1]])
            own = fused[row, :n, width * direction : width * (direction + 1)]
            difference = max(difference, float((hidden - own).abs().max()))
            parts.append([gates.reset[0], gates.update[0], gates.candidate[0], hidden, before])
        found.append(([torch.cat(values) for values in zip(*parts, strict=True)], difference))
    return found


def _shown(tokenizer: Tokenizer, id: int, kept: Sequence[str]) -> str:
    """A token as a person reads it: with a blank where one is, and the string that a placeholder stands for."""
    if (token := tokenizer.token(id)) in SHOWN_CASE:
        return SHOWN_CASE[token]
    token = re.sub(r"^<0x(..)>$", r"byte \1", token.replace("▁", " "))
    return kept[PLACEHOLDERS.index(token)] if token in PLACEHOLDERS[: len(kept)] and token else token
