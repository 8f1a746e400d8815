"""A model folder and data files -> figures; a place for them in metrics.json and the model card."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from nlp_gru.data_files import rows as dataset
from nlp_gru.errors import UserError, optional
from nlp_gru.model_folder.bundled import find_model
from nlp_gru.model_folder.folder import head_name

BEGIN, END = "<!-- scores: written by nlp-gru eval --save -->", "<!-- end of scores -->"


def evaluate(
    name: str | Path,
    files: Sequence[str],
    max_length: int = 1000,
    renamed: Mapping[str, str] | None = None,
    encoding: str = "",
) -> dict[str, dict[str, float]]:
    """Figures by file (its name without ending; with its folder where two are called so), each over all rows of the
    file. renamed, encoding: as `dataset.read`."""
    if head_name(find_model(name)) == "faq":
        return _of_bot(name, files, renamed, encoding)
    with optional():
        from nlp_gru.backbone.batch import bucket
        from nlp_gru.heads.checkpoint import load_model
        from nlp_gru.training.examples import make_examples
        from nlp_gru.training.loop import evaluate_batches
        from nlp_gru.training.usage import usage

    head = load_model(name)
    # All are read first: a wrong name shows before the first wait.
    tables = {file: dataset.read([file], head.columns, renamed, encoding) for file in files}
    result, names = {}, _names(files)
    for file, rows in tables.items():
        examples = make_examples(head, rows, max_length)
        batches = [head.collate([examples[i] for i in b]) for b in bucket([head.size(e) for e in examples], 8192)]
        figures = evaluate_batches(head, batches, bf16=False)
        result[names[file]] = {"rows": len(rows), **figures, **usage(head, rows, figures)}
    return result


def _of_bot(
    name: str | Path, files: Sequence[str], renamed: Mapping[str, str] | None, encoding: str
) -> dict[str, dict[str, float]]:
    from nlp_gru.tools.faq.bot import FaqBot
    from nlp_gru.training.faq import COLUMNS, evaluate

    bot = FaqBot.load(find_model(name))
    tables = {file: dataset.read([file], COLUMNS, renamed, encoding) for file in files}
    names = _names(files)
    return {names[file]: {"rows": len(rows), **evaluate(bot, rows)} for file, rows in tables.items()}


def _names(files: Sequence[str]) -> dict[str, str]:
    stems = [Path(file).stem for file in files]
    return {file: stem if stems.count(stem) == 1 else file for file, stem in zip(files, stems, strict=True)}


def table(figures: dict[str, dict[str, float]]) -> str:
    """The figures as Markdown: one row a file or, where there are more figures than files, one row a figure."""
    columns = list(dict.fromkeys(c for row in figures.values() for c in row))
    cells = [["set", *columns]]
    for name, row in figures.items():
        cells.append(
            [name, *(f"{row[c]:,.0f}" if c == "rows" else f"{row[c]:.4f}" if c in row else "" for c in columns)]
        )
    if len(columns) > len(figures):
        cells = [list(column) for column in zip(*cells, strict=True)]
    head, *rows = (f"| {' | '.join(line)} |" for line in cells)
    return "\n".join([head, "|---|" + "---:|" * (len(cells[0]) - 1), *rows])


def save(name: str | Path, figures: dict[str, dict[str, float]]) -> None:
    """Put the figures into the folder's metrics.json and, where its card has a place for them, into the card."""
    folder = find_model(name)
    path = folder / "metrics.json"
    try:
        old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError:
        raise UserError(f"{path}: not JSON; remove it and evaluate again") from None
    figures = {**old, **figures}
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    card = folder / "README.md"
    text = card.read_text(encoding="utf-8") if card.exists() else ""
    if BEGIN in text and END in text:
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        card.write_text(f"{before}{BEGIN}\n{table(figures)}\n{END}{after}", encoding="utf-8")
