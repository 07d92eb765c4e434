"""How far a long piece of work is, on standard error: a bar in a terminal, elsewhere a plain line each tenth.

    with Progress("replies") as progress:
        progress.begin(40)
        for prompt in prompts:
            answer(prompt)
            progress.tick()

What is over within a second is not shown at all. With ACCESSIBLE=1, NO_COLOR=1 or TERM=dumb there are lines and
nothing that moves.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, Self, TextIO

import click

from brain.flags import INTERRUPTED, is_quiet, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID

_AFTER = 1.0


class Progress:
    """A Watcher (brain/watcher.py) that shows; use it in a `with`, so that it always gives the line back."""

    def __init__(
        self, what: str = "steps", *, quiet: bool | None = None, stream: TextIO | None = None, after: float = _AFTER
    ) -> None:
        """`what` is counted; it shows `after` seconds, on a stream that is taken now.

        `quiet` says and shows nothing; None asks whether --quiet was given.
        """
        self._what, self._quiet, self._after = what, is_quiet() if quiet is None else quiet, after
        self._stream = stream or sys.stderr
        self._lock = threading.RLock()
        self._total = self._done = 0
        self._shown: _Shown | None = None
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def say(self, line: str) -> None:
        """A line of words, above the bar where there is one."""
        with self._lock:
            if self._shown is not None:
                self._shown.say(line)
            elif not self._quiet:
                _write(self._stream, line)

    def begin(self, total: int, what: str | None = None) -> None:
        """So many there will be, counted from nothing."""
        self.stop()
        with self._lock:
            self._total, self._done, self._what = total, 0, what or self._what
            if self._quiet or total < 1:
                return
            self._timer = threading.Timer(self._after, self._appear)
            self._timer.daemon = True
            self._timer.start()

    def tick(self, done: int | None = None) -> None:
        """One more is done, or so many of them."""
        with self._lock:
            self._done = self._done + 1 if done is None else done
            if self._shown is not None:
                self._shown.show(self._done)

    def stop(self) -> None:
        """It ends here, whether all are done or not; what is said next begins on a line of its own."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._shown is not None:
                self._shown.close()
            self._timer = self._shown = None

    def _appear(self) -> None:
        """In a thread of its own, so that work without a step says within a second that it goes on."""
        with self._lock:
            if self._timer is None:
                return  # stopped in the meantime
            kind = _Bar if _can_move(self._stream) else _Lines
            self._shown = kind(self._stream, self._total, self._what)
            self._shown.show(self._done)


@contextmanager
def stoppable(line: str) -> Iterator[None]:
    """Ctrl-C ends the command with exit code 130 and this line: what was kept, and how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        note(line)
        raise click.exceptions.Exit(INTERRUPTED) from None


class _Shown(Protocol):
    def show(self, done: int) -> None: ...

    def say(self, line: str) -> None: ...

    def close(self) -> None: ...


class _Lines:
    def __init__(self, stream: TextIO, total: int, what: str) -> None:
        self._stream, self._total, self._what = stream, total, what
        self._told = 0

    def show(self, done: int) -> None:
        tenth = 10 * done // self._total
        if tenth > self._told:
            self._told = tenth
            self.say(f"{10 * tenth} %: {done:,} of {self._total:,} {self._what}")

    def say(self, line: str) -> None:
        _write(self._stream, line)

    def close(self) -> None:
        """Every line is whole already."""


class _Bar:
    def __init__(self, stream: TextIO, total: int, what: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        left = TimeRemainingColumn(compact=True)
        self._bar = Progress(
            BarColumn(bar_width=24),
            MofNCompleteColumn(separator=" of "),
            TextColumn(what, markup=False),
            left,
            console=Console(file=stream, highlight=False),
            transient=True,
            refresh_per_second=4,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task: TaskID = self._bar.add_task(what, total=total)
        self._bar.start()

    def show(self, done: int) -> None:
        self._bar.update(self._task, completed=done)

    def say(self, line: str) -> None:
        self._bar.console.print(line, markup=False, soft_wrap=True)

    def close(self) -> None:
        self._bar.stop()


def _can_move(stream: TextIO) -> bool:
    plain = os.environ.get("TERM") == "dumb" or os.environ.get("ACCESSIBLE") or os.environ.get("NO_COLOR")
    return stream.isatty() and not plain


def _write(stream: TextIO, line: str) -> None:
    stream.write(f"{line}\n")
    stream.flush()
