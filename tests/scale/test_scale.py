"""Jobs over many files: finished parts stay, whatever ends a job, and the same command goes on; one sentence for what
is wrong."""

import csv
import json
import multiprocessing
import os
import signal
import sys
import time
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import kill_parts
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nlp_gru.errors import UserError
from nlp_gru.heads.checkpoint import save_model
from nlp_gru.scale import workers
from nlp_gru.scale.answers import answered, as_files
from nlp_gru.scale.job import Job, run
from nlp_gru.scale.progress import Progress
from nlp_gru.tools.faq.bot import FaqBot
from nlp_gru.tools.registry import TOOLS

TEXTS = [f"text {i}" if i % 7 else "" for i in range(50)]


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "in"
    (folder / "2024").mkdir(parents=True)
    pq.write_table(pa.table({"id": range(50), "text": TEXTS}), folder / "a.parquet")
    with open(folder / "2024/b.csv", "w", newline="") as file:
        csv.writer(file).writerows([("id", "text"), *enumerate(TEXTS)])
    (folder / "c.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS))
    return [str(folder / name) for name in ("a.parquet", "2024/b.csv", "c.jsonl")]


def here(model, work=answered):
    """Workers in this very process."""

    @contextmanager
    def begin():
        def submit(part):
            future = Future()
            try:
                future.set_result(work(as_files(model), part))
            except Exception as error:
                future.set_exception(error)
            return future

        yield workers.Workers(submit, lambda: 2)

    return begin


def do(model, data, out, work=answered, **more):
    return run(Job(model, data, out, rows=20, **more), here(model, work), Progress(quiet=True))


def names(out):
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


ALL = [
    "2024/b-00000.csv",
    "2024/b-00001.csv",
    "2024/b-00002.csv",
    "a-00000.parquet",
    "a-00001.parquet",
    "a-00002.parquet",
    "c-00000.jsonl",
    "c-00001.jsonl",
    "c-00002.jsonl",
    "manifest.json",
]


def test_all_columns_in_order_and_an_answer_to_each_row(model, data, tmp_path):
    out = tmp_path / "out"
    manifest = do(model, data, out)
    assert names(out) == ALL and manifest.finished and [(f.parts, f.rows) for f in manifest.files] == [(3, 50)] * 3
    tables = [pq.read_table(out / name) for name in ALL if name.startswith("a-")]
    table = pa.concat_tables(tables)
    assert table["id"].to_pylist() == list(range(50)) and table["text"].to_pylist() == TEXTS
    labels = table["sentiment"].to_pylist()
    assert [label is None for label in labels] == [not text for text in TEXTS]
    rows = [row for name in ALL if "b-" in name for row in csv.DictReader((out / name).read_text().splitlines())]
    assert [row["sentiment"] or None for row in rows] == labels and [row["id"] for row in rows] == [
        *map(str, range(50))
    ]
    flags = table["sentiment_unsure"].to_pylist()
    assert all(flag is None if not text else isinstance(flag, bool) for flag, text in zip(flags, TEXTS, strict=True))
    assert [row["sentiment_unsure"] for row in rows] == [{None: "", True: "true", False: "false"}[f] for f in flags]
    rows = [json.loads(line) for name in ALL if "c-" in name for line in (out / name).read_text().splitlines()]
    assert [row["sentiment"] for row in rows] == labels and [row["sentiment_unsure"] for row in rows] == flags
    assert [row["sentiment_score"] for row in rows] == pytest.approx(table["sentiment_score"].to_pylist(), abs=1e-6)


@pytest.mark.parametrize("kind", [*TOOLS])
def test_every_tool_answers(make_head, data, tmp_path, kind):
    model = tmp_path / "m"
    if kind == "faq":
        FaqBot([("When do you open?", "At nine."), ("Where are you?", "In Lyon.")]).save(model)
    else:
        save_model(make_head(kind), model)
    out = tmp_path / "out"
    Path(data[2]).write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS[:4]))
    do(model, [data[2]], out)
    rows = [json.loads(line) for line in (out / "c-00000.jsonl").read_text().splitlines()]
    assert set(rows[1]) == {"text", *TOOLS[kind].fields} and rows[0][next(iter(TOOLS[kind].fields))] is None


