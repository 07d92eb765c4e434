"""Verbatim copies of training replies; what is short repeats by nature and is never counted as one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from brain.style import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

_SHORTEST = 30
_WINDOW = 15
_COPIED = 0.8


class Copies:
    """Knows every run of 15 characters of the client's replies; case and spacing aside."""

    def __init__(self, own: Sequence[str]) -> None:
        """Learn the runs, and how often the client repeats themselves: `natural` is the number of own copies."""
        plain = [_plain(text) for text in own]
        self._runs = Counter(run for text in plain for run in set(_split(text)))
        self.natural = sum(_copied(text, lambda run: self._runs[run] > 1) for text in plain)

    def among(self, replies: Sequence[str]) -> NDArray[np.bool_]:
        """Which replies have 30 characters or more, over 80 % of them in runs of a training reply; shape (n,)."""
        return np.fromiter((_copied(_plain(reply), self._runs.__contains__) for reply in replies), bool, len(replies))


def _copied(text: str, known: Callable[[str], bool]) -> bool:
    if len(text) < _SHORTEST:
        return False
    covered = np.zeros(len(text), bool)
    for start, run in enumerate(_split(text)):
        if known(run):
            covered[start : start + _WINDOW] = True
    return bool(covered.mean() > _COPIED)


def _split(text: str) -> list[str]:
    return [text[start : start + _WINDOW] for start in range(len(text) - _WINDOW + 1)]


def _plain(text: str) -> str:
    return " ".join(text[:LONGEST].casefold().split())
