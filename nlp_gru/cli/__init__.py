"""The command line, one file for each group of commands. Heavy modules are imported by the command that needs them."""

from nlp_gru.cli import answers, chat, demo, export, inspect, lecture, memory, models, search, training, translate
from nlp_gru.cli.app import app, main

__all__ = [
    "answers",
    "app",
    "chat",
    "demo",
    "export",
    "inspect",
    "lecture",
    "main",
    "memory",
    "models",
    "search",
    "training",
    "translate",
]
