"""What a person has told in this dialogue and asks for later ("What's my name?"), answered in their own words turned
round."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp_gru.text.sentences import segment
from nlp_gru.tools.similarity.encoder import TextEncoder

MIN_COSINE = 0.3  # of a question and the statement that answers it
LEAST_LETTERS = 3
_OWN = re.compile(r"\b(?:i|my|me|mine|i'm|i've|i'll|i'd)\b", re.I)
# A question about the person who asks: not what they should, can or may do, which is no memory.
_ASKED = re.compile(
    r"^(?:(?:and|so|but|hey|ok(?:ay)?|well|now)\W+)*(?:do you (?:remember|know|recall) |can you (?:remember|tell me)"
    r" |(?:please )?(?:tell|remind) me )?"
    r"(?:what|where|who|whose|which|when|how"
    r" (?:old|many|much|long|tall|far|is|are|was|do|did)|do|did|am|was|have|what's|who's|where's|when's|how's)\b"
    r"(?! about\b)(?!.*\b(?:should|can|could|may|might|would|will|need|must|think|mean|help|do for)\b)",
    re.I,
)
_REMEMBERED = re.compile(
    r"^(?:do|can) you (?:still )?(?:remember|know|recall) (?:my|where i|what i|who i|how old i)\b", re.I
)
_ABOUT_ME = re.compile(r"\b(?:my|i)\b", re.I)
_GOES_ON = re.compile(r"(?:his|her|its|their|he|she|it|they|he's|she's|it's|they're)\b", re.I)
_TURNED = {
    "i'm": "you're",
    "i've": "you've",
    "i'll": "you'll",
    "i'd": "you'd",
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "am": "are",
    "myself": "yourself",
    "we": "you",
    "our": "your",
    "us": "you",
    "was": "was",
    "you": "I",
    "your": "my",
    "yours": "mine",
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_OPENING = re.compile(
    r"^(?:(?:hi|hello|hey|yes|yeah|no|oh|well|so|and|but|actually|by the way|btw|ok(?:ay)?)\b[\s,.!]*)+", re.I
)
_CLOSING = re.compile(r"(?:[\s,]*(?:by the way|btw|too|actually|you know|though))?[\s.!]*$", re.I)


def is_asked(turn: str) -> bool:
    """Whether a turn asks for something about the person who writes it."""
    asks = turn.rstrip().endswith("?") or _REMEMBERED.match(turn) is not None
    return asks and _ASKED.match(turn.strip()) is not None and _ABOUT_ME.search(_without_openings(turn)) is not None


def recalled(own_turns: Sequence[str], question: str, encoder: TextEncoder) -> str | None:
    """What the person said that answers the question, as a reply; None where nothing does.

    own_turns: what the person wrote before, in order; of several answers the later one counts a little more.
    """
    said = [statement for turn in own_turns for statement in _statements(turn)]
    if not said:
        return None
    cosines = encoder.encode(said) @ encoder.encode(_as_statement(question))
    cosines = cosines + [0.01 * i / len(said) for i in range(len(said))]
    best = int(cosines.argmax())
    return f"You told me: {turned(said[best])}." if cosines[best] >= MIN_COSINE else None


def turned(statement: str) -> str:
    """ "My cat is called Tim." -> "your cat is called Tim"."""
    core = _CLOSING.sub("", _OPENING.sub("", statement.strip()))
    found = _WORD.sub(lambda m: _TURNED.get(m[0].lower().replace("’", "'"), m[0]), core)
    found = re.sub(r"\byou was\b", "you were", re.sub(r"\byou am\b", "you are", found))
    first = _WORD.match(core)
    return found[:1].lower() + found[1:] if first and first[0].lower() in _TURNED else found


def _statements(turn: str) -> list[str]:
    """What a turn tells of the person; a sentence that goes on about the same ("His name is Tim.") stays with it."""
    found: list[str] = []
    open_ = False  # whether the sentence before told something
    for sentence in (part.text for part in segment(turn, "en") if part.is_sentence):
        if open_ and _GOES_ON.match(sentence) and not sentence.endswith("?"):
            found[-1] = f"{found[-1]} {sentence}"
            continue
        open_ = not sentence.endswith("?") and _OWN.search(sentence) is not None
        open_ = open_ and sum(c.isalpha() for c in sentence) >= LEAST_LETTERS
        if open_:
            found.append(sentence)
    return found


def _without_openings(turn: str) -> str:
    return re.sub(r"\b(?:tell|remind) me\b|\bI (?:wonder|guess)\b", "", turn, flags=re.I)


def _as_statement(question: str) -> str:
    """The question without what only makes it one, so that it lies nearer to its answer."""
    return re.sub(
        r"^(?:do|can) you (?:still )?(?:remember|know|recall)\s+|\bagain\b", "", question.strip(), flags=re.I
    ).strip()
