"""All about one version of a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from brain.errors import PersonaError
from brain.sanitise import display
from brain.terminal.console import build_console
from brain.terminal.counted import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from brain.config import Settings
    from brain.shelf import Description

_MOST = 10_000
_SHOWN = 300  # characters of what is said about the client


def conversations_with(settings: Settings, name: str) -> int | None:
    """How many conversations with the voice are kept, at most 10,000; None when that cannot be told."""
    if settings.database_url is None and not (settings.data_dir / "persona.db").exists():
        return 0
    from brain.store.store import Store

    try:
        store = Store(settings.store_url)
        try:
            return len(store.sessions(voice=name, limit=_MOST))
        finally:
            store.close()
    except PersonaError:  # whatever ails the store, the voice can be told
        return None


def print_description(voice: Description, conversations: int | None) -> None:
    """A row for each fact."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, fact in _facts(voice, conversations):
        if fact:
            table.add_row(name, Text(display(fact)))
    build_console().print(table)


def _facts(voice: Description, conversations: int | None) -> Iterator[tuple[str, str]]:
    label = voice.name if voice.version is None else f"{voice.name}@{voice.version}"
    yield "voice", label + (", the one you talk to by default" if _is_current(voice) else "")
    yield "name", voice.persona.name
    yield "about", _shortened(voice.persona.about)
    yield "facts", str(len(voice.persona.facts) or "")
    yield "compiled", f"{voice.compiled.astimezone():%Y-%m-%d %H:%M}" if voice.compiled else "at first use"
    yield "for", voice.model or "any model"
    yield "replies", _replies(voice)
    yield "demos", f"{voice.recipe.k} a reply ({voice.recipe.strategy})"
    yield "writes", "; ".join(voice.card)
    yield "scores", ", ".join(f"{name} {value:.2f}" for name, value in voice.scores.items())
    yield "lessons", _lessons(voice)
    yield "versions", _versions(voice)
    yield "talks", "" if conversations is None else counted(conversations, "conversation") + " kept"
    yield "folder", voice.folder


def _is_current(voice: Description) -> bool:
    return voice.default and voice.version == voice.current


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"


def _replies(voice: Description) -> str:
    left_out = voice.notes.get("left_out", 0)
    return f"{voice.rows:,}" + (f"; {left_out:,} left out: forbidden by the policy, or twice there" if left_out else "")


def _lessons(voice: Description) -> str:
    if not voice.lessons:
        return ""
    waiting = f"; {voice.waiting:,} new: persona compile {voice.name} learns them" if voice.waiting else ""
    forbidden = voice.notes.get("lessons_left_out", 0)
    return (
        f"{voice.lessons:,} of yours, {voice.notes.get('lessons', 0):,} in it"
        + (f", {forbidden:,} forbidden by the policy" if forbidden else "")
        + waiting
    )


def _versions(voice: Description) -> str:
    others = [str(number) for number in voice.versions]
    return ", ".join(others) + (f"; persona voices use {voice.name}@N goes back to one" if len(others) > 1 else "")
