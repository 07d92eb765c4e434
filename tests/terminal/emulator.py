"""A terminal in memory: what it shows of all that is written to it, its scrollback too."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable


class WholeScreen(pyte.HistoryScreen):
    """Pyte's screen drops all that follows a zero-width joiner in one write; here nothing is dropped."""

    def draw(self, data: str) -> None:
        for char in data:
            super().draw(char)


class Emulator(io.StringIO):
    """Give it to a Console as its file, or to prompt-toolkit as its output's."""

    encoding = "utf-8"

    def __init__(self, columns: int = 80, rows: int = 24, answer: Callable[[str], object] | None = None) -> None:
        """`answer` gets what the terminal says when it is asked, for instance where its cursor is."""
        super().__init__()
        self._screen = WholeScreen(columns, rows, history=5000, ratio=1.0)
        self._stream = pyte.Stream(self._screen)
        if answer is not None:
            self._screen.write_process_input = answer

    def write(self, text: str) -> int:
        self._stream.feed(text.replace("\n", "\r\n"))  # as the terminal driver does
        return super().write(text)

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        """None of its own; prompt-toolkit asks."""
        return 1

    def resize(self, columns: int) -> None:
        """The window gets another width."""
        self._screen.resize(columns=columns)

    @property
    def columns(self) -> int:
        return int(self._screen.columns)

    @property
    def lines(self) -> list[str]:
        """Scrollback and screen, to the last line that shows something."""
        above = ["".join(line[column].data for column in range(self.columns)) for line in self._screen.history.top]
        lines = [line.rstrip() for line in [*above, *self._screen.display]]
        while lines and not lines[-1]:
            lines.pop()
        return lines
