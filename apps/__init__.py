"""The web demos, one file a page. `PAGES` maps a page's name to the function that serves it."""

from nlp_gru.apps import sentiment

PAGES = {"sentiment": sentiment.serve}
