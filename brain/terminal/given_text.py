"""The text a command is given: its argument, or standard input."""

from __future__ import annotations

import sys

from brain.errors import DataError


def given_text(text: str | None, *, hint: str) -> str:
    """The argument itself, or all of standard input when it is - or missing.

    Raises DataError, with the hint, when that would wait for somebody to type.
    """
    if text is not None and text != "-":
        return text
    if sys.stdin.isatty():
        raise DataError("There is no text.", hint=hint)
    return sys.stdin.buffer.read().decode(errors="replace").removesuffix("\n")
