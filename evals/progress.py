"""How far an evaluation is, on standard error."""

from __future__ import annotations

import sys

import click


class Progress:
    """One line that rewrites itself in a terminal, else a plain line each tenth."""

    def __init__(self, what: str = "replies") -> None:
        self._total, self._what, self._done, self._told = 0, what, 0, 0

    def say(self, line: str) -> None:
        """A line of words."""
        click.echo(line, err=True)

    def begin(self, total: int) -> None:
        """So many there will be."""
        self._total, self._done, self._told = total, 0, 0

    def tick(self) -> None:
        """One more is done."""
        self._done += 1
        tenth = 10 * self._done // max(self._total, 1)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{self._done} of {self._total} {self._what}")
            sys.stderr.flush()
        elif tenth > self._told:
            self.say(f"{tenth * 10} %: {self._done} of {self._total} {self._what}")
        self._told = tenth

    def stop(self) -> None:
        """Leaves the line, so that what is said next begins on its own."""
        if sys.stderr.isatty() and self._done:
            sys.stderr.write("\n")
