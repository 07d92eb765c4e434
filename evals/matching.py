"""A client's own pairs as the yardstick of a match, so that likenesses of long and short texts can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evals.likeness import Features

    Matrix = NDArray[np.float64]

_FLOOR = 0.1


class Match(NamedTuple):
    """Standardised match of cases with a client's own pairs, summed over the likenesses.

    `real` (cases): the reply to its own conversation. `pool` (cases, pairs): each own reply to it. `others` (cases,
    pairs): the reply to each own conversation.
    """

    real: Matrix
    pool: Matrix
    others: Matrix


class Reference:
    """The client's own pairs, against which a match is standardised.

    A likeness is freed of what belongs to the reply alone or to the conversation alone (a long reply is a little like
    everything): its means over replies and over conversations are taken off, and it is divided by their spreads.
    """

    def __init__(self, asked: Features, given: Features, apart: NDArray[np.bool_]) -> None:
        """`apart` (pairs, pairs) tells which conversation and reply do not belong together."""
        self._asked, self._given = asked, given
        self._levels = []
        total = np.zeros(apart.shape)
        for ask, give in zip(asked, given, strict=True):
            near = _product(ask, give)
            grand = _mean(near, apart, axis=None)
            rows, columns = _mean(near, apart, axis=1), _mean(near, apart, axis=0)
            rest = near - rows[:, None] - columns[None, :] + grand
            spread = float(_spread(rest, apart, axis=None)) or 1.0
            row_spread, column_spread = _spread(rest, apart, axis=1), _spread(rest, apart, axis=0)
            self._levels.append((grand, spread, rows, row_spread, columns, column_spread))
            total += rest / (np.sqrt(row_spread[:, None] * column_spread[None, :]) + _FLOOR * spread)
        self._columns = [np.sort(total[apart[:, at], at]) for at in range(len(apart))]

    def match(self, asked: Features, given: Features, allowed: NDArray[np.bool_]) -> Match:
        """`allowed` (cases, pairs) tells which pairs a case may be compared with; every case needs one."""
        real, pool, others = np.zeros(len(allowed)), np.zeros(allowed.shape), np.zeros(allowed.shape)
        parts = zip(asked, given, self._asked, self._given, self._levels, strict=True)
        for ask, give, own_ask, own_give, (grand, spread, rows, row_spread, columns, column_spread) in parts:
            to_pool, to_others = _product(ask, own_give), _product(give, own_ask)
            of_case, of_reply = (_mean(near, allowed, axis=1) for near in (to_pool, to_others))
            to_pool += grand - of_case[:, None] - columns[None, :]
            to_others += grand - of_reply[:, None] - rows[None, :]
            case_spread, reply_spread = (_spread(rest, allowed, axis=1) for rest in (to_pool, to_others))
            floor = _FLOOR * spread
            pool += to_pool / (np.sqrt(case_spread[:, None] * column_spread[None, :]) + floor)
            others += to_others / (np.sqrt(reply_spread[:, None] * row_spread[None, :]) + floor)
            real += (_paired(ask, give) + grand - of_case - of_reply) / (np.sqrt(case_spread * reply_spread) + floor)
        return Match(real, pool, others)

    def shares(self, pool: Matrix) -> Matrix:
        """Of each own reply's matches with the other conversations, the share that lies below the one in `pool`.

        Replies that match everything alike gain nothing by it: their share is uniform, as every reply's is.
        """
        below = np.empty_like(pool)
        for at, column in enumerate(self._columns):
            low, high = (np.searchsorted(column, pool[:, at] + edge) for edge in (-1e-9, 1e-9))
            below[:, at] = (low + high) / (2 * max(len(column), 1))
        return below


def _product(one: Any, other: Any) -> Matrix:
    near = one @ other.T
    return np.asarray(near.toarray() if sparse.issparse(near) else near, np.float64)


def _paired(one: Any, other: Any) -> Matrix:
    near = one.multiply(other) if sparse.issparse(one) else one * other
    return np.asarray(near.sum(axis=1), np.float64).ravel()


def _mean(values: Matrix, counted: NDArray[np.bool_], *, axis: int | None) -> Matrix:
    return np.asarray(np.where(counted, values, 0.0).sum(axis=axis) / np.maximum(counted.sum(axis=axis), 1), np.float64)


def _spread(values: Matrix, counted: NDArray[np.bool_], *, axis: int | None) -> Matrix:
    return np.asarray(np.sqrt(_mean(values**2, counted, axis=axis)), np.float64)
