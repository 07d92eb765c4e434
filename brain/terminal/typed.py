"""Typing a text out as a person would: the same bytes as printing it at once, only later."""

from __future__ import annotations

import asyncio
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TextIO

from wcwidth import iter_graphemes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST_SECONDS = 6.0  # nobody waits longer for a text that is there already
SHORTEST_WAIT = 0.02  # seconds; a shorter one is seen by nobody and costs a wake-up
_AFTER_SENTENCE, _AFTER_LINE = 8, 6  # pauses, in the time of so many characters
_SENTENCE_END = re.compile(r"[.!?…。！？]+[\"'”’)]*(?=\s|$)")
_COLOUR_CODE = re.compile(r"(\x1b\[[0-9;]*m)")


class Row(NamedTuple):
    """A row as the terminal gets it, with colour codes and without its line break."""

    margin: str  # appears at once
    body: str  # is typed
    goes_on: bool = False  # in the next row, without a pause

    def __str__(self) -> str:
        return f"{self.margin}{self.body}\n"


def speed_for(text: str, wanted: float) -> float:
    """Characters a second: `wanted`, or more where `text` would take longer than MOST_SECONDS with its pauses."""
    pauses = _AFTER_SENTENCE * len(_SENTENCE_END.findall(text)) + _AFTER_LINE * text.count("\n")
    return max(wanted, (len(text) + pauses) / MOST_SECONDS)


async def type_out(rows: Iterable[Row], speed: float, write: Callable[[str], object], keys: TextIO) -> None:
    """Writes all of `rows`, at `speed` characters a second; a key press or a cancellation ends the waiting only.

    A row is asked for when its turn has come, so that it may be wrapped to the width the window has by then. A
    cancellation is taken back once it has done its work: the text is whole, and the caller goes on.
    """
    loop = asyncio.get_running_loop()
    with _first_key(loop, keys) as pressed:
        begun, strokes, held = loop.time(), 0, ""
        for row in rows:
            held += row.margin
            for atom, rest in _atoms(row):
                wait = begun + min(strokes / speed, MOST_SECONDS) - loop.time()
                if wait >= SHORTEST_WAIT and atom != "\n" and not pressed.done():
                    write(held)
                    held = ""
                    await _wait(wait, pressed)
                held += atom
                strokes += rest
        write(held)


async def _wait(seconds: float, pressed: asyncio.Future[None]) -> None:
    """Until a key is pressed or Ctrl-C cancels the task, at the longest."""
    try:
        await asyncio.wait({pressed}, timeout=seconds)
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) is not None:
            task.uncancel()
        if not pressed.done():
            pressed.set_result(None)


def _atoms(row: Row) -> Iterator[tuple[str, int]]:
    """Colour codes, whole graphemes and the line break of a row, each with its rest, in the time of so many strokes."""
    ends = {match.end() for match in _SENTENCE_END.finditer(_COLOUR_CODE.sub("", row.body))}
    at = 0
    for number, part in enumerate(_COLOUR_CODE.split(row.body)):
        if number % 2:
            yield part, 0
            continue
        for grapheme in iter_graphemes(part):
            at += len(grapheme)
            yield grapheme, 1 + (_AFTER_SENTENCE if at in ends else 0)
    yield "\n", 0 if row.goes_on else _AFTER_LINE


@contextmanager
def _first_key(loop: asyncio.AbstractEventLoop, keys: TextIO) -> Iterator[asyncio.Future[None]]:
    """Done at the first key press, which stays unread; never done where keys cannot be watched."""
    pressed: asyncio.Future[None] = loop.create_future()
    watched: int | None = None

    def press(file: int) -> None:
        loop.remove_reader(file)  # the key stays there, and would wake the loop again and again
        if not pressed.done():
            pressed.set_result(None)

    try:
        if keys.isatty():
            watched = keys.fileno()
            loop.add_reader(watched, press, watched)
    except (NotImplementedError, OSError, ValueError):
        watched = None  # some event loops watch no terminals
    try:
        yield pressed
    finally:
        if watched is not None:
            loop.remove_reader(watched)
