"""The five ears of the voice measure, each cross-fitted: no reply is ever judged by a model that has seen it.

Characters, style features and masked words are logistic regressions; two sequence ratios hear the order of characters
and of masked words. Candidates are judged by every one of the same fold models, so that a client's own held-out
replies come out alike.
"""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from brain.style import LONGEST, tamed
from evals.masking import masker
from evals.sequences import SequenceModels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

NAMES = ("characters", "style", "masked words", "character order", "masked order")
STYLE_ONLY = (1, 2, 4)
_CHARACTER_C, _STYLE_C, _MASKED_C = 10.0, 0.1, 10.0
_MARKS = str.maketrans({"\n": "\x03"})


class Fit(NamedTuple):
    """What the ears learn from: the client's texts first, then the other party's."""

    texts: tuple[str, ...]
    features: NDArray[np.float64]
    mine: NDArray[np.bool_]
    folds: NDArray[np.intp]


class _Ear(Protocol):
    def __call__(self, texts: Sequence[str], features: NDArray[np.float64], /) -> NDArray[np.float64]:
        """The score by each fold's model; shape (folds, n)."""


class Components:
    """Five scores a reply, in standard deviations of the texts it was fitted on; more is more like the client."""

    def __init__(self, fit: Fit) -> None:
        """Fit all of them: a few seconds for 800 texts of the client and 2,000 of the other party."""
        fit = fit._replace(texts=_readable(fit.texts))
        self._mask = masker(fit.texts)
        characters = SequenceModels([list(text) for text in fit.texts], fit.mine, fit.folds, order=4)
        self._order = SequenceModels(list(map(self._mask, fit.texts)), fit.mine, fit.folds, order=3)
        self._ears: tuple[_Ear, ...] = (
            _linear(_CharacterGrams(fit.texts), fit, _CHARACTER_C),
            _linear(_StyleColumns(fit.features), fit, _STYLE_C),
            _linear(_MaskedGrams(fit.texts, self._mask), fit, _MASKED_C),
            lambda texts, _features: characters.ratios([list(text) for text in texts]),
            lambda texts, _features: self._order.ratios(list(map(self._mask, texts))),
        )
        at = np.arange(len(fit.texts))
        raw = np.stack([ear(fit.texts, fit.features)[fit.folds, at] for ear in self._ears], axis=1)
        sides = [raw[fit.mine], raw[~fit.mine]]
        self._centre = np.mean([side.mean(axis=0) for side in sides], axis=0)
        spread = np.sqrt(np.mean([((side - self._centre) ** 2).mean(axis=0) for side in sides], axis=0))
        self._spread = np.where(spread > 1e-9, spread, 1.0)
        self.out_of_fold = (raw - self._centre) / self._spread
        self.own_order_gains = self._order.order_gains(list(map(self._mask, fit.texts)))[fit.folds, at][fit.mine]

    def scores(self, texts: Sequence[str], features: NDArray[np.float64]) -> NDArray[np.float64]:
        """By each fold's models; shape (folds, n, 5)."""
        texts = _readable(texts)
        raw = np.stack([ear(texts, features) for ear in self._ears], axis=2)
        return (raw - self._centre) / self._spread

    def order_gains(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """How far the order of a text's masked words is foreseen; about 0 for shuffled words. Shape (n,)."""
        return self._order.order_gains(list(map(self._mask, _readable(texts)))).mean(axis=0)


class _CharacterGrams:
    """TF-IDF of character 1- to 4-grams, the ends of the text marked, letters as they stand."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._grams = HashingVectorizer(
            analyzer="char", ngram_range=(1, 4), lowercase=False, norm=None, alternate_sign=False, n_features=2**18
        )
        self._weights = _Weights(self._counts(texts))

    def __call__(self, texts: Sequence[str], _features: NDArray[np.float64]) -> sparse.csr_matrix:
        return self._weights(self._counts(texts))

    def _counts(self, texts: Sequence[str]) -> sparse.csr_matrix:
        marked = [f"\x01{text.translate(_MARKS).replace('  ', chr(4))}\x02" for text in texts]
        return self._grams.transform(marked)


class _MaskedGrams:
    """TF-IDF of masked word 1- to 3-grams, the ends of the text marked."""

    def __init__(self, texts: Sequence[str], mask: Callable[[str], list[str]]) -> None:
        self._mask = mask
        self._grams = HashingVectorizer(analyzer=self._split, norm=None, alternate_sign=False, n_features=2**18)
        self._weights = _Weights(self._grams.transform(texts))

    def __call__(self, texts: Sequence[str], _features: NDArray[np.float64]) -> sparse.csr_matrix:
        return self._weights(self._grams.transform(texts))

    def _split(self, text: str) -> list[str]:
        tokens = ["\x01", *self._mask(text), "\x02"]
        pairs = [f"{a} {b}" for a, b in pairwise(tokens)]
        return tokens[1:-1] + pairs + [f"{a} {b}" for a, b in zip(pairs, tokens[2:], strict=False)]


class _Weights:
    """Logarithmic counts by inverse document frequency, each row of length 1; what two texts have is rarest."""

    def __init__(self, counts: sparse.csr_matrix) -> None:
        texts = np.bincount(counts.indices, minlength=counts.shape[1])
        self._rarity = np.log((1 + counts.shape[0]) / (1 + np.maximum(texts, 2))) + 1
        self._columns = np.flatnonzero(texts)

    def __call__(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        rows = counts.copy()
        rows.data = (1 + np.log(rows.data)) * self._rarity[rows.indices]
        length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        return (sparse.diags(1 / np.maximum(length, 1e-12)) @ rows).tocsr()[:, self._columns]


class _StyleColumns:
    """Standardised style features, sizes and counts on a logarithmic scale."""

    def __init__(self, features: NDArray[np.float64]) -> None:
        columns = tamed(features)
        self._mean = columns.mean(axis=0)
        self._spread = np.where(columns.std(axis=0) > 1e-9, columns.std(axis=0), 1.0)

    def __call__(self, _texts: Sequence[str], features: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.clip((tamed(features) - self._mean) / self._spread, -5, 5)


_Columns = _CharacterGrams | _MaskedGrams | _StyleColumns


def _linear(columns: _Columns, fit: Fit, strength: float) -> _Ear:
    """A logistic regression a fold, both parties weighing the same."""
    matrix = columns(fit.texts, fit.features)
    weights = np.zeros((fit.folds.max() + 1, matrix.shape[1]))
    offsets = np.zeros(len(weights))
    for fold in np.unique(fit.folds):
        rest = np.flatnonzero(fit.folds != fold)
        if len(np.unique(fit.mine[rest])) < 2:
            continue
        model = LogisticRegression(
            solver="liblinear", C=strength, class_weight="balanced", max_iter=300, random_state=0
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(matrix[rest], fit.mine[rest])
        weights[fold], offsets[fold] = model.coef_[0], model.intercept_[0]
    return lambda texts, features: np.asarray((columns(texts, features) @ weights.T + offsets).T)


def _readable(texts: Sequence[str]) -> tuple[str, ...]:
    """The first 10,000 characters of each, half of a surrogate pair replaced, which no hash can take."""
    return tuple(text[:LONGEST].encode("utf-8", "replace").decode("utf-8") for text in texts)
