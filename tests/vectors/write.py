"""Inputs and what Python makes of them, for pytest and for `node --test`: python tests/vectors/write.py"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlp_gru.decoding.beam import beam_search, coverage
from nlp_gru.decoding.correction import Corrector, distance
from nlp_gru.decoding.sampling import sample, sample_many
from nlp_gru.decoding.word_search import WordSearch
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.model_folder.weights import narrowed
from nlp_gru.text import number_words
from nlp_gru.text.canonical import RESERVED, canonical
from nlp_gru.text.casing import forms, letters
from nlp_gru.text.conventions import polished, rewritten
from nlp_gru.text.conventions import prepared as prepared_text
from nlp_gru.text.labels import label
from nlp_gru.text.letters import greeting, is_closing, is_signature, phrase, with_names, with_stand_ins
from nlp_gru.text.passages import passages
from nlp_gru.text.placeholders import is_intact, is_unknown, protect, segments, without_placeholders, word_key
from nlp_gru.text.sentences import segment
from nlp_gru.text.slips import LAYOUTS, key, slips
from nlp_gru.text.tokenizer import Tokenizer
from nlp_gru.text.typing import begins_small, split
from nlp_gru.text.word_list import WordList, checksum
from nlp_gru.tools.chat import prepared, safety
from nlp_gru.tools.chat.bank import Bank, stems
from nlp_gru.tools.chat.faults import is_sound, repeats_itself, said_before, stale, takes_for_another
from nlp_gru.tools.chat.honesty import is_about_the_bot, is_claim, is_out_of_place
from nlp_gru.tools.chat.ranking import Side
from nlp_gru.tools.chat.recall import _statements, is_asked, turned
from nlp_gru.tools.faq.background import Background
from nlp_gru.tools.faq.decide import probabilities
from nlp_gru.tools.faq.fits import Index
from nlp_gru.tools.faq.words import Words, words
from nlp_gru.tools.keyboard.known_words import KnownWords
from nlp_gru.tools.keyboard.memory import Memory
from nlp_gru.tools.keyboard.mending import mend
from nlp_gru.tools.keyboard.phrases import Ahead, set_phrase
from nlp_gru.tools.keyboard.private import without_secrets
from nlp_gru.tools.sentiment import says_something
from nlp_gru.tools.translation.alignment import words as aligned_words
from nlp_gru.tools.translation.confidence import confidence
from nlp_gru.tools.translation.dictionary import DICTIONARY
from nlp_gru.tools.translation.language import Languages, hint

HERE = Path(__file__).parent
LETTERS = "abIiDQLlSs'\"-/ (\n[*_#@.,0 3!%&~éÉßİıſKÅ’“—\u00a0\tqQuUÿŸDždzǅ😀\u0301" + "".join(RESERVED)
TEXTS = [
    "",
    " ",
    "Not bad.",
    "NOT BAD",
    "not bad",
    "Où est la gare ?",
    "L'Homme qu'il a vu, l'élève.",
    '"Dogs," he said.',
    "(Yes)",
    "well-known and/or 3rd",
    "don’t — I’M “sure”",
    "👍👎 ❤️ 👩‍👩‍👧 :) <3",
    "a\n\nb\tc",
    "1,234.56 €",
    "日本語 العربية Ελληνικά",
    "e\u0301te\u0301",
    "http://a.b/C?d=E",
    "Hello {name}, <b>bold</b>",
    "\x00\x07",
    "x" * 50,
    "JEAN-PAUL O'NEILL McDonald iPhone",
]

KEPT = [
    "Dear {first_name}, your order %(id)s ships on {{ date }}.",
    "Press ${KEY} or %s, %1$s, %.2f and 50% more",
    "100 % sure, 20 %d",
    '<p>Read <a href="https://a.b/c?d=1">this</a> &amp; that<br/></p>',
    "**Note:** run `make test` in ~/src/app first",
    "See [the guide](https://x.y/z) or C:\\Temp\\a.txt, /etc/hosts and notes.yaml",
    "nlp-gru train --data my_file.csv -k $HOME camelCase",
    "Gate B12, flight LH4711, call +49 30 1234 5678 at 6:30 p.m. or 9 am",
    "It costs $1,250.50, €99 or 12.5% of 3,000,000",
    "Mr. Snow and Dr. Green-Lee met Mrs O'Hara.",
    "Mr. and Mrs. Young",
    "@sam #fun 🎉👍🏽 mail me: x.y@z.org",
    "on 3/4/2021 at 18:05",
    "and/or tea/coffee/milk",
    "a_b __init__ x_1 iPhone eBay v2.1",
    "{a} {b} {c} {d} {e} {f} {g} {h} {i} {j}",
    "1 2 3 10 200 3000",
    "",
    "Press <0>Save</0> or <1/> &copy; 2024",
    "Call +33 1 22 33 44 55 at 3:30 PM or 10 A.M., not at 12:00 a.m.",
    "Sam, Geneva",
]
KEPT += [
    "Mark called Apple at 12 High Street, and Steve Jobs came on Monday",
    "Will is here. Have you seen Rose, Professor Woods, Queen Anne or Uncle Bill?",
    "Aunt Daisy ran 42.195 km and 5 m, with 250 g, 2.5 liters and 3 kilometers in the 1990s",
    "She paid $4 million, €1 thousand or £2.5 billion",
    "the 21st, 2nd, 11th and 113th",
    "Ludwig van Beethoven, Peter Brown Jr. and John F. Kennedy; Park Avenue 5",
]
GARDES = [
    "Le billet coûte 12,50 €, le lot 1 250 000 €.",
    "Rendez-vous à 18 h 30, 9h ou 7h05.",
    "M. Petit et Mme Grand, Mlle Roche, le Dr Noir",
    "M. et Mme Blanc",
    "Appelez le 04 78 12 34 56 {nom}",
    "Il reste 5 % et 2,5 %.",
    "« Bonjour %s »",
    "Page 93, vol AF1234",
    "2,46 ${value} 20 %s 5 %(n)d 3 % 7 €",
]
GARDES += [
    "Rendez-vous à 18 heures, à 9 heures 30 du matin ou à 8 h du soir",
    "au XXe siècle, le 3e, 21e, 1er et 12ème",
    "12, rue de la Gare, 3 bis avenue Foch",
    "les années 1990 pèsent 1,5 kg et 3 litres, 95 mètres",
    "Le professeur Dubois, l'oncle Marc, Tante Anne et Monsieur Petit",
    "XIVe, IXe siècles",
]
LABELS = [
    "Save changes",
    "PASSWORD:",
    "Opening hours",
    "opening hours",
    "save",
    "Forgot password?",
    "Meeting room",
    "Send invitation:",
    "Open File",
    "Loading...",
    "Are you sure",
    "Monday",
    "may",
    "Tell me more, please",
    "Shipping",
    "SUMMER SCHOOL",
    "The end",
    "Remember me",
    "Write to us",
    "a",
    "Salle de bain :",
    "Lundi",
    "mardi",
    "Mot de passe :",
    "SORTIE",
    "Je dors",
    "Envoyer un message",
    "don't",
    "l'eau",
    "Fork",
    "fork:",
    "FORK",
    "Straße",
    "Hide Menu",
    "Out of order",
    "Zzz",
    "* required",
]
PREPARED = [
    "on the 4th of July, May 3rd and 21st June; 3rd floor, 10th, 11th",
    "No. 5 and No.6, approx. 5 min. from the U.S. or U.K.",
    "a quarter to ten, quarter past 1, quarter to 1",
    "le 1er avril, 1er étage, 3e, 12e, n° 5, p. ex. svp",
    "rdv en janv. env. 5 qqn",
    "Lt. Brown asap, i.e. now",
    "",
]
NUMBERS = [
    ("I have twenty-one dogs and Eighty cats", "J'ai vingt et un chiens et 80 chats"),
    ("two hundred and fifty, thirty one thousand", "deux cent cinquante"),
    ("ninety-nine or ninety nine, forty", "quatre-vingt-dix-neuf ou cent quarante"),
    ("twenty-first", "vingt-et-une"),
    ("thirty thirty", "trente"),
    ("soixante et onze, quatre vingts et quatre-vingt-un", "seventy-one, 80 and 81"),
]
STOOD_IN = [
    ("Amelia met Kowalski, not Tom.", ["Amelia", "Kowalski"], "Mary a rencontré John, l'ami de Mary."),
    ("Omar, Otto and Igor, Ivan", ["Omar", "Otto", "Igor", "Ivan"], "Tom que John de Ken"),
    ("Zoé is here", ["Zoé"], "Marie"),
]
GREETED = [
    "Dear Anna, thank you.",
    "My dear Mr. White,\nhello",
    "dear all, no",
    "Dear Anna,",
    "Chère Anna, merci.",
    "Mon cher Paul, je dors",
]
LETTERS_EN = [
    "Dear Anna,",
    "dear Tom,",
    "My dear Rose,",
    "Hi Luca!",
    "Thanks, Ben.",
    "Kind regards,",
    "love",
    "Love,",
    "Happy birthday, Emma!",
    "Dear Sir or Madam,",
    "see you soon",
    "I look forward to hearing from you.",
    "Hello World Wide Web",
    "Good morning",
    "Dear Mr. White,",
    "My dear Miss Brown,",
    "Dear Mrs Green",
]
LETTERS_FR = [
    "Chère Anna,",
    "Cher Monsieur,",
    "Salut Paul !",
    "Bonne année !",
    "Cordialement,",
    "bonjour",
    "Merci, Zoé.",
    "À bientôt",
    "Cher ami",
    "Chère Madame Petit,",
    "Bonjour M. Roche !",
]
POLISHED = [
    ("at 7 a.m.", "à 7 h", "fr"),
    ("in 1985 and in 2001", "à 1985 et dans 2001", "fr"),
    ("in Oslo, in France", "en Oslo, en France", "fr"),
    ("x", "On 2 p.m..", "en"),
    ("x", "le 1 avril", "fr"),
    ("in the 1990s", "en les années 1990", "fr"),
    ("On 5 May", "de 5 Mai", "fr"),
    ("x", "le 1er Janvier et de 12 Août 2024", "fr"),
    ("x", "d'5 mars, 13 Mai", "fr"),
    ("x", "5 Mai", "en"),
    ("a – b", "c - d", "fr"),
    ("a – b — c", "a - b - c", "en"),
    ("a – b - c", "a - b - c", "en"),
    ("a – b", "a - b - c", "en"),
    ("no", "15 Marseille", "fr"),
]
INTACT = [
    ("a {b} c", "{b} d"),
    ("a {b} {b}", "{b}"),
    ("<b>x</b>", "<b>y</b>"),
    ("see https://a.b/c.", "voir https://a.b/c !"),
    ("x@y.z", "x @ y.z"),
    ("a", "{a}"),
    ("%s %d", "%d %s"),
    ("", ""),
]
# Whose sentences both sides find at the same places.
SENTENCES = [
    "Where is the nearest station?",
    "I am tired. we can go home now",
    "Dr. Smith called 555-123 at 10:30. See https://a.b/c?d. 🙂",
    "STOP THAT\n\n - first\n - second, please",
    "  ",
    "the food was not good",
    "Mrs. J. B. Smith, etc. and so on",
    "日本語テキスト",
    "Tom's friend Anna Karlsdottir-Jones lives in Paris; he doesn't.",
    "No. 5 costs $10.50! Or did it, in 1999?",
    "bread, milk, eggs",
    "one, two, and three",
    "Dear Anna, thank you. Ask Mr. White. It is approx. 5 km.",
    "Yes, Tom, I know it.",
    "red, dark green, sky blue",
    "1. One\n2. Two\r\n> quoted\n\tindented",
    "red - green - blue",
    "a / b / c",
    "word " * 200,
    "Yes! No? Well… perhaps.",
    "Write to &copy; or <0>help</0>. Go on.",
    "a" * 900 + " b. " + "word " * 200,
]
TYPED = [
    "",
    " ",
    "Hello",
    "Hello ",
    "it’s a dog’",
    "it's, don",
    "word.",
    "(wor",
    "and/o",
    '"Qu',
    "well-kn",
    "a\nb",
    "he said “ye",
    "don'",
    "x" * 150,
    "co-op.",
    "...",
    "l'hom",
    "he,she",
    "e.g",
    "I’",
    "it`s n",
    'the end!"',
    "$",
    "4p",
    "日本",
    "naïv",
    "\u00a0ab",
]
WORDS = {
    "the": 5000,
    "then": 300,
    "they": 900,
    "there": 800,
    "their": 700,
    "weather": 40,
    "whether": 60,
    "wether": 1,
    "what": 900,
    "that": 2000,
    "have": 1500,
    "heaven": 20,
    "happy": 80,
    "hello": 90,
    "help": 100,
    "don't": 400,
    "Don": 9,
    "won't": 100,
    "want": 500,
    "went": 200,
    "receive": 30,
    "believe": 50,
    "Monday": 60,
    "Paris": 40,
    "naïve": 3,
    "café": 20,
    "I'm": 600,
    "know": 700,
    "known": 90,
    "now": 800,
    "I": 4000,
    "definitely": 25,
    "separate": 15,
    "tomorrow": 55,
    "friend": 120,
    "its": 200,
    "it's": 500,
    "well": 300,
    "who": 200,
}
SLIPPED = [
    "teh",
    "wether",
    "wat",
    "hapy",
    "helo",
    "dont",
    "recieve",
    "beleive",
    "definately",
    "tomorow",
    "freind",
    "Mnoday",
    "knwo",
    "hve",
    "do'nt",
    "nave",
    "cafe",
    "th",
    "t",
    "im",
    "its",
    "seperate",
    "zzzzz",
    "definitleyy",
    "well",
    "whats",
    "knowm",
]
BEGUN_PHRASES = [
    ("I look forward to hearing ", "", 0.4),
    ("Hi. i LOOK forward to hearing ", "fr", 0.4),
    ("I look forward to ", "h", 0.1),
    ("I look forward to ", "H", 0.01),
    ("Thank you ", "", 0.4),
    ("thank you in ", "a", 0.4),
    ("", "", 0.1),
    ("Sorry for the ", "late", 0.0),
    ("hearing ", "from", 0.1),
    ("as soon ", "as", 0.1),
]
GROWN = [
    ("", "I", 0.9, 1e-9),
    ("See ", "you", 0.9, 0.01),
    ("See you at ", "the", 0.6, 0.001),
    ("at the ", "hut", 0.2, 0.5),
    ("so ", "well", 1.0, 1e-7),
]
TO_MEND = [
    "i dont knwo what teh wether is",
    "Teh freind recieve it",
    "see www.teh.com and teh_x on monday",
    "I'm fine, hapy!",
    "nooooo",
    "naive cafe",
    "Knwo this. freind Knwo",
    "",
    "it’s teh end — dont go",
    "@teh #teh teh/teh 3teh",
]
FAQ = [
    ("When do you open?", "We open at nine."),
    ("What are your opening hours?", "We open at nine."),
    ("At what time can I come in?", "We open at nine."),
    ("Where can I park?", "Parking is free behind the house."),
    ("Is there a car park?", "Parking is free behind the house."),
    ("May I bring my dog?", "Dogs are welcome on the terrace."),
    ("How can I pay?", "By card or in cash."),
]
ASKED = [
    "when r u opening",
    "can i prak my car",
    "do you take credit cards?",
    "dogs allowed",
    "wher can I parck",
    "!!!",
    "something else entirely",
    "paymnet",
]
MISSPELLED = [
    "cooking brown",
    "lorries tyre",
    "tyer in teh bak",
    "ope",
    "hosue pakring",
    "paymeent",
    "termace",
    "chash",
    "Trail",
]
USUAL = ["bake", "brown", "cooking", "lorry", "terrace", "terraces", "tyre", "trail"]
COMMON = {
    "what": 90,
    "is": 80,
    "the": 100,
    "a": 90,
    "do": 60,
    "you": 70,
    "are": 50,
    "your": 40,
    "card": 9,
    "credit": 5,
    "payment": 6,
    "allowed": 3,
    "please": 30,
}
TOLD = [
    "What's my name?",
    "What is my cat's name?",
    "do you remember my name",
    "Where do I live?",
    "What should I do?",
    "How old am I?",
    "Can you tell me where I live?",
    "Who are you?",
    "What do I think?",
    "and what is my job?",
    "I have a dog.",
    "Do you know what my sister is called?",
    "When is my birthday, again?",
]
STATEMENTS = [
    "My cat is called Tim.",
    "Hi, I'm Anna.",
    "I was born in Rome!",
    "well, I am 30 years old, by the way.",
    "We live in Oslo",
    "You know my brother too",
    "Actually, I’ve got two dogs.",
    "Mine is red.",
]
CLAIMS = [
    "I have a dog.",
    "My mom says so.",
    "I'm 30 and married.",
    "I'm only a program, my life is this chat.",
    "I went to Paris.",
    "That sounds nice!",
    "I like music.",
    "I’m from Texas.",
    "I have a face.",
    "I can read what you write.",
    "My favorite color is blue.",
    "my boss is nice",
    "I do live in a town",
    "I've been there",
    "I am not a robot.",
    "i'm not just a chatbot",
    "I'm not really an AI, ok",
    "My name is Anna.",
    "CALL ME Tim",
    "my name is nlp-gru",
    "I'm Anna.",
    "I am English.",
    "i am USA",
    "i'm fine",
    "I'm Bob, the builder",
    "I’m not a machine",
    "I'm not a program that sleeps",
]
ABOUT = [
    "Are you a robot?",
    "You are nice.",
    "I like you.",
    "so you're a bot",
    "What's your name?",
    "Is it raining?",
    "your turn",
    "Tell me a joke",
    "thank you",
]


TOLD_IN_TURNS = [
    "I have a cat. His name is Tim.",
    "I live in Oslo. It's cold! Do you know it?",
    "Nice weather. It's warm.",
    "My sister is Anna. She is a nurse. They're in Rome.",
    "I am Tom",
    "Who am I?",
    "Is it me? His name is Tim. I am here.",
]
# Dialogues, and replies to them.
DIALOGUES: list[tuple[list[str], list[str]]] = [
    (
        ["Hi!", "Hello, how are you today?", "I'm tired, I worked on my garden."],
        [
            "Hello, how are you today?",
            "Hello how are you now?",
            "hi",
            "I'm tired",
            "You worked on your garden?",
            "Gardens are nice.",
            "That is a nice garden What did you plant?",
            "I think of the",
            'She said "yes',
            "Well (I think so",
            "I love my xqzt garden.",
            "The gardening's fun.",
            "SHOUTING is bad",
            "so McDonald knows",
            "It is very, very good.",
            "It is very very good.",
            "garden garden",
            "Because garden, then garden, then garden.",
            "I don’t know.",
            "Straße zzzz",
            "",
            "…",
            "i'm",
            "Do tell me of the",
            "the end of the end",
        ],
    ),
    (
        [
            "My garden is green.",
            "A garden is nice.",
            "The garden needs water.",
            "Then water it.",
            "My garden has roses.",
            "Roses are nice.",
        ],
        [
            "The garden is nice.",
            "Roses are nice in a garden.",
            "Then water the roses.",
            "A garden is nice, my garden is green.",
            "Yes.",
            "What about water?",
        ],
    ),
    (
        ["tell me about ZZZZT and O’Neill’s qwrtl"],
        ["O'Neill's qwrtl is good.", "ZZZZT it is!", "YYYY it is!", "O’Neill’s"],
    ),
]
REPEATED = [
    "a b c a b c",
    "I am. I am. I am.",
    "I'm fine, I'm here",
    "one two three",
    "that that",
    "very well, very well",
    "good good",
    "7 7",
    "!!",
    "well known and well known",
    "good, good, good things",
    "it is it is it",
    "ok",
    "",
    "I’m in and I'm in",
    "think what think why think",
]
PRIVATE = [
    "my password is hunter2!",
    "My PIN: 1234 and more",
    "the password is long",
    "passwort ist geheim",
    "mot de passe Abc1",
    "token = aB3$x9 please",
    "iban is DE89 3704 0044 0532 0130 00",
    "call 030 1234 567 or 0301234567890",
    "card 4111 1111 1111 1111.",
    "in 2024 and 1999",
    "see a1b2c3d4 now",
    "xK7#mQ2p",
    "qwrtzpsd rhythm",
    "sam99@example.org and sam_9X@",
    "DE893704004405",
    "iPhone McDonald JEAN-PAUL v2.1",
    "abcdefghijklmnopqrstuvwxy1",
    "abcdefghijklmnopqrstuvwxyz",
    "hello\nworld (S3cretPass)",
    "3.14159265358979",
    "Zürich Ärzte2x ČŠŽ",
    "12/34/5678/90",
    "naïve x9y8z7w",
]
BEGUN = [
    "",
    "hello. ",
    "Hello. ",
    "hello. how are you? ",
    "hello. How are you? ",
    "hello",
    "Hello, ",
    "a\n",
    "1. ",
    "“so.” ",
    "Hi! (then) ok… ",
    "x. " * 300,
    "A. b? ",
    "日本。 a. ",
    "é. ",
    'ok.\n\n"',
    "X" + " a" * 298 + ". ",
]


def texts() -> list[str]:
    draw = random.Random(0)
    return TEXTS + ["".join(draw.choices(LETTERS, k=draw.randint(1, 14))) for _ in range(1000)]


def kept(text: str, language: str) -> tuple[object, ...]:
    text = without_placeholders(text)
    safe, strings = protect(text, lambda word, begins: word == "Sam", language)
    other = "fr" if language == "en" else "en"
    parts = segments(text, lambda word, begins: word == "Sam", language)
    return text, language, safe, strings, [rewritten(s, language, other) for s in strings], parts


def exact(value: Any) -> Any:
    """Floats with so many digits as both sides share."""
    if isinstance(value, float | np.floating):
        return float(f"{value:.9g}")
    if isinstance(value, np.ndarray | tuple | list):
        return [exact(item) for item in value]
    return value


class Fake:
    """A model of numbers that follow from what was read: the same ones in tests/js/fake.mjs."""

    def __init__(self, size: int, tokenizer: Any = None):
        self.size, self.tokenizer = size, tokenizer

    def after(self, state: int, token: int) -> int:
        return (state * 31 + token * 17 + 7) % (1 << 32)

    def p(self, state: int) -> Any:
        """(V,), summing to 1."""
        mixed = (np.arange(self.size, dtype=np.uint64) * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
        mixed = ((mixed ^ np.uint64(state)) * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
        mixed = ((mixed ^ (mixed >> np.uint64(15))) * np.uint64(3266489917)) & np.uint64(0xFFFFFFFF)
        share = mixed.astype(np.float64) / 2**32
        share = share * share * share * share
        return share / share.sum()

    def read(self, ids: Sequence[int], state: int | None) -> tuple[Any, int]:
        state = state or 0
        for token in ids:
            state = self.after(state, token)
        return self.p(state), state

    def step_many(self, ids: Sequence[int], states: Sequence[int]) -> tuple[Any, list[int]]:
        after = [self.after(s, i) for s, i in zip(states, ids, strict=True)]
        return np.stack([self.p(s) for s in after]), after

    def step(self, ids: Any, rows: FakeRows, k: int) -> tuple[Any, Any, FakeRows]:
        """As a sequence-to-sequence model's: see nlp_gru.beam.Step."""
        after = [self.after(s, int(i)) for s, i in zip(rows.states, ids, strict=True)]
        log_p = np.log(np.stack([self.p(s) for s in after]))
        order = np.argsort(-log_p, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(log_p, order, 1), order, FakeRows(after, rows.width)


class FakeRows:
    def __init__(self, states: Sequence[int], width: int = 1):
        self.states, self.width = list(states), width

    def select(self, rows: Any) -> FakeRows:
        return FakeRows([self.states[int(i)] for i in rows], self.width)

    def coverage(self) -> None:
        return None

    def keep(self, sources: Any) -> FakeRows:
        return FakeRows(
            [s for b in sources for s in self.states[int(b) * self.width : (int(b) + 1) * self.width]], self.width
        )


def canonical_forms() -> list[Any]:
    return [(text, canonical(text)) for text in texts()]


def placeholders() -> list[Any]:
    return [kept(t, "en") for t in KEPT + TEXTS] + [kept(t, "fr") for t in GARDES + TEXTS]


def letters_() -> list[Any]:
    cases = [(t, "en", phrase(t, "en", "fr")) for t in LETTERS_EN + TEXTS]
    return cases + [(t, "fr", phrase(t, "fr", "en")) for t in LETTERS_FR + TEXTS]


def tokens() -> list[Any]:
    tokenizer = Tokenizer.load(PRETRAINED / "tokenizer.json")
    return [(text, ids := tokenizer.encode(text), tokenizer.decode(ids)) for text in texts()]


def characters() -> list[Any]:
    """Every character whose folded form is not its small one, and some texts: (text, folded, letters, key, key of a
    name)."""
    odd = [chr(c) for c in range(0x10000) if not 0xD800 <= c < 0xE000 and chr(c).casefold() != chr(c).lower()]
    odd = [
        c for c in odd if not 0x1380 <= ord(c) < 0x1400 and not 0xAB70 <= ord(c) < 0xABC0
    ]  # Cherokee folds to capitals
    return [
        (t, t.casefold(), letters(t), key(t), word_key(t, True)) for t in ["".join(odd), *TEXTS[:-6], "Straße", "ΣΟΦΟΣ"]
    ]


def sentences() -> list[Any]:
    return [
        (
            text,
            [p.text for p in segment(text, "en") if p.is_sentence],
            [text[s.start : s.end] for s in passages(text)],
            [(f.text, f.restore("Le Chat dort.")) for f in forms(text.strip())] if text.strip() else [],
        )
        for text in SENTENCES
    ]


def typing() -> list[Any]:
    return [
        (text, *(getattr(split(text), name) for name in ("context", "word", "apostrophe", "ended", "spaced")))
        for text in TYPED
    ]


def begun() -> list[Any]:
    """Whether sentences begin small; a word as its typist begins a sentence; what is private."""
    known_words = KnownWords(known()[0], Memory())
    words_ = [
        ("the", "The"),
        ("monday", "Monday"),
        ("paris", "Paris"),
        ("i'm", "I'm"),
        ("the", "THE"),
        ("zzz", "Zzz"),
        ("naïve", "naïve"),
    ]
    return [
        [(text, begins_small(text)) for text in BEGUN],
        [(*case, small, known_words.as_typist_begins(*case, small)) for case in words_ for small in (True, False)],
        [(text, without_secrets(text)) for text in PRIVATE],
    ]


def slip_prices() -> list[Any]:
    cases = [
        ("hapy", "qwerty", False),
        ("aa", "azerty", False),
        ("öl", "qwertz", False),
        ("kno", "dvorak", False),
        ("abc", "qwerty", True),
    ]
    assert {layout for _, layout, _ in cases} == set(LAYOUTS)
    return [(*case, exact(list(slips(case[0], layout=case[1], cheap=case[2])))) for case in cases]


def known() -> tuple[WordList, Tokenizer]:
    tokenizer = Tokenizer.load(PRETRAINED / "tokenizer.json")
    return WordList(WORDS), tokenizer


def corrections() -> list[Any]:
    """The list; its packed bytes and first tokens; what may have been meant; distances; sums of words."""
    list_, tokenizer = known()
    first, share = list_.first_tokens(tokenizer)
    corrector = Corrector(list_)
    p = list_.shares
    found = [
        (
            typed,
            whole,
            exact([(m.place, m.p, m.whole) for m in corrector.meant(typed, p, 5, whole)]),
            exact([(m.place, m.p, m.whole) for m in corrector.completions(typed, p, 3)]),
        )
        for typed in SLIPPED
        for whole in (False, True)
    ]
    apart = [(a, b, distance(a, b, 2)) for a in SLIPPED[:12] for b in list(WORDS)[:12]]
    sums = [(word, checksum(word).hex()) for word in ["Word", "word's", "’tis", "naïve", "日本"]]
    return [list_.words, list_.counts.tolist(), list_.packed().hex(), first.tolist(), exact(share), found, apart, sums]


def mended() -> list[Any]:
    list_, tokenizer = known()
    search = WordSearch(Fake(len(tokenizer), tokenizer))
    found = []
    for text in TO_MEND:
        after, changes = mend(text, Corrector(list_), KnownWords(list_, Memory()), search)
        found.append((text, after, [(c.start, c.end, c.before, c.after) for c in changes]))
    return found


def phrases() -> list[Any]:
    """Set phrases that were begun; phrases that a model of made-up probabilities grows, and what it has learned."""
    list_, tokenizer = known()
    memory = Memory()
    memory.learn("See you at the Zugspitze hut tomorrow. " * 30)
    ahead = Ahead(WordSearch(Fake(len(tokenizer), tokenizer)), KnownWords(list_, memory), memory)
    return [
        [(*case, exact(list(set_phrase(*case)))) for case in BEGUN_PHRASES],
        [(*case, exact(list(ahead.grown(*case)))) for case in GROWN],
    ]


def word_search() -> list[Any]:
    tokenizer = Tokenizer.load(PRETRAINED / "tokenizer.json")
    list_, _ = known()
    found = []
    for context, prefix, k in [
        ("", "", 3),
        ("I would like to ", "o", 3),
        ("See you ", "", 5),
        ("Hello. ", "HO", 3),
        ("well-", "kn", 3),
        ("a“", "b", 2),
    ]:
        search = WordSearch(Fake(len(tokenizer), tokenizer))
        words_ = search.search(context, prefix, k)
        p, title = search.known_words(context, list_)
        ranked = sorted(words_.p.items(), key=lambda item: -item[1])[:10]
        found.append(
            (
                context,
                prefix,
                k,
                exact(words_.mass),
                exact(ranked),
                [words_.spelling[w][1] for w, _ in ranked],
                exact(p),
                title.tolist(),
                exact(search.spelled(context or "a ", "station")),
            )
        )
    return found


def decoding() -> dict[str, Any]:
    """numpy's numbers; sampled and searched sequences."""
    seeds = [0, 1, 42, 2**32, 2**64 - 1]
    fake = Fake(60)
    sampled = []
    for seed, temperature, top_k, top_p, size in [
        (1, 0.7, 0, 0.9, 4),
        (2, 1.0, 5, 1.0, 4),
        (3, 0.0, 0, 0.9, 2),
        (2**40, 2.0, 0, 0.5, 0),
    ]:
        alike = np.arange(60) // 2
        p, state = fake.read([2], None)
        endless = sample(
            p,
            state,
            lambda token, state: fake.read([token], state),
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            no_repeat_ngram_size=size,
            banned=[0, 1],
            alike=alike,
            seed=seed,
        )
        sampled.append(((str(seed), temperature, top_k, top_p, size), [next(endless) for _ in range(40)]))
    side = [
        (seed, sample_many(fake.step, FakeRows([1, 2, 3, 4]), 4, 25, temperature=0.8, top_p=0.9, seed=seed))
        for seed in (0, 7)
    ]
    small = Fake(9)
    beams = []
    for width, best, sources in [(1, 1, [5]), (3, 2, [5, 900, 77]), (5, 5, [1, 2])]:
        rows = FakeRows([s for s in sources for _ in range(width)], width)
        limits = [4 + 3 * i for i in range(len(sources))]
        found = beam_search(small.step, rows, limits, width, best=best)
        beams.append(
            (width, best, sources, limits, [[(h.tokens, exact(h.log_p), exact(h.score)) for h in own] for own in found])
        )
    return {
        "random": [(str(seed), np.random.default_rng(seed).random(5).tolist()) for seed in seeds],
        "sample": sampled,
        "sampleMany": side,
        "beam": beams,
    }


def remembered() -> list[Any]:
    memory = Memory()
    for text in [
        "See you at the Zugspitze. See you at the Zugspitze, Anna!",
        "Das ist gut\nGUT so…",
        "Straße naïve e.g. this",
        "x" * 50,
        "My PIN is 1234. Card 4111 1111 1111 1111 here, xK7#mQ2p",
    ]:
        memory.learn(text)
    asked = [("See you at the ", "z"), ("", "s"), ("See ", ""), ("at the", "Z"), ("nothing ", "q"), ("Hello. ", "")]
    file = {"format": 1, "learned": memory.learned, "counts": memory.counts, "spelling": dict(memory.spelling)}
    mixed = [(c, p, exact(list(memory.words(c, p, 3).items())), exact(memory.trust(c))) for c, p in asked]
    listed = memory.learned_words()
    deleted = [(word, memory.delete(word)) for word in [" ZUGSPITZE", "gut", "unknown", ""]]
    left = {"format": 1, "learned": memory.learned, "counts": memory.counts, "spelling": memory.spelling}
    return [file, mixed, listed, deleted, left]


def bots() -> dict[str, Any]:
    """An index over random vectors, and what it finds; words by their letters."""
    draw = np.random.default_rng(3)
    unit = lambda rows: (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)  # noqa: E731
    rows = [words(q) for q, _ in FAQ]
    answers = list(dict.fromkeys(a for _, a in FAQ))
    target = np.array([answers.index(a) for _, a in FAQ])
    sizes = {"questions": len(FAQ), "answers": len(answers), "background": 6}
    stored = {name: narrowed(unit(draw.normal(size=(n, 24)))) for name, n in sizes.items()}
    vectors, spoken, strange = (value * scale[:, None] for value, scale in stored.values())
    vectors, spoken = unit(vectors), unit(spoken)
    mean = (draw.normal(size=24) * 0.02).astype(np.float32)
    background = Background(mean, strange, COMMON, 100, "")
    index = Index([q for q, _ in FAQ], target, answers, vectors, spoken, background)
    asked = unit(draw.normal(size=(len(ASKED), 24)) + vectors[np.arange(len(ASKED)) % len(FAQ)] * 3)
    fits = index(ASKED, asked)
    table = Words(COMMON, 100, [*rows, *(words(a) for a in answers)], USUAL)
    assert index.fit is not None
    return {
        "rows": FAQ,
        "words": COMMON,
        "wordRows": 100,
        "shift": 0.25,
        "mean": exact(mean),
        "tables": {
            name: [value.tolist(), exact(scale)]
            for name, (value, scale) in {**stored, "background": narrowed(index.background)}.items()
        },
        "fit": exact(index.fit.weights.T.astype(np.float32)),
        "asked": ASKED,
        "vectors": exact(asked),
        "totals": exact(fits.totals),
        "nearest": exact(fits.nearest),
        "signals": exact(fits.signals),
        "probabilities": exact(probabilities(fits, index.traits, 0.25)),
        "usual": USUAL,
        "corrected": [table.corrected(text) for text in [*ASKED, *MISSPELLED]],
        "misspelled": MISSPELLED,
        "weights": exact([table.weight(w) for w in ["the", "open", "zebra", "card"]]),
        "cosines": exact(
            [
                float(table.vector(a) @ table.vector(b))
                for a, b in [("open", "opening"), ("parking", "prak"), ("dog", "dogs"), ("日本", "日")]
            ]
        ),
    }


PEOPLE = [
    "Is she well?",
    "I hope he’s fine.",
    "My brothers came.",
    "the mermaid",
    "Aunt Rose and HER husband",
    "Nobody.",
    "They did.",
]


def chat() -> dict[str, Any]:
    draw = np.random.default_rng(5)
    kinds = len(safety.KINDS)
    network = prepared.Danger(
        draw.normal(size=(5, 4)).round(3),
        draw.normal(size=5).round(3),
        draw.normal(size=(kinds, 5)).round(3),
        draw.normal(size=kinds).round(3),
        draw.normal(size=64).round(3),
        -0.25,
        1.5,
    )
    english = {word.casefold() for word in WORDS} | set(
        [
            "hello",
            "how",
            "are",
            "you",
            "i'm",
            "tired",
            "gardens",
            "garden",
            "your",
            "worked",
            "on",
            "nice",
            "love",
            "my",
            "gardening",
            "so",
            "knows",
            "is",
            "very",
            "good",
            "bad",
            "well",
            "think",
            "then",
            "of",
        ]
    )
    bank = Bank([], draw.normal(size=(40, 6)).astype(np.float32), draw.normal(size=(6, 9)).astype(np.float32), "")
    places = draw.normal(size=(5, 9)).astype(np.float32)
    sizes = {"hidden": (4, 9), "hidden_bias": 4, "output": (6, 4), "direct": (6, 3), "bias": 6}
    side = {part: draw.normal(size=size).astype(np.float32) for part, size in sizes.items()}
    return {
        "bank": {
            "rows": exact(bank.rows),
            "onto": exact(bank.onto),
            "found": [(exact(place), [i for i, _ in bank.nearest(place, 7)]) for place in places],
        },
        "stems": [(t, sorted(stems(t))) for t in TOLD + REPEATED + TEXTS],
        "side": {part: exact(value) for part, value in side.items()},
        "placed": [(exact(values), exact(Side(**side).places(values[None])[0])) for values in places],
        "asked": [(t, is_asked(t)) for t in TOLD + STATEMENTS],
        "turned": [(t, turned(t)) for t in STATEMENTS],
        "claims": [(t, is_claim(t)) for t in CLAIMS + ABOUT],
        "outOfPlace": [
            (reply, turns, is_out_of_place(reply, turns))
            for reply in (*CLAIMS, "I'm a small Program.")
            for turns in ([ABOUT[0]], [TOLD[0]], ["a", "I'm a bot.", "b", "c", ABOUT[0]], ["a", "I'm a bot.", ABOUT[0]])
        ],
        "about": [(t, is_about_the_bot(t)) for t in ABOUT + CLAIMS],
        "another": [(a, b, takes_for_another(a, [b])) for a in PEOPLE for b in PEOPLE],
        "repeats": [(t, repeats_itself(t)) for t in REPEATED],
        "known": sorted(english),
        "sound": [
            [
                turns,
                [
                    (
                        t,
                        is_sound(t, turns),
                        is_sound(t, turns, english),
                        exact(said_before(t, turns)),
                        exact(stale(t, turns)),
                    )
                    for t in replies
                ],
            ]
            for turns, replies in DIALOGUES
        ],
        "statements": [(t, _statements(t)) for t in TOLD_IN_TURNS + STATEMENTS],
        "parts": [
            (t, safety.parts(t))
            for t in [*TOLD_IN_TURNS, *STATEMENTS, "One. Two. Three. Four. Five. Six. Seven. Eight."]
        ],
        "network": [
            exact(part)
            for part in (network.hidden, network.hidden_bias, network.output, network.output_bias, network.threshold)
        ],
        "words": (exact(network.words), network.words_bias, [(t, exact(network.said([t])[0])) for t in TOLD + TEXTS]),
        "odds": [
            (v, exact(logits := network.logits(np.array(v))), exact(safety.log_odds(logits)))
            for v in draw.normal(size=(6, 3, 4)).round(3).tolist()
        ],
        "help": [(kind, safety.reply(kind, {"crisis line": "555-1234"})) for kind in safety.REPLIES],
    }


def alignments() -> list[Any]:
    tokenizer = Tokenizer.load(PRETRAINED / "tokenizer.json")
    cases = ["Qu'est-ce que c'est ?", "I don't know, Anna-Lena.", "L'\x01 est là 😀!", "", "donne-moi ça…"]
    return [(text, aligned_words(tokenizer, tokenizer.encode(text), ["Sam"])) for text in cases]


def languages() -> dict[str, Any]:
    """What is told of texts by made-up probabilities of tokens: -(9 + (id * factor) % 31 / 8), one factor a
    language."""
    tokenizer = Tokenizer.load(PRETRAINED / "tokenizer.json")
    found = Languages()
    ids = np.arange(len(tokenizer))
    found.log_p = np.stack([-(9 + ids * factor % 31 / 8) for factor in (7, 11)])
    scores = [
        (1.0, "Oui."),
        (0.5, "Une phrase assez longue pour compter."),
        (0.0, ""),
        (1e-9, "x" * 500),
        (0.8, "日本😀" * 30),
    ]
    weights = [(-1.1, 6.8, 1.3), (400.0, 1.0, 1.0), (0.0, 0.0, 0.0)]
    return {
        "texts": [
            (t, exact(odds), found.recognise(t))
            for t, odds in zip(SENTENCES + KEPT + GARDES, found.odds(SENTENCES + KEPT + GARDES), strict=True)
        ],
        "hints": [
            (*case, hint(*case))
            for case in [
                ("fr", "en", "fr"),
                ("en", "en", "fr"),
                ("other", "fr", "en"),
                ("other", "de", "en"),
                ("", "en", "fr"),
                ("en", "fr", "en"),
                ("en", "de", "en"),
            ]
        ],
        "confidence": [(score, text, w, exact(confidence(score, text, w))) for score, text in scores for w in weights],
    }


def labelled(text: str, source: str, target: str) -> tuple[Any, ...]:
    """What the lists have for a label or word, and its forms: what is asked, what is made of an answer, how likely that
    is."""
    answers = ["Le Chat dort.", "Je veux me coucher.", "C'est la salle bleue.", "Fermer :", "The blue room", "I sleep!"]
    tried = [
        (f.text, f.lowered, [(t := f.restore(a), exact(f.likelihood(t, 0.5, 6))) for a in answers])
        for f in forms(text, source, target)
    ]
    return text, source, target, label(text, source, target), DICTIONARY.word(text, source, target), tried


def conventions() -> dict[str, Any]:
    """What is made of a translation, and told of a letter's lines and of names; how far a source was looked at."""
    draw = np.random.default_rng(4)
    looked = (draw.random((6, 5)) * 1.4).round(3)
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]], bool)
    keys = sorted(word_key(word, begins) for word in ("paris", "lee", "houses") for begins in (True, False))
    names = ["Paris", "Green-Lee", "Oslo", "Houses", "Kingdoms", "Painting", "Pantsed", "Ed"]
    lines = ["Anna", "Anna Lee Smith", "Dr. Green-Lee", "Anna Lee O'Hara Jones", "anna", "Anna.", "", "Élise", "A1"]
    return {
        "polished": [(*case, polished(*case)) for case in POLISHED],
        "intact": [(*case, is_intact(*case)) for case in INTACT],
        "closings": [
            (t, language, is_closing(t, language)) for t in LETTERS_EN + LETTERS_FR for language in ("en", "fr")
        ],
        "signatures": [(t, is_signature(t)) for t in lines],
        "labels": [labelled(t, *way) for t in LABELS for way in (("en", "fr"), ("fr", "en"))],
        "prepared": [
            (t, *way, prepared_text(t, *way)) for t in PREPARED for way in (("en", "fr"), ("fr", "en"), ("en", "de"))
        ],
        "numbers": [
            (a, b, *way, number_words.in_digits(a, way[0]), number_words.lost(a, b, way))
            for pair in NUMBERS
            for a, b, way in ((*pair, ("en", "fr")), (*pair[::-1], ("fr", "en")))
        ],
        "standIns": [
            (t, given, language, text, list(stand_ins.items()), said, with_names(said, stand_ins, "fr"))
            for t, given, said in STOOD_IN
            for language in ("en", "fr")
            for text, stand_ins in [with_stand_ins(t, given, language)]
        ],
        "greetings": [
            (t, language, found and [found[1], found[2]])
            for t in GREETED
            for language in ("en", "fr", "de")
            for found in [greeting(t, language)]
        ],
        "keys": keys,
        "names": [
            (t, begins, is_unknown(t, begins, np.array(keys, np.int32))) for t in names for begins in (True, False)
        ],
        "coverage": [looked.tolist(), mask.astype(int).tolist(), exact(coverage(looked.astype(np.float32), mask))],
    }


