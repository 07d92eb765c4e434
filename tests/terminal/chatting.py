"""A chat in a terminal against a model whose replies the test writes, and what the store has of it afterwards."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from terminal.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from lms.servers import OllamaServer

MODEL = ("-m", "ollama/tiny")


class Row(NamedTuple):
    """A message with text, as it lies in the store."""

    from_creator: bool
    content: str
    state: str
    parent: int | None


def chat(home: Path, server: OllamaServer, *arguments: str, **options: Any) -> Terminal:
    """`persona chat` with the test's model, replies shown at once unless `PERSONA_TYPING_SPEED` says otherwise."""
    environ = {"OLLAMA_HOST": server.url, "PERSONA_TYPING_SPEED": "0", **options.pop("environ", {})}
    return Terminal("chat", *arguments, *MODEL, home=home, environ=environ, **options)


def opened(terminal: Terminal) -> Terminal:
    """The chat, once it is ready to answer."""
    terminal.wait("ollama/tiny")
    return terminal


def stored(home: Path) -> list[Row]:
    """Every message that has text, oldest first."""
    with closing(sqlite3.connect(home / "data" / "persona.db")) as connection:
        rows = connection.execute(
            "select from_creator, content, state, parent from messages where content != '' order by id"
        ).fetchall()
    return [Row(bool(mine), content, state, parent) for mine, content, state, parent in rows]


def is_whole(home: Path) -> bool:
    """Whether SQLite finds nothing wrong with the file."""
    with closing(sqlite3.connect(home / "data" / "persona.db")) as connection:
        return connection.execute("pragma integrity_check").fetchall() == [("ok",)]
