"""What a chat program may not say of itself: that it has a body, a past, a family, a place or possessions."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_LIFE = (
    r"girlfriend|boyfriend|wife|husband|mom|mum|mother|dad|father|parents?|brothers?|sisters?|siblings?|sons?|"
    r"daughters?|kids?|child|children|"
    r"family|uncle|aunt|cousins?|grand\w+|roommates?|dogs?|cats?|pets?|house|home|apartment|flat|room|yard|garden|car|"
    r"truck|bike|phone|tv|"
    r"job|boss|coworkers?|office|school|college|university|teacher|class|town|city|state|country|neighbou?rs?|"
    r"birthday|age|hair|eyes|body|"
    r"hands?|heart|stomach|doctor|church|wedding|vacation|holiday|childhood|life|friends?"
)
_DID = (
    r"was born|grew up|grow up|live[ds]? (?:in|at|near|with)|work(?:ed|s)? (?:at|in|as|for|on)|went|go"
    r" to|drove|drive|ate|eat|cooked?|drank|flew|"
    r"travell?ed|visited|voted|graduated|studied|study|own|bought|sleep|slept|woke|watched|saw|have seen|have"
    r" been|ran|walked|swam|married|"
    r"played|moved|met|used to|have never been|never been"
)
_WHO = (
    r"girl|kid|child|baby|teenager|boy|man|woman|guy|lady|human|person|student|teacher|nurse|mom|mum|dad|"
    r"mother|father|teen|adult|christian|male|female|american|wife|husband"
)
CLAIM = re.compile(
    rf"\bmy (?:own |old |new |little |big |favou?rite )?(?:{_LIFE})\b"
    r"|\bI(?:'?ve|'?d| have| had| do| did| also| just| always| really| actually| still| usually| once| only)*"
    rf" (?:{_DID})\b"
    rf"|\bI(?:'ve got| have| had|'ve)(?: got)? (?:a|an|two|three|four|some|many|no|\d+)(?: \w+)? (?:{_LIFE})\b"
    r"|\bI(?: do)? have (?:\w+ )?(?:arms?|legs?|hands?|feet|eyes|hair|a face|a body|skin|a brain)\b"
    rf"|\bI(?:'?m| am| was)(?: just| also| actually| really)? (?:an? |the )?(?:\w+ )?(?:{_WHO})\b"
    r"|\bI(?:'?m| am) (?:\d+|from|married|single|pregnant|at home|home|in (?:the|my|[A-Z])|going to the)\b|\bI've been"
    r" (?:to|there|in)\b",
    re.I,
)
# That it is no program, or has a name.
FALSE = re.compile(
    r"\b(?i:I(?:'?m| am)) not (?:an? |just |the |really )*(?:\w+ )?(?:bot|chatbot|program|robot|machine|computer|AI)\b"
    r"|\b(?i:my name is|my name's|call me) (?!nlp)\w+|\b(?:I'?m|I am|i'm|i am)"
    r" (?!English\b|American\b|[A-Z]{2})[A-Z][a-z]+(?=[.!,]|$)"
)
_YOU = re.compile(r"\b(?:you|your|yours|u|ur|you're|you've)\b", re.I)
_SAID_OF_YOU = re.compile(r"^(?:(?:so|and|but|well|ok|i (?:think|bet|guess))\W+)*(?:you(?:'re)?|your|tell me)\b", re.I)
_PROGRAM = re.compile(r"\b(?:program|robot|chatbot|bot)\b", re.I)
# Where every reply that came to mind was such a claim.
INSTEAD = (
    "I'm only a program, so I can't speak of myself there. What about you?",
    "As a program I have no life of my own to tell of. How is it with you?",
    "I'm a small program and only know this chat. Tell me about yourself!",
)
CHANGE = ("I see. Tell me more!", "Interesting, go on!", "And what do you think about it?", "How did that come about?")


def is_about_the_bot(turn: str) -> bool:
    """Whether a turn asks the bot about itself, or says something of it."""
    turn = turn.strip()
    return _YOU.search(turn) is not None and (turn.endswith("?") or _SAID_OF_YOU.match(turn) is not None)


def is_claim(reply: str) -> bool:
    """Whether a reply claims a life; one that says it comes from a program does not."""
    reply = reply.replace("’", "'")
    return FALSE.search(reply) is not None or (CLAIM.search(reply) is not None and "program" not in reply)


def is_out_of_place(reply: str, turns: Sequence[str]) -> bool:
    """Whether a reply says that it comes from a program where nobody asked, or where one of its last two turns said
    so."""
    told = any(_PROGRAM.search(turn) for turn in turns[-2:-5:-2])
    return _PROGRAM.search(reply) is not None and (told or not is_about_the_bot(turns[-1]))


def instead(turn: str, draw: random.Random, said: set[str]) -> str:
    """What to say where every reply was a claim: honest if the turn asks the bot about itself, else something that goes
    on."""
    choices = [text for text in (INSTEAD if is_about_the_bot(turn) else CHANGE) if text not in said] or list(CHANGE)
    return draw.choice(choices)
