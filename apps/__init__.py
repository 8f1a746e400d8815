"""The web demos, one file a page; `hub` has all of them."""

from . import frame, hub
from .pages import PAGES, make_page, page_names

__all__ = ["PAGES", "frame", "hub", "make_page", "page_names"]
