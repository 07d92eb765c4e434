"""Writes conversations to a file of their owner's alone, or to standard output."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from brain.errors import DataError
from brain.flags import note
from brain.terminal.counted import counted
from brain.terminal.output_file import output_place, write_output
from brain.terminal.progress import Progress
from brain.terminal.session_transcripts import taken_from
from brain.transcripts.forms import FORMS_OF_MANY, Form, form_called
from brain.transcripts.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from brain.store.store import Store
    from brain.transcripts.values import Transcript

_ENDINGS: dict[str, Form] = {".md": "md", ".json": "json", ".jsonl": "jsonl", ".html": "html", ".htm": "html"}
_FILE_ENDINGS: dict[Form, str] = {"tavern": "tavern.jsonl"}
_OUTSIDE_NAMES = re.compile(r"[^\w-]+")


def form_of(form: Form | None, output: Path | None, *, everything: bool) -> Form:
    """The form that was asked for, by name or by the ending of the file. Raises DataError for all in a form of one."""
    chosen = form or _ENDINGS.get(output.suffix.lower() if output else "") or ("json" if everything else "md")
    if everything and chosen not in FORMS_OF_MANY:
        raise DataError(
            f"The format {chosen} holds one conversation, not all of them.",
            hint=f"Take {' or '.join(f'-f {each}' for each in FORMS_OF_MANY)}.",
        )
    return chosen


def export_sessions(store: Store, sessions: Sequence[str], form: Form, output: Path | None, *, force: bool) -> None:
    """Writes these conversations. Raises DataError when there is such a file already, or it cannot be written."""
    path = output_place(output, force=force)
    with Progress("conversations") as progress:
        progress.begin(len(sessions))
        pieces = write(_each(store, sessions, progress), form)
        if path is None:
            sys.stdout.flush()
            sys.stdout.buffer.writelines(piece.encode() for piece in pieces)  # UTF-8 whatever the locale
            return
        write_output(path, "".join(pieces).encode())
    note(f"Written: {output} ({counted(len(sessions), 'conversation')})")


def write_export(store: Store, session: str, form: str, folder: Path) -> Path:
    """Writes one conversation to a new file in this folder; its path. Raises DataError when that cannot be done,
    or when there is no such form.
    """
    voice = _OUTSIDE_NAMES.sub("-", store.session(session).voice).strip("-")
    chosen = form_called(form)
    ending = _FILE_ENDINGS.get(chosen, chosen)
    path = folder / f"{voice}-{session}.{ending}"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{voice}-{session}-{number}.{ending}"
    write_output(path, "".join(write([taken_from(store, session)], chosen)).encode())
    return path


def _each(store: Store, sessions: Sequence[str], progress: Progress) -> Iterator[Transcript]:
    for session in sessions:
        yield taken_from(store, session)
        progress.tick()
