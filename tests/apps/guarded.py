"""A small page with every kind of thing that a request may reach, served as the demo is."""

import gradio as gr
from nlp_gru.apps import endpoints, serving

from nlp_gru.errors import UserError

USERS = [("anna", "sécret:1"), ("bert", "x")]


def build():
    def shout(text: str, times: int = 2) -> str:
        if text == "wrong":
            raise UserError("there is nothing to shout")
        if text == "broken":
            raise KeyError(text)
        return text.upper() * times

    with gr.Blocks(analytics_enabled=False) as page:
        kept, text, file = gr.State([]), gr.Textbox(), gr.File()
        text.submit(lambda t, k: (", ".join([*k, t]), [*k, t]), [text, kept], [text, kept], api_name="remember")
        file.upload(lambda path: path, file, text, api_name="file")
        page.unload(lambda: None)
        endpoints.offer(shout, "shout")
    return page


def serve(**settings):
    page = build()
    page.url = serving.serve(page, **settings)
    return page
