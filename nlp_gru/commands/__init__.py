"""The command line, one file for each group of commands. Heavy modules are imported by the command that needs them."""

from nlp_gru.commands import answers, demo, export, inspect, lecture, models, search, training
from nlp_gru.commands.app import app, main

__all__ = ["answers", "app", "demo", "export", "inspect", "lecture", "main", "models", "search", "training"]
