"""The entries of an audit log in the forms other programs read."""

from __future__ import annotations

import csv
import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from brain.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from brain.audit import AuditEntry

FORMATS = ("jsonl", "csv")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_entries(entries: Iterable[AuditEntry], form: str, output: Path | None) -> None:
    """Writes them to a file for its owner alone, or to standard output. Raises DataError when it cannot be written."""
    with _opened(output) as file:
        if form == "csv":
            _write_csv(entries, file)
        else:
            for entry in entries:
                # As in the log itself, so that a whole export can be verified too.
                file.write(json.dumps(entry.model_dump(mode="json"), sort_keys=True, separators=(",", ":")) + "\n")


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    try:
        with open(
            output, "w", encoding="utf-8", newline="", opener=lambda name, flags: os.open(name, flags, 0o600)
        ) as file:
            yield file
    except OSError as exc:
        raise DataError(f"{output}: cannot be written ({exc.strerror})", hint="Give another --output FILE.") from exc


def _write_csv(entries: Iterable[AuditEntry], file: TextIO) -> None:
    from brain.audit import AuditEntry

    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(AuditEntry.model_fields)
    for entry in entries:
        rows.writerow([_cell(value) for value in entry.model_dump(mode="json").values()])


def _cell(value: object) -> object:
    """A text that a spreadsheet would run as a formula is kept a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
