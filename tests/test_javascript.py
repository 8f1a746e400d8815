"""The page's JavaScript against the vectors that Python wrote, without a browser."""

import shutil
import subprocess
from pathlib import Path

import pytest

from nlp_gru.web import constants

TESTS = Path(__file__).parent / "js"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_javascript_agrees_with_python():
    done = subprocess.run(
        ["node", "--test", *map(str, TESTS.glob("*.mjs"))], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout


def test_javascript_has_the_constants_of_python():
    """Else: python -m nlp_gru.web.constants"""
    assert constants.PATH.read_text(encoding="utf-8") == constants.source()
