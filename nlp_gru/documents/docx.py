"""Word's .docx: the paragraphs of the text, of tables, headers, footers and notes; styles, pictures and the rest stay
as they are."""

from __future__ import annotations

import html
import io
import lzma
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field

from nlp_gru.documents.document import Document, Languages, Texts
from nlp_gru.errors import UserError

MAX_BYTES = 100_000_000  # of all files in it, unpacked
MOST_RUNS = 4  # of another look within a paragraph; with more of them, all take the look of the first
_READ = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_TOKEN = re.compile(r"<[^<>]+>|[^<]+")
_TAG = re.compile(r"<(/?)([\w:.-]+)")
_NUMBERED = re.compile(r"<(/?)(\d)>")


@dataclass
class _Text:
    """A <w:t>: the place of its characters among the tokens, and the look of its run."""

    place: int
    text: str
    look: str


@dataclass
class _Paragraph:
    texts: list[_Text] = field(default_factory=list)

    def marked(self) -> tuple[str, list[list[_Text]]]:
        """Its text, in which what looks unlike most of it stands between numbered tags, and the runs of each number."""
        runs: list[list[_Text]] = []
        for text in self.texts:
            if runs and runs[-1][0].look == text.look:
                runs[-1].append(text)
            else:
                runs.append([text])
        looks: Counter[str] = Counter()
        for text in self.texts:
            looks[text.look] += len(text.text)
        usual = looks.most_common(1)[0][0]
        others = [run for run in runs if run[0].look != usual and any(c.isalnum() for t in run for c in t.text)]
        if len(others) > MOST_RUNS:
            others = []
        found = ""
        for run in runs:
            inside = "".join(t.text for t in run)
            number = next((i for i, other in enumerate(others) if other is run), None)
            found += inside if number is None else f"<{number}>{inside}</{number}>"
        return found, others

    def replaced(self, translation: str) -> dict[int, str]:
        """What stands at each place after the translation."""
        _, others = self.marked()
        inside = {id(t) for run in others for t in run}
        plain = [t for t in self.texts if id(t) not in inside]
        found = {t.place: "" for t in self.texts}
        numbers = [int(m[2]) for m in _NUMBERED.finditer(translation) if not m[1]]
        pieces = re.split(r"<(\d)>(.*?)</\1>", translation, flags=re.S)  # text, number, inside, text, ...
        if (
            not others
            or sorted(numbers) != list(range(len(others)))
            or numbers != sorted(numbers)
            or len(pieces) != 1 + 3 * len(others)
        ):
            found[(plain or self.texts)[0].place] = _NUMBERED.sub("", translation)
            return found
        order = {id(t): i for i, t in enumerate(self.texts)}
        for k, run in enumerate(others):
            found[run[0].place] += pieces[2 + 3 * k]
        starts = [-1, *(order[id(run[-1])] for run in others)]
        stops = [*(order[id(run[0])] for run in others), len(self.texts)]
        for k, (start, stop) in enumerate(zip(starts, stops, strict=True)):
            text = pieces[3 * k]
            places = [t.place for t in self.texts[start + 1 : stop] if id(t) not in inside]
            if places:
                found[places[0]] += text
            elif text and k:  # nothing usual stands there
                found[others[k - 1][0].place] += text
            elif text:
                found[others[0][0].place] = text + found[others[0][0].place]
        return found


def document(data: bytes) -> Document:
    """Return the paragraphs. Raises `UserError` for what is no such file."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        if sum(info.file_size for info in archive.infolist()) > MAX_BYTES:
            raise UserError(f"unpacked it has more than {MAX_BYTES // 1_000_000} MB; cut it into parts")
        files = {info: archive.read(info) for info in archive.infolist()}
        tokens = {
            info: _TOKEN.findall(content.decode("utf-8"))
            for info, content in files.items()
            if _READ.fullmatch(info.filename)
        }
    except (
        zipfile.BadZipFile,
        UnicodeDecodeError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        zlib.error,
        lzma.LZMAError,
    ) as error:
        raise UserError(f"it is no Word document that can be read ({type(error).__name__})") from None
    if not tokens:
        raise UserError("it is no Word document: there is no word/document.xml in it")
    paragraphs = [(info, paragraph) for info, parts in tokens.items() for paragraph in _paragraphs(parts)]
    asked = [(info, p) for info, p in paragraphs if any(c.isalpha() for t in p.texts for c in t.text)]

    def rebuilt(texts: Texts, languages: Languages) -> bytes:
        changed = {info: list(parts) for info, parts in tokens.items()}
        for (info, paragraph), found in zip(asked, texts, strict=True):
            for place, text in paragraph.replaced(found.text).items():
                changed[info][place] = html.escape(text, quote=False)
                changed[info][place - 1] = '<w:t xml:space="preserve">'
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
            for info, content in files.items():
                out.writestr(
                    info,
                    "".join(changed[info]).encode() if info in changed else content,
                    compress_type=info.compress_type,
                )
        return file.getvalue()

    return Document([paragraph.marked()[0] for _, paragraph in asked], rebuilt)


def _paragraphs(tokens: list[str]) -> list[_Paragraph]:
    """The paragraphs of a file, those within others, as in text boxes, by themselves."""
    scan = _Scan()
    for place, token in enumerate(tokens):
        if token.startswith("<"):
            scan.tag(token)
        else:
            scan.text(place, token)
    return [paragraph for paragraph in scan.done if paragraph.texts]


class _Scan:
    """What has been read of a file: the paragraphs that have ended, and those that the next token is inside of."""

    def __init__(self) -> None:
        self.done: list[_Paragraph] = []
        self._inside: list[_Paragraph] = []
        self._look, self._in_properties, self._is_text = "", False, False

    def text(self, place: int, token: str) -> None:
        if self._is_text and self._inside:
            self._inside[-1].texts.append(_Text(place, html.unescape(token), self._look))

    def tag(self, token: str) -> None:
        tag = _TAG.match(token)
        closes, name, empty = (bool(tag[1]), tag[2], token.endswith("/>")) if tag else (False, "", False)
        if name == "w:p" and not empty:
            self._paragraph(closes)
        elif name == "w:r" and not closes:
            self._look = ""
        elif name == "w:rPr" and not empty:
            self._in_properties = not closes
        elif self._in_properties and not name.startswith(("w:lang", "w:noProof", "w:rFonts")):
            self._look += token
        elif name == "w:t":
            self._is_text = not closes and not empty

    def _paragraph(self, closes: bool) -> None:
        if not closes:
            self._inside.append(_Paragraph())
        elif self._inside:
            self.done.append(self._inside.pop())
