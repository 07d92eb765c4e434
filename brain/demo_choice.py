"""Which labelled replies stand as demos: the strategies an optimizer may choose between.

`knn` is the reference (the demos of dspy.KNNFewShot). `mmr` is maximal marginal relevance (Carbonell and Goldstein
1998): near the message, and unlike the demos already chosen. `knn+diverse` keeps to the nearest, but spreads over their
replies. `random` draws anew for every message, `fixed` shows the same everywhere.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from brain.demos import DemoBank, Vectors
    from brain.models import Demo, Strategy

_POOL = 4  # times k: among how many of the nearest mmr and knn+diverse choose
_NEARNESS = 0.7  # mmr's lambda, and the weight of the message in knn+diverse
_FIXED_SEED = 20


def choose(
    bank: DemoBank, message: str, k: int, *, strategy: Strategy = "knn", exclude: Collection[str] = ()
) -> tuple[Demo, ...]:
    """K demos for this message, nearest first; never a row whose id is in `exclude`; fewer when the bank has fewer."""
    match strategy:
        case "knn":
            return bank.nearest(message, k, exclude=exclude)
        case "mmr":
            found = bank.nearest(message, _POOL * k, exclude=exclude)
            return _spread(found, bank.embedded([demo.message for demo in found]), k)
        case "knn+diverse":
            found = bank.nearest(message, _POOL * k, exclude=exclude)
            return _spread(found, bank.embedded([demo.reply for demo in found]), k)
        case "random":
            return bank.drawn(message, k, seed=zlib.crc32(message.encode(errors="replace")), exclude=exclude)
        case "fixed":
            return bank.drawn(message, k, seed=_FIXED_SEED, exclude=exclude)


def _spread(found: tuple[Demo, ...], vectors: Vectors, k: int) -> tuple[Demo, ...]:
    """Greedily: near the message, far from what is already chosen; `vectors` has a unit row for each found demo."""
    chosen: list[int] = []
    alike = vectors @ vectors.T if len(found) else np.zeros((0, 0), np.float32)
    while len(chosen) < min(k, len(found)):
        rest = [at for at in range(len(found)) if at not in chosen]
        chosen.append(
            max(
                rest,
                key=lambda at: (
                    _NEARNESS * found[at].similarity
                    - (1 - _NEARNESS) * max((float(alike[at, other]) for other in chosen), default=0.0)
                ),
            )
        )
    return tuple(sorted((found[at] for at in chosen), key=lambda demo: -demo.similarity))
