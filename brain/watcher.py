"""Who hears how far a long piece of work is; a terminal shows it (brain/terminal/progress.py), a test may count."""

from __future__ import annotations

from typing import Protocol


class Watcher(Protocol):
    """Hears how far it is."""

    def say(self, line: str) -> None:
        """A line of words."""

    def begin(self, total: int, what: str | None = None) -> None:
        """So many will be done, and what they are."""

    def tick(self, done: int | None = None) -> None:
        """One more is done, or so many of them."""

    def stop(self) -> None:
        """It ends here, whether all are done or not."""


class Unwatched:
    """Nobody hears."""

    def say(self, line: str) -> None:
        """Is not heard."""

    def begin(self, total: int, what: str | None = None) -> None:
        """Is not heard."""

    def tick(self, done: int | None = None) -> None:
        """Is not heard."""

    def stop(self) -> None:
        """Is not heard."""
