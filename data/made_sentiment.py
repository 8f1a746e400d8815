"""Short texts made from word lists for what labelled reviews hardly hold: negation, contrast, stars, emoji, plain
messages.

`rows()` gives (text, label) pairs, the same ones at every call. The patterns stand for kinds; which words meet is
drawn.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

TIMES = 700  # texts of each pattern, before equal ones are left out
GOOD = [
    "good",
    "great",
    "lovely",
    "excellent",
    "helpful",
    "friendly",
    "tasty",
    "comfortable",
    "clean",
    "quick",
    "reliable",
    "fun",
    "useful",
    "beautiful",
    "clever",
    "warm",
    "fair",
    "sharp",
    "smooth",
    "easy",
    "solid",
    "charming",
    "bright",
    "calm",
    "fresh",
    "generous",
    "polite",
    "wonderful",
    "impressive",
    "superb",
]
BAD = [
    "bad",
    "awful",
    "terrible",
    "rude",
    "dirty",
    "slow",
    "boring",
    "broken",
    "useless",
    "noisy",
    "ugly",
    "cold",
    "expensive",
    "painful",
    "confusing",
    "weak",
    "cheap",
    "stale",
    "bland",
    "unreliable",
    "annoying",
    "clumsy",
    "dull",
    "messy",
    "scary",
    "sad",
    "horrible",
    "disappointing",
    "unfair",
    "late",
]
MILD_BAD = [
    "bad",
    "terrible",
    "awful",
    "boring",
    "expensive",
    "difficult",
    "ugly",
    "slow",
    "noisy",
    "dull",
    "stupid",
    "wrong",
    "shabby",
    "disappointing",
]
THINGS = [
    "film",
    "book",
    "phone",
    "room",
    "hotel",
    "meal",
    "service",
    "app",
    "update",
    "car",
    "camera",
    "game",
    "song",
    "teacher",
    "course",
    "coffee",
    "pizza",
    "jacket",
    "bag",
    "laptop",
    "driver",
    "doctor",
    "shop",
    "website",
    "map",
    "guide",
    "lamp",
    "chair",
    "printer",
    "series",
    "concert",
    "park",
]
LOVED = ["loved", "enjoyed", "liked", "adored"]
HATED = ["hated", "disliked", "regretted"]
END = (".", ".", "!", "", "...", " tbh.", " so far.", " overall.", " I think.", " in my opinion.")
EMOJI = {
    "positive": "😀 😃 😄 😁 😊 🙂 😍 🥰 😘 🤩 😎 👍 👏 🙌 ❤️ 💕 💯 🎉 🥳 ✨ 😂 🤗 💪 😻 ⭐⭐⭐⭐⭐ :) :-) :D ;) <3 ^^ xD",
    "negative": "👎 😡 😠 🤬 😢 😭 😞 😔 ☹️ 🙁 😩 😫 🤮 🤢 💔 😒 🙄 😤 😱 💩 😖 😣 😿 ⭐ :( :-( :'( >:( D:",
    "neutral": "📅 📦 🚆 🏠 📞 ☕ 🕐 📍 🗂️ 🔑 🚲 📝 🤷 😐",
}
# {g} a good word, {b} a bad one, {m} a bad one that people negate, {t} {u} things, {l} loved, {h} hated, {n} a number
PATTERNS = {
    "positive": """Not {m} at all for a {t}|Not {m}|not that {m}|That was not {m}|The {t} is not {m} at all|The {t} isn't {m}|It wasn't {m}, quite the opposite|Not a {m} {t}
        |Not half {m}|Never {m}|It's never {m} here|Nothing {m} about the {t}|I can't say anything {m} about the {t}|No complaints about the {t}|I have no complaints
        |Nothing to complain about|Can't complain|I cannot fault the {t}|Couldn't be happier with the {t}|Could not be more pleased|I couldn't ask for a better {t}
        |No problems with the {t}|Not a single problem with the {t}|It has never let me down|The {t} never disappoints|No regrets|I don't regret it
        |You can't go wrong with this {t}|I have yet to find anything wrong with the {t}|Wouldn't change a thing|There is nothing not to like|Hardly any faults
        |Nothing wrong with the {t}|Not once was the {t} {b}|I was never bored|It didn't disappoint|Doesn't get better than this|Far from {m}|Anything but {m}|The {t} is far from {m}
        |The {t} was {b}, but the {u} was {g} and we {l} it|A bit {m}, but I {l} it|The {t} is {b}, but overall I am very happy|It started {b}, but ended {g}
        |I expected it to be {b}, but it was {g}|Although the {t} was {b}, I {l} the {u}|Even though it was {b}, we {l} every minute|Despite the {b} {t}, a {g} day
        |Despite a {b} start, we {l} it|Although it is {m}, the {t} is {g}|It may be {b}, but it is {g}|10 out of 10, would buy again|Five stars|9/10|5/5|A+|4.5 out of 5 stars
        |I {l} it|Really {g}|So {g}|Pretty {g}|Quite {g}|Very {g} {t}|Best {t} ever|Top {t}|Thanks, the {t} works again|Thank you for the quick reply|The {t} came a day early|Thank you so much for your help
        |My son {l} the {t}|The {t} arrived on time and works well|They replaced the {t} free of charge|You solved it in five minutes|Your colleague was very {g}|They fixed the {t} straight away
        |It works like a charm|I would buy the {t} again|I recommend the {t} to everyone|Happy with the {t}|Better than expected|The new {t} is better than the old one|Much better than the last {t}
        |We will come back|I got the job|We won|I passed the exam|Well done|Keep it up|Worth every penny|Worth its price|Worth it|Glad I bought the {t}""",
    "negative": """Not {g}|Not {g} at all|not very {g}|This {t} is not {g}|The {t} isn't {g}|The {t} was not {g}|It is not as {g} as I hoped|Never {g}|Not a {g} {t}|Hardly {g}|Far from {g}|Anything but {g}|Nothing {g} about it
        |I didn't like the {t}|I don't like it|I did not enjoy the {t}|Nobody was {g}|No help at all|I would not recommend the {t}|Wouldn't recommend|I can't recommend the {t}|The {t} is not worth its price|Not worth it|Not worth the wait
        |Never again a {t} like that|I won't be back|I will never buy a {t} again|Not happy with the {t}|I am not impressed|It doesn't work|The {t} does not work|It did not last|No longer {g}|I expected more of the {t}|It could be better
        |The {t} was {g}, but the {u} was {b} and we {h} it|The {t} is {g}, but I would not buy it again|It started {g}, but ended {b}|I wanted to like it, but it was {b}|{G} {t}, but far too {b}|I {l} the {t}, but the {u} ruined it
        |Although the {t} was {g}, the rest was {b}|Even though it looks {g}, I {h} it|Despite the {g} {t}, a {b} day|It may look {g}, but it is {b}|It used to be {g}|The {t} was better last year|I wish the {t} were more {g}
        |If only the {t} were {g}|I wish it worked|The old {t} was better|Worse than last year|Worse than the last {t}|One star|0 stars|1/10|2 out of 10|F|Zero stars
        |I {h} it|Really {b}|So {b}|Pretty {b}|Very {b} {t}|Worst {t} ever|A waste of my evening|The {t} is a waste of time|What a mess|Ugh
        |My {t} never arrived|The {t} arrived broken|The {t} is still missing|I have been waiting for {n} days|I waited {n} hours and nobody answered|Nobody called me back|You charged me twice for the {t}|I want my money back
        |The {t} broke after {n} days|The {t} crashes all the time|The {t} stopped working this morning|The screen is cracked|They sent me the wrong {t}|I still have no reply|My order was cancelled without a word|I can't log in and nobody helps
        |The {t} keeps freezing|There was a hair in my soup|They lost my {t}|The {t} smells|The bill is wrong again|My neighbour is too loud|I failed the exam|We lost|I feel sick|I miss her|My head hurts|He lied to me""",
    "neutral": """The {t} opens at {n}|The {t} is on the {f} floor|The {t} has {n} rooms|There are {n} {t}s in the list|The {t} comes in three colours|The train leaves at {n}|The meeting is on {d}|The {t} was built in {y}|My {t} is next to the {u}
        |I am looking for a {t}|Where is the {t}?|When does the {t} open?|How much is the {t}?|Please send me the {t}|Can you call me at {n}?|I bought a {t} on {d}|She works in a {t} shop|He has a {t} and a {u}|We go to the {t} every {d}
        |The {t} weighs {n} kilos|The box holds a {t} and a {u}|Open the {t} and press the button|Turn left after the {t}|The report has {n} pages|The {t} belongs to my brother|The form is attached|See attached file|I will be there at {n}
        |It is {d} today|The shop is between the {t} and the {u}|Add the {t} to the list|The {t} and the {u} are in the cupboard|The course starts in {m2}|My flight is on {d}|The next bus is at {n}|The office is closed on {d}
        |Our address has changed|The invoice number is {n}{n}|The museum is near the river|He moved to Leeds in {y}|The recipe needs {n} eggs|They speak French and German|The {t} is made of wood|The team has {n} members|The {t} is blue
        |3 stars|Three stars|5/10|3 out of 5|Okay|It's ok|Fine|So-so|Average|It is what it is|Neither {g} nor {b}|No opinion|N/A|None|I don't know""",
}
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["January", "March", "May", "June", "September", "October", "November"]


def rows() -> Iterator[tuple[str, str]]:
    draw = random.Random(0)
    for label, patterns in PATTERNS.items():
        for pattern in (" ".join(p.split()) for p in patterns.split("|")):
            fixed = "{" not in pattern
            for _ in range(40 if fixed else TIMES):
                yield (
                    _cased(_filled(pattern, draw) + draw.choice(END if fixed or draw.random() < 0.7 else (".",)), draw),
                    label,
                )
    for label, marks in EMOJI.items():
        for mark in marks.split():
            for text in (f"{mark} {mark}", f"{mark} {mark} {mark}", mark * 4):
                yield from [(text, label)] * 8
            for _ in range(60 if label != "neutral" else 20):
                statement = _filled(draw.choice(PATTERNS["neutral"].split("|")[:44]).strip(), draw)
                yield f"{statement}{draw.choice((' ', '. ', '! ', ''))}{mark * draw.choice((1, 1, 2))}", label


def _filled(pattern: str, draw: random.Random) -> str:
    thing, other = draw.sample(THINGS, 2)
    good, bad = draw.choice(GOOD), draw.choice(BAD)
    return pattern.format(
        g=good,
        b=bad,
        m=draw.choice(MILD_BAD),
        G=good.capitalize(),
        B=bad.capitalize(),
        t=thing,
        u=other,
        l=draw.choice(LOVED),
        h=draw.choice(HATED),
        n=draw.choice((2, 3, 4, 6, 8, 9, 10, 11, 12)),
        d=draw.choice(DAYS),
        f=draw.choice(("first", "second", "top")),
        y=draw.randrange(1880, 2024),
        m2=draw.choice(MONTHS),
    )


def _cased(text: str, draw: random.Random) -> str:
    chance = draw.random()
    if chance < 0.25:
        return text.lower()
    return text.upper() if chance < 0.28 else text
