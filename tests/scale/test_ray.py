"""Parts answered by a Ray cluster: two nodes on this machine, one of which is killed. Needs the extra `cluster`."""

import csv

import pytest
from conftest import SAMPLE

from nlp_gru.errors import UserError
from nlp_gru.scale import workers
from nlp_gru.scale.job import Job, run
from nlp_gru.scale.progress import Progress

ray = pytest.importorskip("ray", reason="pip install 'nlp-gru[cluster]' brings Ray")


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "a.csv"
    with open(SAMPLE, newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([("id", "text"), *enumerate(texts * 10)])
    return path


def test_a_cluster_that_loses_a_node(model, data, tmp_path):
    """The output is that of this machine's own processes, to the byte; the model went there as files."""
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": 100_000_000}
    cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
    lost = [cluster.add_node(**node)]

    class Losing(Progress):
        def advance(self, rows, share):
            super().advance(rows, share)
            if lost and self.rows >= 200:
                cluster.remove_node(lost.pop(), allow_graceful=False)

    try:
        job = Job(model, [str(data)], tmp_path / "ray", rows=20)
        run(job, lambda: workers.on_ray(model, cluster.address), Losing(quiet=True))
        assert not lost
        bad = tmp_path / "bad"
        bad.mkdir()
        for name in ("config.json", "tokenizer.json"):
            if (model / name).exists():
                (bad / name).write_bytes((model / name).read_bytes())
        (bad / "model.safetensors").write_bytes(b"damaged")
        with pytest.raises(UserError, match=r"model\.safetensors: it does not fit config\.json or is damaged"):
            run(
                Job(bad, [str(data)], tmp_path / "x"),
                lambda: workers.on_ray(bad, cluster.address),
                Progress(quiet=True),
            )
    finally:
        cluster.shutdown()
    run(Job(model, [str(data)], tmp_path / "here", rows=20), lambda: workers.local(model, 1), Progress(quiet=True))
    names = sorted(path.name for path in (tmp_path / "here").glob("a-*.csv"))
    assert len(names) == 30
    for name in names:
        assert (tmp_path / "ray" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


def test_no_cluster_there(model, data, tmp_path, run):
    code, _, error = run("predict", model, "--data", data, "--out", tmp_path / "out", "--ray", "127.0.0.1:1")
    assert code == 2 and "--ray 127.0.0.1:1: no Ray cluster answers there" in error
