"""The index: what is stored is what is found, and every damaged folder is told in one sentence."""

import json
import os
import shutil

import numpy as np
import pytest
from test_similarity import LONG, NOTES, check_alike

import nlp_gru
from nlp_gru import Index, UserError
from nlp_gru.tools.similarity.encoder import TextEncoder

QUERY = "When can I come in?"


@pytest.fixture(scope="module")
def encoder():
    return nlp_gru.load("similarity")


@pytest.fixture
def saved(encoder, tmp_path):
    Index.of(encoder, [*NOTES, LONG]).save(tmp_path / "index")
    return tmp_path / "index"


def test_it_finds_what_a_search_without_it_finds(encoder):
    texts = [*NOTES, LONG, "", "🙂", "日本語"]
    index = Index.of(encoder, texts, dimensions=384)
    for query in (QUERY, "How long may I take to pay?", "🙂"):
        check_alike(index.search(query), encoder.search(query, texts))
    for query, hits in zip([QUERY, "bread"], index.search([QUERY, "bread"], k=2), strict=True):
        check_alike(hits, index.search(query, k=2))


def test_saved_and_opened_it_answers_alike(encoder, saved):
    index = Index.of(encoder, [*NOTES, LONG])
    opened = Index.open(saved)
    (rows,) = opened._stored.vectors
    assert not rows.flags.writeable and rows.dtype == np.int8
    opened.add(["New."])
    assert len(opened) == 6 and opened.search("New.", k=1)[0].index == 5
    assert opened._stored.vectors[0] is rows  # still on the disk
    opened.delete(5)
    assert opened.search(QUERY) == index.search(QUERY) and len(opened) == 5 and repr(opened) == repr(index)
    assert not any(b"pickle" in path.read_bytes() for path in saved.iterdir())


def test_texts_keep_their_numbers_while_others_come_and_go(encoder, saved, tmp_path):
    index = Index.open(saved, encoder)
    assert index.add(["The museum is closed on Mondays.", "Dogs are welcome."], ["a.csv, row 1", "a.csv, row 2"]) == [
        5,
        6,
    ]
    index.delete([0, 5])
    assert len(index) == 5 and {hit.index for hit in index.search(QUERY)} == {1, 2, 3, 4, 6}
    index.save(saved)  # over the files that it reads from
    check_alike(index.search(QUERY), Index.open(saved, encoder).search(QUERY))
    again = Index.open(saved, encoder)
    assert again.add(["New."]) == [7]
    hit = again.search("May I bring my dog?", k=1)[0]
    assert hit.index == 6 and hit.source == "a.csv, row 2" and hit.text == "Dogs are welcome."
    assert len(list(saved.iterdir())) == 6  # nothing old is left


def test_an_empty_one_is_an_index_too(encoder, tmp_path):
    index = Index(encoder)
    assert index.search("x") == [] and len(index) == 0
    index.save(tmp_path / "i")
    assert Index.open(tmp_path / "i", encoder).search("x", k=1_000_000) == []
    index.add(["one row"])
    assert [hit.text for hit in index.search("x", k=3)] == ["one row"]
    index.delete(0)
    assert index.search("x") == []
    index.add(["", "  "])
    assert index.search("x") == [] and len(index) == 2


