"""How many of the placeholders, tags, numbers, addresses and emoji in 2,000 generated sentences come through a
translation.

    python benchmarks/placeholders.py [MODEL] [--rows 2000] [--seed 1] [--show 10]

A sentence counts as kept when each of its strings stands in the translation as often as in the source, and no other
placeholder or tag does; numbers may be written the other language's way.
"""

from __future__ import annotations

import argparse
import random
import re
import string
import time
from collections import Counter

import nlp_gru
from nlp_gru.text.conventions import rewritten

TEMPLATES = {
    "en": (
        """
Hello {a}, welcome back!
{a} sent you a message.
Your order {a} was shipped on {b}.
Please open {a} and click on {b}.
The file {a} could not be found in {b}.
You have {a} new messages and {b} requests.
Delete {a}?
Are you sure that you want to delete {a}?
We will call you at {a} before {b}.
{a} of {b} files copied
Write to {a} if you need help with {b}.
The price is {a} instead of {b}.
Welcome to {a}
{a}: the password is wrong
Our office is open from {a} to {b}.
Thank you for your order, {a}! It costs {b} and arrives in {c} days.
Run {a} and then {b} to install it.
I will be there at {a} with {b} and {c}.
See {a}, {b} and {c} for details.
The train to {a} leaves at {b} from platform {c}.
She paid {a} for the ticket, not {b}.
The meeting was moved to {a}.
Last updated by {a} on {b} at {c}
Follow us on {a} {b}
{a} likes your photo {b}
The house was built in {a} and sold for {b}.
Press {a} to go on or {b} to go back.
Your code is {a}. It is valid for {b} minutes.
I love it {a}
If {a} is empty, use {b}.
Between {a} and {b}, the value of {c} changed from {d} to {e}.
"""
    ),
    "fr": (
        """
Bonjour {a}, bon retour parmi nous !
{a} vous a envoyé un message.
Votre commande {a} a été expédiée le {b}.
Veuillez ouvrir {a} et cliquer sur {b}.
Le fichier {a} est introuvable dans {b}.
Vous avez {a} nouveaux messages et {b} demandes.
Supprimer {a} ?
Voulez-vous vraiment supprimer {a} ?
Nous vous appellerons au {a} avant {b}.
{a} fichiers copiés sur {b}
Écrivez à {a} si vous avez besoin d'aide avec {b}.
Le prix est de {a} au lieu de {b}.
Bienvenue à {a}
{a} : le mot de passe est faux
Notre bureau est ouvert de {a} à {b}.
Merci pour votre commande, {a} ! Elle coûte {b} et arrive dans {c} jours.
Lancez {a} puis {b} pour l'installer.
Je serai là à {a} avec {b} et {c}.
Voir {a}, {b} et {c} pour les détails.
Le train pour {a} part à {b} de la voie {c}.
Elle a payé le billet {a}, et non {b}.
La réunion a été déplacée au {a}.
Dernière mise à jour par {a} le {b} à {c}
Suivez-nous sur {a} {b}
{a} aime votre photo {b}
La maison a été construite en {a} et vendue pour {b}.
Appuyez sur {a} pour continuer ou {b} pour revenir.
Votre code est {a}. Il est valable {b} minutes.
J'adore {a}
Si {a} est vide, utilisez {b}.
Entre {a} et {b}, la valeur de {c} est passée de {d} à {e}.
"""
    ),
}
WORDS = ["name", "count", "user", "file", "total", "date", "value", "item", "page", "title"]
TAGGED = {
    "en": ["the button", "this page", "your account", "help"],
    "fr": ["le bouton", "cette page", "votre compte", "aide"],
}


