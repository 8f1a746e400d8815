"""What stands around the pages: the bar, the footer, the page for a wrong address, and who is told to the pages."""

import gradio as gr
import httpx
import pytest
from browser import served
from nlp_gru.apps import frame


@pytest.fixture(scope="module")
def site():
    def page(title):
        with gr.Blocks(title=f"{title} · nlp-gru", analytics_enabled=False) as made:
            gr.Markdown(f"# {title}")
        return made

    return frame.framed({"Start": page("Start"), "Look inside": page("Look inside"), "<b>Bold": page("Bold")})


def html_of(site):
    return [block.value for block in site.blocks.values() if isinstance(block, gr.HTML)]


def test_bar_marks_the_current_page_and_escapes(site):
    first, _, second, *_ = html_of(site)
    assert '<a href="./" aria-current="page">Start</a>' in first and first.count("aria-current") == 1
    assert '<a href="look-inside" aria-current="page">Look inside</a>' in second
    assert "&lt;b&gt;" in first and "<b>B" not in first and 'data-title="Look inside · nlp-gru"' in second


def test_footer_tells_version_and_licence(site):
    from nlp_gru import __version__

    assert f"nlp-gru {__version__}" in html_of(site)[1] and "Apache-2.0" in html_of(site)[1]


def test_one_page_alone_has_no_bar():
    with gr.Blocks(title="x", analytics_enabled=False) as page:
        gr.Markdown("# x")
    assert "<nav" not in html_of(frame.framed({"x": page}))[0]


def test_wrong_address_has_a_page_with_links_for_browsers_and_a_sentence_for_programs(site):
    with served(site) as url:
        found = httpx.get(f"{url}nowhere", headers={"accept": "text/html"})
        assert found.status_code == 404 and '<a href="/look-inside">Look inside</a>' in found.text
        assert "&lt;b&gt;" in found.text and "<b>B" not in found.text
        plain = httpx.get(f"{url}nowhere")
        assert plain.status_code == 404 and "There is nothing at this address" in plain.json()["error"]
        assert httpx.get(f"{url}favicon.ico").text.startswith("<svg")


def test_pages_go_out_compressed_to_those_who_can_read_it(site):
    with served(site) as url:
        for path in ("", "look-inside"):
            plain = httpx.get(url + path, headers={"accept-encoding": "identity"})
            packed = httpx.get(url + path, headers={"accept-encoding": "gzip"})
            assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
            assert packed.status_code == 200 and "Look inside" in packed.text and packed.text == plain.text
            head = packed.text.partition("</head>")[0]
            assert head.endswith("</script>") and ".opening .contain" in head and "window.nlpGru" in head, (
                "else all would move when it comes"
            )
            assert int(packed.headers["content-length"]) < len(plain.content) / 2
            assert packed.headers["x-content-type-options"] == "nosniff"
