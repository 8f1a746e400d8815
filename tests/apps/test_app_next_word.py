"""The autocomplete page over a fake model, through the same HTTP interface that the browser uses."""

from dataclasses import dataclass

import pytest
from browser import served

pytestmark = pytest.mark.slow

gradio_client = pytest.importorskip("gradio_client")

WORDS = ["the", "there", "then", "hello", "help", "you", "your", "yes", "would", "wonderful", "weather", "a<b>bold</b>"]


@dataclass
class Suggestion:
    text: str
    score: float


class Fake:
    """Offers its words in order, after those it has learned; remembers what it was asked."""

    calls: list

    def __init__(self):
        self.memory, self.calls = [], []

    def suggest(self, context="", prefix="", k=3):
        self.calls.append((context, prefix, k))
        found = [w for w in dict.fromkeys([*self.memory, *WORDS]) if w.startswith(prefix) and w != prefix][:k]
        return [Suggestion(w, 0.5 / (i + 1)) for i, w in enumerate(found)]

    def phrase(self, text, skip=()):
        """Behind "kind", unless one of the words to skip begins it."""
        return Suggestion("regards from here", 0.6) if text.endswith("kind r") and "regards" not in skip else None

    def generate(self, prompt="", max_words=60, *, temperature=0.8, top_p=0.95, seed=None, stream):
        assert stream
        for i in range(max_words):
            yield f" <w{i}>" if seed is None else f" {seed}"

    def learn(self, text):
        self.memory += text.strip(".!? ").split()

    def forget(self):
        self.memory.clear()

    def fork(self):
        fork = Fake()
        fork.calls = self.calls
        return fork

    @property
    def learned(self):
        return len(self.memory)


fake = Fake()


@pytest.fixture(scope="module")
def url():
    from nlp_gru.apps import next_word

    with served(next_word.build(fake, "# the card")) as url:
        yield url


@pytest.fixture(scope="module")
def client(url):
    return gradio_client.Client(url, verbose=False)


@pytest.fixture
def new_client(url):
    return gradio_client.Client(url, verbose=False)


def ask(client, text, learning=False):
    return client.predict(text, learning, "", api_name="/next_word")[:3]


def texts(answer):
    return [word["text"] for word in answer["words"]]


@pytest.mark.parametrize(
    ("text", "context", "prefix"),
    [
        ("see y", "see ", "y"),
        ("see you ", "see you ", ""),
        ("", "", ""),
        ("line\nhel", "line\n", "hel"),
        ("line\n", "line\n", ""),
        ('say ("hel', 'say ("', "hel"),
        ("see\u2003y", "see\u2003", "y"),
    ],
)
def test_splits_at_the_last_blank_before_the_caret(client, text, context, prefix):
    fake.calls.clear()
    answer, bars, _ = ask(client, text)
    assert (answer["context"], answer["prefix"]) == (context, prefix)
    assert texts(answer) == [w for w in WORDS if w.startswith(prefix)][:3]
    assert fake.calls == [(context.rstrip('("'), prefix, 10)] and "50.0 %" in bars


def test_phrases_are_shown_until_their_first_word_was_not_taken(client):
    answer, *_ = ask(client, "with kind r")
    assert answer["phrase"] == {"text": "regards from here", "score": 0.6}
    assert ask(client, "with kind ")[0]["phrase"] is None
    from nlp_gru.apps import next_word

    session = next_word.Session(Fake())
    session.keyboard.learn("regards")
    assert session.suggest("with kind ", "r")[1] is not None and "regards" in session.offered
    assert session.suggest("with kind ", "r")[1] is None
    assert session.suggest("a kind ", "r")[1] is not None


def test_escapes(client):
    answer, bars, _ = ask(client, "a<b")
    assert texts(answer) == ["a<b>bold</b>"]
    assert "a&lt;b&gt;bold" in bars and "<b>bold" not in bars


@pytest.mark.parametrize("text", ["   ", "\n", "🙂" * 50, "a" * 50_000, "y " * 50_000, "\x00", "</script>"])
def test_odd_text_has_an_answer(client, text):
    answer, bars, memory = ask(client, text)
    assert len(answer["context"] + answer["prefix"]) <= 4_000
    assert text.endswith(answer["context"] + answer["prefix"]) and bars and memory


def test_halves_of_characters_are_dropped():
    from nlp_gru.apps import next_word

    assert next_word.split("\udc00a b\ud83d") == ("a ", "b")


def test_learns_from_the_button_for_this_session_alone(new_client, client):
    assert "<b>5</b> words" in new_client.predict("Yellow zebras. Yes\nzygote yo", "", api_name="/next_word_learn")[0]
    assert "<b>5</b> words" in new_client.predict("Yellow zebras.", "", api_name="/next_word_learn")[0], (
        "each sentence once"
    )
    answer, _, memory = ask(new_client, "many z")
    assert texts(answer) == ["zebras", "zygote"] and "<b>5</b>" in memory
    other, _, nothing = ask(client, "many z")
    assert texts(other) == [] and "Nothing learned" in nothing
    assert "Nothing learned" in new_client.predict("", api_name="/next_word_forget")[0]
    assert texts(ask(new_client, "many z")[0]) == []
    assert "<b>1</b> word " in new_client.predict("Yellow", "", api_name="/next_word_learn")[0]


def test_learns_a_sentence_as_it_ends(new_client):
    assert "Nothing" in ask(new_client, "My zebra. ")[2], "not unless asked to"
    assert "Nothing" in ask(new_client, "My zebra", True)[2]
    assert "Nothing" in ask(new_client, "My zebra.", True)[2], "may go on as in 3.14"
    for text in ("My zebra. ", "My zebra. I", "My zebra. I see", "My zebra. "):
        assert "<b>2</b> words" in ask(new_client, text, True)[2]
    assert "<b>3</b> words" in ask(new_client, "My zebra. Ran\n", True)[2]
    new_client.predict("", api_name="/next_word_forget")[0]
    assert "Nothing" in ask(new_client, "x" * 4_000 + " end. ", True)[2]
    assert "<b>1</b>" in ask(new_client, "x" * 4_000 + " end. Whole. ", True)[2]


def test_generates_a_token_at_a_time(client):
    job = client.submit("A <prompt>", 0.8, 0.95, 200, "", api_name="/next_word_generate")
    last = job.result()
    assert last.startswith('<div class="words">A &lt;prompt&gt;<span class="new"> &lt;w0&gt;')
    assert "&lt;w199&gt;" in last and len(job.outputs()) > 1
    seeded = client.submit("", 0, 1, 10, "7", api_name="/next_word_generate").result()
    assert '<span class="new">' + " 7" * 10 + "</span>" in seeded
    with pytest.raises(Exception, match="whole number"):
        client.submit("", 0, 1, 10, "x", api_name="/next_word_generate").result()
