"""A file of JSON rows: one list, or an object a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from brain.dataset import parse_json

if TYPE_CHECKING:
    from pathlib import Path


class Row(NamedTuple):
    """A JSON value and where it stands, for the words of an error."""

    where: str
    value: Any


def read_rows(path: Path, content: bytes) -> list[Row] | None:
    """The rows of an object a line; None when the first line is none. Raises DataError for a later line that is not."""
    first, _, rest = content.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    if not first.startswith(b"{") or not first.rstrip().endswith(b"}") or not rest.strip():
        return None
    lines = content.split(b"\n")
    return [
        Row(where, parse_json(where, line))
        for number, line in enumerate(lines, start=1)
        if line.strip() and (where := f"{path}: line {number}")
    ]


def listed(path: Path, document: object) -> list[Row]:
    """The rows of one JSON document: the entries of a list, or the document itself."""
    if isinstance(document, list):
        return [Row(f"{path}[{number}]", value) for number, value in enumerate(document)]
    return [Row(str(path), document)]