def sayings() -> list[Any]:
    """Texts, and whether they say something."""
    cases = [
        "n/a",
        "N/A.",
        "none",
        "---",
        "https://a.b/c",
        "www.x.y good",
        ":)",
        "™ €",
        "👍",
        "…",
        "42",
        "So so.",
        *TEXTS,
    ]
    return [(text, says_something(text)) for text in cases]


VECTORS: dict[str, Callable[[], Any]] = {
    "canonical": canonical_forms,
    "placeholders": placeholders,
    "letters": letters_,
    "tokenizer": tokens,
    "characters": characters,
    "sentences": sentences,
    "typing": typing,
    "begun": begun,
    "slips": slip_prices,
    "corrections": corrections,
    "mending": mended,
    "phrases": phrases,
    "words": word_search,
    "decoding": decoding,
    "memory": remembered,
    "faq": bots,
    "chat": chat,
    "alignment": alignments,
    "sayings": sayings,
    "languages": languages,
    "conventions": conventions,
}


def text(value: Any) -> str:
    """A line a case, in ASCII."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(case, ensure_ascii=True) for case in value) + "\n]\n"
    return (
        "{\n" + ",\n".join(f'"{name}": {json.dumps(item, ensure_ascii=True)}' for name, item in value.items()) + "\n}\n"
    )


if __name__ == "__main__":
    for name, make in VECTORS.items():
        (HERE / f"{name}.json").write_text(text(make()), encoding="utf-8")
