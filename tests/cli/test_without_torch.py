"""What an installation without the extras can do, and what it says of the rest."""

import subprocess
import sys

import pytest

from nlp_gru.errors import UserError, optional

pytestmark = pytest.mark.slow

BLOCKED = (
    "import sys; sys.modules.update(dict.fromkeys({names!r})); sys.argv = ['nlp-gru', *{arguments!r}]; from"
    " nlp_gru.__main__ import main; main()"
)
TRAIN = ("torch", "datasets", "accelerate", "sklearn", "scipy", "sacrebleu", "sentencepiece")


def command(*arguments, without=(*TRAIN, "gradio", "markdown_it", "pandas")):
    code = BLOCKED.format(names=without, arguments=arguments)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("predict", "sentiment", "I loved it"), "positive"),
        (("predict", "next_word", "See you "), "in 0.09"),
        (("predict", "translation-fr-en", "Je suis fatigué."), "I'm tired."),
        (("predict", "chat", "Hi!"), "?"),
        (("generate", "next_word", "Once upon a", "--words", "5", "--seed", "1"), "Once upon a"),
        (("models",), "sentiment"),
        (
            ("search", "when do you open", "--data", "data/samples/chat.csv", "--column", "text=question"),
            "opening hours",
        ),
        (("duplicates", "--data", "data/samples/chat.csv", "--column", "text=answer"), "We are open"),
        (("predict", "similarity", "Hello."), "0.0"),
    ],
)
def test_the_tools_need_no_extra(arguments, said):
    found = command(*arguments)
    assert found.returncode == 0 and said in found.stdout, found.stderr


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (("train", "sentiment", "--data", "data/samples/sentiment.csv", "--out", "x"), "train"),
        (("eval", "sentiment", "--data", "data/samples/sentiment.csv"), "train"),
        (("inspect", "hi"), "train"),
        (("lr-find", "sentiment"), "train"),
        (("demo",), "demo"),
    ],
)
def test_the_rest_says_what_to_install(arguments, extra):
    found = command(*arguments)
    assert found.returncode == 2 and found.stderr.count("\n") == 1
    assert f"pip install 'nlp-gru[{extra}]'" in found.stderr


def test_only_foreign_packages_are_named():
    with pytest.raises(ModuleNotFoundError), optional():
        import nlp_gru.nothing  # noqa: F401
    with pytest.raises(UserError, match="train"), optional():
        raise ModuleNotFoundError(name="torch.nn")


def test_the_pages_need_no_torch():
    pytest.importorskip("gradio_client")
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({TRAIN!r}))\n"
        "from gradio_client import Client\n"
        "from nlp_gru.apps import hub, serving\n"
        "client = Client(serving.serve(hub.page()), verbose=False)\n"
        "for name, text in (('sentiment', 'good'), ('suggest', 'See '), ('translate', 'Hello.'), ('chat', 'Hi')):\n"
        "    assert client.predict(text, api_name='/' + name)\n"
        "assert 'wonderful' in client.predict('wonderful', '', api_name='/sentiment_details')[1]\n"
        "try:\n"
        "    client.predict('good', api_name='/inspect')\n"
        "except Exception as error:\n"
        "    print(error)\n"
        "import os; sys.stdout.flush(); os._exit(0)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100)
    assert "pip install 'nlp-gru[train]'" in found.stdout, found.stderr