@pytest.mark.parametrize("stop", [OSError, KeyboardInterrupt])
def test_a_job_goes_on_where_it_was(model, data, tmp_path, stop):
    """Finished parts are neither read by a tool again nor written again."""
    out, asked = tmp_path / "out", []

    def work(model, part):
        asked.append(part.texts[-1])
        if len(asked) == 5:
            raise stop
        return answered(model, part)

    with pytest.raises(stop):
        do(model, data, out, work)
    done = {name: (out / name).stat().st_mtime_ns for name in names(out) if name != "manifest.json"}
    assert 0 < len(done) < 9
    before = len(asked)
    do(model, data, out, work)
    assert names(out) == ALL and len(asked) == before + 9 - len(done)
    assert done == {name: (out / name).stat().st_mtime_ns for name in done}
    os.remove(out / "a-00001.parquet")
    do(model, data, out, work)
    assert names(out) == ALL and len(asked) == before + 9 - len(done) + 1
    do(model, data, out, work=None)  # it would fail if it were asked


def test_another_job_is_kept_out(model, data, tmp_path, make_head):
    out = tmp_path / "out"
    do(model, data, out)
    save_model(make_head(seed=1), tmp_path / "other")
    with pytest.raises(
        UserError, match=r"out: its parts were made with another model; repeat that, or name a new folder"
    ):
        do(tmp_path / "other", data, out)
    with pytest.raises(UserError, match="with another --part-rows"):
        run(Job(model, data, out, rows=30), here(model), Progress(quiet=True))
    with pytest.raises(UserError, match=r"from other data, .*c\.jsonl is new, gone or changed"):
        do(model, data[:2], out)
    Path(data[1]).write_text("id,text\n1,new\n")
    with pytest.raises(UserError, match=r"from other data, .*b\.csv is new, gone or changed"):
        do(model, data, out)
    with pytest.raises(UserError, match=r"in: the data lies there; name a folder of its own"):
        do(model, data, tmp_path / "in")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/letter.txt").touch()
    with pytest.raises(UserError, match=r"full: there are other files in it; name a new folder"):
        do(model, data, tmp_path / "full")


def test_two_jobs_at_once(model, data, tmp_path):
    def work(model, part):
        with pytest.raises(UserError, match=r"out: another job is writing there"):
            do(Path(model.folder), data, tmp_path / "out")
        return answered(model, part)

    do(model, data[:1], tmp_path / "out", work)


