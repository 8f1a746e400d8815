"""The settings of single tools on the command line of `predict`, and which tool takes which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from nlp_gru.errors import UserError

if TYPE_CHECKING:
    from nlp_gru.tools.registry import Tool

UNSURE = "unsure"


@dataclass(frozen=True)
class Settings:
    """What was given; None or False where nothing was. Fields are named as the options are."""

    k: int | None = None
    prefix: str | None = None
    phrase: bool = False
    beam: int | None = None
    alternatives: int | None = None
    threshold: float | None = None
    label_only: bool = False

    @property
    def given(self) -> dict[str, Any]:
        return {f.name: v for f in fields(self) if (v := getattr(self, f.name)) is not None and v is not False}


TAKEN = {
    "next_word": ("k", "prefix", "phrase"),
    "translation": ("beam", "alternatives"),
    "sentiment": ("threshold", "label_only"),
    "faq": ("threshold",),
}


def applied(tool: Tool, settings: Settings) -> Tool:
    """Return the tool as it answers with these settings. Raises `UserError` for a setting that it does not have."""
    given = settings.given
    for name in given:
        if name not in TAKEN.get(tool.name, ()):
            owners = " and ".join(owner for owner, names in TAKEN.items() if name in names)
            raise UserError(f"--{name.replace('_', '-')} is a setting of {owners}, not of {tool.name}")
    if not given:
        return tool
    if tool.name == "next_word":
        return replace(tool, answers=_suggesting(settings))
    if tool.name == "translation":
        beam = {} if settings.beam is None else {"beam": settings.beam}
        return replace(tool, answers=_translating(beam, settings.alternatives or 0), line=_versions, in_batches=False)
    if tool.name == "faq":
        return replace(
            tool, answers=lambda held, texts: (held.reply([t], seed=0, threshold=settings.threshold) for t in texts)
        )
    return replace(tool, line=_labelled(settings.threshold or 0.0, settings.label_only))


def _suggesting(settings: Settings) -> Callable[[Any, Sequence[str]], Iterator[Any]]:
    prefix, k = settings.prefix or "", 3 if settings.k is None else settings.k
    if not settings.phrase:
        return lambda held, texts: (held.suggest(text, prefix, k) for text in texts)
    if settings.k is not None:
        raise UserError("--phrase goes without -k: there is one phrase or none")
    return lambda held, texts: ([found] if (found := held.phrase(text + prefix)) else [] for text in texts)


def _translating(beam: dict[str, int], alternatives: int) -> Callable[[Any, Sequence[str]], Iterator[Any]]:
    return lambda held, texts: (held(text, **beam, alternatives=alternatives) for text in texts)


def _versions(found: Any) -> str:
    """The translation, then its other versions behind tabs: the first alternative of every sentence, the second, and so
    on."""
    most = max((len(sentence.alternatives) for sentence in found.sentences), default=0)
    others = [
        " ".join(s.alternatives[i][0] if i < len(s.alternatives) else s.text for s in found.sentences)
        for i in range(most)
    ]
    return "\t".join([str(found.text), *others])


def _labelled(threshold: float, label_only: bool) -> Callable[[Any], str]:
    def line(found: Any) -> str:
        label = found.label if found.score >= threshold else UNSURE
        return label if label_only else f"{label}\t{found.score:.3f}"

    return line
