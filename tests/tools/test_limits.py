"""What the tools refuse, and how they say so: anything that is no text, and texts and settings beyond all bounds."""

import itertools

import numpy as np
import pytest

import nlp_gru
from nlp_gru import errors as limits
from nlp_gru.errors import UserError
from nlp_gru.model_folder.files import read_bytes
from nlp_gru.tools.chat.chatbot import ChatBot
from nlp_gru.tools.keyboard import memory
from nlp_gru.tools.keyboard.keyboard import Keyboard
from nlp_gru.tools.translation.translator import Translator

TOOLS = {
    "sentiment": nlp_gru.SentimentAnalyser,
    "next_word": Keyboard,
    "translation": Translator,
    "chat": ChatBot,
}
NO_TEXTS = (3, 1.5, b"text", np.zeros(2), object(), str)
# Every public call that takes a text, with that text.
ONE = {
    "sentiment": [
        lambda t, x: t([x]),
        lambda t, x: t.explain(x),
        lambda t, x: t.explain("fine", x),
        lambda t, x: list(t.stream(["fine", x])),
    ],
    "next_word": [
        lambda t, x: t.suggest(x),
        lambda t, x: t.suggest("a", x),
        lambda t, x: t.generate(x),
        lambda t, x: t.learn(x),
    ],
    "translation": [lambda t, x: t(["Hi.", x]), lambda t, x: t.align(x, "Hi."), lambda t, x: t.align("Hi.", x)],
    "chat": [
        lambda t, x: t.reply([x, "Hi."]),
        lambda t, x: t.score([x], ["Hi."]),
        lambda t, x: t.score(["Hi."], ["Hi.", x]),
    ],
    "faq": [lambda t, x: t.reply([x]), lambda t, x: t.reply(["Hi.", x])],
}
# Those that take several, or one.
SEVERAL = {
    "sentiment": [lambda t, x: t(x), lambda t, x: t.stream(x)],
    "translation": [lambda t, x: t(x), lambda t, x: t.stream(x)],
    "chat": [lambda t, x: t.reply(x), lambda t, x: t.score(x, ["Hi."]), lambda t, x: t.score(["Hi."], x)],
    "faq": [lambda t, x: t.reply(x)],
}
NAN, INF, DIGITS = float("nan"), float("inf"), 10**5000
WHOLE = (1.0, "3", None, True, NAN, [1], 1 + 2j, np.bool_(True), np.float32(1))
# (tool, call, setting, what is too little or too much, what is no such number)
SETTINGS = [
    ("sentiment", lambda t, **s: t.stream(["Hi."], **s), "size", (0, -1, 100_001, DIGITS), WHOLE),
    ("next_word", lambda t, **s: t.suggest("See you", **s), "k", (-1, -DIGITS), WHOLE),
    ("next_word", lambda t, **s: t.generate("See", **s), "max_words", (-1, 1001, DIGITS, -DIGITS), WHOLE),
    (
        "next_word",
        lambda t, **s: t.generate("See", 3, **s),
        "temperature",
        (-0.1, 10.5, NAN, INF, DIGITS),
        ("1", None, True, 1j),
    ),
    ("next_word", lambda t, **s: t.generate("See", 3, **s), "top_p", (0, 1.1, -1, NAN, -INF), ("1", None, True, [])),
    ("next_word", lambda t, **s: t.generate("See", 3, **s), "top_k", (-1, 1_000_001), WHOLE),
    ("next_word", lambda t, **s: t.generate("See", 3, **s), "no_repeat_ngram_size", (-1, 1001), WHOLE),
    ("next_word", lambda t, **s: t.generate("See", 3, **s), "seed", (-1, 1 << 64), (1.0, "3", True, NAN)),
    ("next_word", lambda t, **s: t.generate("See", 3, **s), "stop_at_sentence", (), (1, None, "yes", np.bool_(True))),
    ("translation", lambda t, **s: t("Hi.", **s), "beam", (0, 51, -1, DIGITS), WHOLE),
    ("translation", lambda t, **s: t("Hi.", beam=2, **s), "alternatives", (-1, 2), WHOLE),
    ("translation", lambda t, **s: t.stream(["Hi."], **s), "size", (0, 100_001), WHOLE),
    ("chat", lambda t, **s: t.reply(["Hi."], **s), "candidates", (0, 65, -DIGITS), WHOLE),
    ("chat", lambda t, **s: t.reply(["Hi."], **s), "max_words", (0, 401), WHOLE),
    ("chat", lambda t, **s: t.reply(["Hi."], **s), "temperature", (-1, 11, NAN, DIGITS), ("1", None, False)),
    ("chat", lambda t, **s: t.reply(["Hi."], **s), "top_p", (0, 1.5, NAN), ("1", None, True)),
    ("chat", lambda t, **s: t.reply(["Hi."], **s), "seed", (-1, 1 << 64), (0.5, "3", True)),
    ("faq", lambda t, **s: t.reply("Hi.", **s), "seed", (-1, 1 << 64), (0.5, "3", True)),
    ("faq", lambda t, **s: t.reply("Hi.", **s), "threshold", (-0.1, 1.1, NAN, DIGITS), ("1", True, [])),
]


