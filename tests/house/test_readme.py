"""What the documents promise exists and runs."""

import re

import pytest
from conftest import ROOT

pytestmark = pytest.mark.slow

README = (ROOT / "README.md").read_text(encoding="utf-8")


USAGE = (ROOT / "docs/usage.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", README + USAGE, re.S))
def test_python_blocks_run(code, capsys):
    exec(compile(code, "README.md", "exec"), {})
    assert "Sentiment(label='positive'" in capsys.readouterr().out


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)#]+)\)", README))
def test_links_and_pictures_exist(path):
    assert (ROOT / path).exists()


def test_named_make_targets_and_files_exist():
    make = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"make ([a-z]+)(?:-[a-z]+)?\b", README)):
        assert re.search(rf"^{target}(-%|-sentiment)?:", make, re.M), target
    for document in (README, *(p.read_text(encoding="utf-8") for p in (ROOT / "docs").glob("*.md"))):
        for path in re.findall(r"`((?:nlp_gru|data|benchmarks|apps|tests)/[\w/.-]+\.\w+)`", document):
            assert (ROOT / path).exists(), path


def test_the_rooms_in_the_documents_are_the_rooms():
    code = (ROOT / "docs/code.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^      (\w+(?:\.py|/)) ", code, re.M))
    package = ROOT / "nlp_gru"
    files = {p.name for p in package.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert listed == files | {f"{p.name}/" for p in package.iterdir() if p.is_dir() and p.name != "__pycache__"}


def test_every_path_in_the_documents_exists():
    code = (ROOT / "docs/code.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tools|text|onnx_engine|decoding|cli|training|backbone)/[\w/]+\.py)`", code)
    assert len(named) > 15 and [name for name in named if not (ROOT / "nlp_gru" / name).is_file()] == []


def test_each_head_has_its_files():
    """One file in each place; `base` makes the start of the others and has no page, `faq` is the other half of chat,
    and what `base` and `similarity` read comes from data/pretrain.py and data/meaning.py."""
    from nlp_gru.heads import HEADS

    for name in HEADS:
        assert (ROOT / f"nlp_gru/heads/{name}.py").exists()
        assert (ROOT / f"nlp_gru/recipes/{name}.toml").exists()
        if name in ("faq", "base", "similarity"):
            continue
        assert (ROOT / f"data/{name}.py").exists()
        assert (ROOT / f"apps/{name}.py").exists() and (ROOT / f"data/samples/{name}.csv").exists()


def test_the_tables_of_results_are_those_that_were_measured():
    import tables

    text = tables.RESULTS.read_text(encoding="utf-8")
    assert set(re.findall(r"<!-- table: (\w+) -->", text)) == set(tables.TABLES)
    assert tables.rendered(text) == text
