"""Numbers in the words of people."""

from __future__ import annotations

from brain.errors import DataError


def counted(number: int, thing: str) -> str:
    """The thing in the plural, unless there is one: 12,000 words."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def number_in(argument: str, command: str, *, least: int, default: int = 1) -> int:
    """The number that a command was given; `default` when none was. Raises DataError for anything else."""
    if not argument:
        return default
    if not argument.isdecimal() or int(argument) < least:
        raise DataError(f"{command} takes a number from {least} on, not {argument!r}.", hint=f"{command} {default + 1}")
    return int(argument)
