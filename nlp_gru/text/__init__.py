"""Strings in, strings out; no model."""