@pytest.fixture
def tool(make_head):
    rows = [("When do you open?", "At nine."), ("Where are you?", "In Rome.")]
    return lambda name: nlp_gru.FaqBot(rows) if name == "faq" else TOOLS[name](make_head(name).eval())


def refused(kind, call, *arguments, **settings):
    """The message of a refusal, which is one short line."""
    with pytest.raises(kind) as caught:
        call(*arguments, **settings)
    message = str(caught.value)
    assert type(caught.value) is kind and "\n" not in message and len(message) < 200
    return message


@pytest.mark.parametrize("name", ONE)
def test_what_is_no_text_is_a_type_error(tool, name):
    subject = tool(name)
    for call, value in itertools.product(ONE[name], NO_TEXTS):
        assert refused(TypeError, call, subject, value) == f"a text is a str, not {type(value).__name__}"


@pytest.mark.parametrize("name", SEVERAL)
def test_what_cannot_be_several_texts_is_a_type_error(tool, name):
    subject = tool(name)
    for call, value in itertools.product(SEVERAL[name], (None, 3, b"text", 1.5, object())):
        assert refused(TypeError, call, subject, value) == f"texts are a list of str, not {type(value).__name__}"


@pytest.mark.parametrize("name", ONE)
def test_a_text_beyond_a_million_characters_is_refused(tool, name, read_characters):
    subject, most = tool(name), {"translation": ("5,000", 5000)}
    for call in ONE[name]:
        message = refused(UserError, call, subject, "a" * (limits.MAX_TEXT + 1))
        assert message.startswith("a text of 1,000,001 characters is too long; the most is ")
        assert message.endswith(("1,000,000", most.get(name, ("1,000,000",))[0]))
        assert read_characters() < 100  # it was not read


@pytest.mark.parametrize("unit", ["a", "good ", "\n", "🙂", "\ud800", "Dr. "])
def test_a_text_of_a_million_characters_is_answered(tool, unit, read_characters):
    """No tool reads more of it than of the longest that it reads whole."""
    text = (unit * limits.MAX_TEXT)[: limits.MAX_TEXT]
    keyboard = tool("next_word")
    tool("chat").reply(["Hi"], candidates=1, max_words=2)  # it reads its own examples, once
    before = read_characters()
    assert tool("sentiment")(text).label in ("negative", "neutral", "positive")
    assert isinstance(keyboard.suggest(text), list) and isinstance(keyboard.generate(text, 2, seed=1), str)
    keyboard.learn(text)
    if text.strip():
        assert tool("chat").reply([text], candidates=1, max_words=2).text
        assert tool("faq").reply(text).text
    assert read_characters() - before < 60_000


@pytest.mark.parametrize(
    ("name", "call", "setting", "outside", "strange"), SETTINGS, ids=[f"{s[0]}-{s[2]}" for s in SETTINGS]
)
def test_settings_are_checked(tool, name, call, setting, outside, strange):
    """Also where the call itself only begins to read: nothing has to be taken from a stream first."""
    subject = tool(name)
    for value in outside:
        assert setting in refused(UserError, call, subject, **{setting: value})
    for value in strange:
        assert refused(TypeError, call, subject, **{setting: value}).startswith(f"{setting} is ")


def test_settings_at_their_bounds_and_of_numpy_are_taken(tool):
    keyboard, translate, bot = tool("next_word"), tool("translation"), tool("chat")
    assert len(keyboard.suggest("See ", k=np.int64(60))) <= limits.MAX_SUGGESTIONS
    assert keyboard.generate("See", 0) == ""
    chosen = {"temperature": np.float32(0.5), "top_p": 1, "top_k": limits.MAX_TOP_K, "seed": limits.MAX_SEED}
    assert isinstance(keyboard.generate("See", np.int32(2), no_repeat_ngram_size=limits.MAX_NGRAM, **chosen), str)
    assert len(translate("Hi.", beam=limits.MAX_BEAM).sentences) == 1
    assert bot.reply(["Hi."], candidates=limits.MAX_SAMPLES, max_words=1, temperature=limits.MAX_TEMPERATURE).text
    message = refused(UserError, bot.reply, ["Hi."], candidates=64, max_words=400)
    assert message == "candidates times max_words is 25,600; the most is 6,400"


