"""The messages that were judged wrongly, on screen: worst first, each with the reason and the turn before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from evals.topics.results import DisguiseResult, Shown

_LONGEST = 200
_DISGUISES_SHOWN = 3


def print_mistakes(console: Console, title: str, shown: Sequence[Shown], worst: int) -> None:
    """At most `worst` of them, and how many there are."""
    if not shown or not worst:
        return
    more = f", {worst} of {len(shown):,}" if len(shown) > worst else ""
    _print_title(console, f"{title}{more}")
    for one in shown[:worst]:
        said = f"{one.rule} {one.confidence:.2f}" if one.rule else "nothing found"
        head = " · ".join(part for part in (one.id, one.technique.replace("_", " "), said) if part)
        console.print(Padding(Text(head, style="dim"), (0, 0, 0, 2), expand=False))
        if one.context:
            _print_line(console, f"after: {one.context[-1].content}", style="dim")
        _print_line(console, one.text)


def print_missed_disguises(console: Console, disguises: Sequence[DisguiseResult], worst: int) -> None:
    """A few sentences for each technique."""
    for one in disguises:
        if one.misses and worst:
            _print_title(console, f"Not found: {one.technique}")
            for text in one.misses[: min(worst, _DISGUISES_SHOWN)]:
                _print_line(console, text)


def _print_title(console: Console, title: str) -> None:
    console.print()
    console.print(Text(title, style="bold"))


def _print_line(console: Console, text: str, style: str = "") -> None:
    line = " / ".join(display(text).split("\n"))
    short = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    console.print(Padding(Text(short, style=style), (0, 0, 0, 4), expand=False))
