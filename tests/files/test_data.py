"""The preparation scripts on small made-up sources: splits do not leak, and reading says what is wrong."""

import random
import re
import sys

import chat
import common
import pandas as pd
import pretrain
import pytest
import sentiment
import translation

from nlp_gru.data_files import rows as dataset
from nlp_gru.errors import UserError

pytestmark = pytest.mark.slow


@pytest.fixture
def source(tmp_path, monkeypatch):
    def rows(name, n, **columns):
        texts = [f"{name} text number {i} of many" for i in range(n)]
        pd.DataFrame({"text": texts, **{k: [v(i) for i in range(n)] for k, v in columns.items()}}).to_parquet(
            tmp_path / f"{name}.parquet"
        )

    rows("clothing_reviews_train", 300, label=lambda i: i % 2)
    rows("semeval_tweets_3way_train", 200, label=lambda i: i % 3)
    rows("imdb_test_a", 20, label=lambda i: i % 2)
    rows("clinc150_intents_train", 60, intent=str)
    rows("clinc150_intents_valid", 20, intent=str)
    leak = pd.read_parquet(tmp_path / "imdb_test_a.parquet").text[0]
    reviews = pd.DataFrame({"text": [f"film {i}" for i in range(200)] + [leak], "label": [i % 2 for i in range(201)]})
    for module in (sentiment, pretrain):
        monkeypatch.setattr(module, "imdb_train", lambda: reviews)
    return tmp_path


def run(module, monkeypatch, source, out):
    monkeypatch.setattr(sys, "argv", ["prepare", "--source", str(source), "--out", str(out)])
    module.main()
    return {p.stem: pd.read_parquet(p) for p in out.rglob("*.parquet")}


def test_sentiment_splits_do_not_leak(source, tmp_path, monkeypatch):
    files = run(sentiment, monkeypatch, source, tmp_path / "out")
    train, valid = set(files["train"].text), set(files["valid"].text)
    tests = set(files["imdb"].text) | set(files["clothing"].text)
    assert train and valid and tests
    assert not train & valid and not train & tests and not valid & tests
    assert set(files["train"].label) == {"negative", "neutral", "positive"}
    assert len(files["clothing"]) == pytest.approx(30, abs=15)
    times = files["train"].groupby(["source", "text"]).size()
    assert set(times["semeval_tweets_3way_train"]) == {2} and set(times["clothing_reviews_train"]) == {1}


def test_messages_written_by_hand_keep_their_labels(source, tmp_path, monkeypatch):
    """Each stands six times a pass, also where another set labels the same text otherwise."""
    written = pd.read_csv(sentiment.PLAIN, keep_default_na=False)
    trained = written[written.text.map(sentiment.fold) >= 8]
    clash = trained[trained.label == "neutral"].text[:30]
    pd.DataFrame({"text": clash, "label": 0}).to_parquet(source / "rt_train_no_sst_eval.parquet")
    train = run(sentiment, monkeypatch, source, tmp_path / "out")["train"]
    found = train[train.text.isin(trained.text)]
    assert set(found.source) == {"plain"} and set(found.groupby("text").size()) == {6}
    assert dict(zip(found.text, found.label, strict=True)) == dict(zip(trained.text, trained.label, strict=True))


def test_messages_written_by_hand_are_many_different_and_balanced():
    written = pd.read_csv(sentiment.PLAIN, keep_default_na=False)
    assert list(written.columns) == ["text", "label"] and (written.text.str.strip() == written.text).all()
    shares = written.label.value_counts(normalize=True)
    assert set(shares.index) == {"negative", "neutral", "positive"} and shares.between(0.30, 0.37).all()
    assert written.text.str.split().str.len().between(1, 60).all() and len(written) > 6000
    alike = written.text.map(lambda t: " ".join(re.findall(r"\w+", t.lower())) or t)
    assert not alike.duplicated().any(), sorted(written.text[alike.duplicated(keep=False)])