def test_a_column_that_one_file_lacks(model, data, tmp_path):
    Path(data[1]).write_text("id,review\n1,good\n")
    with pytest.raises(UserError, match=r"b\.csv: there is no column 'text'; .*has id, review; .*add --column NAME"):
        do(model, data, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    do(model, data[1:2], tmp_path / "out", column="Review")
    assert (
        (tmp_path / "out/b-00000.csv")
        .read_text()
        .startswith("id,review,sentiment,sentiment_score,sentiment_unsure\n1,good,")
    )


def test_a_corrupt_file_leaves_the_parts_before_it(model, data, tmp_path):
    with open(data[1], "a") as file:
        file.write('51,"never closed\n')
    out = tmp_path / "out"
    with pytest.raises(UserError, match=r"b\.csv, row 51: a double quote opens a cell and is never closed"):
        do(model, data, out)
    assert names(out) == [name for name in ALL if name[:2] != "c-" and name != "2024/b-00002.csv"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is always full: Linux has one")
def test_a_full_disk(model, data, tmp_path, run):
    out = tmp_path / "out"
    do(model, data, out)
    expected = {name: (out / name).read_bytes() for name in ALL}
    (out / "c-00001.jsonl").unlink()
    (out / "c-00001.jsonl.part").symlink_to("/dev/full")
    code, _, error = run("predict", model, *(f"--data={path}" for path in data), "--out", out, "--part-rows", 20)
    assert code == 2
    assert error == f"nlp-gru: {out}/c-00001.jsonl: No space left on device; free some space and try again\n"
    assert names(out) == [name for name in ALL if name != "c-00001.jsonl"]
    do(model, data, out)
    found = {name: (out / name).read_bytes() for name in ALL}
    assert found == expected


def test_without_the_model(model, data, tmp_path, run):
    """Before the start, and gone from under a worker."""
    code, _, error = run("predict", tmp_path / "none", "--data", data[0], "--out", tmp_path / "out")
    assert (
        code == 2
        and error.startswith(f"nlp-gru: {tmp_path}/none: no such model; bundled are ")
        and error.count("\n") == 1
    )
    lost = as_files(model)
    (model / "model.safetensors").rename(model / "elsewhere")
    with pytest.raises(UserError, match=r"model\.safetensors: .*No such file"):
        do(model, data, tmp_path / "out", lambda _, part: answered(type(lost)(lost.folder, "lost"), part))


def test_a_worker_that_sees_no_folder_gets_its_files(model, data, tmp_path):
    do(model, data, tmp_path / "here")
    sent = as_files(model, whole=True)
    do(model, data, tmp_path / "there", lambda _, part: answered(type(sent)("/nowhere", "sent", sent.files), part))
    for name in ALL[:-1]:
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()


@pytest.mark.slow
def test_a_worker_that_is_killed(model, data, tmp_path):
    """One sentence, and the job goes on when it is started again; here is also the same to the byte, whatever the
    processes."""
    out, killed = tmp_path / "out", []

    class Killer(Progress):
        def advance(self, rows, share):
            super().advance(rows, share)
            if not killed:
                killed.append(multiprocessing.active_children()[0])
                os.kill(killed[0].pid, signal.SIGKILL)

    job = Job(model, data, out, rows=5)
    with pytest.raises(UserError, match="a process was killed, perhaps for want of memory; finished parts are kept"):
        run(job, lambda: workers.local(model, 2), Killer(quiet=True))
    assert 1 < len(names(out)) < 31
    run(job, lambda: workers.local(model, 1), Progress(quiet=True))
    run(Job(model, data, tmp_path / "one", rows=5), here(model), Progress(quiet=True))
    assert names(out) == names(tmp_path / "one") and len(names(out)) == 31
    for name in names(out)[:-1]:
        assert (out / name).read_bytes() == (tmp_path / "one" / name).read_bytes()


@pytest.mark.slow
def test_a_job_killed_at_any_moment(model):
    """The short form of benchmarks/kill_parts.py."""
    assert [wrong for _, wrong in kill_parts.run(1, rows=400, model=str(model), seed=3)] == [""]


@pytest.mark.slow
def test_the_command(model, data, tmp_path, run):
    pattern, out = tmp_path / "in/*.*", tmp_path / "out"
    code, printed, error = run("predict", model, "--data", pattern, "--out", out, "--column", "text", "--processes", 1)
    assert (code, error) == (0, "") and printed == f"{out}: 100 rows in 2 parts, 100 of them answered now\n"
    code, printed, _ = run("predict", model, "--data", pattern, "--out", out, "--column", "text=text")
    assert code == 0 and printed.endswith("2 parts, 0 of them answered now\n")
    for wrong, message in (
        (("--json",), "--out goes with --data, and without --json"),
        (("--processes", 0), "--processes is a number from 1 to 1024, not 0"),
        (("--column", "a", "--column", "b"), "one column is answered"),
    ):
        code, _, error = run("predict", model, "--data", pattern, "--out", tmp_path / "new", *wrong)
        assert code == 2 and message in error and error.count("\n") == 1
    code, _, error = run("predict", model, "--data", data[0], "--processes", 2)
    assert code == 2 and "go with --out" in error
    code, printed, _ = run("predict", model, "--data", data[0], "--data", tmp_path / "in/20*/*.csv", "--column", "text")
    assert code == 0 and len(printed.splitlines()) == 100
    _, printed, _ = run("predict", model, "--data", data[0])
    assert len(printed.splitlines()) == 50


def test_progress_tells_what_is_left():
    progress = Progress(quiet=True)
    progress.start(1000)
    progress.skip(600)
    progress.started = time.monotonic() - 3600
    progress.advance(7200, 100)
    assert str(progress).startswith("7,200 rows  2 rows/s  3:00 h left")


def test_without_ray(model, data, tmp_path, run, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    code, _, error = run("predict", model, "--data", data[0], "--out", tmp_path / "out", "--ray", "auto")
    assert code == 2 and error == "nlp-gru: this needs the package 'ray': pip install 'nlp-gru[cluster]'\n"
