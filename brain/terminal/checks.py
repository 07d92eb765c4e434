"""One line of what `persona doctor` says."""

from __future__ import annotations

from typing import NamedTuple

UNAVAILABLE = 69


class Check(NamedTuple):
    """One line: `good` is None for what is neither right nor wrong, such as a key that nobody needs."""

    name: str
    good: bool | None
    found: str
    fix: str = ""
    exit_code: int = UNAVAILABLE
