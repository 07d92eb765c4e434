"""The dim line under the prompt: who answers, how full the context is, how fast it went."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from brain.sanitise import display

FEWEST_COLUMNS = 60  # below it every row is needed for the talk
_BETWEEN = " · "


class Status(NamedTuple):
    """What the toolbar tells; None where it is not known.

    `used` and `size` are tokens of the context, `seconds` is what the last reply took, and `place`
    is which of how many replies to the last message is shown, counted from 1.
    """

    voice: str
    model: str
    used: int | None = None
    size: int | None = None
    seconds: float | None = None
    place: tuple[int, int] | None = None


def toolbar_text(status: Status, columns: int) -> str:
    """One line that is narrower than `columns`; empty where there is no room for it.

    What does not fit goes, the least needed first: the time, then the context, then the model's name from its end.
    """
    if columns < FEWEST_COLUMNS:
        return ""
    voice, model = (" ".join(display(name).split()) for name in (status.voice, status.model))
    seconds = "" if status.seconds is None else f"{status.seconds:.{0 if status.seconds >= 10 else 1}f} s"
    place = "" if status.place is None or status.place[1] < 2 else "‹{}/{}›".format(*status.place)
    context = _context(status)
    for parts in ((voice, model, context, seconds, place), (voice, model, context, place), (voice, model, place)):
        line = _BETWEEN.join(filter(None, parts))
        if cell_len(line) < columns:
            return line
    return f"{set_cell_size(line, columns - 2).rstrip()}…"


def _context(status: Status) -> str:
    if status.used is None:
        return ""
    return f"{_short(status.used)}/{_short(status.size)}" if status.size else f"{_short(status.used)} tokens"


def _short(tokens: int) -> str:
    """A count in a few characters: 812, 3.1k, 8k, 131k."""
    if tokens < 1000:
        return str(tokens)
    if tokens >= 99_950:
        return f"{tokens / 1000:.0f}k"
    return f"{tokens / 1000:.1f}".removesuffix(".0") + "k"
