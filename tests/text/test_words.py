"""The list of known words and the blocklist, as files."""

import re
import zlib

import numpy as np
import pytest

import nlp_gru
from nlp_gru.errors import UserError
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.text.word_list import Blocklist, WordList, bundled_words, pack_blocklist


def test_a_packed_list_comes_back(tmp_path):
    words = WordList({"the": 100_000, "Monday": 40, "don't": 3000, "café": 2, "I": 1})
    (tmp_path / "words.bin").write_bytes(words.packed())
    again = WordList.load(tmp_path / "words.bin")
    assert again.words == words.words and "MONDAY" in again and "monda" not in again
    assert np.allclose(np.log(again.counts), np.log(words.counts), atol=0.35)
    low, high = again.starting_with("d")
    assert again.words[low:high] == ["don't"]
    assert bundled_words(tmp_path / "elsewhere") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing",
        zlib.compress(b"word"),
        zlib.compress(b"word x"),
        zlib.compress(b"a b c"),
        zlib.compress(b"\xff 3"),
        zlib.compress(b"a 1\n" * 300_000),
        zlib.compress(bytes(6_000_000)),
        zlib.compress(b"a 1\nb 2")[:-3],
    ],
)
def test_a_damaged_list_is_refused(tmp_path, data):
    (tmp_path / "words.bin").write_bytes(data)
    with pytest.raises(UserError, match=r"words\.bin: not a list of words"):
        WordList.load(tmp_path / "words.bin")


def test_the_bundled_list():
    words = bundled_words(PRETRAINED / "next_word")
    assert (PRETRAINED / "next_word" / "words.bin").stat().st_size < 400_000
    for word in ("Monday", "French", "I", "I'm", "don't", "the", "tomorrow", "restaurant"):
        assert words.words[words.place[word.casefold()]] == word
    for word in ("dont", "teh", "im", "recieve", "definately"):
        assert word not in words
    assert not any(word in Blocklist.bundled() for word in words.words)


def test_first_tokens_share_out_their_words():
    keyboard = nlp_gru.load("next_word")
    first, share = keyboard.known.words.first_tokens(keyboard.model.tokenizer)
    assert np.allclose(np.bincount(first, share)[np.unique(first)], 1)
    place = keyboard.known.words.place["monday"]
    assert keyboard.model.tokenizer.token(int(first[place])) == "▁monday"


def test_a_blocklist_holds_sums_alone():
    data = pack_blocklist(["blunder", "oaf"])
    blocklist = Blocklist(data)
    assert len(data) == 16 and b"oaf" not in data
    assert all(word in blocklist for word in ("oaf", "OAF", "Oaf's", "oaf’s")) and "loaf" not in blocklist
    with pytest.raises(UserError):
        Blocklist(data[:-1])
    assert not re.search(rb"[a-z]{6}", (PRETRAINED / "blocklist.bin").read_bytes())
