"""What is offered, and how it is written."""

import pytest

import nlp_gru
from nlp_gru.errors import UserError
from nlp_gru.text.typing import begins_small
from nlp_gru.text.word_list import Blocklist, WordList, pack_blocklist
from nlp_gru.tools.keyboard.keyboard import Keyboard
from nlp_gru.tools.keyboard.phrases import MOST_WORDS, SET_BEGUN, set_phrases


def test_what_stands_there_already_is_not_offered():
    keyboard = nlp_gru.load("next_word")
    assert {s.text for s in keyboard.suggest("See you ", "to")} == {"tomorrow", "tonight", "today"}
    assert "I" in [s.text for s in keyboard.suggest("Hello, ", "i")]  # another spelling is


def test_words_to_skip():
    keyboard = nlp_gru.load("next_word")
    first = keyboard.suggest("See you ", "", 3)
    skipped = keyboard.suggest("See you ", "", 3, skip=[s.text.upper() for s in first])
    assert len(skipped) == 3 and [*first, *skipped] == keyboard.suggest("See you ", "", 6)
    keyboard.learn("See you at Anna's. See you at Anna's.")
    assert "at" not in [s.text for s in keyboard.suggest("See you ", "", 50, skip={"at"})]
    for wrong, error in (("at", TypeError), ([1], TypeError), (["a"] * 201, UserError)):
        with pytest.raises(error):
            keyboard.suggest("See you ", skip=wrong)


@pytest.fixture(scope="module")
def keyboard():
    return nlp_gru.load("next_word")


def words(keyboard, context, prefix="", **settings):
    return [s.text for s in keyboard.suggest(context, prefix, **settings)]


@pytest.mark.parametrize(
    ("context", "typed", "word"),
    [
        ("I ", "hvae", "have"),
        ("Thank you very ", "mcuh", "much"),
        ("We went to the ", "ciname", "cinema"),
        ("She ", "doesnt", "doesn't"),
        ("This is ", "beatiful", "beautiful"),
        ("I am ", "hapy", "happy"),
        ("", "Thsi", "This"),
        ("See you ", "tommorrow", "tomorrow"),
        ("Please ", "rmeember", "remember"),
    ],
)
def test_slips_are_corrected(keyboard, context, typed, word):
    assert words(keyboard, context, typed)[0] == word
    assert word not in words(keyboard, context, typed, correct=False)


def test_completions_come_first(keyboard):
    for context, typed in (("I would like to ", "o"), ("See you ", "tom"), ("Thank you ver", "")):
        first = words(keyboard, context, typed, correct=False)[0]
        assert words(keyboard, context, typed)[0] == first


@pytest.mark.parametrize("sign", "'’‘`´")
def test_apostrophes_of_all_kinds_are_one(keyboard, sign):
    kind = "’" if sign == "’" else "'"
    assert words(keyboard, "I ", f"don{sign}")[0] == f"don{kind}t"
    assert set(words(keyboard, "", f"I{sign}", k=4)) == {f"I{kind}{end}" for end in ("m", "ve", "ll", "d")}
    assert words(keyboard, "It’s here, but I ", "dont")[0] == "don’t"


@pytest.mark.parametrize(
    ("context", "typed", "word"),
    [
        ("see you on ", "mon", "Monday"),
        ("in ", "sept", "September"),
        ("I speak ", "ger", "German"),
        ("", "i", "I"),
        ("I SAID ", "HEL", "HELP"),
        ("Hello, ", "Fr", "From"),
        ("Yes and ", "im", "I'm"),
    ],
)
def test_capitals(keyboard, context, typed, word):
    assert word in words(keyboard, context, typed, k=5)


@pytest.mark.parametrize(
    ("context", "typed", "word"),
    [
        ('she said "', "hel", "hello"),
        ("you (", "an", "and"),
        ("and/", "o", "or"),
        ("a well-", "", "well-known"),
        ("a well-", "kno", "well-known"),
    ],
)
def test_behind_marks_as_in_the_middle_of_a_line(keyboard, context, typed, word):
    offered = [w.casefold() for w in words(keyboard, context, typed, k=5)]
    assert word in offered


def test_only_known_words_are_offered_while_there_are_some(keyboard):
    for context, typed in (
        ("I ", "rec"),
        ("the ", "gov"),
        ("my ", "neig"),
        ("a ", "rest"),
        ("I ", "apol"),
        ("a ", "tomat"),
    ):
        offered = words(keyboard, context, typed, k=5)
        assert offered and all(keyboard.known.knows(w.casefold()) for w in offered)
    assert all(w.casefold().startswith("zzyz") for w in words(keyboard, "I ", "zzyz"))


def test_what_is_taught_twice_is_a_word():
    own = nlp_gru.load("next_word")
    own.learn("I met Quandrix.")
    assert not own.known.knows("quandrix")  # once may be a slip
    own.learn("Then Quandrix left.")
    assert "Quandrix" in words(own, "I met ", "quan")
    assert own.correct("we met quandrix today")[1] == []
    assert "Quandrix" not in words(own.fork(), "I met ", "quan")