def test_a_huge_number_is_named_by_its_digits(tool):
    message = refused(UserError, tool("next_word").generate, "See", DIGITS)
    assert message == "max_words is a number from 0 to 1000, not a number of 5,001 digits"


def test_long_dialogues_and_many_candidates(tool):
    bot, faq = tool("chat"), tool("faq")
    turns = ["Hi."] * (limits.MAX_TURNS + 1)
    for call in (bot.reply, faq.reply, lambda t: bot.score(t, ["Hi."])):
        assert "more than 10,000 turns" in refused(UserError, call, turns)
        assert "more than 10,000 turns" in refused(UserError, call, itertools.repeat("Hi."))  # without an end
        assert "no turn" in refused(UserError, call, [])
        assert "no turn" in refused(UserError, call, ["Hi.", " \n"])
    assert bot.score(turns[1:], ["Hi."] * 300) == pytest.approx(bot.score(turns[-1:] * 100, ["Hi."]) * 300, abs=1e-5)
    assert "more than 10,000 candidates" in refused(UserError, bot.score, ["Hi."], itertools.repeat("Hi."))


def test_one_text_is_no_dialogue(tool):
    assert refused(TypeError, tool("chat").reply, "Hi.") == "a history is a list of turns, not one text"


def test_sentences_too_long_to_be_aligned(tool):
    message = refused(UserError, tool("translation").align, "x9" * 500, "x9" * 500)
    assert message.endswith("are too long to be compared; take one sentence")


def test_a_text_in_letters_the_model_does_not_know_stays(tool):
    assert tool("translation")("ꦲꦏ꧀ꦱꦫ ꦗꦮ").text == "ꦲꦏ꧀ꦱꦫ ꦗꦮ"


def test_an_unknown_label_is_named_in_short(tool):
    message = refused(UserError, tool("sentiment").explain, "fine", "x\ny" * 10_000)
    assert message.startswith("unknown label 'x") and "positive" in message


@pytest.mark.parametrize("name", ["x" * 100_000, "a\nb", "\0", "\ud800", "/" * 5000 + "x"])
def test_names_that_are_no_model(name):
    assert "no such model; bundled are" in refused(UserError, nlp_gru.load, name)


def test_the_memory_stays_within_its_bounds(monkeypatch):
    monkeypatch.setattr(memory, "ROW", 10)
    monkeypatch.setattr(memory, "VOCABULARY", 50)
    known = memory.Memory(capacity=100)
    known.learn(" ".join(f"often word{i}" for i in range(300)) + " " + "x" * (memory.LONGEST + 1))
    assert len(known.counts) <= 100 and len(known.counts["often"]) <= 10 and len(known.counts["*"]) <= 50
    assert len(known.spelling) <= 50 and known.counts["*"]["often"] == 300
    assert not any(len(word) > memory.LONGEST for word in known.spelling)


def test_what_the_memory_saves_can_be_loaded(tmp_path, monkeypatch):
    for name in ("MAX_MEMORY_BYTES", "VOCABULARY"):
        monkeypatch.setattr(memory, name, getattr(memory, name) // 500)
    known, again = memory.Memory(), memory.Memory()
    known.learn(
        " ".join("".join(chr(0x1D400 + d * 20 + int(c)) for d, c in enumerate(f"{i:04}")) * 10 for i in range(1000))
    )
    full = len(known.counts)
    known.save(tmp_path / "memory.json")
    again.load(tmp_path / "memory.json")
    assert 0 < len(known.counts) < full and again.counts == known.counts and again.spelling == known.spelling


def test_files_are_not_read_beyond_their_bound(tmp_path):
    (tmp_path / "f").write_bytes(b"12345")
    assert read_bytes(tmp_path / "f", 5) == b"12345"
    assert refused(UserError, read_bytes, tmp_path / "f", 4).endswith("5 bytes are too many; the most is 4")
    (tmp_path / "pipe").symlink_to("/dev/zero")
    assert refused(UserError, read_bytes, tmp_path / "pipe", 4).endswith("not a file but a folder, a pipe or a device")
