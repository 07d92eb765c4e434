"""Numbers in the words of people."""

from __future__ import annotations

from brain.errors import DataError
from brain.sanitise import display

_DIGITS = 9
_SHOWN = 60


def counted(number: int, thing: str) -> str:
    """The thing in the plural, unless there is one: 12,000 words."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def number_in(argument: str, command: str, *, least: int, default: int = 1) -> int:
    """The number that a command was given; `default` when none was. Raises DataError for anything else."""
    if not argument:
        return default
    if not argument.isdecimal() or len(argument) > _DIGITS or int(argument) < least:
        raise DataError(
            f"{command} takes a number from {least} on, not {one_line(argument, _SHOWN)!r}.",
            hint=f"{command} {default + 1}",
        )
    return int(argument)


def one_line(text: str, most: int = 90) -> str:
    """The text on one line of at most so many characters."""
    line = " / ".join(display(text).splitlines())
    return line if len(line) <= most else f"{line[: most - 1]}…"
