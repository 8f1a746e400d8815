"""Laws of sampling, keystroke counting, and the keyboard's memory."""

import json
from collections import Counter
from itertools import islice

import numpy as np
import pytest

from nlp_gru.decoding.sampling import choose, repeats, sample
from nlp_gru.errors import UserError
from nlp_gru.tools.keyboard.memory import Memory, sentences
from nlp_gru.training.keystrokes import type_texts

P = np.array([0.1, 0.5, 0.05, 0.35])


def draws(n=4000, **settings):
    generator = np.random.default_rng(0)
    chosen = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, **settings}
    return Counter(choose(P, draw=generator, **chosen) for _ in range(n))


def test_sampling_laws():
    assert draws(temperature=0) == {1: 4000}
    assert draws(top_k=1) == {1: 4000} and set(draws(top_k=2)) == {1, 3}
    assert set(draws(top_p=0.5)) == {1} and set(draws(top_p=0.84)) == {1, 3}
    counts = draws()
    assert all(abs(counts[i] / 4000 - p) < 0.03 for i, p in enumerate(P))
    assert draws(temperature=0.5)[1] > counts[1] > draws(temperature=2)[1]


def test_no_sequence_comes_twice():
    loop = np.array([[0.0, 0.9, 0.1], [0.9, 0.0, 0.1], [0.5, 0.5, 0.0]])
    text = list(islice(sample(loop[0], None, lambda i, s: (loop[i], s), no_repeat_ngram_size=3, temperature=0), 12))
    triples = list(zip(text, text[1:], text[2:], strict=False))
    assert len(triples[:8]) == len(set(triples[:8]))
    assert repeats([1, 2, 3, 1, 2], 3) == {3} and repeats([1, 2], 3) == set()
    assert repeats([1, 2, 1, 2, 1], 2, times=2) == {2} and repeats([1, 2, 1], 2, times=2) == set()


def test_a_word_with_and_without_its_blank_is_one_word():
    # 0 and 3 are one word, which stands behind a blank at every other time; 4 is what else could be said.
    after = {1: [0, 0, 0.9, 0, 0.1], 2: [0.5, 0, 0, 0.4, 0.1], 4: [0, 0.9, 0, 0, 0.1]}

    def step(token, times):
        p = [0, 0.9, 0, 0, 0.1] if token in (0, 3) else after[token]
        if token == 2 and times % 2:
            p = [0.4, 0, 0, 0.5, 0.1]
        return np.array(p), times + (token == 2)

    def said(alike):
        tokens = list(islice(sample(step(2, 0)[0], 0, step, temperature=0, no_repeat_ngram_size=9, alike=alike), 9))
        words = [0 if token == 3 else token for token in tokens]
        return max(Counter(zip(words, words[1:], words[2:], strict=False)).values())

    assert said(np.array([0, 1, 2, 0, 4])) == 2 < said(None)


def test_a_seed_gives_the_same_text():
    def text(seed):
        return list(islice(sample(P, None, lambda i, s: (P, s), seed=seed, no_repeat_ngram_size=0), 30))

    assert text(1) == text(1) != text(2)


def count(suggest, text, **options):
    return type_texts(suggest, [text], **options)


def test_keystrokes():
    nothing = count(lambda c, p, k: [], "Hello there, you.")
    assert nothing.keystrokes == nothing.characters == 18
    known = ["Hello", "there", "you"]
    helped = count(lambda c, p, k: [w for w in known if w.startswith(p)], "Hello there, you.")
    assert (helped.words, helped.among, helped.first) == (3, 3, 1)
    assert helped.keystrokes == 1 + (1 + 2) + (1 + 2)
    assert count(lambda c, p, k: ["hello"] if len(p) >= 2 else [], "Hello").keystrokes == 3
    asked = []
    count(lambda c, p, k: asked.append((c, p)) or [], '"ab c')
    assert asked == [('"', ""), ('"', "a"), ('"ab ', "")]
    heard = []
    count(lambda c, p, k: [], "a b", learn=heard.append)
    assert heard == ["a b"]
    assert count(lambda c, p, k: [], " .  - ").figures()["keystrokes_saved"] == 0


def test_sentences():
    assert sentences('He said: "Go!" Now\nyou') == [["He", "said", "Go"], ["Now"], ["you"]] or sentences("a b. c") == [
        ["a", "b"],
        ["c"],
    ]
    assert sentences("a b.", keep_empty=True) == [["a", "b"], []]


def test_memory_learns_words_and_phrases():
    memory = Memory()
    assert memory.words("", "", 3) == {} and memory.trust("") == 0
    memory.learn("The Zugspitze is high. I climbed the Zugspitze twice.")
    best = memory.words("we climbed the ", "", 3)
    assert next(iter(best)) == "zugspitze" and memory.spelling["zugspitze"] == "Zugspitze"
    assert next(iter(memory.words("", "zug", 3))) == "zugspitze" and memory.words("", "q", 3) == {}
    assert 0 < memory.trust("anything ") < memory.trust("climbed the ") < 1
    assert sum(memory.words("climbed the ", "", 1000).values()) == pytest.approx(memory.trust("climbed the "))
    assert memory.learned == 9
    memory.forget()
    assert memory.words("", "", 3) == {} and memory.learned == 0


def test_memory_stays_small():
    memory = Memory(capacity=100)
    memory.learn(" ".join(f"w{i}" for i in range(1000)))
    assert len(memory.counts) <= 100 and "w998" in memory.counts and "*" in memory.counts


def test_memory_file(tmp_path):
    path = tmp_path / "memory.json"
    memory = Memory()
    memory.learn("naïve 🙂 words don't break")
    memory.save(path)
    other = Memory()
    other.load(path)
    assert (other.learned, other.counts, other.spelling) == (memory.learned, memory.counts, memory.spelling)
    before = path.read_bytes()
    for broken in (b"", b"{", b"[]", b'{"format": 2}', b"\xff\xfe", json.dumps({"counts": {"a": 3}}).encode()):
        path.write_bytes(broken)
        with pytest.raises(UserError, match="memory"):
            other.load(path)
        assert other.counts == memory.counts
    with pytest.raises(UserError, match="not a memory file"):
        other.load(tmp_path / "gone.json")
    with pytest.raises(FileNotFoundError):
        memory.save(tmp_path / "no" / "folder.json")
    path.write_bytes(before)
    other.load(path)
    assert list(tmp_path.iterdir()) == [path]
