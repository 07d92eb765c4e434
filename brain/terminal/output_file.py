"""The file that an export is written to: of its owner's alone, and over nothing unasked."""

from __future__ import annotations

import os
from pathlib import Path

import click

from brain.errors import DataError
from brain.flags import agreed
from brain.private_files import replace_file

_STDOUT = Path("-")


def output_place(output: Path | None, *, force: bool) -> Path | None:
    """Where the file is to lie; None for standard output, which `-` is too, and the default.

    A link is followed, and ~ is the user's folder. Ends the command when the user would rather keep a file that is
    there. Raises DataError for what is no file, such as a device, and for a file that is there where nobody can be
    asked, unless `force`.
    """
    if output is None or output == _STDOUT:
        return None
    path = Path(os.path.realpath(output.expanduser()))
    if not path.exists():
        return path
    if not path.is_file():
        raise DataError(f"{output}: is no file", hint="Name a file, or leave -o out for standard output.")
    if not agreed(
        f"{output} is there already. Replace it?",
        sure=force,
        unasked=DataError(f"{output}: is there already", hint="--force replaces it."),
        declined=f"{output} is as it was.",
    ):
        raise click.exceptions.Exit(0)
    return path


def write_output(path: Path, content: bytes) -> None:
    """Writes the whole file or nothing. Raises DataError when it cannot be written."""
    try:
        replace_file(path, content)
    except OSError as exc:
        raise DataError(f"{path}: cannot be written ({exc.strerror})", hint="Name a file in another folder.") from exc
