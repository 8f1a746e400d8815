"""HTML: the text between tags and the attributes that are shown; scripts, styles and code stay as they are."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import partial

from nlp_gru.documents.document import Document, Languages, Parts, Texts

_NAME = r"[A-Za-z][A-Za-z0-9:-]*"
_INSIDE = r"""(?:"[^"]*"|'[^']*'|[^'">])*"""
_TOKEN = re.compile(
    rf"(?P<kept><!--.*?-->|<!\[CDATA\[.*?\]\]>|<![^>]*>|<\?.*?\?>"
    rf"|<(?P<raw>script|style|pre|textarea|svg|math|template)\b{_INSIDE}>.*?</(?P=raw)\s*>)"
    rf"|(?P<code><(?P<inline>code|kbd|samp|var)\b{_INSIDE}>.*?</(?P=inline)\s*>"
    rf"|<(?P<own>{_NAME})\b{_INSIDE}\btranslate\s*=\s*[\"']?no\b[\"']?{_INSIDE}>[^<]*</(?P=own)\s*>)"
    rf"|(?P<tag></?(?P<name>{_NAME}){_INSIDE}>)|(?P<text>[^<]+)|(?P<stray><)",
    re.S | re.I,
)
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "wbr",
    ]
)
_VOID = frozenset(("img", "wbr"))
_SHOWN = re.compile(
    r"""(?<=\s)(?P<name>alt|title|placeholder|aria-label)(?P<is>\s*=\s*)(?P<quote>["'])(?P<value>.*?)(?P=quote)""",
    re.S | re.I,
)
_ESCAPED = re.compile(r"&(?!(?:lt|gt|#0*60|#0*62|#x0*3c|#x0*3e);)(?!amp;#?\w+;)(?:#\d+|#x[0-9a-f]+|\w+);", re.I)
_NUMBERED = re.compile(r"<(/?)(\d{1,2})(/?)>")
_LANG = re.compile(r"""(<html\b[^>]*?\blang\s*=\s*["']?)([A-Za-z-]+)""", re.I)
_COLLAPSIBLE = re.compile(r"[ \t\r\n\f]+")  # what HTML shows as one blank; a no-break space stays
MOST_TAGS = 99  # in a text


@dataclass
class _Tag:
    """An inline tag; its attributes are translated before the text that it stands in is put together."""

    text: str

    def show(self, attribute: str, quote: str, translation: str) -> str:
        start = attribute[: attribute.index(quote) + 1]
        self.text = self.text.replace(attribute, start + _attribute(translation, quote) + quote)
        return ""


class _Reader:
    """Gathers what stands between two block tags into one text, with its inline tags as <1>, </1> and <2/>."""

    def __init__(self) -> None:
        self.parts = Parts()
        self._text = ""
        self._tags: list[_Tag] = []
        self._closing: dict[int, str] = {}
        self._open: list[tuple[str, int]] = []

    def add_text(self, text: str) -> None:
        self._text += _ESCAPED.sub(lambda m: html.unescape(m[0]), text)

    def _numbered(self, token: str) -> int:
        if len(self._tags) >= MOST_TAGS:
            self.flush()
        tag = _Tag(token)
        for shown in _SHOWN.finditer(token):
            self.parts.translate(html.unescape(shown["value"]), partial(tag.show, shown[0], shown["quote"]))
        self._tags.append(tag)
        return len(self._tags) - 1

    def add_whole(self, token: str) -> None:
        self._text += f"<{self._numbered(token)}/>"

    def add_tag(self, token: str, name: str) -> None:
        if token.startswith("</"):
            if not self._open or self._open[-1][0] != name:
                self.flush()
                self.parts.keep(token)
                return
            _, number = self._open.pop()
            self._closing[number] = token
            self._text += f"</{number}>"
        elif name in _VOID or token.endswith("/>"):
            self.add_whole(token)
        else:
            number = self._numbered(token)
            self._open.append((name, number))
            self._text += f"<{number}>"

    def flush(self) -> None:
        """End the text that is being gathered."""
        text, tags, closing = self._text, self._tags, self._closing
        self._text, self._tags, self._closing = "", [], {}
        self._open.clear()
        core = text.strip()
        if not any(c.isalpha() for c in core):
            self.parts.keep(partial(_restored, text, tags, closing))
            return
        before, after = text.split(core, 1)
        self.parts.keep(before)
        self.parts.translate(_COLLAPSIBLE.sub(" ", core), partial(_restored, tags=tags, closing=closing))
        self.parts.keep(after)

    def block(self, token: str) -> None:
        """Add a tag that ends a text, with what it shows."""
        self.flush()
        at = 0
        for shown in _SHOWN.finditer(token):
            self.parts.keep(token[at : shown.start("value")])
            self.parts.translate(html.unescape(shown["value"]), partial(_attribute, quote=shown["quote"]))
            at = shown.end("value")
        self.parts.keep(token[at:])


def _attribute(text: str, quote: str) -> str:
    return html.escape(text, quote=False).replace(quote, "&quot;" if quote == '"' else "&#39;")


def _restored(text: str, tags: list[_Tag], closing: dict[int, str]) -> str:
    """The text with its tags back, and with what else would be one escaped."""
    found, at = "", 0
    for match in _NUMBERED.finditer(text):
        number = int(match[2])
        tag = closing.get(number) if match[1] else tags[number].text if number < len(tags) else None
        found += _escaped(text[at : match.start()]) + (tag if tag is not None else _escaped(match[0]))
        at = match.end()
    return found + _escaped(text[at:])


def _escaped(text: str) -> str:
    text = re.sub(r"&(?!(?:\w+|#\d+|#[xX][0-9a-fA-F]+);)", "&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def document(content: str) -> Document:
    """Return the texts of a page."""
    reader = _Reader()
    for token in _TOKEN.finditer(content):
        if token["text"] is not None:
            reader.add_text(token["text"])
        elif token["stray"] is not None:
            reader.add_text("&lt;")
        elif token["code"] is not None:
            reader.add_whole(token["code"])
        elif token["kept"] is not None:
            reader.flush()
            reader.parts.keep(token["kept"])
        elif token["name"].lower() in INLINE:
            reader.add_tag(token["tag"], token["name"].lower())
        else:
            reader.block(token["tag"])
    reader.flush()
    read = reader.parts.document()

    def rebuilt(texts: Texts, languages: Languages) -> str:
        return _LANG.sub(rf"\g<1>{languages.target}", str(read.rebuilt(texts, languages)), count=1)

    return Document(read.texts, rebuilt)
