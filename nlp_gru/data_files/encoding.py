"""In which encoding a text file is written: UTF-8, UTF-16 or UTF-32 by its mark, the one that is named, or a guess."""

from __future__ import annotations

import codecs

from nlp_gru.errors import UserError, shortened

CHUNK = 1 << 20
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),  # before UTF-16, whose mark begins alike
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WINDOWS = "cp1252"
_TEXT = bytes(sorted({9, 10, 12, 13, *range(32, 127), *range(128, 256)} - {0x81, 0x8D, 0x8F, 0x90, 0x9D}))


def checked(name: str) -> str:
    """The name of an encoding of texts. Raises `UserError` for any other."""
    try:
        if not codecs.lookup(name)._is_text_encoding:
            raise LookupError
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError):
        raise UserError(f"--encoding {shortened(name)}: no such encoding; try utf-8, utf-16 or cp1252") from None
    return "utf-8-sig" if codecs.lookup(name).name == "utf-8" else name


def is_windows(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 may well be Windows-1252: no control characters, none of the bytes it does not
    have."""
    return not data.translate(None, _TEXT)


def marked(head: bytes) -> str:
    """The encoding that a file's first bytes name, or nothing."""
    return next((name for mark, name in MARKS if head.startswith(mark)), "")


def by_mark(path: str) -> str:
    """The encoding that a file's mark names, or UTF-8."""
    with open(path, "rb") as file:
        return marked(file.read(4)) or "utf-8-sig"


def detect(path: str, given: str, guess: bool) -> tuple[str, str]:
    """The encoding of a file all of which can be read in it, and a note where it was guessed.

    Raises `UserError` naming the first line that is wrong, and where the file seems to be Windows-1252, how to read it.
    """
    if given:
        _scan(path, checked(given))
        return checked(given), ""
    name = by_mark(path)
    try:
        _scan(path, name)
    except UserError as error:
        if name != "utf-8-sig" or not _windows(path):
            raise
        if not guess:
            message = str(error).rpartition(";")[0]
            raise UserError(
                f"{message}; the file seems to be Windows-1252: add --encoding {WINDOWS}, or save it as UTF-8"
            ) from None
        return (
            WINDOWS,
            "The file is not UTF-8; it was read as Windows-1252. Where letters look wrong, save it as UTF-8.",
        )
    return name, ""


def _windows(path: str) -> bool:
    with open(path, "rb") as file:
        return all(is_windows(chunk) for chunk in iter(lambda: file.read(CHUNK), b""))


def _scan(path: str, name: str) -> None:
    decoder = codecs.getincrementaldecoder(name)()
    line = 1
    with open(path, "rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                byte = ""
                if isinstance(error, UnicodeDecodeError):
                    line += error.object[: error.start].decode(name, "ignore").count("\n")
                    byte = f" (byte {error.object[error.start]:#x})"
                shown = "UTF-8" if name == "utf-8-sig" else name
                raise UserError(f"{path}, line {line}: not {shown} text{byte}; save the file as UTF-8") from None
            if "\0" in text:
                line += text[: text.index("\0")].count("\n")
                raise UserError(f"{path}, line {line}: a NUL character, so this is no text file; save it as UTF-8")
            line += text.count("\n")
            if not chunk:
                return
