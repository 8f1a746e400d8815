"""Files to be translated with their structure kept: which format is read how."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

from nlp_gru.data_files import encoding
from nlp_gru.documents import docx, html, plain, po, subtitles, table
from nlp_gru.documents.document import Document, Languages, Texts, Translated
from nlp_gru.errors import UserError
from nlp_gru.model_folder.files import write_whole

MAX_BYTES = 20_000_000
TEXT_FORMATS: dict[str, Callable[[str], Document]] = {
    ".txt": plain.text,
    ".text": plain.text,
    ".md": plain.markdown,
    ".markdown": plain.markdown,
    ".srt": subtitles.subtitles,
    ".vtt": subtitles.subtitles,
    ".html": html.document,
    ".htm": html.document,
    ".po": po.document,
    ".pot": po.document,
}
TABLES = (".csv", ".tsv")
SUFFIXES = (*TEXT_FORMATS, *TABLES, ".docx")
__all__ = ["SUFFIXES", "TABLES", "Document", "Languages", "Texts", "Translated", "read", "write"]


def read(path: Path, column: str = "text", given: str = "") -> tuple[Document, str]:
    """Return a file's document and its encoding, "" for one that is no text. column: of a table; given: the encoding,
    if it is not UTF-8. Raises `UserError` for a file that cannot be read or holds nothing to translate."""
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise UserError(f"{path.name}: of files, {', '.join(SUFFIXES)} can be translated; save it as one of them first")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UserError(
            f"{path.name} has {size / 1e6:.0f} MB; the most is {MAX_BYTES // 1_000_000} MB. Cut it into parts."
        )
    try:
        if kind == ".docx":
            found, name = docx.document(path.read_bytes()), ""
        else:
            name, _ = encoding.detect(str(path), given, guess=True)
            data = path.read_bytes()
            content = data.decode(name)
            name = "utf-8" if name == "utf-8-sig" and not data.startswith(codecs.BOM_UTF8) else name
            found = table.document(content, column, kind == ".tsv") if kind in TABLES else TEXT_FORMATS[kind](content)
    except UserError as error:
        message = str(error).replace(str(path), path.name)
        raise UserError(message if message.startswith(path.name) else f"{path.name}: {message}") from None
    if not found.texts:
        raise UserError(f"{path.name}: there is nothing in it to translate")
    return found, name


def write(path: Path, content: str | bytes, name: str) -> None:
    """Write what a document was rebuilt to, in the encoding it was read in; in UTF-8 where that lacks a letter."""
    if isinstance(content, str):
        text = content
        lenient = path.suffix.lower() in (".html", ".htm")
        try:
            content = text.encode(name, "xmlcharrefreplace" if lenient else "strict")
        except UnicodeEncodeError:
            content = text.encode("utf-8", "replace")
    write_whole(path, content)
