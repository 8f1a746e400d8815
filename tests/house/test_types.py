"""The type check sees into every room: what is wrong is an error there, not Any."""

import pytest
from conftest import ROOT

pytestmark = pytest.mark.slow

api = pytest.importorskip("mypy.api")

WRONG = """
from apps.endpoints import checked
from benchmarks.tables import percent
from nlp_gru.tools.registry import TOOLS
from nlp_gru.tools.sentiment import SentimentAnalyser
from nlp_gru.onnx_engine.similarity import OnnxSimilarity

checked(3)
percent("a")
TOOLS["chat"].no_such_field
def tool(model: OnnxSimilarity) -> SentimentAnalyser:
    return SentimentAnalyser(model)  # of another protocol
"""


def test_wrong_types_are_errors_in_every_room(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    (tmp_path / "wrong.py").write_text(WRONG)
    out, _, code = api.run([str(tmp_path / "wrong.py")])
    assert code == 1
    for wanted in (
        '"checked" has incompatible type "int"',
        '"percent" has incompatible type "str"',
        'no attribute "no_such_field"',
        '"SentimentAnalyser" has incompatible type "OnnxSimilarity"',
    ):
        assert wanted in out, out
