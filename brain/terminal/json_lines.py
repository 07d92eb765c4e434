"""A document out for every line in, in the same order, as the lines come."""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, TypeVar

import click
from pydantic import BaseModel, ValidationError

from brain.errors import DataError, NotFoundError, PersonaError
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pydantic_core import ErrorDetails

_BOM = b"\xef\xbb\xbf"

Line = TypeVar("Line", bound=BaseModel)


def answer_lines(source: str, shape: type[Line], answer: Callable[[Line], dict[str, Any]], *, example: str) -> int:
    """Answers every line of a file, or of standard input for "-"; the exit code is that of the first that failed.

    Such a line gets a document with its `id`, if it has one, and `error`, so that what comes out lines up with what
    went in; its number is told on standard error. Blank lines are left out. A line that cannot be read is a DataError.
    """
    failed = 0
    try:
        with opened(source) as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    document = _answered(answer, read_line(line, number, shape, example=example), number)
                except PersonaError as exc:
                    failed = failed or exc.exit_code
                    document = {"id": _identity(line), "error": exc.as_document()}
                    click.echo(f"✗ {display(exc.message)}", err=True)
                sys.stdout.buffer.write(as_line(document))
                sys.stdout.buffer.flush()
    except BrokenPipeError:
        # What is still buffered has nowhere to go: https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return failed


def _answered(answer: Callable[[Line], dict[str, Any]], line: Line, number: int) -> dict[str, Any]:
    try:
        return answer(line)
    except PersonaError as exc:
        exc.message = f"line {number}: {exc.message}"
        raise


def read_line(line: bytes, number: int, shape: type[Line], *, example: str) -> Line:
    """One line as what it should be; any Unicode goes, lone surrogates too. Raises DataError, with line and fix."""
    try:
        fields = json.loads(line.removeprefix(_BOM).decode(errors="replace"), parse_constant=_no_number)
        return shape.model_validate(fields)
    except json.JSONDecodeError as exc:
        what = f"is not JSON ({exc.msg}, column {exc.colno})"
    except ValidationError as exc:
        what = _first(exc.errors(include_url=False, include_input=False)[0])
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets a thousand deep
        what = "is not JSON that can be read"
    raise DataError(f"line {number}: {what}", hint=f"The shape is {example}")


def as_line(document: dict[str, Any]) -> bytes:
    """A document on one line. ASCII, so that no terminal, locale or lone surrogate can spoil it."""
    return json.dumps(document).encode() + b"\n"


def opened(source: str) -> AbstractContextManager[BinaryIO]:
    """A file, or standard input for "-". Raises NotFoundError."""
    if source == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return open(source, "rb")
    except OSError as exc:
        raise NotFoundError(f"{source}: cannot be read ({exc.strerror})", hint="Give a file, or - .") from exc


def _first(error: ErrorDetails) -> str:
    where = ".".join(str(step) for step in error["loc"])
    if error["type"] == "missing":
        return f"{where} is missing"
    what = error["msg"][:1].lower() + error["msg"][1:]
    return f"{where}: {what}" if where else "is not an object { }"


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _identity(line: bytes) -> object:
    """The id of a line that cannot be used, when it has one."""
    try:
        fields = json.loads(line.removeprefix(_BOM).decode(errors="replace"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return fields.get("id") if isinstance(fields, dict) else None
