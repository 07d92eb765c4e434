"""Keeps libraries from talking into a conversation."""

from __future__ import annotations

import importlib
import logging


def silence_libraries() -> None:
    """Warnings of the libraries would land in the middle of a talk; errors come to us as exceptions."""
    importlib.import_module("dspy")  # which sets a level of its own
    for name in ("dspy", "httpx", "together", "wordllama"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
