"""Conversations in a store, and `persona sessions` run on them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner
from fakes import them, us

from brain.cli import persona as group

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from brain.errors import PersonaError
    from brain.store.store import Store


def talk(store: Store, *said: str, voice: str = "nela", ago: timedelta = timedelta(), title: str | None = None) -> str:
    """A conversation that the user begins; its id."""
    at = datetime.now().astimezone() - ago
    session = store.begin(voice, at, title=title)
    parent = None
    for place, content in enumerate(said):
        message = us(content, at) if place % 2 else them(content, at)
        parent = store.add(session, message, parent=parent, now=at)
    return session


def run(*arguments: str, home: Path, given: str | bytes = "", width: int = 80) -> Result:
    """`persona sessions …`; standard input is no terminal."""
    return CliRunner(env={"COLUMNS": str(width), "NO_COLOR": "1"}).invoke(
        group, ["--home", str(home), "sessions", *arguments], input=given, standalone_mode=False
    )


def refused(done: Result, kind: type[PersonaError], words: str) -> PersonaError:
    """The error that a command ended with: of this kind, with these words, on one line, with a hint."""
    assert isinstance(done.exception, kind)
    assert words in done.exception.message
    assert "\n" not in done.exception.message
    assert done.exception.hint
    return done.exception


def contents(store: Store, session: str) -> list[str]:
    return [stored.message.content for stored in store.path(session)]


def sessions_of(home: Path, *arguments: str) -> list[dict[str, Any]]:
    return json.loads(run("list", "--json", *arguments, home=home).stdout)["sessions"]
