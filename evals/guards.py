"""What a score alone would let through, each by its name: copies, repetition, empty, cut, shuffled, over-typical.

A guard fires on a group when the group does more of it than the client's own groups of that size ever do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import stats

from evals.copying import Copies
from evals.cut_ends import CutEnds
from evals.typicality import natural_limit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

COPIES, REPETITION, EMPTY, CUT, SHUFFLED, OVER_TYPICAL = NAMES = (
    "copies",
    "repetition",
    "empty",
    "cut",
    "shuffled",
    "over-typical",
)
_CHANCE = 0.005
_REPEATED = 0.1
_DRIFT = 2.0
_DRAWS = 200
_SELDOM = 0.05
_LONG_ENOUGH = 10  # words, for a single reply's order to mean anything


class Natural(NamedTuple):
    """What the client's own replies are like when judged by models that have not seen them."""

    replies: tuple[str, ...]
    scores: NDArray[np.float64]
    order_gains: NDArray[np.float64]


class Guards:
    """Fitted once on the client's replies; immutable."""

    def __init__(self, natural: Natural, other: Sequence[str], *, seed: int) -> None:
        """`other` are the other party's messages, for the vocabulary."""
        self._own = natural
        self.copies = Copies(natural.replies)
        self.ends = CutEnds([*natural.replies, *other])
        count = len(natural.replies)
        self._cut_by_nature = sum(bool(self.ends.reason(reply)) for reply in natural.replies)
        self._typical = natural_limit(count, lambda take: natural.scores[take].mean(), 1 - _CHANCE, seed=seed)
        self._ordered = natural_limit(count, lambda take: natural.order_gains[take].mean(), _CHANCE, seed=seed)
        long = [len(reply.split()) >= _LONG_ENOUGH for reply in natural.replies]
        self._one_ordered = _far_below(natural.order_gains[long])
        self._seed = seed

    def of_group(
        self, replies: Sequence[str], scores: NDArray[np.float64], order_gains: NDArray[np.float64]
    ) -> tuple[str, ...]:
        """The names of those that fire, in the order of `NAMES`."""
        if not replies:
            return ()
        said = np.array([bool(reply.strip()) for reply in replies])
        fired = {
            COPIES: self._too_often(int(self.copies.among(replies).sum()), self.copies.natural, len(replies)),
            REPETITION: self._repeats(replies),
            EMPTY: not said.all(),
            CUT: self._too_often(sum(bool(self.ends.reason(r)) for r in replies), self._cut_by_nature, len(replies)),
            SHUFFLED: bool(said.any()) and order_gains[said].mean() < self._ordered.at(said.sum()),
            OVER_TYPICAL: bool(said.any()) and scores[said].mean() > self._too_typical(int(said.sum())),
        }
        return tuple(name for name in NAMES if fired[name])

    def of_reply(self, reply: str, order_gain: float) -> tuple[tuple[str, str], ...]:
        """Name and note of those that fire on a single reply."""
        if not reply.strip():
            return ((EMPTY, "nothing is said"),)
        found = []
        if self.copies.among([reply])[0]:
            found.append((COPIES, "word for word from a training reply"))
        seldom = self._cut_by_nature <= _SELDOM * len(self._own.replies)
        if (reason := self.ends.reason(reply)) and seldom:
            found.append((CUT, reason))
        if len(reply.split()) >= _LONG_ENOUGH and order_gain < self._one_ordered:
            found.append((SHUFFLED, "the words stand in an order that theirs never do"))
        return tuple(found)

    def _too_typical(self, size: int) -> float:
        """Twice as far above the client's mean as their own groups reach, which leaves room for drift."""
        mean = float(self._own.scores.mean())
        return mean + _DRIFT * (self._typical.at(size) - mean)

    def _too_often(self, count: int, natural: int, size: int) -> bool:
        """Whether so many of a group are beyond chance at the client's own rate; at least two in a larger group."""
        rate = (natural + 1) / (len(self._own.replies) + 2)
        return count >= min(2, size) and float(stats.binom.sf(count - 1, size, rate)) < _CHANCE

    def _repeats(self, replies: Sequence[str]) -> bool:
        rng = np.random.default_rng(self._seed)
        size = min(len(replies), len(self._own.replies))
        theirs = np.quantile([repetition(_some(self._own.replies, size, rng)) for _ in range(_DRAWS)], 1 - _CHANCE)
        whole = size == len(replies)
        found = [repetition(replies if whole else _some(replies, size, rng)) for _ in range(1 if whole else _DRAWS)]
        return float(np.mean(found)) > float(theirs) + _REPEATED


def repetition(replies: Sequence[str]) -> float:
    """1 - distinct / total, 0.0 for no reply; case and spacing aside."""
    return 1 - len({" ".join(reply.casefold().split()) for reply in replies}) / max(len(replies), 1) if replies else 0.0


def _far_below(gains: NDArray[np.float64]) -> float:
    """Twice as far below the median as one in twenty is; nothing is below it where there are fewer than twenty."""
    if len(gains) < 1 / _SELDOM:
        return -np.inf
    middle = np.median(gains)
    return float(middle - _DRIFT * (middle - np.quantile(gains, _SELDOM)))


def _some(replies: Sequence[str], size: int, rng: np.random.Generator) -> list[str]:
    return [replies[at] for at in rng.choice(len(replies), size, replace=False)]
