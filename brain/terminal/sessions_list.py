"""The table of conversations: calm, and within the width of the terminal."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from brain.flags import note
from brain.sanitise import display
from brain.terminal.ago import ago
from brain.terminal.console import build_console

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from brain.store.values import SessionInfo

_COLUMNS_FOR_VOICE = 60
_COLUMNS_FOR_COUNT = 44
_WIDEST_VOICE = 16
_GAP = "  "


def sessions_document(sessions: Sequence[SessionInfo]) -> str:
    """The conversations as one JSON document."""
    return json.dumps({"sessions": [session_fields(session) for session in sessions]})


def session_fields(session: SessionInfo) -> dict[str, Any]:
    """One conversation in JSON's values; times are ISO 8601."""
    times = {name: at.isoformat() for name in ("created", "updated", "deleted") if (at := getattr(session, name))}
    return {**session._asdict(), **times}


def print_sessions(sessions: Sequence[SessionInfo], *, limit: int, removed: bool, voice: str | None) -> None:
    """A line for each of the first `limit`; without one, how to come by one."""
    if not sessions:
        _say_none(removed=removed, voice=voice)
        return
    console = build_console()
    for line in _lines(sessions[:limit], console.width, removed=removed):
        console.print(line, soft_wrap=True)
    if len(sessions) > limit:
        note(f"These are the newest {limit}; -n shows more.")


def heading(session: SessionInfo) -> str:
    """Its title, or what the user said first, on one line."""
    return " ".join(display(session.title or session.first).split())


def _say_none(*, removed: bool, voice: str | None) -> None:
    if removed:
        note("Nothing was removed that could be restored.")
    elif voice:
        note(f"No conversation with {display(voice)} is kept. Start one: persona chat {display(voice)}")
    else:
        note("No conversation is kept yet. Start one: persona chat")


def _lines(sessions: Sequence[SessionInfo], width: int, *, removed: bool) -> Iterator[Text]:
    """Every column as wide as it must be; what is left is for what the talk is about."""
    now = datetime.now().astimezone()
    columns = [
        ["session", *(session.id for session in sessions)],
        ["removed" if removed else "when", *(ago(session.deleted or session.updated, now) for session in sessions)],
    ]
    if width >= _COLUMNS_FOR_VOICE:
        columns.append(["voice", *(_shortened(session.voice) for session in sessions)])
    if width >= _COLUMNS_FOR_COUNT:
        columns.append(["messages", *(f"{session.messages:,}" for session in sessions)])
    widths = [max(map(cell_len, column)) for column in columns]
    for number, cells in enumerate(zip(*columns, ["about", *map(heading, sessions)], strict=True)):
        line = Text(style="bold" if number == 0 else "")
        for cell, cells_wide in zip(cells, widths, strict=False):
            line.append(set_cell_size(cell, cells_wide)).append(_GAP)
        line.append(cells[-1])
        line.truncate(width, overflow="ellipsis")
        line.rstrip()
        yield line


def _shortened(voice: str) -> str:
    """A voice that is named by its folder would leave no place for anything else."""
    name = display(voice)
    return name if len(name) <= _WIDEST_VOICE else f"…{name[1 - _WIDEST_VOICE :]}"
