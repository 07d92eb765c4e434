"""The two sides that the voice measure tells apart: whose texts, and from which conversation each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_OTHER = 2_000
_RUN = 10


class Party(NamedTuple):
    """What one side said, and the number of the conversation each text stands in."""

    texts: tuple[str, ...]
    groups: tuple[int, ...]

    def at(self, positions: Sequence[int] | NDArray[np.intp]) -> Party:
        """Only the texts at these positions."""
        return Party(tuple(self.texts[at] for at in positions), tuple(self.groups[at] for at in positions))


def party(texts: Sequence[str], groups: Sequence[int] | None) -> Party:
    """One side without its empty texts; each text a conversation of its own where `groups` is not given.

    Raises ValueError when there are not as many numbers as texts.
    """
    numbers = range(len(texts)) if groups is None else groups
    if len(texts) != len(numbers):
        raise ValueError(f"{len(texts)} texts, but {len(numbers)} conversation numbers")
    texts = [text.encode(errors="replace").decode() for text in texts]  # half a surrogate pair is no character
    pairs = [(text, int(group)) for text, group in zip(texts, numbers, strict=True) if text.strip()]
    return Party(tuple(text for text, _ in pairs), tuple(group for _, group in pairs))


def other_party(other: Sequence[str], groups: Sequence[int] | None, background: Sequence[str], *, seed: int) -> Party:
    """The other side: distinct messages, at most 2,000 drawn by `seed`, then as many of the background.

    Ten messages in a row are one conversation where `groups` is not given.
    """
    first = party(other, [at // _RUN for at in range(len(other))] if groups is None else groups)
    more = party(background, [-1 - at // _RUN for at in range(len(background))])
    theirs, besides = (_drawn(_distinct(side), seed) for side in (first, more))
    heard = set(theirs.texts)
    besides = besides.at([at for at, text in enumerate(besides.texts) if text not in heard])
    return Party(theirs.texts + besides.texts, theirs.groups + besides.groups)


def _distinct(side: Party) -> Party:
    first: dict[str, int] = {}
    for at, text in enumerate(side.texts):
        first.setdefault(text, at)
    return side.at(list(first.values()))


def _drawn(side: Party, seed: int) -> Party:
    if len(side.texts) <= MOST_OTHER:
        return side
    return side.at(np.sort(np.random.default_rng(seed).choice(len(side.texts), MOST_OTHER, replace=False)))