def test_pretraining_text_holds_nothing_that_sentiment_holds_out(source, tmp_path, monkeypatch):
    held = run(sentiment, monkeypatch, source, tmp_path / "s")
    text = run(pretrain, monkeypatch, source, tmp_path / "p")
    seen = set(text["train"].text) | set(text["valid"].text)
    assert len(seen) > 100
    assert (
        not seen & set(held["valid"].text)
        and not seen & set(held["clothing"].text)
        and not seen & set(held["imdb"].text[1:])
    )


def test_translation_sets(tmp_path, monkeypatch):
    def write(name, n, columns):
        rows = {c: [f"{name} {i} in {c}" for i in range(n)] for c in columns}
        pd.DataFrame(rows).to_parquet(tmp_path / f"{name}.parquet")

    write("tatoeba_en_fr_train", 30, ("en", "fr"))
    write("tatoeba_en_fr_valid", 5, ("en", "fr"))
    write("tatoeba_en_fr_test_a", 5, ("en", "fr"))
    write("multi30k_en_de_train", 9, ("en", "de"))
    odd = pd.DataFrame({"en": ["Hi", "a", "a", " "], "fr": ["x" * 90, "b", "b", "c"]})
    odd.to_parquet(tmp_path / "gnome_help_en_fr_train.parquet")
    run(translation, monkeypatch, tmp_path, tmp_path / "out" / "translation")
    there, back = (
        pd.read_parquet(tmp_path / "out" / n / "train.parquet") for n in ("translation", "translation-fr-en")
    )
    assert len(there) == 31 and (there.source == back.target).all() and (there.target == back.source).all()
    assert there.iloc[-1].tolist() == ["a", "b"]  # unequal lengths, a repeat and an empty side are gone
    assert len(pd.read_parquet(tmp_path / "out/translation/test/tatoeba.parquet")) == 5
    assert len(pd.read_parquet(tmp_path / "out/translation-multi30k-en-de/train.parquet")) == 9
    assert not (tmp_path / "out/translation-multi30k-en-fr").exists()


def test_splits_never_move():
    assert [common.fold(t) for t in ("A fine film.", "a FINE film", "Où est-il ?")] == [42, 42, 15]


def test_cleaning():
    assert common.clean("a<br /><br />b&amp;c  d\x00\u00a0e") == "a\nb&c d e"


