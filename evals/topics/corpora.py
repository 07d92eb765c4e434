"""Reads ordinary messages from the files people have: lines, CSV, JSON, JSONL and talk parted by __eou__.

    .txt            one message a line, or several, each ended by `__eou__`
    .csv            the first column named `text`, `message`, `… conversation` and the like, or `FILE#COLUMN`
    .json, .jsonl   every text under one of those names or `output`, however deep, and every text in a list

A speaker at the head of a line ("User 1: …") is no part of the message.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from brain.errors import DataError, NotFoundError
from evals.topics.text_files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KEYS = ("text", "message", "content", "utterance", "reply", "output")
_COLUMNS = (*_KEYS, "conversation", "dialogue", "dialog")
_SUFFIXES = (".txt", ".csv", ".json", ".jsonl")
_TURN_END = "__eou__"
_SPEAKER = re.compile(r"^\s*(?:user|speaker|person|agent)\s*[\dA-Z]?\s*:\s+", re.IGNORECASE)
_LONGEST_CELL = 10_000_000


class Corpus(NamedTuple):
    """Ordinary messages; `sources` tells how many came from where."""

    name: str
    messages: tuple[str, ...]
    sources: dict[str, int]


def load_corpus(place: str) -> Corpus:
    """The messages of a file, of `FILE#COLUMN`, or of every readable file in a folder.

    Raises DataError or NotFoundError, which name the file and the fix.
    """
    path, column = _parted(place)
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES and file.is_file())
        if not files:
            raise DataError(f"{path}: holds no {', '.join(_SUFFIXES)} file", hint="Give a file or another folder.")
    else:
        files = [path]
    messages = {file: _messages(file, column) for file in files}
    together = tuple(text for texts in messages.values() for text in texts)
    root = path if path.is_dir() else path.parent
    return Corpus(path.name, together, {str(file.relative_to(root)): len(texts) for file, texts in messages.items()})


def _parted(place: str) -> tuple[Path, str | None]:
    path = Path(place).expanduser()
    if path.exists() or "#" not in place:
        return path, None
    file, _, column = place.rpartition("#")
    return Path(file).expanduser(), column


def _messages(path: Path, column: str | None) -> list[str]:
    if not path.exists():
        raise NotFoundError(f"{path}: no such file or folder", hint="Check the path after --ordinary.")
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise DataError(f"{path}: is of no kind that can be read", hint=f"Give one of {', '.join(_SUFFIXES)}.")
    text = read_text(path)
    if suffix == ".csv":
        pieces: Iterable[str] = _cells(path, text, column)
    elif suffix == ".txt":
        pieces = text.split("\n")
    else:
        pieces = _texts(path, text)
    found = [message for piece in pieces for message in _said(piece)]
    if not found:
        raise DataError(f"{path}: holds no message", hint=f"Texts are looked for under {', '.join(_KEYS)}.")
    return found


def _said(piece: str) -> Iterator[str]:
    """The messages in one line, cell or value: a whole talk may stand in it."""
    lines = piece.split("\n")
    is_talk = len(lines) > 1 and all(_SPEAKER.match(line) for line in lines if line.strip())
    for part in lines if is_talk else [piece]:
        # Behind the last mark of a line stand labels, if anything.
        for turn in part.split(_TURN_END)[:-1] or [part]:
            if message := _SPEAKER.sub("", turn).strip():
                yield message


def _cells(path: Path, text: str, column: str | None) -> list[str]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = list(csv.DictReader(io.StringIO(text), strict=True))
    except csv.Error as exc:
        raise DataError(f"{path}: is not CSV ({exc})", hint="Save it again as CSV with commas and quotes.") from exc
    columns = [name for name in (rows[0] if rows else ()) if name is not None]
    wanted = column or next((name for name in columns if name.lower().rpartition(" ")[2] in _COLUMNS), None)
    if wanted not in columns:
        hint = f"Put one of its columns behind a #: {', '.join(columns)}." if columns else "Its first line names them."
        raise DataError(f"{path}: has no column {column or ' or '.join(_KEYS)}", hint=hint)
    return [row[wanted] or "" for row in rows]


def _texts(path: Path, text: str) -> list[str]:
    """Every text in a JSON file; in JSONL, in every line."""
    if path.suffix.lower() == ".json":
        return list(_walk(_parsed(path, text, "")))
    lines = enumerate(text.split("\n"), start=1)
    rows = (_parsed(path, line, f", line {number}") for number, line in lines if line.strip())
    return [found for row in rows for found in ([row] if isinstance(row, str) else _walk(row))]


def _parsed(path: Path, text: str, where: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise DataError(f"{path}{where}: is not JSON", hint="Look there: a comma, quote or bracket is amiss.") from exc


def _walk(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from [one] if isinstance(one, str) else _walk(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if not isinstance(one, str):
                yield from _walk(one)
            elif key in _KEYS:
                yield one
