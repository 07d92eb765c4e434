"""Whether a reply belongs to its message, and whether it is a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brain.demos import unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.demos import Embedder

_SHORTEST_COPY = 30
_WINDOW = 15
_COPIED = 0.8


def relevance(messages: Sequence[str], replies: Sequence[str], own: Sequence[str], embed: Embedder) -> float:
    """How often a reply lies nearer to its message than the client's own replies to other messages do, on average.

    0.5 is a random reply of the client's, 1.0 nearer than all of them; cosine of the embedder's vectors. A tie counts
    half.
    """
    asked, said, others = (unit(embed(texts)) for texts in (messages, replies, own))
    near = np.sum(asked * said, axis=1)[:, None]
    background = asked @ others.T
    return float(
        ((background < near - 1e-6).mean(axis=1) + 0.5 * (np.abs(background - near) <= 1e-6).mean(axis=1)).mean()
    )


def copy_rate(replies: Sequence[str], own: Sequence[str]) -> float:
    """Share of the replies that are copied: of 30 characters or more, over 80 % of them in 15-character pieces of one.

    Short replies repeat by nature and are never counted as copies.
    """
    if not replies:
        return 0.0
    pieces = {text[start : start + _WINDOW] for text in map(_plain, own) for start in range(len(text) - _WINDOW + 1)}
    return sum(_copied_share(_plain(reply), pieces) > _COPIED for reply in replies) / len(replies)


def _copied_share(text: str, pieces: set[str]) -> float:
    if len(text) < _SHORTEST_COPY:
        return 0.0
    covered = np.zeros(len(text), bool)
    for start in range(len(text) - _WINDOW + 1):
        if text[start : start + _WINDOW] in pieces:
            covered[start : start + _WINDOW] = True
    return float(covered.mean())


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