def test_the_blocklist(head_words):
    head, known = head_words
    on, off = (Keyboard(head, words=known, blocklist=flag) for flag in (True, False))
    for one in (on, off):
        one.known.blocklist = Blocklist(pack_blocklist(["order"]))
    assert "order" not in words(on, "I would like to ", "o", k=50) and "order" in words(off, "I would like to ", "o")
    assert on.fork().blocklist and not off.fork().blocklist
    assert on.correct("I would like to order now")[1] == []  # it can be typed
    assert "order" not in on.correct("I would like to oredr now")[0]
    with pytest.raises(TypeError):
        Keyboard(head, blocklist="no")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("I look forward to hearing ", "from you"),
        ("i look forward to hearing fr", "from you"),
        ("Thank you v", "very much"),
        ("Thank you in ad", "advance for your"),
        ("Have a n", "nice day"),
        ("I don’t know if you’d like ", None),
        ("Hello", None),
        ("", None),
        ("word.", None),
        ("I look forward to hearing f.", None),
    ],
)
def test_phrases(keyboard, text, phrase):
    found = keyboard.phrase(text)
    assert (found and found.text) == phrase
    if found:
        assert 0 < found.score <= 1 and 2 <= len(found.text.split()) <= MOST_WORDS


def test_phrases_that_were_learned():
    own = nlp_gru.load("next_word")
    text = "We are from the Quandrix Alpine Society. " * 40
    assert own.phrase("We are from the Qu") is None
    own.learn(text)
    found = own.phrase("We are from the Qu")
    assert found is not None and found.text.startswith("Quandrix Alpine")
    assert own.fork().phrase("We are from the Qu") is None
    with pytest.raises(TypeError):
        own.phrase(None)


def test_every_set_phrase_has_falling_probabilities_and_words_that_may_be_offered(keyboard):
    for begun, phrases in set_phrases().items():
        assert begun == begun.casefold() and len(begun.split()) >= SET_BEGUN
        for phrase in phrases:
            assert 2 <= len(phrase.words) == len(phrase.shares) <= MOST_WORDS
            assert 1 >= phrase.shares[0] > 0 and list(phrase.shares) == sorted(phrase.shares, reverse=True)
            assert all(keyboard.known.may_offer(word.casefold()) for word in phrase.words)


@pytest.fixture(scope="module")
def head_words(keyboard):
    return keyboard.model, keyboard.known.words


def test_layouts(head_words):
    head, known = head_words
    with pytest.raises(UserError, match="qwertz"):
        Keyboard(head, words=known, layout="colemak")
    prices = {
        layout: {s.text: s.score for s in Keyboard(head, words=known, layout=layout).suggest("I ", "txpe", 5)}
        for layout in ("qwerty", "qwertz")
    }
    assert prices["qwertz"].get("type", 0) > prices["qwerty"].get("type", 0)


def test_correcting_a_text(keyboard):
    text = "i dont knwo waht you mena. Teh statoin is closde on monday"
    mended, changes = keyboard.correct(text)
    assert mended == "I don't know what you mean. The station is closed on Monday"
    assert [c.before for c in changes] == [text[c.start : c.end] for c in changes]
    assert len(changes) == 9


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "The train to Lyon leaves at nine from platform four.",
        "Mr Jhonson lives in Wuppertal.",
        "Mail me@exmaple.com now",
        "https://exmaple.org/teh/hvae",
        "NASA and the EBU",
        "日本語 🙂 42 3rd",
        "a_varaible = foo.braa()",
        "Sooooo good hahaha",
        "it is 10am, lol",
        "x" * 500,
        "'' -- ’ `",
        "the committee's well-known plans aren’t new",
    ],
)
def test_what_is_correct_stays(keyboard, text):
    assert keyboard.correct(text) == (text, [])


def test_correcting_without_a_list_of_words(head_words):
    assert Keyboard(head_words[0]).correct("teh hvae") == ("teh hvae", [])
    with pytest.raises(TypeError):
        Keyboard(head_words[0]).correct(3)
    assert Keyboard(head_words[0], words=WordList({})).correct("teh hvae") == ("teh hvae", [])


def test_options_are_passed_on_and_checked():
    own = nlp_gru.load("next_word", layout="azerty", blocklist=False)
    assert (own.layout, own.blocklist) == ("azerty", False)
    assert nlp_gru.load("chat", contacts={"emergency number": "144"}).contacts == {"emergency number": "144"}
    for name, options, complaint in (
        ("next_word", {"layot": 1}, "layout and blocklist"),
        ("sentiment", {"layout": "qwerty"}, "has none"),
        ("next_word", {"layout": "abc"}, "qwertz"),
        ("next_word", {"blocklist": "no"}, "blocklist"),
    ):
        with pytest.raises((UserError, TypeError), match=complaint):
            nlp_gru.load(name, **options)


@pytest.mark.parametrize(
    ("before", "small"),
    [
        ("hey there. how are you? ", True),
        ("Hey there. How are you? ", False),
        ("Hey there. how are you? ", None),
        ("", None),
        ("hey there. how are ", None),
        ("one\ntwo\n", True),
        ('He said: "yes." ', False),
        ("3. 4. ", None),
        ("x" * 700 + ". So. ", None),
    ],
)
def test_sentences_begin_as_the_typist_begins_them(keyboard, before, small):
    assert begins_small(before) is small
    if small is not None:
        listed = keyboard.known.words
        offered = [w for w in words(keyboard, before, k=10) if listed.words[listed.place[w.casefold()]].islower()]
        assert offered and all(w[0].islower() == small for w in offered), offered
    assert words(keyboard, "hey there. how are you? ", "W")[0].startswith("W")
