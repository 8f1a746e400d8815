"""nlp-gru translate: a file, with its structure kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlp_gru.cli.app import Columns, Encoding, Overwrite, app, check_new, renamed
from nlp_gru.errors import UserError

if TYPE_CHECKING:
    from nlp_gru.tools.translation.translator import Translator

BUNDLED = {"fr": "translation", "en": "translation-fr-en"}
BATCH = 64


@app.command()
def translate(
    file: Annotated[Path, typer.Argument(help=".txt, .md, .html, .srt, .vtt, .po, .csv, .tsv or .docx")],
    out: Annotated[Path | None, typer.Option(help="the file to write; else beside the first, as letter.fr.txt")] = None,
    to: Annotated[str, typer.Option(help="fr or en; without it, the one that the file is not in")] = "",
    model: Annotated[str, typer.Option(help="a model folder of your own in the place of the bundled ones")] = "",
    column: Columns = [],  # noqa: B006
    encoding: Encoding = "",
    beam: Annotated[int, typer.Option(help="hypotheses followed at once; 1 is fastest")] = 5,
    mark_unsure: Annotated[
        bool, typer.Option("--mark-unsure", help="[?] behind each sentence that is more likely wrong than right")
    ] = False,
    overwrite: Overwrite = False,
) -> None:
    """Translate a file between English and French: lines, lists, tags, times, code and placeholders stay where they
    are.

    In a .po file what has no translation gets one, flagged as fuzzy where it is unsure; a table gets a further column.
    """
    from nlp_gru import documents

    if not file.is_file():
        raise UserError(f"{file}: there is no such file")
    names = renamed(column)
    if unknown := next((name for name in names if name != "text"), None):
        raise UserError(f"--column {unknown}={names[unknown]}: the column to translate is text, as --column text=NAME")
    if out and out.suffix.lower() != file.suffix.lower():
        raise UserError(
            f"{out}: the translation of a {file.suffix} file is one too; name a file that ends in {file.suffix}"
        )
    document, found = documents.read(file, names.get("text", "text"), encoding)
    tool = _translator(file, document.texts, to, model)
    out = out or file.with_name(f"{file.stem.removesuffix(f'.{tool.source}')}.{tool.target}{file.suffix}")
    check_new(out.parent, [out.name], overwrite)
    answers, unsure, sentences = [], 0, 0
    for answer in tool.stream(document.texts, beam, size=BATCH):
        marks = [sentence.unsure for sentence in answer.sentences]
        text = answer.marked() if mark_unsure and not file.suffix.lower().startswith(".po") else answer.text
        answers.append(documents.Translated(text, any(marks)))
        unsure, sentences = unsure + sum(marks), sentences + len(marks)
    documents.write(out, document.rebuilt(answers, documents.Languages(tool.source, tool.target)), found)
    typer.echo(f"{out}: {sentences:,} {'sentence' if sentences == 1 else 'sentences'}, {unsure:,} unsure")


def _translator(file: Path, texts: list[str], to: str, model: str) -> Translator:
    """The translator that is asked for, or else the one for the language of the texts."""
    import nlp_gru
    from nlp_gru.tools.translation.language import LANGUAGES, OTHER

    if to and to not in BUNDLED:
        raise UserError(f"--to {to}: to fr or to en")
    if not (to or model):
        language = LANGUAGES.recognise(" ".join(texts))
        if language == OTHER:
            raise UserError(
                f"{file.name}: it looks like neither English nor French; if it is one of them, add --to fr or --to en"
            )
        to = "en" if language == "fr" else "fr"
    tool = nlp_gru.load(model or BUNDLED[to])
    if not isinstance(tool, nlp_gru.Translator):
        raise UserError(f"{model}: it translates nothing; name a model that was trained with nlp-gru train translation")
    if to and tool.target != to:
        raise UserError(f"--to {to}: {model} translates to {tool.target}")
    return tool
