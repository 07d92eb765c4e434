"""The ear: hears how near a draft is to the client's voice, so that the nearest of several can be said.

A ridge classifier of the client's replies against the other party's messages, over hashed character 1-4-grams and the
style features of `brain.style`. Leave-one-out scores come with the fit in closed form (Cawley and Talbot 2003), and put
its scale: 0 is how the client's own replies sound on average, 1 one standard deviation of theirs above. It chooses
between drafts and grades nothing; grading is the work of `evals.voice`, on replies that the ear has not heard.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from brain.style import FEATURES, style_features

if TYPE_CHECKING:
    from collections.abc import Sequence

BUCKETS = 4096
_LONGEST_GRAM = 4
_MOST = 1000  # replies of each side that are heard
_FEWEST = 10
_RIDGE = 1.0
_CLIP = 3.0  # standard deviations of a style feature
_LEAST = 0.25  # of a usual spread: how much a client who never varies in a feature may vary in it
_TEXT = 2_000  # characters of a text that are heard
Matrix = NDArray[np.float64]
_SPREADS = np.array([feature.spread for feature in FEATURES])


class Ear(NamedTuple):
    """`weights` has shape (buckets + style features,); `centre` and `spread` standardise the style features.

    `usual` and `varies` are mean and standard deviation of the client's own style features, `strange` what a reply of
    theirs strays from them: mean and standard deviation of `strays`.
    """

    weights: Matrix
    centre: Matrix
    spread: Matrix
    offset: float
    scale: float
    usual: Matrix
    varies: Matrix
    strange: Matrix

    def hear(self, drafts: Sequence[str]) -> Matrix:
        """How each draft sounds, shape (drafts,): 0 like the client on average, negative less like them."""
        return self.hear_and_weigh(drafts)[0]

    def hear_and_weigh(self, drafts: Sequence[str]) -> tuple[Matrix, Matrix]:
        """`hear`, and how far each draft strays from the client's usual style: 0 as a reply of theirs does.

        What tells the client from others is easily overdone: the first likes ever more of it, the second does not.
        """
        if not len(drafts):
            return np.zeros(0), np.zeros(0)
        styles = style_features([draft[:_TEXT] for draft in drafts])
        sound = (_heard(drafts, styles, self.centre, self.spread) @ self.weights - self.offset) / self.scale
        mean, spread = self.strange
        return sound, (_strays(styles, self.usual, self.varies) - mean) / spread


def learn_ear(own: Sequence[str], other: Sequence[str], *, seed: int = 0) -> Ear | None:
    """An ear for the client's replies against what others wrote; None with fewer than ten of either."""
    dice = np.random.default_rng(seed)
    sides = [_drawn(sorted(set(texts)), dice) for texts in (own, other)]
    if min(map(len, sides)) < _FEWEST:
        return None
    texts = [*sides[0], *sides[1]]
    styles = style_features([text[:_TEXT] for text in texts])
    centre, spread = styles.mean(axis=0), np.maximum(styles.std(axis=0), 1e-3)
    heard = _heard(texts, styles, centre, spread)
    target = np.where(np.arange(len(texts)) < len(sides[0]), 1.0 / len(sides[0]), -1.0 / len(sides[1]))
    target *= len(texts) / 2
    middle = heard.mean(axis=0)
    kernel = (heard - middle) @ (heard - middle).T
    inverse = np.linalg.inv(kernel + _RIDGE * np.eye(len(texts)))
    dual = inverse @ (target - target.mean())
    weights = (heard - middle).T @ dual
    left_out = target - target.mean() - dual / np.diag(inverse)
    loo = left_out[: len(sides[0])]
    own_styles = styles[: len(sides[0])]
    usual, varies = own_styles.mean(axis=0), np.maximum(own_styles.std(axis=0), _LEAST * _SPREADS)
    strays = _strays(own_styles, usual, varies)
    return Ear(
        weights,
        centre,
        spread,
        offset=float(loo.mean() + middle @ weights),
        scale=max(float(loo.std()), 1e-6),
        usual=usual,
        varies=varies,
        strange=np.array([strays.mean(), max(float(strays.std()), 1e-6)]),
    )


def _strays(styles: Matrix, usual: Matrix, varies: Matrix) -> Matrix:
    """Mean distance from the client's usual in standard deviations of each feature, each at most 3."""
    return np.asarray(np.minimum(np.abs(styles - usual) / varies, _CLIP).mean(axis=1))


def _drawn(texts: list[str], dice: np.random.Generator) -> list[str]:
    return [texts[at] for at in dice.permutation(len(texts))[:_MOST]]


def _heard(texts: Sequence[str], styles: Matrix, centre: Matrix, spread: Matrix) -> Matrix:
    """Shape (texts, buckets + style features); both halves have about length 1."""
    style = np.clip((styles - centre) / spread, -_CLIP, _CLIP) / np.sqrt(len(centre))
    return np.hstack([np.vstack([_grams(text[:_TEXT]) for text in texts]), style])


def _grams(text: str) -> Matrix:
    counts = np.zeros(BUCKETS)
    framed = f" {text} ".encode(errors="replace")
    for size in range(1, _LONGEST_GRAM + 1):
        hashes = [zlib.crc32(framed[at : at + size]) % BUCKETS for at in range(len(framed) - size + 1)]
        np.add.at(counts, hashes, 1.0)
    counts = np.log1p(counts)
    length = float(np.linalg.norm(counts))
    return counts / length if length else counts
