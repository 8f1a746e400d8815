"""docs/scale.md: its snippets for other engines run where these are installed, and its Kubernetes manifests fit the
schema."""

import os
import re
import subprocess
import sys

import pandas
import pytest
import yaml
from conftest import ROOT

TEXT = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", TEXT, re.S)
MANIFESTS = [part for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.S) for part in yaml.safe_load_all(block)]


@pytest.mark.parametrize(("engine", "extra"), [("pyspark", "java"), ("dask.dataframe", "distributed")])
def test_an_engine_that_is_there_already(tmp_path, engine, extra):
    pytest.importorskip(engine, reason=f"{engine.split('.')[0]} is not installed")
    if extra == "distributed":
        pytest.importorskip(extra)
    elif subprocess.run(["which", extra], capture_output=True).returncode:
        pytest.skip("Spark needs Java")
    (tmp_path / "in").mkdir()
    texts = ["I loved it.", None, "It was awful."]
    for i in range(2):
        pandas.DataFrame({"id": [3 * i, 3 * i + 1, 3 * i + 2], "text": texts}).to_parquet(tmp_path / f"in/{i}.parquet")
    (tmp_path / "label.py").write_text(
        next(code for code in SNIPPETS if f"import {engine}" in code or f"from {engine}" in code)
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    done = subprocess.run([sys.executable, "label.py"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    found = pandas.read_parquet(tmp_path / "out").sort_values("id")
    assert found["id"].tolist() == list(range(6))
    labels = dict(zip(found["id"], found["sentiment"], strict=True))
    assert [labels[i] for i in (0, 2, 3, 5)] == ["positive", "negative"] * 2
    assert pandas.isna(labels[1]) and pandas.isna(labels[4])


def test_manifests_name_what_there_is():
    """Without the checker: two kinds, an index for each node, and the command that benchmarks/nodes.py runs."""
    kinds = {part["kind"]: part for part in MANIFESTS}
    assert set(kinds) == {"Service", "Job"}
    job = kinds["Job"]["spec"]
    assert job["completionMode"] == "Indexed" and job["completions"] == job["parallelism"]
    pod = job["template"]["spec"]
    assert pod["subdomain"] == kinds["Service"]["metadata"]["name"] and kinds["Service"]["spec"]["clusterIP"] == "None"
    command = " ".join(pod["containers"][0]["command"])
    assert f"--nnodes {job['completions']} " in command and "--resume --overwrite" in command
    assert {"name": "TORCH_DISABLE_SHARE_RDZV_TCP_STORE", "value": "1"} in pod["containers"][0]["env"]


def test_manifests_fit_the_schema():
    kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    for manifest in MANIFESTS:
        kubernetes_validate.validate(manifest, "1.30", strict=True)
