"""How well the client is told from the other party at all, and how unsure that is: the floor and ceiling of the scale.

Whole conversations are drawn again, of both parties (Field and Welsh 2007, the cluster bootstrap).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CHANCE = 0.5


def ranks(scores: NDArray[np.float64], background: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of the background below each score, ties by half; 0.0 to 1.0, of the shape of the scores."""
    ordered = np.sort(background)
    return (np.searchsorted(ordered, scores) + np.searchsorted(ordered, scores, side="right")) / (2 * len(ordered))


def separability_draws(
    own: NDArray[np.float64],
    other: NDArray[np.float64],
    own_groups: Sequence[int] | NDArray[np.intp],
    other_groups: Sequence[int] | NDArray[np.intp],
    *,
    draws: int,
    seed: int,
) -> NDArray[np.float64]:
    """The area under the curve, own scores against the other party's, in bootstrap samples; shape (draws,)."""
    rng = np.random.default_rng(seed)
    above = np.sign(own[:, None] - other[None, :]) / 2 + CHANCE
    mine, theirs = (_weights(groups, draws, rng) for groups in (own_groups, other_groups))
    return np.einsum("bi,bi->b", mine, theirs @ above.T)


def _weights(groups: Sequence[int] | NDArray[np.intp], draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """The weight of each reply in each draw of whole conversations, rows summing to 1; shape (draws, replies)."""
    blocks = np.unique(np.asarray(groups), return_inverse=True)[1]
    count = int(blocks.max()) + 1
    times = rng.multinomial(count, np.full(count, 1 / count), draws)[:, blocks].astype(float)
    return times / times.sum(axis=1, keepdims=True)
