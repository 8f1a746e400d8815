"""Which of two languages a text seems to be in, by its most frequent words and letters: enough to ask whether to swap."""

from __future__ import annotations

import re
from collections.abc import Mapping

WORDS = {
    "en": frozenset(["the", "and", "of", "to", "is", "are", "was", "were", "have", "has", "had", "i", "you", "he", "she", "we", "they", "it", "this", "that", "what", "where", "when", "not", "do", "does", "did", "with", "for", "my", "your", "on", "in", "at"]),
    "fr": frozenset(["le", "la", "les", "un", "une", "des", "du", "de", "et", "est", "sont", "était", "je", "tu", "il", "elle", "nous", "vous", "ils", "elles", "ce", "cette", "que", "qui", "où", "quand", "ne", "pas", "avec", "pour", "mon", "ma", "mes", "votre", "sur", "dans", "au", "aux", "j", "l", "d", "c", "qu", "n", "s"]),
}  # fmt: skip
LEAST = 2  # words of the other language more than of the wanted one


def seems_other(text: str, wanted: str, names: Mapping[str, str]) -> str:
    """Return the name of the language that the text seems to be in, if it is not the wanted one; else nothing."""
    words = re.findall(r"\w+", text[:2_000].lower())
    counts = {code: sum(word in known for word in words) for code, known in WORDS.items()}
    counts["fr"] += sum(bool(re.search("[éèêàùçœ]", word)) for word in words)
    if wanted not in counts:
        return ""
    other = max((code for code in counts if code != wanted), key=counts.__getitem__)
    return names.get(other, "") if counts[other] >= counts[wanted] + LEAST else ""
