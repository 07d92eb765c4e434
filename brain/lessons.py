"""Lessons: replies the user put right, kept beside a voice until the next compile learns them.

    voices/NAME/lessons.jsonl    one labelled conversation a line, as in conversations.json

The file is appended to, one process at a time, and never rewritten: a line that cannot be read is named, not dropped.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from brain.artifact import check_name
from brain.dataset import parse_json, parse_labeled, read_dataset
from brain.errors import DataError, UnavailableError
from brain.file_lock import locked
from brain.private_files import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import FileIO
    from pathlib import Path

    from brain.models import LabeledConversation

LESSONS = "lessons.jsonl"


def lessons_file(voices: Path, name: str) -> Path:
    """Where the lessons of a voice are kept, whether there are any or not. Raises ArtifactError for an odd name."""
    check_name(name)
    return voices / name / LESSONS


def keep_lesson(voices: Path, name: str, lesson: LabeledConversation) -> bool:
    """Appends a lesson for the voice; False when the very same is kept already.

    On disk when this returns. Raises ArtifactError for an odd name, DataError for a lesson that answers nobody,
    UnavailableError when it cannot be written.
    """
    path = lessons_file(voices, name)
    parse_labeled("the lesson", lesson.model_dump())
    line = lesson.model_dump_json(exclude_none=True).encode()
    try:
        make_private_folder(path.parent)
        with (
            open(path, "a+b", buffering=0, opener=lambda file, flags: os.open(file, flags, 0o600)) as file,
            locked(file.fileno()),
        ):
            return _append(file, line)
    except OSError as exc:
        raise UnavailableError(
            f"{path}: the lesson cannot be kept ({exc.strerror})", hint="Check its folder and the room on the disk."
        ) from exc


def lessons(voices: Path, name: str) -> tuple[LabeledConversation, ...]:
    """Every lesson of the voice, oldest first, each once; none when there is no file.

    Raises DataError, which names the file, the line and the fix.
    """
    path = lessons_file(voices, name)
    if not path.exists():
        return ()
    kept: list[LabeledConversation] = []
    for number, line in enumerate(read_dataset(path).split(b"\n"), start=1):
        if line.strip():
            kept.append(_lesson(f"{path}: line {number}", line))
    return tuple(dict.fromkeys(kept))


def with_lessons(
    conversations: Sequence[LabeledConversation], learned: Sequence[LabeledConversation]
) -> tuple[LabeledConversation, ...]:
    """The conversations as they are, then the lessons that are not among them."""
    known = set(conversations)
    return (*conversations, *(lesson for lesson in learned if lesson not in known))


def _lesson(where: str, line: bytes) -> LabeledConversation:
    try:
        return parse_labeled(where, parse_json(where, line))
    except DataError as exc:
        raise DataError(exc.message, hint="Correct that line, or delete it; the other lessons are kept.") from exc


def _append(file: FileIO, line: bytes) -> bool:
    """One whole line at the end, or nothing; a line that was torn there before ends first."""
    file.seek(0)
    before = file.read() or b""
    if line in before.split(b"\n"):
        return False
    rest = (b"\n" if before and not before.endswith(b"\n") else b"") + line + b"\n"
    try:
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())
    except OSError:
        file.truncate(len(before))
        raise
    return True
