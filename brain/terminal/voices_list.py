"""The table of voices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from brain.flags import note
from brain.sanitise import display
from brain.terminal.console import build_console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.shelf import Shelved

_LEAST_WIDTHS = {"lessons": 76, "for": 64, "compiled": 48}  # columns of the terminal


def print_shelf(voices: Sequence[Shelved]) -> None:
    """A line for each voice; what cannot be read is told below, on standard error."""
    console = build_console()
    console.print(_table(voices, console.width))
    for voice in voices:
        if voice.problem:
            note(f"✗ {display(voice.problem)}")
    note("→ persona voices add FILE makes another; persona voices use NAME chooses one.")


def _table(voices: Sequence[Shelved], width: int) -> Table:
    """As many columns as there is room for; the name is never cut."""
    columns = {
        "  voice": [f"{'*' if voice.default else ' '} {_label(voice)}" for voice in voices],
        "replies": ["" if voice.rows is None else f"{voice.rows:,}" for voice in voices],
        "compiled": [_compiled(voice) for voice in voices],
        "for": [display(voice.model or "any model") for voice in voices],
        "lessons": [f"{voice.lessons:,}" if voice.lessons else "" for voice in voices],
    }
    for name, least in _LEAST_WIDTHS.items():
        if width < least or not any(columns[name]):
            del columns[name]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for name in columns:
        table.add_column(name, no_wrap=True, justify="right" if name in {"replies", "lessons"} else "left")
    for cells in zip(*columns.values(), strict=True):
        table.add_row(*map(Text, cells))
    return table


def _label(voice: Shelved) -> str:
    return voice.name if voice.current is None else f"{voice.name}@{voice.current}"


def _compiled(voice: Shelved) -> str:
    if voice.compiled is None:
        return "at first use" if voice.bundled and voice.current is None else "?"
    return f"{voice.compiled.astimezone():%Y-%m-%d}"
