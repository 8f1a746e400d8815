"""The web demos, one file a page; `hub` has all of them."""

from . import hub
from .pages import PAGES, make_page, page_names

__all__ = ["PAGES", "hub", "make_page", "page_names"]
