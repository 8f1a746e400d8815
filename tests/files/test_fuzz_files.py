"""A short form of benchmarks/fuzz_files.py: whatever a file holds, it gives rows or one sentence."""

import fuzz_files
import pytest

pytestmark = pytest.mark.slow


def test_no_file_does_harm():
    kinds = ["csv", "tsv", "jsonl", "json", "txt", "parquet", "memory", "toml"]  # folders: test_mutated_folders.py
    results = fuzz_files.run(160, 7, kinds)
    assert len(results) == 160 and not [r for r in results if fuzz_files.failed(r)]
    assert {r["kind"] for r in results} == set(kinds) and {r["verdict"] for r in results} == {"refused", "read"}
