"""Files to be translated: their texts, and what they are put together to again, over a translation that anyone can
check."""

import csv
import importlib.util
import io
import re
import zipfile

import pytest
from conftest import ROOT

from nlp_gru import documents
from nlp_gru.documents import Languages, Translated
from nlp_gru.documents.subtitles import in_lines, share
from nlp_gru.errors import UserError

EN_FR = Languages("en", "fr")
_TAG = re.compile(r"<[^<>]*>|&\w+;|\{[^{}]*\}|%\w|`[^`]*`|\]\([^()]*\)")


def shout(text):
    """A translation into capitals that leaves tags and placeholders as they are."""
    at, found = 0, ""
    for tag in _TAG.finditer(text):
        found += text[at : tag.start()].upper() + tag[0]
        at = tag.end()
    return found + text[at:].upper()


def translated(tmp_path, name, content, unsure=(), column="text"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    document, encoding = documents.read(path, column)
    out = tmp_path / f"out-{name}"
    texts = [Translated(shout(t), i in unsure) for i, t in enumerate(document.texts)]
    documents.write(out, document.rebuilt(texts, EN_FR), encoding)
    return document.texts, out.read_bytes() if name.endswith("docx") else out.read_bytes().decode()


def test_lines_blanks_and_lists_stay(tmp_path):
    content = "Dear Anna,\r\n\r\n  - one\r\n  - two \r\n\t12\r\nBye"
    texts, found = translated(tmp_path, "a.txt", content)
    assert texts == ["Dear Anna,", "- one", "- two", "Bye"] and found == content.upper()


def test_a_sentence_over_several_lines_is_one_text(tmp_path):
    lines = [
        "  We moved into this house three years ago, and the garden was",
        "  a jungle full of old tyres.",
        "",
        "A short line",
        "and another.",
    ]
    texts, found = translated(tmp_path, "a.txt", "\n".join(lines))
    assert texts == [f"{lines[0].strip()} {lines[1].strip()}", "A short line", "and another."]
    assert found == "\n".join(lines).upper() and max(map(len, found.split("\n"))) == len(lines[0])


def test_markdown(tmp_path):
    kept = [
        "---",
        "title: a",
        "---",
        "```sh",
        "cat a.txt",
        "",
        "echo b",
        "```",
        "    code",
        "[link]: https://example.org",
        "<!-- note -->",
        "|---|--|",
    ]
    content = (
        "---\ntitle: a\n---\n# A heading\n\nA paragraph that\nruns over lines.\n\n- [ ] an item\n  > a quote\n1."
        " first\n\n```sh\ncat a.txt\n\necho b\n```\n\n    code\n\n| a | b |\n|---|--|\n\n[link]:"
        " https://example.org\n<!-- note -->\nSee [it](https://a.b/c).  \nEnd\n"
    )
    texts, found = translated(tmp_path, "a.md", content)
    assert texts == [
        "A heading",
        "A paragraph that runs over lines.",
        "an item",
        "a quote",
        "first",
        "| a | b |",
        "See [it](https://a.b/c).",
        "End",
    ]
    assert found.splitlines() == [line if line in kept else shout(line) for line in content.splitlines()]


def test_an_unclosed_fence_is_kept(tmp_path):
    texts, found = translated(tmp_path, "a.md", "Text\n\n```\nnever closed\n")
    assert texts == ["Text"] and found == "TEXT\n\n```\nnever closed\n"


SRT = """1
00:00:01,000 --> 00:00:03,500
Good morning. Did you
sleep well?

2
00:00:04,000 --> 00:00:06,000
I was dreaming about the house

3
00:00:06,100 --> 00:00:08,000
where we lived, when I was a child.

4
00:00:09,000 --> 00:00:11,000
- Where to?
- <i>The market.</i>

5
00:00:12,000 --> 00:00:14,000
♪ 12
"""


def test_subtitles(tmp_path):
    texts, found = translated(tmp_path, "a.srt", SRT)
    assert texts == [
        "Good morning. Did you sleep well?",
        "I was dreaming about the house where we lived, when I was a child.",
        "- Where to?",
        "- <i>The market.</i>",
    ]
    assert found == SRT.replace("you\nsleep", "you sleep").translate(str.maketrans("", "")).replace(
        "Good morning. Did you sleep well?", "GOOD MORNING. DID YOU SLEEP WELL?"
    ).replace("I was dreaming about the house", "I WAS DREAMING ABOUT THE HOUSE").replace(
        "where we lived, when I was a child.", "WHERE WE LIVED, WHEN I WAS A CHILD."
    ).replace("Where to?", "WHERE TO?").replace("The market.", "THE MARKET.")


def test_web_subtitles_keep_header_notes_and_settings(tmp_path):
    content = (
        "WEBVTT\n\nNOTE a remark\n\nintro\n00:01.000 --> 00:02.000 align:start\nHello there.\n\nSTYLE\n::cue { color:"
        " red }\n"
    )
    texts, found = translated(tmp_path, "a.vtt", content)
    assert texts == ["Hello there."] and found == content.replace("Hello there.", "HELLO THERE.")


def test_words_are_shared_out_like_the_cues_and_none_is_lost():
    text = "j'étais en train de rêver de la maison, où nous vivions quand j'étais enfant"
    assert share(text, [30, 35]) == ["j'étais en train de rêver de la maison,", "où nous vivions quand j'étais enfant"]
    for weights in ([1], [1, 1, 1], [90, 1], [1, 90], [0, 0, 5]):
        parts = share(text, [w or 1 for w in weights])
        assert " ".join(parts) == text and len(parts) == len(weights) and all(parts)
    assert share("oui", [5, 5]) == ["oui", ""]
    assert in_lines("short") == ["short"]
    first, second = in_lines("une ligne beaucoup trop longue, qui ne tient pas dans un sous-titre")
    assert (first, second) == ("une ligne beaucoup trop longue,", "qui ne tient pas dans un sous-titre")
    assert in_lines("a" * 60) == ["a" * 60]


HTML = """<!DOCTYPE html>
<html lang="en"><head><title>Our bakery</title><style>p { color: red }</style></head>
<body class="big house">
<h1>Welcome to <em class="a">our</em> bakery</h1>
<p>We bake &amp; sell
bread. <a href="/menu?a=1&amp;b=2" title="The menu">See it</a> or run <code>make bread</code>.<br/>\
Caf&eacute; &lt;b&gt; R&amp;D</p>
<img src="a.png" alt="A loaf"><input placeholder='Your name'> 12
<script>var a = "Hello <b>";</script><pre>kept</pre><!-- kept --><span translate="no">Kept</span>
<p>5 < 6 and <b>unclosed</p></i>
</body></html>
"""


def test_html(tmp_path):
    texts, found = translated(tmp_path, "a.html", HTML)
    assert texts == [
        "Our bakery",
        "Welcome to <0>our</0> bakery",
        "The menu",
        "We bake & sell bread. <0>See it</0> or run <1/>.",
        "Café &lt;b&gt; R&D",
        "A loaf",
        "Your name",
        "5 &lt; 6 and <0>unclosed",
    ]
    expected = HTML
    for text in (
        "Our bakery",
        "Welcome to ",
        "The menu",
        "See it",
        " or run ",
        "A loaf",
        "Your name",
        " bakery<",
        ">our<",
        " and <b>unclosed",
    ):
        expected = expected.replace(text, shout(text))
    expected = expected.replace("We bake &amp; sell\nbread. ", "WE BAKE &amp; SELL BREAD. ").replace(
        "Caf&eacute; &lt;b&gt; R&amp;D", "CAFÉ &lt;B&gt; R&amp;D"
    )
    assert found == expected.replace('lang="en"', 'lang="fr"').replace("5 < 6", "5 &lt; 6")


def test_no_break_spaces_stay(tmp_path):
    assert translated(tmp_path, "a.html", "<p>It costs 10&nbsp;000  euros</p>")[0] == ["It costs 10\xa0000 euros"]


def test_html_in_another_encoding_gets_references_for_what_that_lacks(tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes("<p>caf\xe9</p>".encode("cp1252"))
    document, encoding = documents.read(path, given="cp1252")
    documents.write(path, document.rebuilt([Translated("œuf\u202f!")], EN_FR), encoding)
    assert path.read_bytes() == "<p>œuf&#8239;!</p>".encode("cp1252")


PO = r"""# A comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: \n"
"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\n"

#: main.c:12
msgid "_Open"
msgstr ""

#, c-format
msgid "%d file"
msgid_plural "%d files"
msgstr[0] ""
msgstr[1] ""

msgctxt "button"
msgid "Cancel"
msgstr "Annuler"

#, fuzzy, c-format
#| msgid "old"
msgid ""
"A \"quoted\" line.\n"
"Another\t%s\n"
msgstr "Vieux"

#~ msgid "Gone"
#~ msgstr "Parti"
"""


def test_po(tmp_path):
    texts, found = translated(tmp_path, "a.po", PO, unsure=[0])
    assert texts == ["Open", "%d file", "%d files", 'A "quoted" line.\nAnother\t%s']
    expected = PO.replace("Language: ", "Language: fr").replace(
        "nplurals=INTEGER; plural=EXPRESSION;", "nplurals=2; plural=(n > 1);"
    )
    expected = expected.replace(
        '#: main.c:12\nmsgid "_Open"\nmsgstr ""', '#: main.c:12\n#, fuzzy\nmsgid "_Open"\nmsgstr "_OPEN"'
    )
    expected = expected.replace('msgstr[0] ""', 'msgstr[0] "%d FILE"').replace('msgstr[1] ""', 'msgstr[1] "%d FILES"')
    expected = expected.replace('#, fuzzy, c-format\n#| msgid "old"', "#, c-format").replace(
        'msgstr "Vieux"', 'msgstr ""\n"A \\"QUOTED\\" LINE.\\n"\n"ANOTHER\\t%s\\n"'
    )
    assert found == expected
    with pytest.raises(UserError, match=r"a\.po: line 1: neither a comment nor a string"):
        translated(tmp_path, "a.po", "hello")
    with pytest.raises(UserError, match=r"a\.po: there is nothing in it to translate"):
        translated(tmp_path, "a.po", 'msgid "a"\nmsgstr "b"\n')


def test_tables_get_a_column(tmp_path):
    content = 'id;Body;note\r\n1;"Hello; you";a\r\n2;;b\r\n3;"two\nlines"\r\n\r\n'
    texts, found = translated(tmp_path, "a.csv", content, column="body")
    assert texts == ["Hello; you", "two\nlines"]
    rows = list(csv.reader(io.StringIO(found, newline=""), delimiter=";"))
    assert rows == [
        ["id", "Body", "note", "Body_fr"],
        ["1", "Hello; you", "a", "HELLO; YOU"],
        ["2", "", "b", ""],
        ["3", "two\nlines", "", "TWO\nLINES"],
        [],
    ]
    assert translated(tmp_path, "a.tsv", "text\tb\nHi\t1\n")[1] == "text\tb\ttext_fr\nHi\t1\tHI\n"
    with pytest.raises(
        UserError,
        match=r"a\.csv: there is no column text to translate; name one with --column text=NAME \(there is a, b\)",
    ):
        translated(tmp_path, "a.csv", "a,b\n1,2\n")


def test_a_table_of_one_column_and_one_in_which_excel_names_the_delimiter(tmp_path):
    assert translated(tmp_path, "a.csv", "text\nHello, you\n")[1] == 'text,text_fr\n"Hello, you","HELLO, YOU"\n'
    assert translated(tmp_path, "a.csv", "sep=;\nid;text\n1;Hi\n")[1] == "sep=;\nid;text;text_fr\n1;Hi;HI\n"


def docx(body):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", "<Types/>")
        out.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?><w:document xmlns:w="x" mc:Ignorable="w14"><w:body>{body}</w:body></w:document>',
        )
        out.writestr("word/header1.xml", "<w:hdr><w:p><w:r><w:t>Our letter</w:t></w:r></w:p></w:hdr>")
    return file.getvalue()


def words(text, look=""):
    return f'<w:r><w:rPr>{look}<w:lang w:val="en"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


BOLD = "<w:b/>"


def paragraphs(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        body = file.read("word/document.xml").decode()
        assert (
            file.read("word/header1.xml").decode().count("OUR LETTER") == 1
            and file.namelist()[0] == "[Content_Types].xml"
        )
    assert 'mc:Ignorable="w14"' in body
    return [
        "".join(
            ("*" if "<w:b/>" in r else "") + t + ("*" if "<w:b/>" in r else "")
            for r, t in re.findall(r"<w:r>(.*?)<w:t[^>]*>([^<]*)</w:t>", p)
        )
        for p in re.findall(r"<w:p>(.*?)</w:p>", body)
    ]


def test_word_documents(tmp_path):
    body = "".join(
        f"<w:p>{p}</w:p>"
        for p in (
            words("Hello ") + words("wor") + words("ld &amp; you"),
            words("Read ") + words("this", BOLD) + words(" now"),
            words("All bold", BOLD),
            "",
            words("12"),
        )
    )
    texts, found = translated(tmp_path, "a.docx", docx(body))
    assert texts == ["Hello world & you", "Read <0>this</0> now", "All bold", "Our letter"]
    assert paragraphs(found) == ["HELLO WORLD &amp; YOU", "READ *THIS* NOW", "*ALL BOLD*", "", "12"]


def test_a_look_that_did_not_come_through_is_given_up_and_no_word_is(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(docx(f"<w:p>{words('Read ')}{words('this', BOLD)}{words(' now')}</w:p>"))
    document, _ = documents.read(path)
    for text, expected in (
        ("Lis ceci", "Lis ceci**"),
        ("<0>Ceci</0>, lis-le", "*Ceci*, lis-le"),
        ("Lis <0>ceci", "Lis ceci**"),
        ("<0>a</0> b <0>c</0>", "a b c**"),
    ):
        found = paragraphs(document.rebuilt([Translated(text), Translated("OUR LETTER")], EN_FR))
        assert found[0].replace("**", "") == expected.replace("**", "")


def test_what_is_no_document_is_told(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("a.txt", "x")
    for content in (b"no zip", b"", file.getvalue()):
        with pytest.raises(UserError, match=r"a\.docx: it is no Word document"):
            translated(tmp_path, "a.docx", content)
    damaged = bytearray(docx(f"<w:p>{words('Hello ' * 400)}</w:p>"))
    damaged[damaged.index(b"word/document.xml") + 40] ^= 0xFF
    with pytest.raises(UserError, match=r"a\.docx: it is no Word document"):
        translated(tmp_path, "a.docx", bytes(damaged))
    with pytest.raises(UserError, match=r"a\.pdf: of files, \.txt"):
        translated(tmp_path, "a.pdf", b"%PDF")
    with pytest.raises(UserError, match=r"b\.txt: there is nothing in it to translate"):
        translated(tmp_path, "b.txt", " \n12\n")
    with pytest.raises(UserError, match=r"c\.txt, line 1: a NUL character"):
        translated(tmp_path, "c.txt", b"a\0b")


def test_odd_files_have_an_answer(tmp_path):
    import random

    draw = random.Random(0)
    alphabet = [
        "<b>",
        "</b>",
        "<",
        ">",
        "&amp;",
        "&",
        "a",
        "Hello",
        " ",
        "\n",
        "\r\n",
        "-->",
        "1",
        "00:00:01 --> 00:00:02",
        "```",
        "|",
        "# ",
        "> ",
        "- ",
        '"',
        "'",
        "\\",
        'msgid ""',
        "\t",
        "é",
        "<code>",
        "</code>",
        "<p>",
        "<!--",
        ";",
        ",",
    ]
    for _ in range(400):
        content = "".join(draw.choices(alphabet, k=draw.randint(1, 30))) + "x"
        for name in ("a.txt", "a.md", "a.srt", "a.vtt", "a.html"):
            try:
                translated(tmp_path, name, content)
            except UserError:
                continue
            if name != "a.html":
                path = tmp_path / name
                document, _ = documents.read(path)
                same = document.rebuilt([Translated(t) for t in document.texts], EN_FR)
                assert same.split() == content.split(), (name, content)


def test_the_page_of_examples_is_what_the_models_write():
    spec = importlib.util.spec_from_file_location("translation_files", ROOT / "benchmarks/translation_files.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.PAGE.read_text(encoding="utf-8") == script.page()


def test_the_command(tmp_path, run):
    path = tmp_path / "menu.en.txt"
    path.write_text("Where is the station?\nI am tired.\n", encoding="utf-8")
    code, out, err = run("translate", str(path))
    assert code == 0 and out == f"{tmp_path / 'menu.fr.txt'}: 2 sentences, 0 unsure\n", err
    assert (tmp_path / "menu.fr.txt").read_text(encoding="utf-8") == "Où se trouve la gare ?\nJe suis fatigué.\n"
    for arguments, told in (
        ([str(path)], "it is there already; add --overwrite"),
        ([str(path), "--to", "de"], "--to de: to fr or to en"),
        ([str(tmp_path / "none.txt")], "there is no such file"),
        ([str(path), "--out", "a.md"], "name a file that ends in .txt"),
        ([str(path), "--column", "body=x"], "the column to translate is text"),
        ([str(path), "--model", "sentiment"], "it translates nothing"),
    ):
        code, out, err = run("translate", *arguments)
        assert (code, out) == (2, "") and told in err
    path.write_text("Der Zug ist heute leider verspätet.\n", encoding="utf-8")
    code, out, err = run("translate", str(path), "--overwrite")
    assert code == 2 and "it looks like neither English nor French" in err
    path.write_text("Où est la gare ?\nThe quick writ of mandamus quashed the pending jury.\n", encoding="utf-8")
    code, out, err = run("translate", str(path), "--to", "fr", "--mark-unsure", "--overwrite")
    assert code == 0 and (tmp_path / "menu.fr.txt").read_text(encoding="utf-8").endswith(" [?]\n")
