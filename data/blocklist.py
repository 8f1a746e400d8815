"""The sums of the words that the keyboard never offers: nlp_gru/pretrained/blocklist.bin.

python data/blocklist.py --list FILE      # one word a line

The list itself is not kept here. The bundled one was made from the list of better-profanity 0.7.0 (MIT) and thirty slurs that it
lacks. What is an ordinary word as well is offered: names of the body and of illnesses, mild oaths, and words with another meaning.
Plurals are added.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from nlp_gru.bundled import PRETRAINED
from nlp_gru.words import pack_blocklist

ORDINARY = frozenset(
    """areole arian aryan asanchez autoerotic bdsm bondage breasts busty cipa cowgirl cowgirls crap crotch damn dink dinks dong
    doofus dopey drunk dummy enlargement erect erection extasy facial fat foobar fisted fisty fondle ganja gae gai gay gays gey
    god goddammit goddamn gonad gonads goddam godamn gringo guido glans goatse hell hemp herpes heroin hitler hiv homey hump humped hussy hymen
    hooch hookah hoar hoare hoer hooter inbred incest jerk jerked junkie junky kill kinky kkk klan lech len leper lesbians
    loin loins lube lust lusting lusty lez lmao mams massa maxi menses menstruate menstruation meth moron murder muff naked napalm
    nappy nazi nazism nimrod ninny nipple nipples nob nude nudes nad omg opiate opium oral orally organ ovary ovum ovums paddy
    pantie panties panty pastie pasty pawn pcp pee pecker penetrate penetration perversion peyote phallic pinko pms pot potty pron
    prude pubic pimp quicky racy raunch rectal rectum reefer reich revue rum rump sadism sadist sandbar scantily schlong
    screw screwed screwing scum seaman seamen seduce sex sexual shiz slave sleaze sleazy slope smut smutty snatch sniper snuff
    sodom souse soused steamy stoned strip stroke stupid suck sucked sucking spooge tampon tawdry teat teets teste testes testical
    testicle testis thrust thug tinkle toke toots tramp trashy turd tush titi transsexual tard ugly undies unwed urinal urine
    uterus uzi valium viagra virgin vixen vodka vomit voyeur vulgar wad wang wazoo wedgie weed weenie weiner weirdo wench whiz
    whitey willies willy womb woody xx yury yaoi feck floozy flange duche dumass prig organs bimbo bimbos
    spac sissy playboy pedophile pedophilia medic hell gigolo molest prostitute lesbos nads nig""".split()
) - {"nig", "spooge"}


def forms(word: str) -> set[str]:
    """The word and its plurals."""
    plural = word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")
    return {word, plural, *([word[:-1] + "ies"] if word.endswith("y") else [])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=PRETRAINED / "blocklist.bin")
    args = parser.parse_args()
    listed = {line.strip().casefold() for line in args.list.read_text(encoding="utf-8").splitlines()}
    words = {form for word in listed - ORDINARY if word.isalpha() for form in forms(word)}
    args.out.write_bytes(pack_blocklist(words - ORDINARY))
    print(f"{len(words - ORDINARY):,} words, {args.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
