"""How far a group of replies strays from the client's own in any style feature, and how far own groups ever stray.

The distance is one-sided by design: a group is never rewarded for being more typical than the client is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brain.style import FEATURES, tamed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SMALLEST_GROUP = 5
_SIZES = (5, 10, 20, 50, 100, 200, 500)
_DRAWS = 400
_CAP = 3.0
_HALF_USUAL = 0.5 * np.array(  # on the scale of `tamed`
    [{"size": 0.3, "count": float(np.log1p(feature.spread))}.get(feature.kind, feature.spread) for feature in FEATURES]
)
_FARTHEST = 2.0
_DRIFT = 0.1  # the usual distance of what nine people wrote years later, in groups too large for chance
_SCALE = 0.2  # distance beyond the natural that costs as much as lies between the client and the other party


class NaturalLimit:
    """The value of a statistic that groups of the client's own replies of some size stay within."""

    def __init__(self, sizes: tuple[int, ...], values: NDArray[np.float64]) -> None:
        self._logs, self._values = np.log(sizes), values

    def at(self, size: float) -> float:
        """The limit for groups of this size, read between the sizes that were drawn."""
        return float(np.interp(np.log(max(size, 1.0)), self._logs, self._values))


def natural_limit(
    count: int, statistic: Callable[[NDArray[np.intp]], float], quantile: float, *, seed: int
) -> NaturalLimit:
    """The quantile (0.0 to 1.0) of a statistic of own replies' positions, over drawn groups.

    A new group of m differs from the n known replies by the chance of both samples, so that groups of mn / (m + n) are
    drawn, with replacement.
    """
    rng = np.random.default_rng(seed)
    values = []
    for size in _SIZES:
        drawn = max(round(size * count / (size + count)), 1)
        takes = rng.integers(0, count, (_DRAWS, drawn))
        values.append(np.quantile([statistic(take) for take in takes], quantile))
    return NaturalLimit(_SIZES, np.asarray(values))


class Typicality:
    """Distance of a group's style from the client's, and what it costs beyond the natural."""

    def __init__(self, own: NDArray[np.float64], *, seed: int) -> None:
        """`own` holds the style features of the client's replies, shape (n, features)."""
        known = tamed(own)
        self._mean, self._variance = known.mean(axis=0), known.var(axis=0)
        self._limit = natural_limit(len(own), lambda take: self.distance(own[take], len(take)), 0.95, seed=seed)

    def distance(self, group: NDArray[np.float64], size: float) -> float:
        """Root mean square over the features of the standardised difference, each at most 3; 0.0 to 3.0.

        What chance adds to a difference in a group of effective `size` is taken off, so that a bootstrap sample of a
        group lies hardly farther than the group. The square lets one habit overdone count.
        """
        features = tamed(group)
        variance = features.var(axis=0)
        spread = np.maximum(np.sqrt((variance + self._variance) / 2), _HALF_USUAL)
        squares = np.maximum((features.mean(axis=0) - self._mean) ** 2 - variance / size, 0.0) / spread**2
        return float(np.sqrt(np.minimum(squares, _CAP**2).mean()))

    def penalty(self, group: NDArray[np.float64], size: float) -> float:
        """What is taken off the voice score, 0.0 to 2.0; `size` is the effective size of the group."""
        natural = np.hypot(self._limit.at(len(group)), _DRIFT)
        beyond = self.distance(group, size) - float(natural)
        return min(max(beyond, 0.0) / _SCALE, _FARTHEST)