def filler(draw: random.Random, language: str) -> tuple[str, list[str]]:
    """What is put into a template, and the strings of it that must come through."""
    word, other = draw.choice(WORDS), draw.choice(WORDS)
    n, m = draw.randint(2, 99), draw.randint(0, 59)
    letters = "".join(draw.choices(string.ascii_lowercase, k=6))
    if draw.random() < 0.15:  # tags around words
        open_, close = draw.choice(
            [("<b>", "</b>"), (f'<a href="/{word}">', "</a>"), ("<strong>", "</strong>"), ("**", "**"), ("<0>", "</0>")]
        )
        return f"{open_}{draw.choice(TAGGED[language])}{close}", [open_, close]
    whole = draw.choice(
        [
            f"{{{word}}}",
            f"{{{{ {word}.{other} }}}}",
            f"%({word})s",
            "%s",
            "%d",
            f"%{draw.randint(1, 3)}$s",
            f"${{{word}}}",
            f"${word.upper()}",
            f"{{{n % 4}}}",
            f"`{word} --{other}`",
            f"{word}_{other}",
            f"https://example.org/{letters}?{word}={n}",
            f"www.{letters}.org",
            f"{word}@{letters}.com",
            f"/usr/{word}/{letters}",
            f"{letters}.txt",
            f"#{letters}",
            f"@{word}{n}",
            str(n),
            str(1900 + n),
            f"{n},{m + 100:03}" if language == "en" else f"{n} {m + 100:03}",
            f"{n}.{m:02}" if language == "en" else f"{n},{m:02}",
            f"${n}.{m:02}" if language == "en" else f"{n},{m:02} €",
            f"{n}%" if language == "en" else f"{n} %",
            f"{n % 24}:{m:02}" if language == "en" else f"{n % 24} h {m:02}",
            f"{n % 28 + 1}/{m % 12 + 1}/2024",
            f"2024-0{m % 9 + 1}-{n % 18 + 10}",
            "🙂",
            "🎉🎉",
            "👩‍🔬",
            f"{draw.choice('ABKR')}{n * 37}",
            f"+33 1 {n:02} {m:02} {n:02} {m:02}",
            f"&{draw.choice(['nbsp', 'copy', 'amp'])};",
            f"%.{n % 4}f",
        ]
    )
    return whole, [whole]


def made(language: str, rows: int, seed: int) -> list[tuple[str, list[str]]]:
    """Sentences, each with the strings that must come through."""
    draw = random.Random(seed)
    templates = TEMPLATES[language].strip().splitlines()
    found = []
    for _ in range(rows):
        template = draw.choice(templates)
        kept: list[str] = []
        values = {}
        for slot in re.findall(r"\{(\w)\}", template):
            values[slot], strings = filler(draw, language)
            kept += strings
        found.append((template.format(**values), kept))
    return found


_STRUCTURE = re.compile(r"\{[^{}]*\}|%\(\w+\)s|%\d\$s|%[sd]|<[^<>]*>|`[^`]*`|\*\*|&\w+;")


def is_kept(source: str, kept: list[str], translated: str, direction: tuple[str, str]) -> bool:
    def plain(text: str) -> str:
        return re.sub(r"[\u00a0\u202f]", " ", text)

    for one, times in Counter(kept).items():
        forms = {plain(one), plain(rewritten(one, *direction))}
        if not any(plain(translated).count(form) >= times for form in forms):
            return False
    return Counter(_STRUCTURE.findall(source)) == Counter(_STRUCTURE.findall(translated))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="translation")
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="so many of those that were not kept")
    args = parser.parse_args()
    translate = nlp_gru.load(args.model)
    direction = translate.source, translate.target
    rows = made(translate.source, args.rows, args.seed)
    start = time.perf_counter()
    answers = translate([source for source, _ in rows])
    seconds = time.perf_counter() - start
    lost = [(s, a.text) for (s, kept), a in zip(rows, answers, strict=True) if not is_kept(s, kept, a.text, direction)]
    print(
        f"{args.model}: {100 * (1 - len(lost) / len(rows)):.2f} % of {len(rows):,} kept, {len(rows) / seconds:.0f}"
        " sentences/s"
    )
    for source, text in lost[: args.show]:
        print(f"  {source}\n    {text}")


if __name__ == "__main__":
    main()
