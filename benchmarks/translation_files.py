"""The files of docs/translation and their uncut translations as docs/translation.md: python
benchmarks/translation_files.py

--check says where the page is not what the models write now.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import nlp_gru
from nlp_gru import documents

ROOT = Path(__file__).parents[1]
FOLDER, PAGE = ROOT / "docs/translation", ROOT / "docs/translation.md"
FILES = {
    "letter.txt": ("A letter", "translation"),
    "menu.md": ("A menu", "translation"),
    "timetable.csv": ("A timetable", "translation"),
    "app.po": ("Texts of a program", "translation"),
    "film.srt": ("Subtitles", "translation"),
    "lettre.txt": ("A letter in French", "translation-fr-en"),
}
HEAD = """# Files, before and after

What `nlp-gru translate FILE` makes of six files, uncut and uncorrected; `[?]` stands behind what the translator itself is unsure of
(`--mark-unsure`), and in a `.po` file such a message is flagged as fuzzy. The files stand in `docs/translation`; `python
benchmarks/translation_files.py` writes this page anew.

    nlp-gru translate letter.txt                      # writes letter.fr.txt
    nlp-gru translate lettre.txt --out letter.txt     # the language is recognised; --to en or --to fr names it
    nlp-gru translate tickets.csv --column text=body  # a new column body_fr
    nlp-gru translate manual.docx --mark-unsure       # [?] behind each sentence that is rather wrong than right

| file | what is translated | what stays |
|---|---|---|
| `.txt` | lines; a sentence that runs over several is one, and is broken again at the same width | blank lines, indents, bullets |
| `.md` | paragraphs, headings, items, cells | code, front matter, link targets, emphasis |
| `.html` | text, `alt`, `title`, `placeholder`, `aria-label` | tags around their words, scripts, styles, code, `translate="no"` |
| `.srt`, `.vtt` | cues; a sentence over several cues is one, and is shared out among them again | numbers, times, notes, settings |
| `.po` | messages without a translation or with a fuzzy one, plurals too | those with one, comments, contexts |
| `.csv`, `.tsv` | one column, into a new one | all others |
| `.docx` | paragraphs, tables, headers, footers, notes; bold and italics around their words | styles, pictures, fields |
"""


def translated(name: str, translate: nlp_gru.Translator) -> str:
    path = FOLDER / name
    document, _ = documents.read(path)
    answers = list(translate.stream(document.texts))
    marks = path.suffix != ".po"
    texts = [documents.Translated(a.marked() if marks else a.text, any(s.unsure for s in a.sentences)) for a in answers]
    return str(document.rebuilt(texts, documents.Languages(translate.source, translate.target)))


def page() -> str:
    parts = [HEAD]
    tools = {model: nlp_gru.load(model) for _, model in FILES.values()}
    for name, (title, model) in FILES.items():
        source = (FOLDER / name).read_text(encoding="utf-8")
        fence = "````" if name.endswith(".md") else "```"
        parts.append(f"## {title}\n\n{fence}\n{source}{fence}\n\n{fence}\n{translated(name, tools[model])}{fence}\n")
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    found = page()
    if args.check and PAGE.read_text(encoding="utf-8") != found:
        sys.exit(f"{PAGE} is not what the models write now; run this without --check")
    if not args.check:
        PAGE.write_text(found, encoding="utf-8")
        print(PAGE)


if __name__ == "__main__":
    main()
