"""docs/http.md: its blocks run as they stand there, against the real models."""

import json
import re
import shutil
import subprocess
import sys

import gradio as gr
import httpx
import pytest
from browser import served
from conftest import ROOT

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs/http.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:7860"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)


@pytest.fixture(scope="module")
def hub():
    from nlp_gru.apps import hub

    with served(hub.page()) as url:
        yield url.rstrip("/")


def run(command, code, url):
    found = subprocess.run([*command, code.replace(ADDRESS, url)], capture_output=True, text=True, timeout=60)
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_the_table_has_every_endpoint_and_parameter(hub):
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, re.M))
    served = httpx.get(f"{hub}/gradio_api/info").json()["named_endpoints"]
    assert {f"/{name}" for name in rows} == set(served)
    for name, told in rows.items():
        parameters = [
            (
                f"{p['parameter_name']}={json.dumps(p['parameter_default'])}"
                if p["parameter_has_default"]
                else p["parameter_name"]
            )
            for p in served[f"/{name}"]["parameters"]
        ]
        assert re.findall(r"`(.*?)`", told) == parameters, name


def test_python(hub):
    (code,) = blocks("python")
    label, suggestion, translation, reply = run([sys.executable, "-c"], code, hub).strip().split("\n")
    assert label == "positive" and "'in'" in suggestion and translation == "Je suis fatigué." and reply


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl on this machine")
def test_curl(hub):
    once, twice, wrong, _, _ = blocks("sh")
    assert json.loads(run(["sh", "-c"], once, hub))["data"] == ["Je suis fatigué."]
    assert run(["sh", "-c"], twice, hub).startswith('event: complete\ndata: [[{"text": "in"')
    assert json.loads(run(["sh", "-c"], wrong, hub))["error"] == "k is a whole number from 1 to 20, not 99"


@pytest.mark.skipif(not shutil.which("node"), reason="no Node on this machine")
def test_javascript(hub):
    (code,) = blocks("js")
    label, scores = run(["node", "--input-type=module", "-e"], code, hub).strip().split("\n", 1)
    first, second = json.loads(scores)
    assert label == "positive" and first > second


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl on this machine")
def test_with_a_password(tmp_path, monkeypatch):
    from nlp_gru.apps import endpoints, serving

    monkeypatch.chdir(tmp_path)

    def sentiment(text: str) -> str:
        return text.upper()

    with gr.Blocks(analytics_enabled=False) as page:
        endpoints.offer(sentiment, "sentiment")
    url = serving.serve(page, users=[("anna", "secret")]).rstrip("/")
    try:
        for code in blocks("sh")[-2:]:
            assert run(["sh", "-c"], code, url).endswith("}") and "I LOVED IT" in run(["sh", "-c"], code, url)
            assert "I LOVED IT" not in run(["sh", "-c"], code.replace("secret", "guess"), url)
    finally:
        page.close()


def test_mcp():
    pytest.importorskip("mcp", reason="the extra 'mcp' is not installed")
    code = (
        "import asyncio\n"
        "from mcp import ClientSession\n"
        "from mcp.client.streamable_http import streamablehttp_client\n"
        "async def main(url):\n"
        "    async with streamablehttp_client(url) as (read, write, _), ClientSession(read, write) as session:\n"
        "        await session.initialize()\n"
        "        tools = (await session.list_tools()).tools\n"
        "        name = next(t.name for t in tools if t.name.endswith('translate'))\n"
        "        found = await session.call_tool(name, {'text': 'I am tired.', 'direction': 'en-fr'})\n"
        "        print(len(tools), found.content[0].text)\n"
        "from nlp_gru.apps import hub, serving\n"
        "url = serving.serve(hub.page(), mcp=True)\n"
        "asyncio.run(main(url + 'gradio_api/mcp/'))\n"
    )
    last = run([sys.executable, "-c"], code, ADDRESS).strip().split("\n")[-1]  # gradio has a word to say before
    assert last.startswith("10 ") and "Je suis fatigué." in last


def test_mcp_with_a_login():
    """Open with the header of the page's block, for listing and calling; closed without."""
    pytest.importorskip("mcp", reason="the extra 'mcp' is not installed")
    headers = json.loads(blocks("json")[-1])["mcpServers"]["nlp-gru"]["headers"]
    code = (
        "import asyncio, httpx\nimport gradio as gr\nfrom mcp import ClientSession\nfrom mcp.client.streamable_http"
        " import streamablehttp_client\nfrom nlp_gru.apps import endpoints, serving\nasync def main(url, headers):\n  "
        "  async with streamablehttp_client(url, headers=headers) as (read, write, _), ClientSession(read, write) as"
        " session:\n        await session.initialize()\n        found = await session.call_tool((await"
        " session.list_tools()).tools[0].name, {'text': 'hi'})\n        print(found.content[0].text)\ndef"
        " shout(text: str, times: int = 2) -> str:\n    return text.upper() * times\nwith"
        " gr.Blocks(analytics_enabled=False) as page:\n    endpoints.offer(shout, 'shout')\nurl = serving.serve(page,"
        " users=[('anna', 'secret')], mcp=True) + 'gradio_api/mcp/'\nfor method in ('tools/list', 'tools/call'):\n   "
        " print(httpx.post(url, json={'jsonrpc': '2.0', 'id': 1, 'method':"
        f" method}}).status_code)\nasyncio.run(main(url, {headers!r}))\n"
    )
    assert run([sys.executable, "-c"], code, ADDRESS).strip().split("\n")[-3:] == ["401", "401", "HIHI"]


def test_an_mcp_package_that_does_not_fit_is_told(monkeypatch):
    from nlp_gru.apps import serving

    from nlp_gru.errors import UserError

    real = serving.importlib.metadata.version
    monkeypatch.setattr(serving.importlib.metadata, "version", lambda name: "9.0.1" if name == "mcp" else real(name))
    with pytest.raises(
        UserError, match=r"--mcp does not fit mcp 9.0.1: gradio .* needs 'mcp<.*': pip install 'nlp-gru\[mcp\]'"
    ):
        serving.check_mcp()
