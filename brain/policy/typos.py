"""Names that are misspelled by a slip of the finger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 6  # a shorter name has too many ordinary words beside it
LONG = 9  # a name this long may carry two slips


class Typos:
    """Finds the name that a word was meant to be; `ordinary` words are never taken for one."""

    def __init__(self, names: Iterable[str], ordinary: Iterable[str]) -> None:
        self._ordinary = frozenset(ordinary)
        self._by_remainder: dict[str, set[str]] = {}
        self._longest = 0
        for name in names:
            if len(name) >= SHORTEST:
                self._longest = max(self._longest, len(name) + _slips(name))
                for remainder in _remainders(name, _slips(name)):
                    self._by_remainder.setdefault(remainder, set()).add(name)

    def near(self, word: str) -> str | None:
        """The closest name with the same first letter, at most one slip away (two for a long name)."""
        if not SHORTEST - 1 <= len(word) <= self._longest or word in self._ordinary or not word.isalpha():
            return None
        candidates: set[str] = set()
        for remainder in _remainders(word, 2 if len(word) >= LONG - 1 else 1):
            candidates |= self._by_remainder.get(remainder, set())
        distances = [(slips_between(word, name), name) for name in candidates if name[0] == word[0]]
        near = sorted((slips, name) for slips, name in distances if slips <= _slips(name))
        return near[0][1] if near else None


def slips_between(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _slips(name: str) -> int:
    return 2 if len(name) >= LONG else 1


def _remainders(word: str, dropped: int) -> set[str]:
    """The word and everything it can become by losing up to `dropped` letters."""
    found = {word}
    newest = found
    for _ in range(dropped):
        newest = {short[:i] + short[i + 1 :] for short in newest for i in range(len(short))}
        found = found | newest
    return found
