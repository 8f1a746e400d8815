"""The two engines side by side: how often they give the same answer, and how long one takes.

    python benchmarks/runtime.py --source DIR [--rows 200]      # DIR: the data sets; rows of test and valid files

Same answer: the label, the three suggestions, the translation (beam of 5), the reply at temperature 0. One thread, one
text after the other, both engines in turn; milliseconds are of computing time: medians, and the 95th percentile of
onnx. Then a process as a whole, from start to end, and the memory of one with all models.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import typer
from saving import save

import nlp_gru


def suggestions(keyboard: Any, text: str) -> Any:
    words = text.split()
    cut = len(words) // 2
    return [s.text for s in keyboard.suggest(" ".join([*words[:cut], ""]), words[cut][:1] if words else "")]


TASKS: dict[str, tuple[str, str, Any]] = {  # model: file, column, what is asked
    "sentiment": ("sentiment/imdb_test_a.parquet", "text", lambda tool, text: tool(text).label),
    "next_word": ("autocomplete/everyday_valid.parquet", "text", suggestions),
    "translation": ("translation/tatoeba_en_fr_test_a.parquet", "en", lambda tool, text: tool(text).text),
    "translation-fr-en": ("translation/tatoeba_en_fr_test_a.parquet", "fr", lambda tool, text: tool(text).text),
    "chat": ("chat/chitchat_valid.parquet", "turns", lambda bot, turn: bot.reply([turn], temperature=0).text),
}


MEMORY = """
import pathlib, re, resource, nlp_gru
tools = [nlp_gru.load(name) for name in {}]
for tool in tools:
    tool.suggest("I ") if hasattr(tool, "suggest") else tool.reply(["Hi"]) if hasattr(tool, "reply") else tool("Hello.")
status = pathlib.Path("/proc/self/status")  # on Linux, ru_maxrss counts the process that started this one
if status.exists():
    peak = int(re.search("VmHWM:\\s+(\\d+)", status.read_text())[1]) * 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak // 10**6)
"""


def main(
    source: Annotated[Path, typer.Option()],
    rows: Annotated[int, typer.Option(min=1)] = 200,
    differences: Annotated[
        Path | None, typer.Option(help="a file for every text whose answers differ, with both")
    ] = None,
    write: Annotated[bool, typer.Option("--save", help="write the figures down for docs/results.md")] = False,
) -> None:
    import torch

    torch.set_num_threads(1)
    figures: dict[str, dict[str, float]] = {}
    print(f"{'model':20} {'same':>6} {'torch ms':>9} {'onnx ms':>8} {'p95':>6}")
    for name, (file, column, ask) in TASKS.items():
        values = pd.read_parquet(source / file)[column][:rows]
        texts = [v if isinstance(v, str) else v[0] for v in values]
        tools = [nlp_gru.load(name, engine=engine) for engine in ("torch", "onnx")]
        for tool in tools:
            ask(tool, "What is first is slow.")
        answers: list[list[Any]] = [[], []]
        seconds: list[list[float]] = [[], []]
        for text in texts:
            for which, tool in enumerate(tools):
                begin = time.process_time()
                answers[which].append(ask(tool, text))
                seconds[which].append(time.process_time() - begin)
        if differences is not None:
            with differences.open("a", encoding="utf-8") as log:
                for text, *both in zip(texts, *answers, strict=True):
                    if both[0] != both[1]:
                        log.write(json.dumps([name, text, *both], ensure_ascii=False) + "\n")
        same = np.mean([a == b for a, b in zip(*answers, strict=True)])
        torch_ms, onnx_ms = (1e3 * float(np.median(own)) for own in seconds)
        p95 = 1e3 * float(np.percentile(seconds[1], 95))
        print(f"{name:20} {100 * same:5.1f}% {torch_ms:9.1f} {onnx_ms:8.1f} {p95:6.1f}", flush=True)
        figures[name] = {"same": 100 * float(same), "torch_ms": torch_ms, "onnx_ms": onnx_ms, "onnx_ms_p95": p95}
    if write:
        save("runtime", figures)
    code = "import nlp_gru; print(nlp_gru.load('sentiment', engine='{}')('I loved it'))"
    for engine in ("torch", "onnx") * 3:
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code.format(engine)], check=True, stdout=subprocess.DEVNULL)
        print(f"a whole process, {engine}: {time.perf_counter() - begin:.2f} s")
    found = subprocess.run(
        [sys.executable, "-c", MEMORY.format(list(TASKS))], check=True, capture_output=True, text=True
    )
    print(f"all models loaded and used, in one process: {found.stdout.strip()} MB")


if __name__ == "__main__":
    typer.run(main)
