"""The decoder, the next-word head and the keyboard over it."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import nlp_gru
from nlp_gru.backbone.batch import collate, frame
from nlp_gru.backbone.decoder import State
from nlp_gru.decoding.word_search import Spelling, WordSearch, window
from nlp_gru.errors import UserError
from nlp_gru.heads import HEADS
from nlp_gru.heads.checkpoint import load_model
from nlp_gru.model_folder.options import BaseOptions, ModelConfig, NextWordOptions
from nlp_gru.tools.keyboard.keyboard import Keyboard


@pytest.fixture
def head(make_head):
    return make_head("next_word", hidden=12).eval()


@pytest.fixture
def keyboard(head):
    return Keyboard(head)


@pytest.mark.parametrize("layers", [1, 2])
def test_reading_at_once_is_reading_step_by_step(make_head, layers):
    decoder = make_head("next_word", layers=layers).eval().decoder
    ids = torch.randint(8, 100, (3, 7))
    whole, end = decoder(ids)
    state, parts = decoder.start(3), []
    for t in range(7):
        part, state = decoder(ids[:, t : t + 1], state)
        parts.append(part)
    assert torch.allclose(torch.cat(parts, 1), whole, atol=1e-6)
    assert torch.allclose(state.hidden, end.hidden, atol=1e-6)


def test_the_future_is_not_seen(head):
    ids = torch.randint(8, 100, (2, 9))
    other = ids.clone()
    other[:, 5:] = torch.randint(100, 200, (2, 4))
    assert torch.equal(head.decoder(ids)[0][:, :5], head.decoder(other)[0][:, :5])
    assert not torch.allclose(head.decoder(ids)[0][:, 5:], head.decoder(other)[0][:, 5:])


@pytest.mark.parametrize("hidden", [12, 20])
def test_a_wider_model_starts_as_the_narrow_one(tokenizer, hidden):
    config = ModelConfig(embedding=16, hidden=12, bidirectional=False)
    narrow = config.model_copy(update={"hidden": 8, "bidirectional": True})
    base = HEADS["base"].build(narrow, BaseOptions(decoder_hidden=12, dimensions=8), tokenizer).eval()
    wide = HEADS["next_word"].build(config.model_copy(update={"hidden": hidden}), NextWordOptions(), tokenizer).eval()
    batch = collate([frame(tokenizer.encode("See you tomorrow"))])
    started = wide.init_from(base)
    assert wide.metrics([batch])["nll"] == pytest.approx(base.metrics([batch])["nll"], abs=1e-5)
    assert {n for n, _ in wide.named_parameters()} == set(started)
    wider = HEADS["next_word"].build(config.model_copy(update={"hidden": 24}), NextWordOptions(), tokenizer).eval()
    assert set(wider.init_from(wide)) == set(started)
    assert wider.metrics([batch])["nll"] == pytest.approx(base.metrics([batch])["nll"], abs=1e-5)
    assert wide.init_from(wider) == []


class Toy:
    """A model of tokens whose probabilities after each token are fixed, so that all texts can be enumerated."""

    tokens = (
        "<pad>",
        "<unk>",
        "<s>",
        "</s>",
        *("<turn>", "<bot>", "<en>", "<fr>"),
        *["▁", "a", "b", "ab", "▁a", "▁A", "▁ab", "▁b", ".", "'"],
    )

    edition = 1

    def __init__(self, seed):
        self.tokenizer = self
        p = np.random.default_rng(seed).dirichlet(np.full(len(self.tokens), 0.5), len(self.tokens)).astype(np.float32)
        p[:, [0, 1, 2, 4, 5, 6, 7]] = 0
        self.p = p / p.sum(1, keepdims=True)

    def __len__(self):
        return len(self.tokens)

    def token(self, i):
        return self.tokens[i]

    def encode(self, text):
        return [self.tokens.index("▁b")] if text else []

    def read(self, ids, state):
        return self.p[ids[-1]], ids[-1]

    def step_many(self, ids, states):
        return self.p[ids], list(ids)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("prefix", ["", "a", "A", "ab", "aba"])
def test_words_are_the_sum_of_their_tokenisations(seed, prefix):
    toy = Toy(seed)
    spelling = Spelling(toy)
    found = WordSearch(toy, spelling).search("b ", prefix, k=500, width=5000, rounds=4)
    exact = {}
    usable = [i for i in range(8, len(toy))]
    for n in range(1, 5):
        for ids in itertools.product(usable, repeat=n):
            text = "".join(spelling.text[i] for i in ids)
            inner = all(spelling.inner[i] for i in ids[1:])
            if not (
                inner and text[0] == " " and text[1:2].isalpha() and text[1:].casefold().startswith(prefix.casefold())
            ):
                continue
            p = np.prod([toy.p[a, b] for a, b in zip([toy.encode("b")[0], *ids], ids, strict=False)])
            key = text.strip().rstrip("'").casefold()
            exact[key] = exact.get(key, 0) + p * toy.p[ids[-1]][spelling.ends].sum()
    best = sorted(exact.items(), key=lambda item: -item[1])[:3]
    for (word, p), (got, q) in zip(best, found.best(3), strict=False):
        assert got.casefold() == word and q == pytest.approx(p, rel=1e-4)


def test_a_token_is_one_word_with_and_without_its_blank():
    spelling = Spelling(toy := Toy(0))
    for i in range(len(toy)):
        for j in range(len(toy)):
            same = bool(spelling.text[i].strip()) and spelling.text[i].lstrip(" ") == spelling.text[j].lstrip(" ")
            assert (spelling.alike[i] == spelling.alike[j]) == (same or i == j)


def test_scores_are_probabilities_and_words_begin_with_the_letters(keyboard):
    for prefix in ("", "t", "Th", "w"):
        answers = keyboard.suggest("I would like ", prefix, 10)
        assert answers and sum(a.score for a in answers) <= 1.0001
        assert [a.score for a in answers] == sorted((a.score for a in answers), reverse=True)
        assert all(a.text.casefold().startswith(prefix.casefold()) and " " not in a.text for a in answers)
        assert len({a.text.casefold() for a in answers}) == len(answers)


def test_how_a_text_is_split_makes_no_difference(keyboard):
    expected = keyboard.fork().suggest("I would ", "li", 5)
    assert keyboard.suggest("I would li", "", 5) == expected == keyboard.suggest("", "I would li", 5)


def test_state_is_kept_between_keys(head, monkeypatch):
    keyboard = Keyboard(head)
    lengths = []
    read = head.read
    monkeypatch.setattr(head, "read", lambda ids, state: lengths.append(len(ids)) or read(ids, state))
    text = "The quick brown fox jumps over the lazy dog and runs"
    for i in range(len(text) + 1):
        keyboard.suggest(text[:i])
    words = len(text.split())
    assert len(lengths) <= words and sum(lengths) < 4 * words


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(alphabet="ab tT.\n'é", max_size=6), max_size=6), st.text(alphabet="atT'é", max_size=3))
def test_cached_answers_equal_fresh_ones(tokenizer, parts, prefix):
    torch.manual_seed(0)
    model = (
        HEADS["next_word"]
        .build(ModelConfig(embedding=8, hidden=8, bidirectional=False), NextWordOptions(), tokenizer)
        .eval()
    )
    typing, text = Keyboard(model), ""
    for part in parts:
        text += part
        kept = typing.suggest(text, prefix, 3)
        fresh = typing.fork().suggest(text, prefix, 3)
        assert [a.text for a in kept] == [a.text for a in fresh]
        assert np.allclose([a.score for a in kept], [a.score for a in fresh], atol=1e-4)


@pytest.mark.parametrize(
    "context", ["", " ", "\n\n", "a" * 1_000_000, "word " * 200_000, "🙂" * 5000, "日本語 ", "12 345 ", "\x00"]
)
@pytest.mark.parametrize("prefix", ["", "h", "two words", "42", "🙂", "日", "x" * 5000, "'", '"he', "don'"])
def test_odd_input_has_an_answer(keyboard, context, prefix, read_characters):
    assert len(keyboard.suggest(context, prefix, 3)) <= 3
    assert read_characters() < 2_000


def test_numbers_of_suggestions(keyboard):
    assert keyboard.suggest("a ", "", 0) == []
    assert 0 < len(keyboard.suggest("a ", "", 1000)) <= 50
    with pytest.raises(UserError, match="0 or more"):
        keyboard.suggest("a ", "", -1)
    with pytest.raises(TypeError, match="not int"):
        keyboard.suggest(3)


def test_the_window_moves_in_blocks():
    text = "".join(f"word{i} " for i in range(1000))
    starts = {text.index(window(text[:n])) for n in range(3000, 3390)}
    assert len(starts) <= 2 and len(window(text)) <= 1001


def test_generation(keyboard):
    text = keyboard.generate("Hello", 20, seed=3)
    assert text == keyboard.generate("Hello", 20, seed=3) != keyboard.generate("Hello", 20, seed=4)
    assert 1 <= len(text.split()) <= 21
    assert "".join(keyboard.generate("Hello", 20, seed=3, stream=True)) == text
    assert not keyboard.generate("Hello ", 5, seed=1).startswith(" ")
    assert keyboard.generate("x", 0) == ""
    for wrong in ({"temperature": -1}, {"top_p": 0}, {"top_k": -1}, {"max_words": -1}):
        with pytest.raises(UserError):
            keyboard.generate("x", **wrong)


def test_streamed_tokens_never_split_a_character(keyboard, monkeypatch):
    ids = keyboard.model.tokenizer.encode("so 🙂 日本 é")
    monkeypatch.setattr("nlp_gru.tools.keyboard.keyboard.sample", lambda *a, **k: iter(ids))
    parts = list(keyboard.generate("", stream=True))
    assert "".join(parts) == "so 🙂 日本 é" and not any("\ufffd" in p for p in parts)


def test_only_forward_models(tokenizer):
    with pytest.raises(UserError, match="bidirectional = false"):
        HEADS["next_word"].build(ModelConfig(), NextWordOptions(), tokenizer)


def test_states_select_rows():
    state = State(torch.arange(6.0).view(1, 3, 2))
    assert state.select(torch.tensor([2, 0, 2])).hidden.tolist() == [[[4, 5], [0, 1], [4, 5]]]


def test_load_gives_a_keyboard(head, tmp_path):
    from nlp_gru.heads.checkpoint import save_model

    save_model(head, tmp_path / "m")
    assert isinstance(nlp_gru.load(tmp_path / "m"), nlp_gru.Keyboard)
    assert type(load_model(tmp_path / "m")) is HEADS["next_word"]


@pytest.mark.parametrize(("text", "words"), [("word.", []), ("ok!", []), ("don'", ["'"]), ("well-", ["-"])])
def test_a_finished_word_has_no_letters_to_add(keyboard, text, words):
    offered = keyboard.suggest("", text)
    assert all(any(mark in s.text for mark in words) for s in offered)
