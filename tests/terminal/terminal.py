"""The real program in a pseudo-terminal, and what its screen shows."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Self

import pexpect
import pyte

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PATIENCE = 60.0  # a busy machine is slow; a broken program is slower


class Terminal:
    """`python -m brain …` on a screen of its own; use it in a `with`, so that it always ends."""

    def __init__(
        self,
        *arguments: str,
        home: Path,
        columns: int = 80,
        rows: int = 24,
        environ: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        variables = {"PYTHONPATH": os.getcwd()}  # the program of this tree, wherever it is started
        variables |= {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
        variables.setdefault("PERSONA_JUDGE", "off")  # a scripted server has no replies for a probe
        self._columns, self._rows = columns, rows
        self._screen = pyte.HistoryScreen(columns, rows, history=2000, ratio=1.0)
        self._stream = pyte.ByteStream(self._screen)
        self.written = b""
        self.process = pexpect.spawn(
            sys.executable,
            ["-m", "brain", *arguments],
            dimensions=(rows, columns),
            timeout=PATIENCE,
            cwd=cwd,
            env={**variables, "TERM": "xterm-256color", "PERSONA_HOME": str(home), **(environ or {})},
        )

        self._screen.write_process_input = self.process.send  # a terminal answers when asked where its cursor is

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.close(force=True)

    @property
    def text(self) -> str:
        """Scrollback and screen, line by line."""
        above = ["".join(line[column].data for column in range(self._columns)) for line in self._screen.history.top]
        return "\n".join(line.rstrip() for line in [*above, *self._screen.display])

    def wait(self, wanted: str, *, times: int = 1) -> str:
        """The screen once it shows `wanted` that many times; fails with the screen when it never does."""
        return self.wait_until(lambda text: text.count(wanted) >= times, f"{wanted!r} x{times}")

    def wait_until(self, shown: Callable[[str], bool], wanted: str) -> str:
        """The screen once `shown` is true of it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                chunk = self.process.read_nonblocking(65536, timeout=0.1)
            except pexpect.TIMEOUT:
                pass
            except pexpect.EOF:
                break
            else:
                self.written += chunk
                self._stream.feed(chunk)
                continue
            if shown(self.text):
                return self.text
        assert shown(self.text), f"never showed {wanted}; the screen was:\n{self.text}"
        return self.text

    def type(self, keys: str) -> None:
        """Sends keys, as the terminal would."""
        self.process.send(keys)

    def say(self, line: str) -> None:
        """Types a line and Enter."""
        self.type(f"{line}\r")

    def interrupt(self) -> None:
        """Ctrl-C."""
        self.process.sendcontrol("c")

    def leave(self) -> int:
        """Ctrl-D, and the exit code."""
        self.process.sendcontrol("d")
        return self.end()

    def end(self) -> int:
        """The exit code of a program that is about to end."""
        self.process.expect(pexpect.EOF)
        self._stream.feed(self.process.before or b"")
        self.process.close()
        assert self.process.signalstatus is None, f"ended by {signal.Signals(self.process.signalstatus).name}"
        return int(self.process.exitstatus)
