"""Settings as people read them: a row each, and no password."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from brain.masked import masked
from brain.sanitise import display
from brain.setting_words import SETTINGS, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.config import Settings
    from brain.setting_sources import Source

BUILT_IN = "built-in"


class Row(NamedTuple):
    """A setting; `source` is the kind of its origin: flag, environment, folder, user, voice or built-in."""

    name: str
    value: Any
    source: str
    origin: str
    meaning: str


def rows(settings: Settings, sources: Sequence[Source]) -> list[Row]:
    """Every setting in its usual order."""
    kinds = {name: source.kind for source in sources for name in source.values}
    values = settings.model_dump(mode="json")
    return [
        Row(
            name,
            masked(name, values[name]),
            kinds.get(name, BUILT_IN),
            settings.origins.get(name, BUILT_IN),
            setting.meaning,
        )
        for name, setting in SETTINGS.items()
    ]


def as_text(value: Any) -> str:
    """As a settings file has it, without quotes; nothing for what is not set."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else display(str(value))


def show_rows(found: Sequence[Row]) -> None:
    """A table in a terminal, else a plain line a setting that `grep` and `cut` take."""
    if not sys.stdout.isatty():
        for row in found:
            click.echo(f"{row.name}\t{as_text(row.value)}\t{display(row.origin)}")
        return
    from rich.table import Table
    from rich.text import Text

    from brain.terminal.console import build_console

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("setting", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_column("from", overflow="fold")
    for row in found:
        built_in = row.source == BUILT_IN
        style = "dim" if built_in else "bold"
        value = as_text(row.value) or "not set"
        table.add_row(Text(row.name, style), Text(value, style), Text(display(row.origin), "dim" if built_in else ""))
    build_console().print(table)


def strange_words(name: str) -> str:
    """What to say of a variable that looks like a setting and is none."""
    near = nearest(name.removeprefix("PERSONA_"))
    return f"{display(name)} is no setting." + (f" Did you mean PERSONA_{near.upper()}?" if near else "")