def test_a_data_file_becomes_an_index(encoder, tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("note,day\n" + "\n".join(f'"{note}",1' for note in [*NOTES[:2], "", *NOTES[2:]]))
    index = Index.read(encoder, str(path), column="note")
    assert len(index) == 4 and index.search("new password", k=1)[0].source == f"{path}, row 4"
    with pytest.raises(UserError, match="no column 'text'"):
        Index.read(encoder, str(path))


@pytest.mark.parametrize("wanted", [5, [1, 99], [-1], True, "1"])
def test_deleting_what_is_not_there_changes_nothing(encoder, wanted):
    index = Index.of(encoder, NOTES)
    with pytest.raises((UserError, TypeError)):
        index.delete(wanted)
    assert len(index) == 4
    index.delete(1)
    with pytest.raises(UserError, match="there is no text 1 in the index"):
        index.delete(1)


def test_bad_calls(encoder, tmp_path):
    index = Index.of(encoder, NOTES)
    for call, message in (
        (lambda: index.search("", 1), "the query is empty"),
        (lambda: index.search("x", 0), "k is a number from 1"),
        (lambda: index.search("x", 1_000_001), "k is a number from 1"),
        (lambda: Index(encoder, 385), "dimensions is a number from 1 to 384"),
        (lambda: index.add(["a", "b"], ["only one"]), "1 sources for 2 texts"),
        (lambda: index.add(["fine", "x" * 1_000_001]), "too long"),
        (lambda: Index.open(tmp_path), "there is no index in this folder"),
        (lambda: Index.of(TextEncoder(encoder.model), NOTES).save(tmp_path / "i"), "of no model folder"),
    ):
        with pytest.raises(UserError, match=message):
            call()
    assert len(index) == 4 and index.add(["next"]) == [4]


def test_an_index_of_another_encoder_is_refused(encoder, saved):
    with pytest.raises(UserError, match="made with another encoder"):
        Index.open(saved, TextEncoder(encoder.model, "0" * 64))


def test_a_folder_of_something_else_is_left_alone(encoder, tmp_path):
    (tmp_path / "config.json").write_text('{"head": "sentiment"}')
    with pytest.raises(UserError, match="not a config of an index"):
        Index.of(encoder, NOTES).save(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def _file(folder, stem):
    return next(folder.glob(f"{stem}-*"))


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("stem", ["vectors", "scales", "passages", "texts"])
def test_a_file_cut_short_is_told(encoder, saved, stem, check):
    path = _file(saved, stem)
    for size in (path.stat().st_size - 7, 100, 5, 0):
        os.truncate(path, size)
        with pytest.raises(UserError, match="damaged") as raised:
            Index.open(saved, encoder, check=check)
        assert "\n" not in str(raised.value)
    path.unlink()
    with pytest.raises(UserError, match="No such file"):
        Index.open(saved, encoder, check=check)


@pytest.mark.parametrize("stem", ["vectors", "scales", "passages", "texts"])
def test_one_changed_byte_is_told(encoder, saved, stem):
    path = _file(saved, stem)
    data = bytearray(path.read_bytes())
    data[-9] ^= 1
    path.write_bytes(data)
    with pytest.raises(UserError, match="SHA-256 is another"):
        Index.open(saved, encoder)


def _rewritten(saved, stem, change):
    """The file changed by one who knows that its sum is not asked for."""
    path = _file(saved, stem)
    values = np.load(path)
    np.save(path, change(values.copy()))


def _set(place, value):
    def change(values):
        values[place] = value
        return values

    return change


@pytest.mark.parametrize(
    ("stem", "change"),
    [
        ("vectors", lambda v: v.astype(np.int16)),
        ("vectors", lambda v: v[:, :128]),
        ("vectors", np.asfortranarray),
        ("vectors", lambda v: v.reshape(-1)),
        ("scales", _set(0, np.nan)),
        ("scales", lambda v: v.astype(object)),
        ("passages", _set((0, 0), 77)),
        ("passages", _set((0, 1), -5)),
        ("passages", _set((0, 2), 0)),
        ("texts", _set((0, 0), -1)),
        ("texts", _set((1, 1), 10**12)),
        ("texts", _set((1, 0), 0)),
        ("texts", _set((4, 0), 99)),
    ],
)
def test_numbers_that_lead_elsewhere_are_told(encoder, saved, stem, change):
    _rewritten(saved, stem, change) if stem != "texts" else np.save(
        file := next(saved.glob("texts-*.npy")), change(np.load(file))
    )
    with pytest.raises(UserError, match="damaged"):
        Index.open(saved, encoder, check=False)


def test_texts_that_are_none_are_told_when_they_are_found(encoder, saved):
    path = next(saved.glob("texts-*.jsonl"))
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(UserError, match="its text 0 cannot be read"):
        Index.open(saved, encoder, check=False).search(QUERY)


@pytest.mark.parametrize(
    "change",
    [
        {"dimensions": 128},
        {"dimensions": 0},
        {"dimensions": 385},
        {"texts": 4},
        {"passages": 10**9},
        {"next": 1},
        {"format": 2},
        {"kind": "other"},
        {"encoder": "../.."},
        {"sha256": {}},
        {"sha256": {"vectors.npy": "../../x"}},
        {"more": 1},
    ],
)
def test_a_config_that_does_not_fit_is_told(encoder, saved, change):
    config = json.loads((saved / "config.json").read_text())
    (saved / "config.json").write_text(json.dumps(config | change))
    with pytest.raises(UserError) as raised:
        Index.open(saved, encoder)
    assert "\n" not in str(raised.value)


def test_a_saving_cut_short_leaves_the_one_before(encoder, saved, monkeypatch):
    index = Index.open(saved, encoder)
    before = index.search(QUERY)
    index.add(["We open at ten."])
    replace = os.replace

    def killed(source, target):
        if str(target).endswith("config.json"):
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        index.save(saved)
    monkeypatch.undo()
    assert Index.open(saved, encoder).search(QUERY) == before
    index.save(saved)
    assert len(Index.open(saved, encoder)) == 6 and len(list(saved.iterdir())) == 6


def test_both_engines_open_the_same_index(encoder, saved):
    for engine in ("onnx", "torch"):
        found = Index.open(saved, nlp_gru.load("similarity", engine=engine)).search(QUERY)
        assert [hit.index for hit in found] == [hit.index for hit in Index.open(saved, encoder).search(QUERY)]


def test_many_small_additions_are_one_large_one(encoder, tmp_path):
    texts = [*NOTES, LONG, "", *(f"Room {i} is on floor {i // 10}." for i in range(20))]
    one, many = Index.of(encoder, texts), Index(encoder)
    for i, text in enumerate(texts):
        assert many.add([text]) == [i]
        if i % 3 == 0:
            many.search("floor", k=1)
        if i == 7:
            many.save(tmp_path / "i")
            many = Index.open(tmp_path / "i", encoder)
    check_alike(many.search(QUERY, k=3), one.search(QUERY, k=3))
    many.save(tmp_path / "i")
    again = Index.open(tmp_path / "i", encoder)
    assert len(again) == len(texts) and {hit.text for hit in again.search("floor", k=99)} == {t for t in texts if t}


def test_a_copy_of_the_folder_is_the_index(encoder, saved, tmp_path):
    shutil.copytree(saved, tmp_path / "copy")
    assert Index.open(tmp_path / "copy", encoder).search(QUERY) == Index.open(saved, encoder).search(QUERY)