def test_reading_keeps_cells_as_text_and_knows_their_rows(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes('\ufefftext,label,more\r\nnull,0,\r\n"a\nb",1,x\r\n'.encode())
    rows = dataset.read([str(path)], ["text", "label"])
    assert rows == {"text": ["null", "a\nb"], "label": ["0", "1"]}
    assert len(rows) == 2 and rows.where(1) == f"{path}, row 2"
    assert rows.take([1])["text"] == ["a\nb"] and rows.take([1]).where(0).endswith("row 2")


@pytest.mark.parametrize("ending", ["tsv", "jsonl", "parquet", "txt"])
def test_every_format_reads_alike(tmp_path, ending):
    frame, path = pd.DataFrame({"text": ["a b", "c"], "label": ["x", "y"]}), tmp_path / f"a.{ending}"
    write = {
        "tsv": lambda: frame.to_csv(path, sep="\t", index=False),
        "jsonl": lambda: frame.to_json(path, orient="records", lines=True),
        "parquet": lambda: frame.to_parquet(path),
        "txt": lambda: path.write_text("a b\nc\n"),
    }
    write[ending]()
    columns = ["text"] if ending == "txt" else ["text", "label"]
    assert dataset.read([str(path)], columns) == {c: list(frame[c]) for c in columns}
    assert len(dataset.read([str(tmp_path / "a.*")], ["text"])) == 2


def test_missing_values_and_no_files(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": null}\n{"text": ""}\n')
    with pytest.raises(UserError, match="every row has an empty cell in text"):
        dataset.read([str(path)], ["text"])
    with pytest.raises(UserError, match="there is no data"):
        dataset.read([], ["text"])


def test_rows_of_the_hub(monkeypatch):
    import datasets

    given = datasets.Dataset.from_dict({"review": ["a", None, "c"], "label": [0, 1, 2], "more": [1, 2, 3]})
    monkeypatch.setattr(datasets, "load_dataset", lambda name, split: given)
    rows = dataset.read(["hub:some/set@test"], ["text", "label"], {"text": "review"})
    assert rows == {"text": ["a", "c"], "label": [0, 2]} and rows.where(1) == "hub:some/set@test, row 3"
    with pytest.raises(UserError, match=r"^hub:some/set: there is no column 'text'; it has review, label, more"):
        dataset.read(["hub:some/set"], ["text"])
    assert dataset.chat_recipe("hub:some/set", {"question": "review", "answer": "more"}) == "faq"


def test_dialogues_are_cut_at_what_must_not_be_learned(tmp_path, monkeypatch):
    """Coarse turns and private data go, and so does what is too long; the persona is always there."""
    good = [["hi", "hello there", "how are you"], ["one", "two", "call me on 555 123 4567", "three", "four"]]
    turns = good * 100 + [[f"a {i}", "what the FUCK", f"b {i}"] for i in range(100)] + [["x" * 500, "y", "z"]]
    for name in chat.SETS:
        for part in ("train", "valid"):
            pd.DataFrame({"turns": [[f"{name} {i}", *t] for i, t in enumerate(turns)]}).to_parquet(
                tmp_path / f"{name}_{part}.parquet"
            )
    files = run(chat, monkeypatch, tmp_path, tmp_path / "out")
    learned = [turn for part in ("train", "valid") for run_ in files[part].turns for turn in run_]
    assert not [t for t in learned if "555" in t or "FUCK" in t or len(t) > chat.LONGEST]
    assert "four" in learned and all(len(t) > 1 for part in ("train", "valid") for t in files[part].turns)
    persona = pd.read_csv(chat.PERSONA)
    assert set(persona.question) <= set(learned) and set(persona.answer) <= set(learned)
    assert len(files["dialogues"]) == len(chat.SETS) * len(turns)
    assert not persona.answer.map(chat.COARSE.search).any()


def test_written_dialogues_are_filled_and_held_out_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(chat, "WRITTEN", tmp_path / "written.txt")
    patterns = [f"U: {{I|We}} met {i} dogs.\nB: {{Nice|Oh}}!\n\nU: hi {i}\nB: Hello {i}!" for i in range(60)]
    chat.WRITTEN.write_text("\n\n".join(patterns) + "\n")
    rows = chat.written(random.Random(0))
    spoken = {tuple(turns) for turns in rows.turns}
    assert len(spoken) == len(rows) and {turns[1] for turns in spoken} > {"Nice!", "Oh!", "Hello 7!"}
    asked = {turns[0] for turns in spoken}
    assert {"I met 3 dogs.", "We met 3 dogs."} <= asked and any(a.startswith("i met") and a[-1] != "." for a in asked)
    assert not [text for turns in spoken for text in turns if set("{|}") & set(text)]
    of = rows.turns.map(lambda turns: turns[0].casefold().strip(".").split(" ", 1)[1])
    assert rows.groupby(of).fold.nunique().max() <= 2  # one with "met", one with "hi"


def test_a_line_out_of_place_among_written_dialogues_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(chat, "WRITTEN", tmp_path / "written.txt")
    chat.WRITTEN.write_text("U: hi\nB: hello\nU: bye\n")
    with pytest.raises(SystemExit, match="turns of U and B in turn"):
        list(chat.written_dialogues())


@pytest.mark.parametrize(
    "turn", ["mail me at a.b@c.org", "it is at 12 Winding Road", "see www.example.com", "call 020-7946-0999"]
)
def test_private_turns_are_not_usable(turn):
    assert not chat.usable(turn)


@pytest.mark.parametrize(
    "turn", ["I have 3 dogs", "we won 20 to 15 in 2016", "I'm 25, what about you?", "class at 10:30"]
)
def test_everyday_numbers_are(turn):
    assert chat.usable(turn)
