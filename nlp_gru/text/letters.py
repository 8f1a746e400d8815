"""Set phrases of letters and greetings, which no rule gives: what is written in the place of each in the other
language.

A sentence that is one of them, but for case and its end mark, is not left to the model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# English, French; of several French ones the first is written, and each is understood.
_PAIRS = """
Hello | Bonjour
Dear Sir or Madam | Madame, Monsieur
Dear Sir | Monsieur | Cher Monsieur
Dear Madam | Madame | Chère Madame
Dear Sirs | Messieurs
Dear all | Bonjour à tous | Chers tous | Bonjour à toutes et à tous
Dear colleagues | Chers collègues | Chères collègues, chers collègues
Dear friends | Chers amis | Chers amies et amis
Dear customer | Cher client | Chère cliente, cher client
To whom it may concern | À qui de droit
Kind regards | Cordialement | Bien cordialement
Best regards | Bien cordialement | Meilleures salutations
Warm regards | Chaleureusement | Bien chaleureusement
Regards | Salutations | Sincères salutations
Yours sincerely | Veuillez agréer mes salutations distinguées | Sincères salutations
Yours faithfully | Veuillez agréer mes salutations distinguées
Sincerely | Sincèrement
Yours | Bien à vous | Bien à toi
Best wishes | Meilleurs vœux | Tous mes vœux
With best wishes | Avec mes meilleurs vœux
All the best | Bonne continuation | Bien à toi
Take care | Prends soin de toi | Prenez soin de vous
Love | Je t'embrasse | Bisous
Lots of love | Grosses bises | Gros bisous
Hugs and kisses | Bises | Bises à tous
See you soon | À bientôt | À très bientôt
See you later | À plus tard | À tout à l'heure
See you tomorrow | À demain
Thanks in advance | Merci d'avance | Merci par avance
Many thanks | Merci beaucoup | Un grand merci
Thank you for your understanding | Merci de votre compréhension
Thank you for your message | Merci pour votre message
I look forward to hearing from you | Dans l'attente de votre réponse | Dans l'attente de vous lire
Looking forward to hearing from you | Dans l'attente de votre réponse
Please find attached the invoice | Veuillez trouver ci-joint la facture | Veuillez trouver la facture ci-jointe
Please find attached my CV | Veuillez trouver ci-joint mon CV
Please find enclosed the documents | Veuillez trouver ci-joint les documents
I hope this email finds you well | J'espère que vous allez bien
Please do not hesitate to contact me | N'hésitez pas à me contacter
Please do not hesitate to contact us | N'hésitez pas à nous contacter
Happy birthday | Joyeux anniversaire | Bon anniversaire
Happy New Year | Bonne année
Merry Christmas | Joyeux Noël
Happy Easter | Joyeuses Pâques
Happy holidays | Joyeuses fêtes | Bonnes fêtes
Congratulations | Félicitations | Toutes mes félicitations
Good luck | Bonne chance | Bon courage
Get well soon | Bon rétablissement | Prompt rétablissement
Have a nice day | Bonne journée | Passez une bonne journée
Have a nice evening | Bonne soirée
Have a nice weekend | Bon week-end
Have a good trip | Bon voyage
Enjoy your meal | Bon appétit
Good morning | Bonjour
Good afternoon | Bonjour
Good evening | Bonsoir
Good night | Bonne nuit
Welcome | Bienvenue
With my deepest sympathy | Mes sincères condoléances
""".strip().splitlines()
GREETINGS = {
    "en": {
        "dear": "",
        "my dear": "",
        "hi": "Salut",
        "hey": "Salut",
        "hello": "Bonjour",
        "good morning": "Bonjour",
        "good evening": "Bonsoir",
        "happy birthday": "Joyeux anniversaire",
        "thank you": "Merci",
        "thanks": "Merci",
        "congratulations": "Félicitations",
        "welcome": "Bienvenue",
    },
    "fr": {
        "cher": "Dear",
        "chère": "Dear",
        "mon cher": "My dear",
        "ma chère": "My dear",
        "salut": "Hi",
        "coucou": "Hi",
        "bonjour": "Hello",
        "bonsoir": "Good evening",
        "joyeux anniversaire": "Happy birthday",
        "bon anniversaire": "Happy birthday",
        "merci": "Thank you",
        "félicitations": "Congratulations",
        "bienvenue": "Welcome",
    },
}
# What a title is in a greeting, where French writes it in full.
TITLES = {
    "en": {"Mr": "Monsieur", "Mrs": "Madame", "Ms": "Madame", "Miss": "Mademoiselle", "Dr": "Docteur"},
    "fr": {
        "Monsieur": "Mr.",
        "M": "Mr.",
        "Madame": "Mrs.",
        "Mme": "Mrs.",
        "Mademoiselle": "Miss",
        "Mlle": "Miss",
        "Docteur": "Dr.",
        "Dr": "Dr.",
    },
}
_TITLED = rf"(?:(?:{'|'.join(sorted({t for titles in TITLES.values() for t in titles}))})\.? )?"
NAME = r"[A-ZÀ-Þ][a-zß-ÿ’'\-]+(?: [A-ZÀ-Þ][a-zß-ÿ’'\-]+)?"
_TO_NAME = {
    language: re.compile(rf"(?i:({'|'.join(sorted(words, key=len, reverse=True))}))(,?) ({_TITLED}{NAME})([,.! ]*)")
    for language, words in GREETINGS.items()
}
# "Dear Anna, thank you": what is written to her goes on in the same line.
GREETED = {
    language: re.compile(rf"((?i:{words}) {_TITLED}{NAME},)(\s+)(?=\w)")
    for language, words in (("en", "(?:my )?dear"), ("fr", "(?:mon )?cher|(?:ma )?chère"))
}
# How most English and French women's first names end, women's names that end otherwise, and men's that end so.
FEMALE_END = re.compile(r"(?:a|ie|elle|ette|ine|ise|ise|anne|enne|ène|lle|ley|ah|cy|iss|yne)$", re.I)
FEMALE = set(
    [
        "alice",
        "chloe",
        "chloé",
        "claire",
        "emily",
        "mary",
        "jane",
        "kate",
        "amy",
        "susan",
        "karen",
        "rachel",
        "margaret",
        "elizabeth",
        "ruth",
        "helen",
        "carol",
        "zoe",
        "zoé",
        "rose",
        "grace",
        "camille",
        "agnès",
        "inès",
        "alison",
        "sharon",
        "jennifer",
        "lily",
        "judith",
        "edith",
        "iris",
        "joy",
        "manon",
        "marion",
        "megan",
        "margot",
        "carmen",
        "ingrid",
        "hope",
        "eve",
        "anne",
        "jeanne",
        "jo",
    ]
)
MALE = set(
    [
        "luca",
        "noah",
        "joshua",
        "elijah",
        "jonah",
        "ezra",
        "andrea",
        "sasha",
        "nikita",
        "costa",
        "mustafa",
        "antoine",
        "philippe",
        "charlie",
        "ollie",
        "jamie",
        "archie",
        "eddie",
        "louie",
        "robbie",
        "baptiste",
        "étienne",
        "alphonse",
        "percy",
        "stanley",
        "harley",
        "hinata",
        "ilya",
        "misha",
        "kosta",
        "isaiah",
        "micah",
        "jeremiah",
        "zachariah",
    ]
)


def _table(source: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _PAIRS:
        english, *french = (part.strip() for part in line.split("|"))
        for known in (english,) if source == 0 else french:
            found.setdefault(_plain(known), french[0] if source == 0 else english)
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\s.,!]+$", "", text.replace("’", "'")).casefold()


WORDS = ["love", "yours", "regards", "sincerely", "welcome"]  # which close a letter only before a comma
PHRASES = {"en": _table(0), "fr": _table(1)}
_FIRST, _LAST = (
    next(i for i, line in enumerate(_PAIRS) if line.startswith(word)) for word in ("Kind regards", "Many thanks")
)
CLOSINGS = {  # below which a name stands
    language: sorted({_plain(part.strip()) for line in _PAIRS[_FIRST : _LAST + 1] for part in line.split("|")[at]})
    for language, at in (("en", slice(0, 1)), ("fr", slice(1, None)))
}


def phrase(sentence: str, source: str, target: str) -> str | None:
    """The set phrase of the target language for a sentence that is one in the source language; None for any other."""
    if {source, target} != {"en", "fr"}:
        return None
    end = sentence[len(sentence.rstrip(" .,!")) :]
    plain = _plain(sentence)
    found = None if plain in WORDS and not end.startswith(",") else PHRASES[source].get(plain)
    if found:
        return _cased(found, sentence) + _end(end, target)
    if (named := _TO_NAME[source].fullmatch(sentence)) is None:
        return None
    greeting, comma, name = named[1].lower(), named[2], named[3]
    title = TITLES[source].get(name.split(" ")[0].rstrip("."))
    female = _is_female(name) if title is None else title in ("Madame", "Mademoiselle")
    word = GREETINGS[source][greeting] or ("Chère" if female else "Cher")
    if title is not None:
        name = " ".join([title, *name.split(" ")[1:]])
    if greeting == "my dear":
        word = f"{'Ma' if female else 'Mon'} {word.lower()}"
    return f"{_cased(word, sentence)}{comma} {name}{_end(end, target)}"


def greeting(line: str, language: str) -> re.Match[str] | None:
    """Return the greeting of a letter (1) and the blank (2) with which a line begins that goes on; None for any
    other."""
    return GREETED[language].match(line) if language in GREETED else None


STAND_INS = {
    "en": (("Tom", "John", "Ken"), ("Mary", "Kate", "Emily")),
    "fr": (("Tom", "Jean", "Paul"), ("Marie", "Alice", "Anne")),
}


def with_stand_ins(text: str, names: Sequence[str], language: str) -> tuple[str, dict[str, str]]:
    """Return a text with men's or women's names that every model knows in the place of others, and whose place each of
    them took."""
    stand_ins: dict[str, str] = {}
    for name in dict.fromkeys(names):
        free = [n for n in STAND_INS[language][_is_female(name)] if n not in stand_ins and n not in text]
        if free:
            stand_ins[free[0]] = name
            text = re.sub(rf"\b{re.escape(name)}\b", free[0], text)
    return text, stand_ins


def with_names(text: str, stand_ins: Mapping[str, str], language: str) -> str | None:
    """Return a translation with the names back in the place of `stand_ins`; None where one is missing."""
    for stand_in, name in stand_ins.items():
        if not re.search(rf"\b{stand_in}\b", text):
            return None
        if language == "fr" and re.match(r"[AEIOUÀ-ÆÈ-ËÌ-ÏÒ-ÖÙ-Ü]", name):
            text = re.sub(rf"\b(d|qu|D|Qu)e {stand_in}\b", rf"\1'{name}", text)
        text = re.sub(rf"\b{stand_in}\b", name, text)
    return text


def is_closing(sentence: str, language: str) -> bool:
    """Return whether a sentence is a set phrase that closes a letter, so that a name follows."""
    return sentence.endswith(",") and _plain(sentence) in CLOSINGS.get(language, ())


def is_signature(line: str) -> bool:
    """Return whether a line may be a person's name: up to three words with capitals, without an end mark."""
    words = line.split()
    return (
        0 < len(words) <= 3
        and all(re.fullmatch(r"[A-ZÀ-Þ][\w’'\-]*\.?", word) for word in words)
        and not line.endswith(".")
    )


def _is_female(name: str) -> bool:
    first = name.split(" ")[0].casefold()
    return first in FEMALE or (first not in MALE and FEMALE_END.search(first) is not None)


def _cased(text: str, like: str) -> str:
    if like[:1].islower():
        return text[:1].lower() + text[1:] if text.split(" ")[0] != "I" else text
    return text


def _end(end: str, target: str) -> str:
    """French sets a blank before an exclamation mark."""
    return f" {end}" if target == "fr" and end.startswith("!") else end.lstrip() if target == "en" else end
