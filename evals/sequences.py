"""Which of two parties would sooner have written a sequence, and whether its order makes sense: n-gram models.

Over characters the ratio is the compressor of authorship verification (Teahan and Harper 2003; the PAN baseline), over
masked words the idea of LambdaG (Nini, Halvani et al. 2024). Probabilities are interpolated as Witten and Bell (1991)
did.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_BITS = 12  # of a symbol, so that five fit into a word of 64
_START, _END, _UNKNOWN, _FIRST = 1, 2, 3, 4
_MINE, _OTHER, _BOTH = 0, 1, 2


class _Level(NamedTuple):
    """The n-grams of one order that occur, and in each fold's models how often; `grams` is sorted."""

    grams: NDArray[np.uint64]
    contexts: NDArray[np.uint64]
    context_of: NDArray[np.intp]
    counts: NDArray[np.float32]  # (folds, mine and other and both, grams)
    totals: NDArray[np.float32]  # (folds, the same, contexts)
    kinds: NDArray[np.float32]


class SequenceModels:
    """Three models a fold, of either party and of both, without that fold; the rarest symbols past 4,092 are one."""

    def __init__(
        self,
        sequences: Sequence[Sequence[str]],
        mine: NDArray[np.bool_],
        folds: NDArray[np.intp],
        *,
        order: int,
    ) -> None:
        """Learn from the sequences; `mine` says whose each is, `order` how many symbols are looked back on, 0 to 4."""
        ranked = sorted(Counter(symbol for sequence in sequences for symbol in sequence).items(), key=_rarest_last)
        self._ids = {symbol: _FIRST + rank for rank, (symbol, _) in enumerate(ranked[: 2**_BITS - _FIRST])}
        self._order = order
        self._folds = int(folds.max(initial=0)) + 1
        grams, owner = self._grams(sequences)
        self._levels = tuple(self._level(codes, mine[owner], folds[owner]) for codes in grams)

    def ratios(self, sequences: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Mean log-ratio a symbol, positive for the client; shape (folds, n), one row for each fold's models."""
        grams, owner = self._grams(sequences)
        logs = np.log(self._chance(grams, _MINE)) - np.log(self._chance(grams, _OTHER))
        return _means(logs, owner, len(sequences))

    def order_gains(self, sequences: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """How much better what stands before foretells a symbol than its frequency does: mean log-ratio a symbol.

        About zero or less where words have been shuffled. Shape (folds, n).
        """
        grams, owner = self._grams(sequences)
        logs = np.log(self._chance(grams, _BOTH)) - np.log(self._chance(grams[:1], _BOTH))
        return _means(logs, owner, len(sequences))

    def _chance(self, grams: Sequence[NDArray[np.uint64]], party: int) -> NDArray[np.float64]:
        """The probability of each symbol after what precedes it, by as many orders as there are grams."""
        alphabet = len(self._ids) + _FIRST
        chance = np.full((self._folds, len(grams[0])), 1 / alphabet)
        for level, codes in zip(self._levels, grams, strict=False):
            seen, at = _found(level.grams, codes)
            known, context = _found(level.contexts, codes >> np.uint64(_BITS))
            kinds = level.kinds[:, party, context] * known
            mass = level.totals[:, party, context] * known + kinds
            count = level.counts[:, party, at] * seen
            chance = np.where(mass > 0, (count + kinds * chance) / np.maximum(mass, 1), chance)
        return chance

    def _grams(self, sequences: Iterable[Sequence[str]]) -> tuple[list[NDArray[np.uint64]], NDArray[np.intp]]:
        """The codes of every order at every position, shortest first, and whose position it is."""
        padding = [_START] * self._order
        symbols: list[int] = []
        lengths: list[int] = []
        for sequence in sequences:
            symbols += padding
            symbols += [self._ids.get(symbol, _UNKNOWN) for symbol in sequence]
            symbols.append(_END)
            lengths.append(len(sequence) + 1)
        flat = np.asarray(symbols, np.uint64)
        owner = np.repeat(np.arange(len(lengths)), lengths).astype(np.intp)
        at = np.arange(len(owner)) + self._order * (owner + 1)
        codes = [flat[at]]
        for back in range(1, self._order + 1):
            codes.append(codes[-1] | (flat[at - back] << np.uint64(_BITS * back)))
        return codes, owner

    def _level(self, codes: NDArray[np.uint64], mine: NDArray[np.bool_], folds: NDArray[np.intp]) -> _Level:
        grams, gram_at = np.unique(codes, return_inverse=True)
        contexts, context_of = np.unique(grams >> np.uint64(_BITS), return_inverse=True)
        shape = (self._folds, 2, len(grams))
        party = np.where(mine, 0, 1)
        cell = (folds * 2 + party) * len(grams) + gram_at
        held = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)
        kept = held.sum(axis=0, keepdims=True) - held
        counts = np.concatenate([kept, kept.sum(axis=1, keepdims=True)], axis=1)
        totals, kinds = (
            np.stack([[np.bincount(context_of, row) for row in fold] for fold in of]) for of in (counts, counts > 0)
        )
        return _Level(grams, contexts, context_of, *(array.astype(np.float32) for array in (counts, totals, kinds)))


def _means(logs: NDArray[np.float64], owner: NDArray[np.intp], count: int) -> NDArray[np.float64]:
    sums = np.stack([np.bincount(owner, row, minlength=count) for row in logs])
    return sums / np.maximum(np.bincount(owner, minlength=count), 1)


def _found(sorted_codes: NDArray[np.uint64], codes: NDArray[np.uint64]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Whether each code is there, and where; somewhere when it is not."""
    at = np.minimum(np.searchsorted(sorted_codes, codes), max(len(sorted_codes) - 1, 0))
    return sorted_codes[at] == codes, at


def _rarest_last(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])
