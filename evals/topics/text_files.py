"""Reads a text file that somebody names, and says in one line why it cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.errors import DataError, NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 256 * 1024 * 1024


def read_text(path: Path) -> str:
    """The text of a UTF-8 file with its lines ended by line feeds. Raises DataError or NotFoundError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError(f"{path}: is over {MOST_BYTES >> 20} MB", hint="Give a smaller part of it.")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as exc:
        raise NotFoundError(f"{path}: no such file", hint="Give the path of a file that exists.") from exc
    except IsADirectoryError as exc:
        raise DataError(f"{path}: is a folder", hint="Give the path of the file inside it.") from exc
    except UnicodeDecodeError as exc:
        raise DataError(f"{path}: is not UTF-8 (byte {exc.start:,})", hint="Save it as UTF-8.") from exc
    except OSError as exc:
        raise DataError(f"{path}: cannot be read ({exc.strerror})", hint="Check its permissions.") from exc
    return text.replace("\r\n", "\n").replace("\r", "\n")
