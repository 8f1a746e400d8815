"""The JavaScript library against the vectors that Python wrote, without a browser; and the vectors against Python."""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from nlp_gru.web import constants

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parents[1] / "js"
VECTORS = Path(__file__).parents[1] / "vectors"


def node():
    """The path of Node: on PATH, or the one that playwright's package brings along; None where there is neither."""
    if found := shutil.which("node"):
        return found
    spec = importlib.util.find_spec("playwright")
    brought = spec and spec.origin and Path(spec.origin).parent / "driver" / "node"
    return str(brought) if brought and brought.is_file() else None


needs_node = pytest.mark.skipif(node() is None, reason="Node is not installed")


def write():
    spec = importlib.util.spec_from_file_location("write_vectors", VECTORS / "write.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def same(found, wanted):
    """Whether two values of JSON are equal but for the last digits of their numbers."""
    if isinstance(wanted, float):
        return isinstance(found, int | float) and found == pytest.approx(wanted, rel=1e-5, abs=1e-9)
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(same, found, wanted))
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(same(found[key], wanted[key]) for key in wanted)
    return found == wanted


@needs_node
def test_javascript_agrees_with_python():
    done = subprocess.run(
        [node(), "--test", *map(str, sorted(TESTS.glob("*.test.mjs")))], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", sorted(write().VECTORS))
def test_the_vectors_are_what_python_makes(name):
    """Else: python tests/vectors/write.py"""
    module = write()
    made = json.loads(module.text(module.VECTORS[name]()))
    assert same(made, json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8")))


def test_every_vector_is_written_and_read():
    written = set(write().VECTORS)
    assert written == {path.stem for path in VECTORS.glob("*.json")}
    read = "".join(path.read_text(encoding="utf-8") for path in TESTS.glob("*.test.mjs"))
    assert [name for name in written if f'vectors("{name}")' not in read and f"vectors/{name}.json" not in read] == []


def test_javascript_has_the_constants_of_python():
    """Else: python -m nlp_gru.web.constants"""
    for path, text in constants.sources().items():
        assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("pattern", "source"),
    [
        (r"\w+[\w'-]", r"[\p{L}\p{N}_]+[\p{L}\p{N}_'-]"),
        (r"[^\W\d_]\"", r"[\p{L}\p{Nl}\p{No}]" + '"'),
        (r"(?P<a>\d)\1", r"(?<a>[\p{Nd}])\1"),
        (r"a(?i:b(?:\d|c)|\[)d", r"a(?:[bB](?:[\p{Nd}]|[cC])|\[)d"),
        ("[\\-]\\u00e9\\U0001f600\\x01", r"[\-]\u{00e9}\u{0001f600}\u{01}"),
    ],
)
def test_patterns_in_javascript(pattern, source):
    import re

    assert constants.regular_expression(re.compile(pattern)) == f'new RegExp({json.dumps(source)}, "u")'


@pytest.mark.parametrize("pattern", [r"[\W]", r"\A", r"(?i:[a-z])"])
def test_patterns_that_javascript_has_no_word_for(pattern):
    import re

    with pytest.raises(ValueError, match="JavaScript"):
        constants.regular_expression(re.compile(pattern))
