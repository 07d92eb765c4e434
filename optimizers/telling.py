"""What a long optimization says meanwhile, on standard error; and how DSPy's own printing is kept off it."""

from __future__ import annotations

import io
import logging
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOUD = ("dspy", "gepa", "optuna")


class Telling:
    """One line that rewrites itself in a terminal, else a plain line each tenth of `total` calls."""

    def __init__(self, total: int = 0) -> None:
        self._stream = sys.stderr
        self.total = total
        self._line = ""
        self._tenth = 0

    def tick(self, done: int) -> None:
        """So many LM calls are made."""
        if not self.total:
            return
        if self._stream.isatty():
            self._line = f"{done} of at most {self.total} LM calls"
            self._stream.write(f"\r{self._line}")
            self._stream.flush()
        elif 10 * done // self.total > self._tenth:
            self._tenth = 10 * done // self.total
            self.say(f"{self._tenth * 10} %: {done} of at most {self.total} LM calls")

    def say(self, line: str) -> None:
        """A line of its own."""
        if self._line:
            self._stream.write(f"\r{' ' * len(self._line)}\r")
            self._line = ""
        self._stream.write(f"{line}\n")
        self._stream.flush()


@contextmanager
def quiet() -> Iterator[None]:
    """DSPy's optimizers print, log and draw bars of their own."""
    levels = {name: logging.getLogger(name).level for name in _LOUD}
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
